//! The TypeScript types are generated from the wire's types and committed; a difference fails here.
use std::{
    any::TypeId,
    collections::{BTreeMap, HashSet},
    fs,
    path::Path,
};

use demarche::domain::{
    account::names::HANDLE,
    moderation::{Act, Kind, RULES, Reason, record::Record},
    pace,
    permission::{Action, Role},
    scope::ledger::ScopeLedger,
    text,
};
use demarche::protocol::{
    command::Command,
    problem::Problem,
    rest::*,
    socket::{ClientFrame, ServerFrame},
};
use ts_rs::{Config, TS, TypeVisitor};

struct Collector<'a> {
    config: &'a Config,
    seen: HashSet<TypeId>,
    declared: BTreeMap<String, String>,
}

impl TypeVisitor for Collector<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if !self.seen.insert(TypeId::of::<T>()) {
            return;
        }
        // Only types of our own have a file they would go to.
        if T::output_path().is_some() {
            let docs = T::docs().unwrap_or_default();
            self.declared.insert(
                T::ident(self.config),
                format!("{docs}export {}\n", T::decl(self.config)),
            );
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

fn generated() -> String {
    let config = Config::new().with_large_int("number");
    let mut all = Collector {
        config: &config,
        seen: HashSet::new(),
        declared: BTreeMap::new(),
    };
    all.visit::<Command>();
    all.visit::<ClientFrame>();
    all.visit::<ServerFrame>();
    all.visit::<Problem>();
    all.visit::<SiteView>();
    all.visit::<NewAccountView>();
    all.visit::<SignedInView>();
    all.visit::<MeView>();
    all.visit::<NewSecondFactorView>();
    all.visit::<NewTokenView>();
    all.visit::<RecoveryCodesView>();
    all.visit::<List<SessionView>>();
    all.visit::<PostsView>();
    all.visit::<List<FrameworkEntry>>();
    all.visit::<FrameworkView>();
    all.visit::<RevisionView>();
    all.visit::<PointView>();
    all.visit::<Page<ThreadView>>();
    all.visit::<ThreadPage>();
    all.visit::<List<VersionView>>();
    all.visit::<TallyView>();
    all.visit::<List<RoundEntry>>();
    all.visit::<RoundView>();
    all.visit::<CheckpointsView>();
    all.visit::<ReceiptView>();
    all.visit::<OpinionsView>();
    all.visit::<List<CardVersionView>>();
    all.visit::<List<SimilarView>>();
    all.visit::<QueuePage>();
    all.visit::<ItemView>();
    all.visit::<List<ReportView>>();
    all.visit::<MadeNoticeView>();
    all.visit::<NoticeOutcomeView>();
    all.visit::<Record>();
    all.visit::<ScopeDraft>();
    all.visit::<ScopeRulesView>();
    all.visit::<ScopeLedger>();
    all.visit::<TeamView>();
    all.visit::<List<InvitationView>>();
    all.visit::<InvitedView>();
    all.visit::<List<AppointmentView>>();
    all.visit::<HostPage>();
    all.visit::<List<FoundView>>();
    all.visit::<CommandResult>();
    let head =
        "// Generated from the server's types: `UPDATE=1 cargo test types`. Do not edit.\n\n";
    head.to_owned() + &all.declared.into_values().collect::<Vec<_>>().join("\n")
}

#[test]
fn the_typescript_types_are_those_of_the_server() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("frontend/src/lib/api/types.ts");
    let generated = generated();
    if std::env::var_os("UPDATE").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &generated).unwrap();
    }
    assert!(
        fs::read_to_string(&path).unwrap() == generated,
        "run UPDATE=1 cargo test types and commit the result"
    );
}

fn word(value: impl serde::Serialize) -> String {
    serde_json::to_value(value)
        .unwrap()
        .as_str()
        .unwrap()
        .to_owned()
}

fn list(words: impl IntoIterator<Item = String>) -> String {
    let words: Vec<_> = words.into_iter().map(|word| format!("'{word}'")).collect();
    format!("[{}]", words.join(", "))
}

fn lines(fields: impl IntoIterator<Item = (String, String)>) -> String {
    fields
        .into_iter()
        .map(|(name, value)| format!("  {name}: {value},\n"))
        .collect()
}

/// The rules of moderation that the desk shows before the server is asked.
fn rules() -> String {
    let acts = Act::ALL.into_iter().map(|act| {
        let second = list(
            Kind::ALL
                .into_iter()
                .filter(|kind| act.wants_second(*kind))
                .map(word),
        );
        (
            word(act),
            format!(
                "{{ alone: {}, appealable: {}, second: {second} }}",
                act.alone(),
                act.appealable()
            ),
        )
    });
    let reasons = Reason::ALL.into_iter();
    let reasons = reasons.map(|reason| {
        (
            word(reason),
            format!(
                "{{ rule: '{}', urgent: {} }}",
                reason.rule(),
                reason.urgent()
            ),
        )
    });
    format!(
        "import type {{ Act, Kind, Reason }} from './types';\n\n\
        /** Of each act, in the order in which they are offered: whether it is done to one thing at a time, whether whom it concerns may appeal,\n \
        * and to what it takes a second moderator where there are two viewpoints. */\n\
        export const ACTS: Record<Act, {{ alone: boolean; appealable: boolean; second: Kind[] }}> = {{\n{}}};\n\n\
        /** Of each reason of a report: the rule it speaks of, and whether it takes the thing from view at once. */\n\
        export const REASONS: Record<Reason, {{ rule: string; urgent: boolean }}> = {{\n{}}};\n\n\
        /** The published rules a decision may name. */\nexport const RULES = {};\n",
        lines(acts),
        lines(reasons),
        list(RULES.map(str::to_owned)),
    )
}

/// The roles, and what takes which.
fn rights() -> String {
    let taken = Action::ALL
        .iter()
        .filter(|action| action.rule().least > Role::Participant);
    format!(
        "import type {{ Role }} from './types';\n\n\
        /** The roles; each may do what those before it may. */\nexport const ROLES: Role[] = {};\n\n\
        /** The least role for each action that takes more than taking part. */\nexport const LEAST = {{\n{}}} as const;\n\n\
        /** What one may be made by hand; a member is who has no role. */\nexport const GIVEN = {} as const;\n\n\
        /** What one may be made by a link. */\nexport const INVITED = {} as const;\n",
        list(Role::ALL.map(word)),
        lines(taken.map(|action| (word(action), format!("'{}'", word(action.rule().least))))),
        list(Role::GIVEN.map(word)),
        list(Role::INVITED.map(word)),
    )
}

/// How long a text that one writes may be.
fn limits() -> String {
    let most = [
        ("HANDLE", *HANDLE.end()),
        ("DISPLAY_NAME", text::DISPLAY_NAME),
        ("TITLE", text::TITLE),
        ("COMMENT", text::COMMENT),
        ("CARD_BODY", text::CARD_BODY),
        ("CARD_FIELD", text::CARD_FIELD),
        ("NOTE", text::NOTE),
        ("FACTS", text::FACTS),
        ("CONTACT", text::CONTACT),
        ("RULE_WHY", pace::WHY),
        ("LINK_LABEL", pace::links::LABEL),
    ];
    let most: String = most
        .map(|(name, most)| format!("export const {name} = {most};\n"))
        .concat();
    format!("/** The most characters of a text, as a reader counts them. */\n{most}")
}

#[test]
fn what_the_web_app_knows_of_the_rules_is_of_the_server() {
    for (name, body) in [
        ("rules", rules()),
        ("rights", rights()),
        ("limits", limits()),
    ] {
        let path =
            Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("frontend/src/lib/api/{name}.ts"));
        let generated = format!(
            "// Generated from the server's rules: `UPDATE=1 cargo test types`. Do not edit.\n{body}"
        );
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&path, &generated).unwrap();
        }
        assert!(
            fs::read_to_string(&path).unwrap_or_default() == generated,
            "run UPDATE=1 cargo test types and commit the result"
        );
    }
}

#[test]
fn the_openapi_document_is_that_of_the_server() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/openapi.json");
    let generated = format!("{:#}\n", demarche::http::document());
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &generated).unwrap();
    }
    assert!(
        fs::read_to_string(&path).unwrap_or_default() == generated,
        "run UPDATE=1 cargo test types and commit the result"
    );
}

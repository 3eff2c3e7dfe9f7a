//! The TypeScript types are generated from the wire's types and committed; a difference fails here.
use std::{
    any::TypeId,
    collections::{BTreeMap, HashSet},
    fs,
    path::Path,
};

use demarche::domain::{
    moderation::{Act, Kind, RULES, Reason, record::Record},
    permission::Role,
    scope_ledger::ScopeLedger,
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
            self.declared.insert(T::ident(self.config), format!("{docs}export {}\n", T::decl(self.config)));
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

fn generated() -> String {
    let config = Config::new().with_large_int("number");
    let mut all = Collector { config: &config, seen: HashSet::new(), declared: BTreeMap::new() };
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
    let head = "// Generated from the server's types: `UPDATE=1 cargo test types`. Do not edit.\n\n";
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
    assert!(fs::read_to_string(&path).unwrap() == generated, "run UPDATE=1 cargo test types and commit the result");
}

/// The rules of moderation that the desk shows before the server is asked, as TypeScript.
fn rules() -> String {
    fn of(value: &impl serde::Serialize) -> String {
        serde_json::to_value(value).unwrap().as_str().unwrap().to_owned()
    }
    let acts = Act::ALL.into_iter().map(|act| {
        let second: Vec<_> = Kind::ALL.into_iter().filter(|kind| act.wants_second(*kind)).map(|kind| of(&kind)).collect();
        format!("  {}: {{ alone: {}, appealable: {}, second: {} }},\n", of(&act), act.alone(), act.appealable(), list(&second))
    });
    let acts: String = acts.collect();
    let reasons = Reason::ALL.into_iter().map(|reason| format!("  {}: {{ rule: '{}', urgent: {} }},\n", of(&reason), reason.rule(), reason.urgent()));
    let reasons: String = reasons.collect();
    let roles: Vec<_> = Role::ALL.into_iter().map(|role| of(&role)).collect();
    let rules: Vec<_> = RULES.map(str::to_owned).to_vec();
    format!(
        "// Generated from the server's rules: `UPDATE=1 cargo test types`. Do not edit.\nimport type {{ Act, Kind, Reason, Role }} from './types';\n\n\
        /** Of each act, in the order in which they are offered: whether it is done to one thing at a time, whether whom it concerns may appeal,\n \
        * and to what it takes a second moderator where there are two viewpoints. */\n\
        export const ACTS: Record<Act, {{ alone: boolean; appealable: boolean; second: Kind[] }}> = {{\n{acts}}};\n\n\
        /** Of each reason of a report: the rule it speaks of, and whether it takes the thing from view at once. */\n\
        export const REASONS: Record<Reason, {{ rule: string; urgent: boolean }}> = {{\n{reasons}}};\n\n\
        /** The published rules a decision may name. */\nexport const RULES = {};\n\n\
        /** The roles; each may do what those before it may. */\nexport const ROLES: Role[] = {};\n\n\
        /** What one may be made by hand; a member is who has no role. */\nexport const GIVEN = {} as const;\n\n\
        /** What one may be made by a link. */\nexport const INVITED = {} as const;\n",
        list(&rules),
        list(&roles),
        list(&Role::GIVEN.map(|role| of(&role))),
        list(&Role::INVITED.map(|role| of(&role))),
    )
}

fn list(words: &[String]) -> String {
    let words: Vec<_> = words.iter().map(|word| format!("'{word}'")).collect();
    format!("[{}]", words.join(", "))
}

#[test]
fn the_rules_of_the_desk_are_those_of_the_server() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("frontend/src/lib/api/rules.ts");
    let generated = rules();
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &generated).unwrap();
    }
    assert!(fs::read_to_string(&path).unwrap_or_default() == generated, "run UPDATE=1 cargo test types and commit the result");
}

#[test]
fn the_openapi_document_is_that_of_the_server() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/openapi.json");
    let generated = format!("{:#}\n", demarche::http::document());
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &generated).unwrap();
    }
    assert!(fs::read_to_string(&path).unwrap_or_default() == generated, "run UPDATE=1 cargo test types and commit the result");
}

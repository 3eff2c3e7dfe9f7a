//! The TypeScript types are generated from the wire's types and committed; a difference fails here.
use std::{
    any::TypeId,
    collections::{BTreeMap, HashSet},
    fs,
    path::Path,
};

use demarche::domain::{moderation::record::Record, scope_ledger::ScopeLedger};
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

#[test]
fn the_openapi_document_is_that_of_the_server() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/openapi.json");
    let generated = format!("{:#}\n", demarche::http::document());
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &generated).unwrap();
    }
    assert!(fs::read_to_string(&path).unwrap_or_default() == generated, "run UPDATE=1 cargo test types and commit the result");
}

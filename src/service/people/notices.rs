//! Notices by people without an account.
use crate::{
    domain::{
        moderation::{Object, Reason},
        text::{self, Check},
    },
    id::{self, Id},
    protocol::rest::MadeNoticeView,
    service::{
        Outcome, Services,
        acts::moderation::{notices, reports::hides},
        keep::secrets::token_hash,
        reads::places::framework_of,
        way_in::job::SiteAct,
    },
    store::PublicNotice,
};

/// What somebody without an account sends.
pub struct NewNotice {
    /// About what.
    pub object: Object,
    /// Why.
    pub reason: Reason,
    /// What is wrong.
    pub statement: String,
    /// How to reach them.
    pub contact: Option<String>,
}

/// Takes a notice: what is reported must be something everyone can see, or could.
pub async fn notify(services: &Services, visitor: &str, new: NewNotice) -> Outcome<MadeNoticeView> {
    services.budgets.notice(visitor)?;
    let NewNotice {
        object,
        reason,
        statement,
        contact,
    } = new;
    let mut check = Check::default();
    let statement = check.prose("statement", &statement, text::FACTS);
    let contact = check.optional("contact", contact.as_deref(), text::CONTACT);
    check.ensure(
        hides(object.kind()).is_some(),
        "object",
        "invalid",
        "A comment, a thread or a proposal.",
    );
    check.finish()?;
    let framework = framework_of(services, object, None).await?;
    let (id, code) = (Id::<PublicNotice>::new().to_string(), id::secret());
    let notice = notices::NewNotice {
        id: id.clone(),
        code_hash: token_hash(&code),
        object,
        reason,
        statement,
        contact,
    };
    services
        .desk
        .site(framework, SiteAct::Notice(notice.into()))
        .await?;
    Ok(MadeNoticeView { id, code })
}

//! Accounts: these stand outside frameworks and are written in transactions of their own.
use super::{Failure, Outcome, Registration, invitations, node::Node, passwords, secrets::token_hash, security::Event, sessions, turns::Lane, views};
use crate::{
    domain::{
        account::{Account, AccountId},
        framework::Framework,
        names, password,
        permission::Scope,
        text::{Check, LANGUAGES},
    },
    id::Id,
    protocol::{
        problem::{Code, Problem},
        rest::{AccountView, MeView, NewAccountView, SiteView},
    },
    store::{LinkKind, Reader, SessionKind, Tx},
};

pub use super::{
    passwords::{invitation, reset_link},
    roles::appoint,
};

/// Somebody who wants an account.
pub struct Applicant {
    /// The handle.
    pub handle: String,
    /// The password.
    pub password: String,
    /// The display name.
    pub display_name: Option<String>,
    /// The interface language.
    pub locale: Option<String>,
    /// The token of an invitation link.
    pub invitation: Option<String>,
}

/// Who asks: an account and the session it came by.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The account.
    pub account: AccountId,
    /// The session's id.
    pub session: String,
    /// Whether it is a cookie's.
    pub browser: bool,
    /// How much of what its account may it may.
    pub scope: Scope,
}

/// Whoever reads: an account, within a scope.
#[derive(Clone, Copy, Debug)]
pub struct Asker {
    /// The account.
    pub account: AccountId,
    /// How much of what it may see is asked for.
    pub scope: Scope,
}

impl From<&Caller> for Asker {
    fn from(caller: &Caller) -> Self {
        Self { account: caller.account, scope: caller.scope }
    }
}

impl From<AccountId> for Asker {
    fn from(account: AccountId) -> Self {
        Self { account, scope: Scope::Moderate }
    }
}

/// Who gives a name: only the host gives those of offices.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Giver {
    Host,
    Themselves,
}

/// Makes an account and signs it in; the second is the session's token.
pub async fn register(node: &Node, visitor: &str, applicant: Applicant) -> Outcome<(NewAccountView, String)> {
    let invitation = admit(node, applicant.invitation.as_deref()).await?;
    let lane = Lane { place: visitor.into(), name: names::skeleton(&applicant.handle) };
    let (new, hash) = prepared(node, &lane, applicant, Giver::Themselves, false).await?;
    let mut tx = node.store.write().await?;
    // Used up in the same transaction: of two who hold one invitation, one gets in.
    let admitted = match invitation {
        Admission::Free => true,
        Admission::Link(link) => tx.delete_link(&link).await?,
        Admission::Invitation(hash) => tx.register_by_invitation(&hash, node.now()).await?,
    };
    if !admitted {
        return Err(used_up().into());
    }
    let view = insert(&mut tx, new, &hash).await?;
    let (session, token) = sessions::begun(view.account.id, SessionKind::Browser, node.now());
    tx.insert_session(&session, &token_hash(&token)).await?;
    tx.commit().await?;
    node.note(Event::Registered, view.account.id, "");
    Ok((view, token))
}

fn used_up() -> Problem {
    Problem::field("invitation", "invalid", "This invitation was used or has expired.")
}

/// By what somebody may register.
enum Admission {
    /// Anybody may.
    Free,
    /// By a link of the host's, with this hash: it is used up.
    Link(String),
    /// By an invitation into a framework, with this hash: it lets in as many as may accept it.
    Invitation(String),
}

/// Whether registration is open to this applicant.
async fn admit(node: &Node, invitation: Option<&str>) -> Outcome<Admission> {
    match node.options.registration {
        Registration::Open => Ok(Admission::Free),
        Registration::Closed => Err(Problem::new(Code::Forbidden, "Registration is closed.").into()),
        Registration::Invitation => {
            let token = invitation.ok_or_else(|| Problem::new(Code::Forbidden, "Registration needs an invitation link."))?;
            let mut reader = node.store.read().await?;
            let hash = token_hash(token);
            if reader.link(&hash, LinkKind::Invitation, node.now()).await?.is_some() {
                return Ok(Admission::Link(hash));
            }
            let invited = invitations::admits(&mut reader, token, node.now()).await;
            invited.map(Admission::Invitation).map_err(|failure| match failure {
                Failure::Problem(_) => used_up().into(),
                failure => failure,
            })
        }
    }
}

/// Makes an account with its recovery codes, as the host does.
pub async fn create(node: &Node, applicant: Applicant, admin: bool, vouched: bool) -> Outcome<(NewAccountView, AccountId)> {
    let (new, hash) = prepared(node, &Lane::own("host"), applicant, Giver::Host, vouched).await?;
    let mut tx = node.store.write().await?;
    let view = insert(&mut tx, Account { admin, ..new }, &hash).await?;
    tx.commit().await?;
    let id = view.account.id;
    node.note(Event::AdminActed, id, if admin { "made_admin" } else { "made_account" });
    Ok((view, id))
}

/// A checked account and its password's hash: all that needs no transaction.
async fn prepared(node: &Node, lane: &Lane, applicant: Applicant, giver: Giver, vouched: bool) -> Outcome<(Account, String)> {
    let mut check = Check::default();
    let (handle, _) = names::handle(&mut check, &applicant.handle, giver == Giver::Host);
    password::check(&mut check, "password", &applicant.password, &[&handle, &node.options.name]);
    let display_name = names::display_name(&mut check, applicant.display_name.as_deref()).map(|(name, _)| name);
    locale(&mut check, applicant.locale.as_deref());
    check.finish()?;
    let hash = node.hasher.hash(lane, &applicant.password).await?;
    let created_at = node.now();
    // Random: an account's id is public, and must not tell when it was made.
    let new = Account { id: Id::random(), handle, display_name, admin: false, locale: applicant.locale, vouched, sample: false, created_at };
    Ok((new, hash))
}

async fn insert(tx: &mut Tx, new: Account, hash: &str) -> Outcome<NewAccountView> {
    tx.lock_names().await?;
    free(tx, "handle", &new.handle, new.id).await?;
    if let Some(name) = &new.display_name {
        free(tx, "display_name", name, new.id).await?;
    }
    if !tx.insert_account(&new, &names::skeleton(&new.handle), Some(hash)).await? {
        return Err(taken("handle").into());
    }
    let codes = passwords::renew_codes(tx, new.id).await?;
    Ok(NewAccountView { account: views::account(new), recovery_codes: codes })
}

fn taken(field: &str) -> Problem {
    Problem::field(field, "taken", "This name, or one that looks like it, is taken.")
}

/// Refuses a name that looks like the handle or the display name of somebody else. The lock on names is held.
async fn free(tx: &mut Tx, field: &str, name: &str, own: AccountId) -> Result<(), Failure> {
    if tx.name_is_taken(&names::looks(name), own).await? { Err(taken(field).into()) } else { Ok(()) }
}

/// The account whose handle looks like this, and its password's hash; also one whose name was kept by an earlier rule.
pub async fn find(reader: &mut Reader, handle: &str) -> Outcome<Option<(Account, Option<String>)>> {
    let forms = [names::skeleton(handle), names::former_skeleton(handle)];
    for form in forms.iter().filter(|form| !form.is_empty()) {
        if let Some(found) = reader.account_by_skeleton(form).await? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

fn locale(check: &mut Check, raw: Option<&str>) {
    check.ensure(raw.is_none_or(|tag| LANGUAGES.contains(&tag)), "locale", "invalid", "One of en, uk, ru.");
}

/// Whether a moderator has barred an account anywhere.
pub async fn barred(node: &Node, account: AccountId) -> Outcome<bool> {
    Ok(node.store.read().await?.is_barred(account, node.now()).await?)
}

/// An account and what it is where.
pub async fn me(node: &Node, caller: &Caller) -> Outcome<MeView> {
    let mut reader = node.store.read().await?;
    let account = reader.account(caller.account).await?.ok_or_else(Problem::unauthenticated)?;
    let memberships = reader.memberships(caller.account).await?;
    let second_factor = reader.second_factor(caller.account).await?.and_then(|factor| factor.confirmed_at);
    Ok(MeView { account: views::account(account), memberships: memberships.into_iter().map(views::membership).collect(), second_factor })
}

/// Changes the display name or language; what is absent stays, an empty name is none.
pub async fn update(node: &Node, caller: &Caller, display_name: Option<String>, language: Option<String>) -> Outcome<AccountView> {
    let mut check = Check::default();
    let named = display_name.as_deref().map(|name| names::display_name(&mut check, Some(name)).map(|(name, _)| name));
    locale(&mut check, language.as_deref());
    check.finish()?;
    let mut tx = node.store.write().await?;
    let mut account = tx.account(caller.account).await?.ok_or_else(Problem::unauthenticated)?;
    if let Some(Some(name)) = &named {
        tx.lock_names().await?;
        free(&mut tx, "display_name", name, account.id).await?;
    }
    if let Some(name) = named {
        account.display_name = name;
        tx.rename().await?;
    }
    account.locale = language.or(account.locale);
    tx.update_profile(account.id, account.display_name.as_deref(), account.locale.as_deref()).await?;
    tx.commit().await?;
    node.shelf.turn();
    Ok(views::account(account))
}

/// Keeps what display names look like, where an older version wrote them.
pub(super) async fn fold_names(node: &Node) -> Outcome<()> {
    let mut tx = node.store.write().await?;
    tx.fold_names().await?;
    Ok(tx.commit().await?)
}

/// The site, its host and who asks.
pub async fn site(node: &Node, caller: Option<&Caller>) -> Outcome<SiteView> {
    let mut reader = node.store.read().await?;
    let you = match caller {
        Some(caller) => reader.account(caller.account).await?.map(views::account),
        None => None,
    };
    let frameworks = reader.frameworks().await?;
    let options = node.options.clone();
    Ok(SiteView {
        name: options.name,
        logo: options.logo.map(|logo| logo.address()),
        colour: options.colour,
        intro: options.intro,
        link_back: options.link_back,
        registration: options.registration.word().into(),
        posting_paused: !frameworks.is_empty() && frameworks.iter().all(Framework::posting_paused),
        demo: options.demo,
        second_factor_required: options.second_factor,
        version: env!("CARGO_PKG_VERSION").into(),
        you,
    })
}

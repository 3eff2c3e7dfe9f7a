//! Accounts and sessions: these stand outside frameworks and are written in transactions of their own.
use super::{Failure, Outcome, Registration, Services, invitations, rights, secrets::token_hash, views};
use crate::{
    domain::{
        account::{self, Account, AccountId, RECOVERY_CODES, RESET_LIFE, SESSION_LIFE},
        framework::Framework,
        text::{Check, LANGUAGES},
    },
    id::{self, Id},
    protocol::{
        problem::{Code, Problem},
        rest::{AccountView, List, MeView, NewAccountView, NewTokenView, SessionView, SiteView},
    },
    store::{LinkKind, SessionKind, SessionRow, Tx},
};

pub use super::roles::appoint;

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
}

/// Makes an account and signs it in; the second is the session's token.
pub async fn register(services: &Services, applicant: Applicant) -> Outcome<(NewAccountView, String)> {
    let invitation = admit(services, applicant.invitation.as_deref()).await?;
    let (new, skeleton, hash) = prepared(services, applicant, false, false).await?;
    let mut tx = services.store.write().await?;
    // Used up in the same transaction: of two who hold one invitation, one gets in.
    let admitted = match invitation {
        Admission::Free => true,
        Admission::Link(link) => tx.delete_link(&link).await?,
        Admission::Invitation(hash) => tx.register_by_invitation(&hash, services.now()).await?,
    };
    if !admitted {
        return Err(used_up().into());
    }
    let view = insert(&mut tx, new, &skeleton, &hash).await?;
    let (session, token) = new_session(view.account.id, SessionKind::Browser, None, services.now());
    tx.insert_session(&session, &token_hash(&token)).await?;
    tx.commit().await?;
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
async fn admit(services: &Services, invitation: Option<&str>) -> Outcome<Admission> {
    match services.options.registration {
        Registration::Open => Ok(Admission::Free),
        Registration::Closed => Err(Problem::new(Code::Forbidden, "Registration is closed.").into()),
        Registration::Invitation => {
            let token = invitation.ok_or_else(|| Problem::new(Code::Forbidden, "Registration needs an invitation link."))?;
            let mut reader = services.store.read().await?;
            let hash = token_hash(token);
            if reader.link(&hash, LinkKind::Invitation, services.now()).await?.is_some() {
                return Ok(Admission::Link(hash));
            }
            let invited = invitations::admits(&mut reader, token, services.now()).await;
            invited.map(Admission::Invitation).map_err(|failure| match failure {
                Failure::Problem(_) => used_up().into(),
                failure => failure,
            })
        }
    }
}

/// Makes an account with its recovery codes.
pub async fn create(services: &Services, applicant: Applicant, admin: bool, vouched: bool) -> Outcome<(NewAccountView, AccountId)> {
    let (new, skeleton, hash) = prepared(services, applicant, admin, vouched).await?;
    let mut tx = services.store.write().await?;
    let view = insert(&mut tx, new, &skeleton, &hash).await?;
    tx.commit().await?;
    let id = view.account.id;
    Ok((view, id))
}

/// A checked account, its handle's skeleton and its password's hash: all that needs no transaction.
async fn prepared(services: &Services, applicant: Applicant, admin: bool, vouched: bool) -> Outcome<(Account, String, String)> {
    let mut check = Check::default();
    let (handle, skeleton) = account::handle(&mut check, &applicant.handle);
    account::password(&mut check, "password", &applicant.password);
    let display_name = account::display_name(&mut check, applicant.display_name.as_deref());
    locale(&mut check, applicant.locale.as_deref());
    check.finish()?;
    let hash = services.hasher.hash(applicant.password).await?;
    let created_at = services.now();
    let new = Account { id: Id::new(), handle, display_name, admin, locale: applicant.locale, vouched, sample: false, created_at };
    Ok((new, skeleton, hash))
}

async fn insert(tx: &mut Tx, new: Account, skeleton: &str, hash: &str) -> Outcome<NewAccountView> {
    if !tx.insert_account(&new, skeleton, Some(hash)).await? {
        return Err(Problem::field("handle", "taken", "This name, or one that looks like it, is taken.").into());
    }
    let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| id::recovery_code()).collect();
    for code in &codes {
        tx.insert_recovery_code(new.id, &token_hash(code)).await?;
    }
    Ok(NewAccountView { account: views::account(new), recovery_codes: codes })
}

fn locale(check: &mut Check, raw: Option<&str>) {
    check.ensure(raw.is_none_or(|tag| LANGUAGES.contains(&tag)), "locale", "invalid", "One of en, uk, ru.");
}

/// A session and its token.
pub(super) fn new_session(account: AccountId, kind: SessionKind, name: Option<String>, now: i64) -> (SessionRow, String) {
    let expires_at = (kind == SessionKind::Browser).then_some(now + SESSION_LIFE);
    let row = SessionRow { id: Id::<SessionRow>::new().to_string(), account, kind, name, recovered: false, created_at: now, expires_at };
    (row, id::secret())
}

/// The account a token belongs to, if its session has not ended.
pub async fn caller(services: &Services, token: &str) -> Outcome<Option<Caller>> {
    let (hash, now) = (token_hash(token), services.now());
    if let Some(caller) = services.known.caller(&hash, now) {
        return Ok(Some(caller));
    }
    let Some(row) = services.store.read().await?.session(&hash, now).await? else { return Ok(None) };
    let caller = Caller { account: row.account, session: row.id, browser: row.kind == SessionKind::Browser };
    services.known.keep_caller(hash, caller.clone(), row.expires_at);
    Ok(Some(caller))
}

/// Whether a session still stands.
pub async fn stands(services: &Services, caller: &Caller) -> Outcome<bool> {
    let sessions = services.store.read().await?.sessions(caller.account, services.now()).await?;
    Ok(sessions.iter().any(|session| session.id == caller.session))
}

/// Whether a moderator has barred an account anywhere.
pub async fn barred(services: &Services, account: AccountId) -> Outcome<bool> {
    Ok(services.store.read().await?.is_barred(account, services.now()).await?)
}

/// Ends one session or, with `None`, all but the caller's.
pub async fn end(services: &Services, caller: &Caller, session: Option<&str>) -> Outcome<()> {
    let mut tx = services.store.write().await?;
    match session {
        Some(session) if !tx.delete_session(caller.account, session).await? => return Err(Problem::not_found().into()),
        Some(_) => {}
        None => tx.delete_other_sessions(caller.account, &caller.session).await?,
    }
    rights::note(&mut tx, caller.account, services.now()).await?;
    tx.commit().await?;
    services.rights_changed(caller.account).await;
    Ok(())
}

/// An account's sessions and tokens.
pub async fn sessions(services: &Services, caller: &Caller) -> Outcome<List<SessionView>> {
    let rows = services.store.read().await?.sessions(caller.account, services.now()).await?;
    Ok(List { items: rows.into_iter().map(|row| views::session(row, &caller.session)).collect(), next: None })
}

/// Makes an API token.
pub async fn new_token(services: &Services, caller: &Caller, name: &str) -> Outcome<NewTokenView> {
    let mut check = Check::default();
    let name = check.line("name", name, crate::domain::text::DISPLAY_NAME);
    check.finish()?;
    let (session, token) = new_session(caller.account, SessionKind::Token, Some(name), services.now());
    let mut tx = services.store.write().await?;
    // A session that has just been ended, by a second factor for one, makes no token any more.
    tx.lock_account(caller.account).await?;
    if tx.standing_sessions(std::slice::from_ref(&caller.session), services.now()).await?.is_empty() {
        return Err(Problem::unauthenticated().into());
    }
    tx.insert_session(&session, &token_hash(&token)).await?;
    tx.commit().await?;
    Ok(NewTokenView { id: session.id, token })
}

/// Changes the password and ends every other session. Right after a recovery code the old one is not asked for.
pub async fn change_password(services: &Services, caller: &Caller, current: Option<String>, new: String) -> Outcome<()> {
    let mut check = Check::default();
    account::password(&mut check, "new", &new);
    check.finish()?;
    let mut reader = services.store.read().await?;
    let recovered = reader.sessions(caller.account, services.now()).await?.iter().any(|row| row.id == caller.session && row.recovered);
    let hash = reader.password_hash(caller.account).await?;
    drop(reader);
    if !recovered {
        let current = current.ok_or_else(|| Problem::field("current", "required", "The current password is needed."))?;
        if !services.hasher.fits(current, hash).await?.0 {
            return Err(Problem::field("current", "wrong", "This is not the current password.").into());
        }
    }
    set_password(services, caller.account, new, &caller.session, None).await
}

async fn set_password(services: &Services, account: AccountId, new: String, keep: &str, link: Option<&str>) -> Outcome<()> {
    let hash = services.hasher.hash(new).await?;
    let mut tx = services.store.write().await?;
    tx.set_password(account, &hash).await?;
    tx.delete_other_sessions(account, keep).await?;
    rights::note(&mut tx, account, services.now()).await?;
    if let Some(link) = link
        && !tx.delete_link(link).await?
    {
        return Err(Problem::field("token", "invalid", "This link was used or has expired.").into());
    }
    tx.commit().await?;
    services.rights_changed(account).await;
    Ok(())
}

/// Makes a link by which an account may set a new password; its token.
pub async fn reset_link(services: &Services, handle: &str) -> Outcome<String> {
    let found = services.store.read().await?.account_by_skeleton(&account::skeleton(handle)).await?;
    let (account, _) = found.ok_or_else(Problem::not_found)?;
    new_link(services, LinkKind::Reset, Some(account.id), RESET_LIFE).await
}

/// Makes a link by which one person may register; its token.
pub async fn invitation(services: &Services) -> Outcome<String> {
    new_link(services, LinkKind::Invitation, None, 14 * crate::domain::DAY).await
}

async fn new_link(services: &Services, kind: LinkKind, account: Option<AccountId>, life: i64) -> Outcome<String> {
    let token = id::secret();
    let mut tx = services.store.write().await?;
    tx.insert_link(&token_hash(&token), kind, account, services.now() + life).await?;
    tx.commit().await?;
    Ok(token)
}

/// Sets a new password by a link.
pub async fn reset(services: &Services, token: &str, password: String) -> Outcome<()> {
    let mut check = Check::default();
    account::password(&mut check, "password", &password);
    check.finish()?;
    let hash = token_hash(token);
    let found = services.store.read().await?.link(&hash, LinkKind::Reset, services.now()).await?.flatten();
    let account = found.ok_or_else(|| Problem::field("token", "invalid", "This link was used or has expired."))?;
    set_password(services, account, password, "", Some(&hash)).await
}

/// An account and what it is where.
pub async fn me(services: &Services, caller: &Caller) -> Outcome<MeView> {
    let mut reader = services.store.read().await?;
    let account = reader.account(caller.account).await?.ok_or_else(Problem::unauthenticated)?;
    let memberships = reader.memberships(caller.account).await?;
    let second_factor = reader.second_factor(caller.account).await?.and_then(|factor| factor.confirmed_at);
    Ok(MeView { account: views::account(account), memberships: memberships.into_iter().map(views::membership).collect(), second_factor })
}

/// Changes the display name or language; what is absent stays, an empty name is none.
pub async fn update(services: &Services, caller: &Caller, display_name: Option<String>, language: Option<String>) -> Outcome<AccountView> {
    let mut check = Check::default();
    let named = display_name.as_deref().map(|name| account::display_name(&mut check, Some(name)));
    locale(&mut check, language.as_deref());
    check.finish()?;
    let mut tx = services.store.write().await?;
    let mut account = tx.account(caller.account).await?.ok_or_else(Problem::unauthenticated)?;
    account.display_name = named.unwrap_or(account.display_name);
    account.locale = language.or(account.locale);
    tx.update_profile(account.id, account.display_name.as_deref(), account.locale.as_deref()).await?;
    tx.commit().await?;
    services.shelf.turn();
    Ok(views::account(account))
}

/// The site, its host and who asks.
pub async fn site(services: &Services, caller: Option<&Caller>) -> Outcome<SiteView> {
    let mut reader = services.store.read().await?;
    let you = match caller {
        Some(caller) => reader.account(caller.account).await?.map(views::account),
        None => None,
    };
    let frameworks = reader.frameworks().await?;
    let options = services.options.as_ref().clone();
    Ok(SiteView {
        name: options.name,
        logo: options.logo,
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

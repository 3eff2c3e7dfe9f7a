//! Sessions: of browsers, and API tokens, which may less and end by themselves.
use crate::{
    domain::{
        DAY, Millis,
        account::{AccountId, SESSION_LIFE, SESSIONS, TOKEN_DAYS, TOKEN_DAYS_USUAL, TOKENS},
        permission::Scope,
        text::{Check, DISPLAY_NAME},
    },
    id::{self, Id},
    protocol::{
        problem::{Code, Problem},
        rest::{List, NewTokenView, SessionView},
    },
    service::{
        Outcome,
        caller::Caller,
        keep::{record::Event, secrets::token_hash},
        node::Node,
        people::proof::{self, Proof},
        sight::{cursor, views},
    },
    store::{SessionKind, SessionRow, Tx},
};

/// Sessions on a page.
const PAGE: i64 = 50;

/// A session and its token.
pub(crate) fn begun(account: AccountId, kind: SessionKind, now: Millis) -> (SessionRow, String) {
    let expires_at = (kind == SessionKind::Browser).then_some(now + SESSION_LIFE);
    let id = Id::<SessionRow>::new().to_string();
    (
        SessionRow {
            id,
            account,
            kind,
            name: None,
            recovered: false,
            created_at: now,
            expires_at,
            scope: Scope::Moderate,
        },
        id::secret(),
    )
}

/// The account a token belongs to, if its session has not ended.
pub async fn caller(node: &Node, token: &str) -> Outcome<Option<Caller>> {
    let (hash, now) = (token_hash(token), node.now());
    if let Some(caller) = node.known.caller(&hash, now) {
        return Ok(Some(caller));
    }
    let Some(row) = node.store.read().await?.session(&hash, now).await? else {
        return Ok(None);
    };
    let caller = Caller {
        account: row.account,
        session: row.id,
        browser: row.kind == SessionKind::Browser,
        scope: row.scope,
    };
    node.known.keep_caller(hash, caller.clone(), row.expires_at);
    Ok(Some(caller))
}

/// Whether a session still stands.
pub async fn stands(node: &Node, caller: &Caller) -> Outcome<bool> {
    let mut reader = node.store.read().await?;
    Ok(!reader
        .standing_sessions(std::slice::from_ref(&caller.session), node.now())
        .await?
        .is_empty())
}

/// Ends the oldest of an account's browsers where one more would be too many. The account's lock is
/// held.
pub(crate) async fn make_room(tx: &mut Tx, account: AccountId, now: Millis) -> Outcome<()> {
    let browsers = tx.session_ids(account, SessionKind::Browser, now).await?;
    for oldest in browsers.iter().skip(SESSIONS - 1) {
        tx.delete_session(account, oldest).await?;
    }
    Ok(())
}

/// Ends one session or, with `None`, all but the caller's.
pub async fn end(node: &Node, caller: &Caller, session: Option<&str>) -> Outcome<()> {
    let mut tx = node.store.write().await?;
    match session {
        Some(session) if !tx.delete_session(caller.account, session).await? => {
            return Err(Problem::not_found().into());
        }
        Some(_) => {}
        None => {
            tx.delete_other_sessions(caller.account, &caller.session)
                .await?
        }
    }
    tx.note_account_rights(caller.account, node.now()).await?;
    tx.commit().await?;
    node.note(
        Event::SessionsEnded,
        caller.account,
        if session.is_some() { "one" } else { "others" },
    );
    node.rights_changed(caller.account);
    Ok(())
}

/// A page of an account's sessions and tokens, newest first.
pub async fn list(node: &Node, caller: &Caller, after: Option<&str>) -> Outcome<List<SessionView>> {
    let start = cursor::before(after)?;
    let rows = node
        .store
        .read()
        .await?
        .sessions(caller.account, node.now(), start, PAGE)
        .await?;
    let next = cursor::next(&rows, PAGE, |row| (row.created_at, row.id.clone()));
    Ok(List {
        items: rows
            .into_iter()
            .map(|row| views::session(row, &caller.session))
            .collect(),
        next,
    })
}

/// What a token is made for.
pub struct Wanted {
    /// What its owner calls it.
    pub name: String,
    /// What it may.
    pub scope: Scope,
    /// After how many days it ends.
    pub days: Option<u32>,
}

/// Makes an API token, for whoever proves again that the account is theirs.
pub async fn new_token(
    node: &Node,
    caller: &Caller,
    wanted: Wanted,
    proof: Proof,
) -> Outcome<NewTokenView> {
    let mut check = Check::default();
    let name = check.line("name", &wanted.name, DISPLAY_NAME);
    let days = wanted.days.unwrap_or(TOKEN_DAYS_USUAL);
    check.ensure(
        TOKEN_DAYS.contains(&days),
        "days",
        "invalid",
        "1 to 365 days.",
    );
    check.finish()?;
    let mut proven = proof::begin(node, caller, proof, "password", false).await?;
    let now = node.now();
    let (session, token) = begun(caller.account, SessionKind::Token, now);
    let expires_at = now + Millis::from(days) * DAY;
    let session = SessionRow {
        name: Some(name),
        scope: wanted.scope,
        expires_at: Some(expires_at),
        ..session
    };
    let mut tx = node.store.write().await?;
    proven.finish(&mut tx, caller).await?;
    if tx
        .session_ids(caller.account, SessionKind::Token, now)
        .await?
        .len()
        >= TOKENS
    {
        return Err(Problem::new(
            Code::Conflict,
            "An account has at most 20 tokens. End one first.",
        )
        .into());
    }
    tx.insert_session(&session, &token_hash(&token)).await?;
    tx.commit().await?;
    node.note(Event::TokenMade, caller.account, "");
    Ok(NewTokenView {
        id: session.id,
        token,
        scope: wanted.scope,
        expires_at,
    })
}

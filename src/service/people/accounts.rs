//! Accounts: these stand outside frameworks and are written in transactions of their own.
use crate::{
    domain::{
        account::{Account, AccountId, names},
        framework::Framework,
        text::{Check, LANGUAGES},
    },
    protocol::{
        problem::Problem,
        rest::{AccountView, MeView, SiteView},
    },
    service::{Outcome, caller::Caller, node::Node, people::registration::free, sight::views},
    store::Reader,
};

pub use crate::service::people::{
    appoint::appoint,
    passwords::{invitation, reset_link},
};

/// The account whose handle looks like this, and its password's hash; also one whose name was kept
/// by an earlier rule.
pub async fn find(reader: &mut Reader, handle: &str) -> Outcome<Option<(Account, Option<String>)>> {
    let forms = [names::skeleton(handle), names::former_skeleton(handle)];
    for form in forms.iter().filter(|form| !form.is_empty()) {
        if let Some(found) = reader.account_by_skeleton(form).await? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

pub(crate) fn locale(check: &mut Check, raw: Option<&str>) {
    check.ensure(
        raw.is_none_or(|tag| LANGUAGES.contains(&tag)),
        "locale",
        "invalid",
        "One of en, uk, ru.",
    );
}

/// Whether a moderator has barred an account anywhere.
pub async fn barred(node: &Node, account: AccountId) -> Outcome<bool> {
    Ok(node
        .store
        .read()
        .await?
        .is_barred(account, node.now())
        .await?)
}

/// An account and what it is where.
pub async fn me(node: &Node, caller: &Caller) -> Outcome<MeView> {
    let mut reader = node.store.read().await?;
    let account = reader
        .account(caller.account)
        .await?
        .ok_or_else(Problem::unauthenticated)?;
    let memberships = reader.memberships(caller.account).await?;
    let second_factor = reader
        .second_factor(caller.account)
        .await?
        .and_then(|factor| factor.confirmed_at);
    Ok(MeView {
        account: views::account(account),
        memberships: memberships.into_iter().map(views::membership).collect(),
        second_factor,
    })
}

/// Changes the display name or language; what is absent stays, an empty name is none.
pub async fn update(
    node: &Node,
    caller: &Caller,
    display_name: Option<String>,
    language: Option<String>,
) -> Outcome<AccountView> {
    let mut check = Check::default();
    let named = display_name
        .as_deref()
        .map(|name| names::display_name(&mut check, Some(name)).map(|(name, _)| name));
    locale(&mut check, language.as_deref());
    check.finish()?;
    let mut tx = node.store.write().await?;
    let mut account = tx
        .account(caller.account)
        .await?
        .ok_or_else(Problem::unauthenticated)?;
    if let Some(Some(name)) = &named {
        tx.lock_names().await?;
        free(&mut tx, "display_name", name, account.id).await?;
    }
    if let Some(name) = named {
        account.display_name = name;
        tx.rename().await?;
    }
    account.locale = language.or(account.locale);
    tx.update_profile(
        account.id,
        account.display_name.as_deref(),
        account.locale.as_deref(),
    )
    .await?;
    tx.commit().await?;
    node.shelf.turn();
    Ok(views::account(account))
}

/// Keeps what display names look like, where an older version wrote them.
pub(crate) async fn fold_names(node: &Node) -> Outcome<()> {
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

//! Making accounts: who may register, and what their names and passwords must be.
use crate::{
    domain::{
        account::{Account, AccountId, names, password},
        text::Check,
    },
    id::Id,
    protocol::{
        problem::{Code, Problem},
        rest::NewAccountView,
    },
    service::{
        Failure, Outcome, Registration,
        keep::{record::Event, secrets::token_hash, turns::Lane},
        node::Node,
        people::{accounts::locale, passwords, sessions},
        reads::invitations,
        sight::views,
    },
    store::{LinkKind, SessionKind, Tx},
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

/// Who gives a name: only the host gives those of offices.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Giver {
    Host,
    Themselves,
}

/// Makes an account and signs it in; the second is the session's token.
pub async fn register(
    node: &Node,
    visitor: &str,
    applicant: Applicant,
) -> Outcome<(NewAccountView, String)> {
    let invitation = admit(node, applicant.invitation.as_deref()).await?;
    let lane = Lane {
        place: visitor.into(),
        name: names::skeleton(&applicant.handle),
    };
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
    Problem::field(
        "invitation",
        "invalid",
        "This invitation was used or has expired.",
    )
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
        Registration::Closed => {
            Err(Problem::new(Code::Forbidden, "Registration is closed.").into())
        }
        Registration::Invitation => {
            let token = invitation.ok_or_else(|| {
                Problem::new(Code::Forbidden, "Registration needs an invitation link.")
            })?;
            let mut reader = node.store.read().await?;
            let hash = token_hash(token);
            if reader
                .link(&hash, LinkKind::Invitation, node.now())
                .await?
                .is_some()
            {
                return Ok(Admission::Link(hash));
            }
            let invited = invitations::admits(&mut reader, token, node.now()).await;
            invited
                .map(Admission::Invitation)
                .map_err(|failure| match failure {
                    Failure::Problem(_) => used_up().into(),
                    failure => failure,
                })
        }
    }
}

/// Makes an account with its recovery codes, as the host does.
pub async fn create(
    node: &Node,
    applicant: Applicant,
    admin: bool,
    vouched: bool,
) -> Outcome<(NewAccountView, AccountId)> {
    let (new, hash) = prepared(node, &Lane::own("host"), applicant, Giver::Host, vouched).await?;
    let mut tx = node.store.write().await?;
    let view = insert(&mut tx, Account { admin, ..new }, &hash).await?;
    tx.commit().await?;
    let id = view.account.id;
    node.note(
        Event::AdminActed,
        id,
        if admin { "made_admin" } else { "made_account" },
    );
    Ok((view, id))
}

/// A checked account and its password's hash: all that needs no transaction.
async fn prepared(
    node: &Node,
    lane: &Lane,
    applicant: Applicant,
    giver: Giver,
    vouched: bool,
) -> Outcome<(Account, String)> {
    let mut check = Check::default();
    let (handle, _) = names::handle(&mut check, &applicant.handle, giver == Giver::Host);
    password::check(
        &mut check,
        "password",
        &applicant.password,
        &[&handle, &node.options.name],
    );
    let display_name =
        names::display_name(&mut check, applicant.display_name.as_deref()).map(|(name, _)| name);
    locale(&mut check, applicant.locale.as_deref());
    check.finish()?;
    let hash = node.hasher.hash(lane, &applicant.password).await?;
    let created_at = node.now();
    // Random: an account's id is public, and must not tell when it was made.
    let new = Account {
        id: Id::random(),
        handle,
        display_name,
        admin: false,
        locale: applicant.locale,
        vouched,
        sample: false,
        created_at,
    };
    Ok((new, hash))
}

async fn insert(tx: &mut Tx, new: Account, hash: &str) -> Outcome<NewAccountView> {
    tx.lock_names().await?;
    free(tx, "handle", &new.handle, new.id).await?;
    if let Some(name) = &new.display_name {
        free(tx, "display_name", name, new.id).await?;
    }
    if !tx
        .insert_account(&new, &names::skeleton(&new.handle), Some(hash))
        .await?
    {
        return Err(taken("handle").into());
    }
    let codes = passwords::renew_codes(tx, new.id).await?;
    Ok(NewAccountView {
        account: views::account(new),
        recovery_codes: codes,
    })
}

fn taken(field: &str) -> Problem {
    Problem::field(
        field,
        "taken",
        "This name, or one that looks like it, is taken.",
    )
}

/// Refuses a name that looks like the handle or the display name of somebody else. The lock on
/// names is held.
pub(crate) async fn free(
    tx: &mut Tx,
    field: &str,
    name: &str,
    own: AccountId,
) -> Result<(), Failure> {
    if tx.name_is_taken(&names::looks(name), own).await? {
        Err(taken(field).into())
    } else {
        Ok(())
    }
}

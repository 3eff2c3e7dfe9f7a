//! Who has a role, and how roles changed.
use crate::{
    domain::permission::{Action, Role},
    protocol::rest::{AppointmentView, List, TeamView},
    service::{
        Outcome,
        caller::Asker,
        node::Node,
        sight::{
            cursor, seen,
            views::{self, member},
        },
    },
};

/// Entries on a page of the list of appointments.
const LOG: i64 = 50;

/// Who has a role, to the owner. Whether two viewpoints are present is told, whose they are never.
pub async fn team(node: &Node, asker: Asker, slug: &str) -> Outcome<TeamView> {
    let mut seen = seen::see_slug(node, Some(asker), slug).await?;
    seen.actor.may(Action::SeeTeam, false)?;
    let mut team = seen.reader.team(seen.framework.id).await?;
    team.sort_by_key(|one| (std::cmp::Reverse(one.role), one.alias));
    // Owners are left out: one who asks knows their own viewpoint, and would learn another's.
    let mut camps: Vec<_> = team
        .iter()
        .filter(|one| one.role < Role::Owner)
        .filter_map(|one| one.camp.clone())
        .collect();
    camps.sort_unstable();
    camps.dedup();
    Ok(TeamView {
        two_viewpoints: camps.len() > 1,
        items: team.into_iter().map(member).collect(),
        public: seen.framework.public,
    })
}

/// What roles were given and taken, newest first, by alias.
pub async fn appointments(
    node: &Node,
    account: Option<Asker>,
    slug: &str,
    after: Option<&str>,
) -> Outcome<List<AppointmentView>> {
    let mut seen = seen::see_slug(node, account, slug).await?;
    let rows = seen
        .reader
        .appointments(seen.framework.id, cursor::before(after)?, LOG)
        .await?;
    let next = cursor::next(&rows, LOG, |row| (row.at, row.id.clone()));
    Ok(List {
        items: rows.into_iter().map(views::appointment).collect(),
        next,
    })
}

//! Who acts: accounts, what they are in a framework, and whether the sessions they act by stand.
use std::collections::{BTreeSet, HashMap, HashSet};

use sqlx::{FromRow, QueryBuilder};

use super::{
    accounts,
    members::{Membership, Row},
};
use crate::{
    domain::{
        Millis,
        account::{Account, AccountId},
        framework::FrameworkId,
        permission::Role,
        remit::Remit,
    },
    store::{
        db::{Reader, Result, sql},
        many::{Many, padded},
        values::row,
        words::{Doc, Word},
    },
};

/// An account and what it is in one framework.
#[derive(Clone, Debug)]
pub struct Person {
    /// The account.
    pub account: Account,
    /// What it is there.
    pub membership: Option<Membership>,
    /// A sanction in force: until when (`None`: until lifted).
    pub sanction: Option<Option<Millis>>,
    /// Whether it has a confirmed second factor.
    pub second_factor: bool,
}

#[derive(FromRow)]
struct PersonRow {
    #[sqlx(flatten)]
    account: accounts::Row,
    joined: Option<bool>,
    camp: Option<String>,
    role: Option<Word<Role>>,
    camp_changed_at: Option<Millis>,
    remit: Option<Doc<Remit>>,
    alias: Option<i64>,
    appointed_at: Option<Millis>,
    decision: Option<String>,
    until: Option<Millis>,
    second_factor: Option<Millis>,
    session: Option<String>,
}

impl PersonRow {
    fn person(self, framework: FrameworkId) -> Person {
        let Self {
            account,
            joined,
            camp,
            role,
            camp_changed_at,
            remit,
            alias,
            appointed_at,
            decision,
            until,
            second_factor,
            ..
        } = self;
        let membership = joined.zip(role).zip(camp_changed_at);
        let membership = membership.map(|((joined, role), camp_changed_at)| {
            Row {
                framework,
                joined,
                camp,
                role,
                camp_changed_at,
                remit,
                alias,
                appointed_at,
            }
            .into()
        });
        Person {
            account: account.into(),
            membership,
            sanction: decision.map(|_| until),
            second_factor: second_factor.is_some(),
        }
    }
}

impl Reader {
    /// Accounts, each with a session of its own where one is given, and what they are in a
    /// framework, those that exist; and which of the sessions stand.
    pub async fn people(
        &mut self,
        framework: FrameworkId,
        wanted: &[(AccountId, Option<&str>)],
        now: Millis,
    ) -> Result<(HashMap<AccountId, Person>, HashSet<String>)> {
        const SQL: &str = "SELECT a.id, a.handle, a.display_name, a.admin, a.vouched, a.sample, a.locale, a.created_at,
                m.joined, m.camp, m.role, m.camp_changed_at, m.remit, m.alias, m.appointed_at, s.decision, s.until,
                f.confirmed_at AS second_factor, e.id AS session
            FROM wanted w";
        if wanted.is_empty() {
            return Ok((HashMap::new(), HashSet::new()));
        }
        let mut rows: Vec<PersonRow> = sql!(self, |conn| {
            let mut query = QueryBuilder::<Db>::new("WITH wanted (account, session) AS (");
            let pairs: BTreeSet<_> = wanted.iter().collect();
            let pairs: Vec<_> = pairs
                .into_iter()
                .map(|(account, session)| row![account, session])
                .collect();
            Db::push_rows(&mut query, &padded(pairs));
            query.push(") ").push(SQL);
            Db::push_join(&mut query, "JOIN", "account", "a", |query| {
                _ = query.push("a.id = w.account")
            });
            Db::push_join(&mut query, "LEFT JOIN", "second_factor", "f", |query| {
                _ = query.push("f.account = w.account")
            });
            Db::push_join(&mut query, "LEFT JOIN", "membership", "m", |query| {
                query
                    .push("m.account = w.account AND m.framework = ")
                    .push_bind(framework);
            });
            Db::push_join(&mut query, "LEFT JOIN", "sanction", "s", |query| {
                query
                    .push("s.account = w.account AND s.framework = ")
                    .push_bind(framework);
                query
                    .push(" AND (s.until IS NULL OR s.until > ")
                    .push_bind(now)
                    .push(")");
            });
            Db::push_join(&mut query, "LEFT JOIN", "session", "e", |query| {
                query.push("e.id = w.session AND e.account = w.account AND (e.expires_at IS NULL OR e.expires_at > ").push_bind(now).push(")");
            });
            query.build_query_as().fetch_all(conn).await
        })?;
        let standing = rows
            .iter_mut()
            .filter_map(|row| row.session.take())
            .collect();
        Ok((
            rows.into_iter()
                .map(|row| row.person(framework))
                .map(|person| (person.account.id, person))
                .collect(),
            standing,
        ))
    }
}

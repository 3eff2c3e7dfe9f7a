//! What accounts are in frameworks: role, viewpoint, sanction, reading place.
use std::collections::{BTreeSet, HashMap, HashSet};

use sqlx::{FromRow, QueryBuilder};

use super::{
    accounts,
    db::{Reader, Result, Tx, sql},
    many::{Many, padded},
    values::row,
    words::{Doc, Word},
};
use crate::domain::{
    Millis,
    account::{Account, AccountId},
    framework::FrameworkId,
    moderation::Sanction,
    permission::Role,
    remit::Remit,
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
        let Self { account, joined, camp, role, camp_changed_at, remit, alias, appointed_at, decision, until, second_factor, .. } = self;
        let membership = joined.zip(role).zip(camp_changed_at);
        let membership = membership
            .map(|((joined, role), camp_changed_at)| Row { framework, joined, camp, role, camp_changed_at, remit, alias, appointed_at }.into());
        Person { account: account.into(), membership, sanction: decision.map(|_| until), second_factor: second_factor.is_some() }
    }
}

/// What an account is in a framework.
#[derive(Clone, Debug)]
pub struct Membership {
    /// Where.
    pub framework: FrameworkId,
    /// Whether it chose a viewpoint or "rather not say".
    pub joined: bool,
    /// The viewpoint.
    pub camp: Option<String>,
    /// The role; the least where a later version gave one that this does not know.
    pub role: Role,
    /// The word of such a role: it goes back as it came while nobody gives another.
    pub later_role: Option<String>,
    /// When the viewpoint was last chosen.
    pub camp_changed_at: Millis,
    /// What a moderator's decisions are limited to.
    pub remit: Remit,
    /// The number that stands for them in the public log, once they had a role; see [`Tx::next_alias`].
    pub alias: Option<i64>,
    /// When they got the role, where that is known.
    pub appointed_at: Option<Millis>,
}

impl Membership {
    /// That of an account that is nothing there yet.
    #[must_use]
    pub fn none(framework: FrameworkId) -> Self {
        let (camp, remit, alias, appointed_at) = (None, Remit::default(), None, None);
        Self { framework, joined: false, camp, role: Role::Member, later_role: None, camp_changed_at: 0, remit, alias, appointed_at }
    }
}

/// How far an account has read a point.
#[derive(Clone, Copy, Debug, FromRow)]
pub struct ReadMark {
    /// A place in the public stream.
    pub seq: i64,
    /// When.
    pub at: Millis,
}

/// What an account has read and written in a framework.
#[derive(Clone, Copy, Debug, FromRow)]
pub struct Engagement {
    account: AccountId,
    /// Points with its read mark.
    pub points_read: i64,
    /// 1 if a comment of it shows, else 0.
    pub comments: i64,
}

#[derive(FromRow)]
struct Row {
    framework: FrameworkId,
    joined: bool,
    camp: Option<String>,
    role: Word<Role>,
    camp_changed_at: Millis,
    remit: Option<Doc<Remit>>,
    alias: Option<i64>,
    appointed_at: Option<Millis>,
}

impl From<Row> for Membership {
    fn from(row: Row) -> Self {
        let Row { framework, joined, camp, role, camp_changed_at, remit, alias, appointed_at } = row;
        let remit = remit.map_or_else(Remit::default, |remit| remit.known().unwrap_or_else(Remit::nothing));
        let (role, later_role) = match role {
            Word::Known(role) => (role, None),
            Word::Other(word) => (Role::Member, Some(word)),
        };
        Self { framework, joined, camp, role, later_role, camp_changed_at, remit, alias, appointed_at }
    }
}

impl Reader {
    /// What an account is in a framework.
    pub async fn membership(&mut self, framework: FrameworkId, account: AccountId) -> Result<Option<Membership>> {
        const SQL: &str = "SELECT framework, joined, camp, role, camp_changed_at, remit, alias, appointed_at FROM membership
            WHERE framework = $1 AND account = $2";
        Ok(self.found::<Row>(SQL, row![framework, account]).await?.map(Into::into))
    }

    /// What an account is anywhere.
    pub async fn memberships(&mut self, account: AccountId) -> Result<Vec<Membership>> {
        const SQL: &str = "SELECT framework, joined, camp, role, camp_changed_at, remit, alias, appointed_at FROM membership
            WHERE account = $1 ORDER BY framework";
        let rows = self.all::<Row>(SQL, row![account]).await?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    /// Accounts, each with a session of its own where one is given, and what they are in a framework, those that exist; and which of
    /// the sessions stand.
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
            let pairs: Vec<_> = pairs.into_iter().map(|(account, session)| row![account, session.map(str::to_owned)]).collect();
            Db::push_rows(&mut query, &padded(pairs));
            query.push(") ").push(SQL);
            Db::push_join(&mut query, "JOIN", "account", "a", |query| _ = query.push("a.id = w.account"));
            Db::push_join(&mut query, "LEFT JOIN", "second_factor", "f", |query| _ = query.push("f.account = w.account"));
            Db::push_join(&mut query, "LEFT JOIN", "membership", "m", |query| {
                query.push("m.account = w.account AND m.framework = ").push_bind(framework);
            });
            Db::push_join(&mut query, "LEFT JOIN", "sanction", "s", |query| {
                query.push("s.account = w.account AND s.framework = ").push_bind(framework);
                query.push(" AND (s.until IS NULL OR s.until > ").push_bind(now).push(")");
            });
            Db::push_join(&mut query, "LEFT JOIN", "session", "e", |query| {
                query.push("e.id = w.session AND e.account = w.account AND (e.expires_at IS NULL OR e.expires_at > ").push_bind(now).push(")");
            });
            query.build_query_as().fetch_all(conn).await
        })?;
        let standing = rows.iter_mut().filter_map(|row| row.session.take()).collect();
        Ok((rows.into_iter().map(|row| row.person(framework)).map(|person| (person.account.id, person)).collect(), standing))
    }

    /// What accounts have read and written in a framework.
    pub async fn engagement(&mut self, framework: FrameworkId, accounts: &[AccountId]) -> Result<HashMap<AccountId, Engagement>> {
        const READ: &str = "SELECT a.id AS account, (SELECT COUNT(*) FROM read_mark r WHERE r.account = a.id AND r.framework = ";
        const WRITTEN: &str = ") AS points_read, (SELECT COUNT(*) FROM (SELECT 1 FROM comment c WHERE c.author = a.id AND c.framework = ";
        const WHOSE: &str = " AND c.state = 'visible' LIMIT 1) AS one) AS comments FROM account a WHERE a.id";
        if accounts.is_empty() {
            return Ok(HashMap::new());
        }
        let rows: Vec<Engagement> = sql!(self, |conn| {
            let mut query = QueryBuilder::<Db>::new(READ);
            query.push_bind(framework).push(WRITTEN).push_bind(framework).push(WHOSE);
            Db::push_in(&mut query, accounts);
            query.build_query_as().fetch_all(conn).await
        })?;
        Ok(rows.into_iter().map(|row| (row.account, row)).collect())
    }

    /// How many comments of an account show in a framework, how many moderators took from view, and how many cards it has there.
    pub async fn post_counts(&mut self, framework: FrameworkId, account: AccountId) -> Result<(i64, i64, i64)> {
        const SQL: &str = "SELECT (SELECT COUNT(*) FROM comment WHERE author = $1 AND framework = $2 AND state = 'visible'),
            (SELECT COUNT(*) FROM comment WHERE author = $1 AND framework = $2 AND state IN ('hidden', 'removed')),
            (SELECT COUNT(*) FROM concession WHERE author = $1 AND framework = $2)";
        self.only(SQL, row![account, framework]).await
    }

    /// Whether a sanction is in force anywhere.
    pub async fn is_barred(&mut self, account: AccountId, now: Millis) -> Result<bool> {
        const SQL: &str = "SELECT COUNT(*) FROM sanction WHERE account = $1 AND (until IS NULL OR until > $2)";
        let count: i64 = self.sole(SQL, row![account, now]).await?;
        Ok(count > 0)
    }

    /// The limit an account is under, in force or over.
    pub async fn sanction(&mut self, framework: FrameworkId, account: AccountId) -> Result<Option<Sanction>> {
        const SQL: &str = "SELECT until, decision FROM sanction WHERE framework = $1 AND account = $2";
        let row: Option<(Option<Millis>, String)> = self.found(SQL, row![framework, account]).await?;
        Ok(row.map(|(until, decision)| Sanction { until, decision }))
    }

    /// How far an account has read a point.
    pub async fn read_mark(&mut self, framework: FrameworkId, account: AccountId, point: u32) -> Result<Option<ReadMark>> {
        const SQL: &str = "SELECT seq, at FROM read_mark WHERE framework = $1 AND account = $2 AND point = $3";
        self.found(SQL, row![framework, account, point]).await
    }
}

impl Tx {
    /// Keeps what an account is in a framework.
    pub async fn put_membership(&mut self, account: AccountId, membership: &Membership) -> Result<()> {
        const SQL: &str = "INSERT INTO membership (framework, account, joined, camp, role, camp_changed_at, remit, alias, appointed_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT (framework, account) DO UPDATE SET joined = excluded.joined, camp = excluded.camp, role = excluded.role,
            camp_changed_at = excluded.camp_changed_at, remit = excluded.remit, alias = excluded.alias, appointed_at = excluded.appointed_at";
        let Membership { framework, joined, camp, role, later_role, camp_changed_at, remit, alias, appointed_at } = membership;
        let role = later_role.clone().filter(|_| *role <= Role::Participant).map_or(Word::Known(*role), Word::Other);
        let remit = (!remit.is_whole()).then_some(Doc::Known(remit));
        self.run(SQL, row![framework, account, joined, camp, role, camp_changed_at, remit, alias, appointed_at]).await
    }

    /// Keeps the furthest place read.
    pub async fn put_read_mark(&mut self, framework: FrameworkId, account: AccountId, point: u32, mark: ReadMark) -> Result<()> {
        const SQL: &str = "INSERT INTO read_mark (framework, account, point, seq, at) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (framework, account, point) DO UPDATE SET seq = excluded.seq, at = excluded.at WHERE read_mark.seq < excluded.seq";
        self.run(SQL, row![framework, account, point, mark.seq, mark.at]).await
    }

    /// Puts an account under a sanction.
    pub async fn put_sanction(&mut self, framework: FrameworkId, account: AccountId, until: Option<Millis>, decision: &str) -> Result<()> {
        const SQL: &str = "INSERT INTO sanction (framework, account, until, decision) VALUES ($1, $2, $3, $4)
            ON CONFLICT (framework, account) DO UPDATE SET until = excluded.until, decision = excluded.decision";
        self.run(SQL, row![framework, account, until, decision]).await
    }

    /// Ends a sanction; false where there is none.
    pub async fn delete_sanction(&mut self, framework: FrameworkId, account: AccountId) -> Result<bool> {
        const SQL: &str = "DELETE FROM sanction WHERE framework = $1 AND account = $2";
        Ok(self.changed(SQL, row![framework, account]).await? == 1)
    }
}

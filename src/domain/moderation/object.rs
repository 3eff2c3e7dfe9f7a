//! What can be reported and decided about.
use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::{
    __dev::ComposeSchema,
    ToSchema,
    openapi::{RefOr, Schema},
};
use uuid::Uuid;

use crate::{
    domain::{
        account::AccountId,
        concession::ConcessionId,
        framework::FrameworkId,
        thread::{CommentId, ThreadId},
    },
    id::Id,
};

/// Anything that can be reported or decided about.
pub enum Thing {}

/// The id of a thing; its kind stands beside it.
pub type ThingId = Id<Thing>;

/// The id of the one site there is.
pub const SITE: Uuid = Uuid::nil();

/// The kinds of things.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A comment.
    Comment,
    /// A thread.
    Thread,
    /// A card.
    Concession,
    /// A person.
    Account,
    /// A framework.
    Framework,
    /// All of them: its id is [`SITE`].
    Site,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::Comment,
        Self::Thread,
        Self::Concession,
        Self::Account,
        Self::Framework,
        Self::Site,
    ];
}

/// Which thing.
#[derive(Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ObjectRef)]
struct ObjectRef {
    /// Of what kind.
    kind: Kind,
    /// Its id.
    id: ThingId,
}

// On the wire and in rows its kind stands beside its id: see `ObjectRef`.
/// Which thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(from = "ObjectRef", into = "ObjectRef")]
#[ts(as = "ObjectRef", rename = "ObjectRef")]
pub enum Object {
    /// A comment.
    Comment(CommentId),
    /// A thread.
    Thread(ThreadId),
    /// A card.
    Concession(ConcessionId),
    /// A person.
    Account(AccountId),
    /// A framework.
    Framework(FrameworkId),
    /// All of them, by the one id there is: what stands under another is nothing.
    Site(ThingId),
}

impl Object {
    /// The thing of a kind with an id.
    #[must_use]
    pub fn of(kind: Kind, id: ThingId) -> Self {
        match kind {
            Kind::Comment => Self::Comment(id.cast()),
            Kind::Thread => Self::Thread(id.cast()),
            Kind::Concession => Self::Concession(id.cast()),
            Kind::Account => Self::Account(id.cast()),
            Kind::Framework => Self::Framework(id.cast()),
            Kind::Site => Self::Site(id),
        }
    }

    /// Of what kind it is.
    #[must_use]
    pub const fn kind(self) -> Kind {
        match self {
            Self::Comment(_) => Kind::Comment,
            Self::Thread(_) => Kind::Thread,
            Self::Concession(_) => Kind::Concession,
            Self::Account(_) => Kind::Account,
            Self::Framework(_) => Kind::Framework,
            Self::Site(_) => Kind::Site,
        }
    }

    /// Its id, to be kept beside its kind.
    #[must_use]
    pub fn id(self) -> ThingId {
        match self {
            Self::Comment(id) => id.cast(),
            Self::Thread(id) => id.cast(),
            Self::Concession(id) => id.cast(),
            Self::Account(id) => id.cast(),
            Self::Framework(id) => id.cast(),
            Self::Site(id) => id,
        }
    }
}

impl From<Object> for ObjectRef {
    fn from(object: Object) -> Self {
        Self {
            kind: object.kind(),
            id: object.id(),
        }
    }
}

impl From<ObjectRef> for Object {
    fn from(ObjectRef { kind, id }: ObjectRef) -> Self {
        Self::of(kind, id)
    }
}

impl ComposeSchema for Object {
    fn compose(generics: Vec<RefOr<Schema>>) -> RefOr<Schema> {
        ObjectRef::compose(generics)
    }
}

impl ToSchema for Object {
    fn name() -> Cow<'static, str> {
        <ObjectRef as ToSchema>::name()
    }
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        <ObjectRef as ToSchema>::schemas(schemas);
    }
}

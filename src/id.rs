//! Ids and secrets: the only reader of randomness.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the reader of randomness"
)]

use std::{cmp::Ordering, fmt, hash, marker::PhantomData, str::FromStr};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use rand::RngExt;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use uuid::Uuid;

/// The id of a `T`: a UUID version 7 (RFC 9562), so ids sort by the time they were made; of
/// accounts, version 4.
pub struct Id<T>(Uuid, PhantomData<fn() -> T>);

impl<T> Id<T> {
    /// A new id, unique without coordination.
    #[must_use]
    #[expect(
        clippy::new_without_default,
        reason = "a fresh id is not a default value"
    )]
    pub fn new() -> Self {
        Uuid::now_v7().into()
    }

    /// A new id that says nothing about when it was made (a UUID version 4), for what everybody
    /// sees.
    #[must_use]
    pub fn random() -> Self {
        let mut bytes = [0_u8; 16];
        rand::rng().fill(&mut bytes);
        uuid::Builder::from_random_bytes(bytes).into_uuid().into()
    }

    /// The id under another type: for an object that is addressed by kind and id together.
    #[must_use]
    pub fn cast<U>(self) -> Id<U> {
        self.0.into()
    }
}

impl<T> From<Uuid> for Id<T> {
    fn from(uuid: Uuid) -> Self {
        Self(uuid, PhantomData)
    }
}
impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}
impl<T> hash::Hash for Id<T> {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
impl<T> FromStr for Id<T> {
    type Err = uuid::Error;
    fn from_str(text: &str) -> Result<Self, uuid::Error> {
        Uuid::try_parse(text).map(Into::into)
    }
}
impl<T> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}
impl<'de, T> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(from)?;
        text.parse().map_err(|_| {
            D::Error::custom("not an id: 36 characters, as in 0199f0a2-0000-7000-8000-000000000000")
        })
    }
}
impl<T: 'static> ts_rs::TS for Id<T> {
    type WithoutGenerics = Self;
    type OptionInnerType = Self;
    fn name(_: &ts_rs::Config) -> String {
        "string".into()
    }
    fn inline(_: &ts_rs::Config) -> String {
        "string".into()
    }
}
// The derive looks for this trait on every field; `PartialSchema` follows from it.
impl<T> utoipa::__dev::ComposeSchema for Id<T> {
    fn compose(
        _: Vec<utoipa::openapi::RefOr<utoipa::openapi::Schema>>,
    ) -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        let format = utoipa::openapi::SchemaFormat::Custom("uuid".into());
        utoipa::openapi::schema::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .format(Some(format))
            .into()
    }
}
impl<T> utoipa::ToSchema for Id<T> {}

/// 256 random bits as 43 URL-safe characters: session tokens, links, epochs, signing keys.
#[must_use]
pub fn secret() -> String {
    let mut bytes = [0_u8; 32];
    rand::rng().fill(&mut bytes);
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// The key an authenticator app shares: 160 random bits, as RFC 4226 recommends.
#[must_use]
pub fn totp_key() -> [u8; 20] {
    let mut bytes = [0_u8; 20];
    rand::rng().fill(&mut bytes);
    bytes
}

/// A random number below `bound`, for jitter and shuffles; `bound` must be above 0.
#[must_use]
pub fn below(bound: u64) -> u64 {
    rand::rng().random_range(0..bound)
}

/// A code a person can copy by hand: four groups of four of 31 unambiguous characters, 79 bits.
#[must_use]
pub fn recovery_code() -> String {
    // No 0/o, 1/l/i: they are misread on paper.
    const ALPHABET: &[u8] = b"23456789abcdefghjkmnpqrstuvwxyz";
    let mut random = rand::rng();
    let group = |random: &mut rand::rngs::ThreadRng| -> String {
        (0..4)
            .map(|_| char::from(ALPHABET[random.random_range(0..ALPHABET.len())]))
            .collect()
    };
    (0..4)
        .map(|_| group(&mut random))
        .collect::<Vec<_>>()
        .join("-")
}

//! What binds the published result to the ballots without showing them: salted commitments and the
//! tree over them.
mod tree;

use serde::{Serialize, Serializer};
use serde_json::Value;

use self::tree::leaf;
pub use self::tree::{included, inclusion, root};
pub use super::hex::hex;

/// A SHA-256 digest.
pub type Hash = [u8; 32];

/// One text per JSON value: no spaces, keys in the order of their bytes, only what must be escaped
/// is.
///
/// For what we commit to, strings, whole numbers, lists and objects with ASCII keys, this is RFC
/// 8785's form.
#[must_use]
pub fn canonical(value: &Value) -> String {
    serde_json::to_string(&Canonical(value)).expect("a value is JSON")
}

/// A value that is written as [`canonical`] writes it, also as a part of something else.
pub struct Canonical<'v>(pub &'v Value);

impl Serialize for Canonical<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Array(items) => serializer.collect_seq(items.iter().map(Canonical)),
            Value::Object(fields) => {
                let mut fields: Vec<_> = fields.iter().collect();
                fields.sort_unstable_by_key(|(key, _)| *key);
                serializer.collect_map(
                    fields
                        .into_iter()
                        .map(|(key, value)| (key, Canonical(value))),
                )
            }
            plain => plain.serialize(serializer),
        }
    }
}

/// `SHA-256(0x00 || canonical JSON || salt)`: says nothing of the ballot to those without the salt,
/// and fits no other ballot.
///
/// It is RFC 6962's leaf hash of the canonical JSON with the salt behind it. A salt must be
/// unguessable (128 bits or more) and used once: ballots are few enough to be tried out.
///
/// # Panics
/// If the ballot's serialisation fails, as a map with keys that are no strings would.
#[must_use]
pub fn commitment(ballot: &impl Serialize, salt: &str) -> Hash {
    let json = canonical(&serde_json::to_value(ballot).expect("a ballot is JSON"));
    leaf(&[json.as_bytes(), salt.as_bytes()])
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use sha2::{Digest, Sha256};

    use super::*;

    #[test]
    fn a_commitment_is_over_one_text_and_its_salt() {
        let ballot = json!({"tiers": [["б", "a"]], "answers": [{"weight": 1000, "dealt": true, "camp": null}], "a\n": "\"\u{1f}/"});
        let text = "{\"a\\n\":\"\\\"\\u001f/\",\"answers\":[{\"camp\":null,\"dealt\":true,\"weight\":1000}],\"tiers\":[[\"б\",\"a\"]]}";
        assert_eq!(canonical(&ballot), text);
        let expected: Hash = Sha256::digest([b"\0", text.as_bytes(), b"salt"].concat()).into();
        assert_eq!(commitment(&ballot, "salt"), expected);
        assert_ne!(commitment(&ballot, "pepper"), expected);
        // Worked with another program: the hash of 00 7b7d 73.
        assert_eq!(
            hex(commitment(&json!({}), "s")),
            "c7e50a6a1605a523fe29139944cf433746d3082fb017bfe0e4d058b799160e30"
        );
    }
}

//! Places, links and heads: what a chain is, whatever its changes say.
use super::Walk;
use crate::verify::{
    base::{Change, Head},
    sums::sha256,
};

impl Walk<'_> {
    /// That the row is the next one, and linked to the one before.
    pub(super) fn place(&mut self, change: &Change) {
        self.report.changes += 1;
        let expected = self.seq + 1;
        if change.seq != expected {
            self.report.fault(
                Some(expected),
                format!("there is no change here; the next is {}", change.seq),
            );
        }
        match link(&self.hash, &self.around.framework.id, self.name, change) {
            // A missing row is told once.
            _ if change.seq != expected => {}
            None => self.report.fault(
                Some(change.seq),
                format!("its form {} is not known", change.form),
            ),
            Some(hash) if hash != change.hash => self.report.fault(
                Some(change.seq),
                "its hash is not that of the row and the hash before it",
            ),
            Some(_) => {}
        }
    }

    /// That the table of heads says what the changes say.
    pub(super) fn head(&mut self, head: Option<&Head>) {
        let (seq, hash) = head.map_or((0, ""), |head| (head.seq, head.hash.as_str()));
        if seq > self.seq {
            self.report.fault(
                Some(self.seq + 1),
                format!(
                    "the changes end at {}, and the head is said to be {seq}",
                    self.seq
                ),
            );
        } else if seq < self.seq {
            self.report.fault(
                Some(seq + 1),
                format!(
                    "the changes go on to {}, and the head is said to be {seq}",
                    self.seq
                ),
            );
        } else if hash != self.hash {
            self.report.fault(
                Some(seq),
                "the hash of the head is not that of the last change",
            );
        }
    }
}

/// The hash of a row and the one before, by the row's form.
fn link(before: &str, framework: &str, stream: &str, change: &Change) -> Option<String> {
    let Change {
        seq,
        kind,
        object,
        version,
        actor,
        at,
        command,
        digest,
        form,
        ..
    } = change;
    let row = match form {
        1 => serde_json::json!([
            before, framework, stream, seq, kind, object, version, actor, at, command, digest
        ]),
        2 => serde_json::json!([
            form, before, framework, stream, seq, kind, object, version, at, command, digest
        ]),
        _ => return None,
    };
    Some(sha256(row.to_string()))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::verify::sums::canonical;

    #[test]
    fn the_row_worked_by_hand_in_the_docs_is_right() {
        let docs = include_str!("../../../docs/chain.md");
        let blocks: Vec<&str> = docs
            .split("```")
            .skip(1)
            .step_by(2)
            .map(str::trim)
            .collect();
        let (signed, row) = (blocks[0], blocks[1]);
        let parsed: Value = serde_json::from_str(signed).unwrap();
        assert_eq!(canonical(&parsed), signed);
        let change = Change {
            seq: 1,
            kind: "comment_posted".into(),
            object: "0199f0a2-0000-7000-8000-000000000061".into(),
            version: 1,
            actor: parsed[1].as_str().map(str::to_owned),
            at: 1_764_000_000_000,
            command: "0199f0a2-0000-7000-8000-0000000000b1".into(),
            digest: sha256(signed),
            hash: String::new(),
            salt: None,
            form: 2,
        };
        let hash = link(
            "",
            "0199f0a2-0000-7000-8000-000000000021",
            "public",
            &change,
        )
        .unwrap();
        assert_eq!(hash, sha256(row));
        assert!(
            docs.contains(&format!("which is `{}`, and", change.digest))
                && docs.contains(&format!("which is `{hash}`."))
        );
    }
}

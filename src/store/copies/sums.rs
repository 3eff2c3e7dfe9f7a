//! What a table holds, in whatever order it is read: a sum over its rows, by which a copy is held
//! against what it was made of.
use sha2::{Digest, Sha256};

use super::model::Table;
use crate::store::values::Value;

impl Value {
    /// Adds the value to a digest, so that no two different rows give the same bytes.
    fn digest(&self, into: &mut Sha256) {
        let bytes = match self {
            Self::Text(text) => text.as_ref().map(|text| text.as_bytes().to_vec()),
            Self::Integer(number) => number.map(|number| number.to_be_bytes().to_vec()),
            Self::Truth(truth) => truth.map(|truth| vec![truth.into()]),
            Self::Real(number) => number.map(|number| number.to_be_bytes().to_vec()),
        };
        let length = bytes.as_ref().map_or(u64::MAX, |bytes| bytes.len() as u64);
        into.update(length.to_be_bytes());
        into.update(bytes.unwrap_or_default());
    }
}

/// What a table holds, in whatever order it is read: a sum of the rows' hashes.
#[derive(Default, PartialEq, Eq)]
pub(super) struct Sum {
    pub(super) rows: u64,
    hashes: [u128; 2],
}

impl Sum {
    pub(super) fn add(&mut self, table: &Table, row: &[Value]) {
        let mut hash = Sha256::new();
        for (column, value) in table.columns.iter().zip(row) {
            // Every history has an epoch of its own.
            if (table.name.as_str(), column.name.as_str()) != ("framework", "epoch") {
                value.digest(&mut hash);
            }
        }
        let hash = hash.finalize();
        self.rows += 1;
        for (sum, half) in self.hashes.iter_mut().zip(hash.chunks_exact(16)) {
            *sum = sum.wrapping_add(u128::from_be_bytes(
                half.try_into().expect("half of 32 bytes"),
            ));
        }
    }
}

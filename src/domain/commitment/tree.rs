//! The tree over commitments (RFC 6962): its root, and the path that shows a leaf to be in it.
use sha2::{Digest, Sha256};

use super::Hash;

pub(super) fn leaf(parts: &[&[u8]]) -> Hash {
    parts
        .iter()
        .fold(Sha256::new().chain_update([0]), |hasher, part| {
            hasher.chain_update(part)
        })
        .finalize()
        .into()
}

fn node(left: &Hash, right: &Hash) -> Hash {
    Sha256::new()
        .chain_update([1])
        .chain_update(left)
        .chain_update(right)
        .finalize()
        .into()
}

/// Where a tree over `size` ≥ 2 leaves divides: the largest power of two below it.
fn split(size: usize) -> usize {
    size.next_power_of_two() / 2
}

/// The root of the tree over these leaf hashes, in their order (RFC 6962 section 2.1); of none, the
/// hash of nothing.
#[must_use]
pub fn root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Sha256::digest([]).into(),
        [only] => *only,
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len()));
            node(&root(left), &root(right))
        }
    }
}

/// The audit path of the leaf at `index`, from its sibling up to below the root (RFC 6962 section
/// 2.1.1); `None` outside the tree.
#[must_use]
pub fn inclusion(leaves: &[Hash], index: usize) -> Option<Vec<Hash>> {
    if index >= leaves.len() {
        return None;
    }
    if leaves.len() == 1 {
        return Some(vec![]);
    }
    let (left, right) = leaves.split_at(split(leaves.len()));
    let (inside, index, sibling) = if index < left.len() {
        (left, index, right)
    } else {
        (right, index - left.len(), left)
    };
    let mut path = inclusion(inside, index)?;
    path.push(root(sibling));
    Some(path)
}

/// Whether `path` leads from the leaf hash at `index` of `size` to `root`.
#[must_use]
pub fn included(root: &Hash, leaf: &Hash, index: usize, size: usize, path: &[Hash]) -> bool {
    climb(leaf, index, size, path).is_some_and(|top| top == *root)
}

/// The root a path gives; `None` if it has the wrong length.
fn climb(leaf: &Hash, index: usize, size: usize, path: &[Hash]) -> Option<Hash> {
    if index >= size {
        return None;
    }
    if size == 1 {
        return path.is_empty().then_some(*leaf);
    }
    let (sibling, below) = path.split_last()?;
    let left = split(size);
    if index < left {
        Some(node(&climb(leaf, index, left, below)?, sibling))
    } else {
        Some(node(
            sibling,
            &climb(leaf, index - left, size - left, below)?,
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::commitment::hex;

    /// The leaves of the Certificate Transparency project's reference tree.
    fn leaves() -> Vec<Hash> {
        let data: [&[u8]; 8] = [
            b"",
            b"\0",
            b"\x10",
            b"\x20\x21",
            b"\x30\x31",
            b"@ABC",
            b"PQRSTUVW",
            b"`abcdefghijklmno",
        ];
        data.iter().map(|data| leaf(&[data])).collect()
    }

    #[test]
    fn roots_are_those_of_the_reference_tree() {
        let roots = [
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];
        for (size, expected) in roots.iter().enumerate() {
            assert_eq!(hex(root(&leaves()[..size])), *expected, "{size} leaves");
        }
    }

    #[test]
    fn the_path_of_the_first_of_eight_is_the_published_one() {
        let path: Vec<String> = inclusion(&leaves(), 0).unwrap().iter().map(hex).collect();
        assert_eq!(
            path,
            [
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ]
        );
    }

    #[test]
    fn every_leaf_of_every_tree_is_proved_and_nothing_else_is() {
        let all: Vec<Hash> = (0..20_u8).map(|number| leaf(&[&[number]])).collect();
        for size in 1..=all.len() {
            let top = root(&all[..size]);
            for (index, leaf) in all[..size].iter().enumerate() {
                let path = inclusion(&all[..size], index).unwrap();
                assert!(included(&top, leaf, index, size, &path));
                let other = &all[(index + 1) % all.len()];
                assert!(!included(&top, other, index, size, &path));
                assert!(index + 1 == size || !included(&top, leaf, index + 1, size, &path));
                assert!(!included(
                    &top,
                    leaf,
                    index,
                    size,
                    &[path.clone(), vec![*leaf]].concat()
                ));
                assert!(path.is_empty() || !included(&top, leaf, index, size, &path[1..]));
            }
            assert_eq!(inclusion(&all[..size], size), None);
        }
    }
}

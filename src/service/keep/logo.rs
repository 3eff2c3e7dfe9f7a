//! The site's logo: an address on this site that the host's proxy serves, or a file of the data
//! folder that the program serves.
use std::{fs, path::Path, sync::Arc};

use sha2::{Digest, Sha256};

use crate::domain::hex::hex;

/// The largest file, in bytes: every page shows it.
const LARGEST: u64 = 512 * 1024;

/// A logo.
#[derive(Clone, Debug)]
pub enum Logo {
    /// An address on this site that something else serves.
    Elsewhere(String),
    /// A file, as it was at the start.
    Here(Arc<File>),
}

/// A logo's file.
#[derive(Debug)]
pub struct File {
    /// What it holds.
    pub bytes: Vec<u8>,
    /// What it is, by its content.
    pub kind: &'static str,
    /// Changes with its content.
    pub tag: String,
}

impl Logo {
    /// Reads what a setting names: a path on this site, or a file in the data folder.
    ///
    /// # Errors
    /// In words for the host.
    pub fn named(name: &str, folder: &Path) -> Result<Self, String> {
        if name.contains(':') || name.starts_with("//") || name.contains('\\') {
            return Err("images of other sites are not shown: put the file into the data folder and give its name".into());
        }
        if name.starts_with('/') {
            return Ok(Self::Elsewhere(name.into()));
        }
        if Path::new(name)
            .components()
            .any(|part| !matches!(part, std::path::Component::Normal(_)))
        {
            return Err("the name of a file in the data folder, without ..".into());
        }
        let path = folder.join(name);
        let told = |error: std::io::Error| format!("{}: {error}", path.display());
        let length = fs::metadata(&path).map_err(told)?.len();
        if length > LARGEST {
            return Err(format!(
                "{} has {length} bytes: at most {LARGEST}",
                path.display()
            ));
        }
        let bytes = fs::read(&path).map_err(told)?;
        let kind = kind(&bytes)
            .ok_or_else(|| format!("{} is no PNG, JPEG, GIF, WebP or SVG", path.display()))?;
        let tag = hex(Sha256::digest(&bytes))[..16].to_owned();
        Ok(Self::Here(Arc::new(File { bytes, kind, tag })))
    }

    /// Where readers find it.
    #[must_use]
    pub fn address(&self) -> String {
        match self {
            Self::Elsewhere(path) => path.clone(),
            Self::Here(file) => format!("/site-logo?v={}", file.tag),
        }
    }
}

/// What a file is, by its first bytes.
fn kind(bytes: &[u8]) -> Option<&'static str> {
    let starts: [(&[u8], _); 4] = [
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"GIF87a", "image/gif"),
        (b"GIF89a", "image/gif"),
    ];
    if let Some((_, kind)) = starts.iter().find(|(start, _)| bytes.starts_with(start)) {
        return Some(kind);
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Some("image/webp");
    }
    let text = std::str::from_utf8(bytes)
        .ok()?
        .trim_start_matches('\u{feff}')
        .trim_start();
    // Whatever stands in it besides: it is served so that nothing of it runs.
    (text.starts_with('<') && text.contains("<svg")).then_some("image/svg+xml")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logo_is_a_file_of_the_folder_known_by_its_content() {
        let folder = std::env::temp_dir().join(format!("demarche-logo-{}", crate::id::secret()));
        fs::create_dir_all(&folder).unwrap();
        for (name, bytes, kind) in [
            ("a.txt", b"\x89PNG\r\n\x1a\nxx".as_slice(), "image/png"),
            (
                "b.svg",
                b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>",
                "image/svg+xml",
            ),
            ("c.webp", b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        ] {
            fs::write(folder.join(name), bytes).unwrap();
            let Ok(Logo::Here(file)) = Logo::named(name, &folder) else {
                panic!("{name} is a logo")
            };
            assert_eq!((file.kind, file.bytes.as_slice()), (kind, bytes));
        }
        fs::write(folder.join("page.png"), "<html></html>").unwrap();
        for bad in [
            "page.png",
            "none.png",
            "../a.txt",
            "https://example.org/logo.png",
            "//example.org/logo.png",
            "javascript:alert(1)",
            ".",
        ] {
            assert!(Logo::named(bad, &folder).is_err(), "{bad}");
        }
        assert_eq!(
            Logo::named("/brand/logo.svg", &folder).unwrap().address(),
            "/brand/logo.svg"
        );
        fs::remove_dir_all(folder).unwrap();
    }
}

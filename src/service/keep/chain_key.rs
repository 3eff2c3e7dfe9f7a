//! The key that signs checkpoints: given, or made once and kept in the data folder; and what it
//! signs.
use std::{
    fmt, fs,
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use ed25519_dalek::{Signer as _, SigningKey};

use crate::{
    domain::{Millis, commitment::canonical, framework::FrameworkId, hex::hex},
    id,
    store::{Checkpoint, Head},
};

/// The form of what is signed.
pub(crate) const VERSION: u32 = 1;

/// Where the key comes from; it is read when it is first needed.
pub struct ChainKey {
    given: Option<String>,
    file: PathBuf,
    signer: OnceLock<Signer>,
}

impl fmt::Debug for ChainKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChainKey")
            .field("file", &self.file)
            .finish_non_exhaustive()
    }
}

impl ChainKey {
    /// The key that was given, or the one in a file.
    #[must_use]
    pub fn new(given: Option<String>, file: PathBuf) -> Self {
        Self {
            given,
            file,
            signer: OnceLock::new(),
        }
    }

    /// Who signs. Without a key given, the file is read, and made where there is none.
    ///
    /// # Errors
    /// In words for whoever runs the site.
    pub fn signer(&self) -> Result<&Signer, String> {
        if let Some(signer) = self.signer.get() {
            return Ok(signer);
        }
        let seed = match &self.given {
            Some(text) => seed(text)
                .ok_or("DEMARCHE_CHAIN_KEY: 32 bytes, as 64 hexadecimal digits or in base64")?,
            None => {
                let text = kept(&self.file)
                    .map_err(|error| format!("{}: {error}", self.file.display()))?;
                seed(&text).ok_or_else(|| {
                    format!(
                        "{}: not a key: 32 bytes, as 64 hexadecimal digits or in base64",
                        self.file.display()
                    )
                })?
            }
        };
        Ok(self
            .signer
            .get_or_init(|| Signer(SigningKey::from_bytes(&seed))))
    }
}

/// The 32 bytes of a key's text.
fn seed(text: &str) -> Option<[u8; 32]> {
    let text = text.trim();
    let bytes = if text.len() == 64 && text.is_ascii() {
        (0..64)
            .step_by(2)
            .map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok())
            .collect::<Option<Vec<u8>>>()?
    } else {
        BASE64_STANDARD
            .decode(text)
            .or_else(|_| BASE64_URL_SAFE_NO_PAD.decode(text))
            .ok()?
    };
    bytes.try_into().ok()
}

/// The text of a key file, which is made where there is none. Another process may make it at the
/// same time: it appears whole.
fn kept(file: &Path) -> io::Result<String> {
    match fs::read_to_string(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        read => return read,
    }
    let folder = file.parent().unwrap_or_else(|| Path::new("."));
    fs::create_dir_all(folder)?;
    let draft = folder.join(format!(".chain.key.{}", &id::secret()[..12]));
    let mut out = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&draft)?;
    out.write_all(format!("{}\n", id::secret()).as_bytes())?;
    out.sync_all()?;
    let linked = fs::hard_link(&draft, file);
    fs::remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => fs::read_to_string(file),
    }
}

/// Signs checkpoints.
pub struct Signer(SigningKey);

impl Signer {
    /// The public key, in hexadecimal.
    #[must_use]
    pub fn public(&self) -> String {
        hex(self.0.verifying_key().as_bytes())
    }

    /// A signed word on where a stream stands.
    #[must_use]
    pub fn checkpoint(
        &self,
        framework: FrameworkId,
        stream: &str,
        epoch: &str,
        head: Head,
        at: Millis,
    ) -> Checkpoint {
        let Head { seq, hash } = head;
        // RFC 8785's form: the fields in the order of their names, nothing between them.
        let said = serde_json::json!({ "v": VERSION, "framework": framework, "stream": stream, "epoch": epoch, "seq": seq, "hash": hash, "at": at });
        let signature = hex(self.0.sign(canonical(&said).as_bytes()).to_bytes());
        let (stream, epoch) = (stream.to_owned(), epoch.to_owned());
        Checkpoint {
            framework,
            stream,
            epoch,
            seq,
            hash,
            at,
            key: self.public(),
            signature,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_key_is_made_once_and_read_again_by_whoever_shares_the_folder() {
        let folder = std::env::temp_dir().join(format!("demarche-key-{}", id::secret()));
        let file = folder.join("chain.key");
        let keys: Vec<ChainKey> = (0..4).map(|_| ChainKey::new(None, file.clone())).collect();
        let made: Vec<String> = std::thread::scope(|scope| {
            let threads: Vec<_> = keys
                .iter()
                .map(|key| scope.spawn(|| key.signer().unwrap().public()))
                .collect();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect()
        });
        assert!(made.iter().all(|key| *key == made[0]), "{made:?}");
        assert_eq!(
            fs::metadata(&file).unwrap().permissions().mode() & 0o777,
            0o600
        );
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn the_public_key_is_that_of_rfc_8032_in_both_spellings() {
        let hexadecimal = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
        let base64 = BASE64_STANDARD.encode(seed(hexadecimal).unwrap());
        for text in [hexadecimal.to_owned(), base64, format!("{hexadecimal}\n")] {
            let key = ChainKey::new(Some(text), PathBuf::new());
            assert_eq!(
                key.signer().unwrap().public(),
                "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
            );
        }
        assert!(
            ChainKey::new(Some("too short".into()), PathBuf::new())
                .signer()
                .is_err()
        );
    }
}

//! Keys and secrets: made on the first start, kept with mode 0600, never shown.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize, Serializer};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// Text that is not printed, logged or serialised.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Hidden(String);

impl Hidden {
    /// Hides a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Hidden {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(hidden)")
    }
}

impl Serialize for Hidden {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("(hidden)")
    }
}

/// A secret that others present, as its digest: what is compared, and all that is kept in memory.
#[derive(Clone, Copy)]
pub struct SecretDigest([u8; 32]);

impl SecretDigest {
    /// The secret to be presented.
    pub fn new(secret: &Hidden) -> Self {
        Self(Sha256::digest(secret.expose().trim().as_bytes()).into())
    }

    /// Whether this is it, in a time that says nothing about where they differ, nor about their lengths.
    pub fn matches(&self, presented: &[u8]) -> bool {
        let digest: [u8; 32] = Sha256::digest(presented).into();
        self.0.ct_eq(&digest).into()
    }
}

impl std::fmt::Debug for SecretDigest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretDigest(..)")
    }
}

/// Why a secret cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The file cannot be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file holds something else.
    #[error("{} does not hold {expected}; put the right file back, or delete it to have a new one made", path.display())]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What it should hold.
        expected: &'static str,
    },
}

/// How many bytes the key has that signs cookies.
pub const COOKIE_KEY_BYTES: usize = 64;

/// The key that signs cookies, from `cookie-key` in the data folder.
pub fn cookie_key(data: &Path) -> Result<axum_extra::extract::cookie::Key, SecretError> {
    let path = data.join("cookie-key");
    let bytes = read_or_make(&path, || random::<COOKIE_KEY_BYTES>().map(Vec::from))?;
    let bytes = whole_key(&path, bytes)?;
    Ok(axum_extra::extract::cookie::Key::from(&bytes))
}

fn whole_key(path: &Path, bytes: Vec<u8>) -> Result<Vec<u8>, SecretError> {
    match bytes.len() {
        COOKIE_KEY_BYTES => Ok(bytes),
        _ => Err(SecretError::Damaged { path: path.to_owned(), expected: "a key of 64 bytes" }),
    }
}

/// The secret of the engine API, from `ingest-secret` in the data folder.
pub fn ingest_secret(data: &Path) -> Result<Hidden, SecretError> {
    let path = data.join("ingest-secret");
    let bytes = read_or_make(&path, || {
        let hex: String = random::<32>()?.iter().map(|b| format!("{b:02x}")).collect();
        Ok(format!("{hex}\n").into_bytes())
    })?;
    whole_secret(&path, bytes)
}

/// The same, as it is kept; `None`: not yet. Nothing is made or changed.
pub fn kept_ingest_secret(data: &Path) -> Result<Option<Hidden>, SecretError> {
    let path = data.join("ingest-secret");
    read_if_present(&path)?.map(|bytes| whole_secret(&path, bytes)).transpose()
}

/// What the file of a secret holds; `None`: there is none.
pub(crate) fn read_if_present(path: &Path) -> Result<Option<Vec<u8>>, SecretError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(SecretError::Io { path: path.to_owned(), source }),
    }
}

fn whole_secret(path: &Path, bytes: Vec<u8>) -> Result<Hidden, SecretError> {
    match String::from_utf8(bytes) {
        Ok(text) if text.trim().len() >= 16 => Ok(Hidden::new(text.trim())),
        Ok(_) | Err(_) => {
            let (path, expected) = (path.to_owned(), "a secret of at least 16 characters");
            Err(SecretError::Damaged { path, expected })
        }
    }
}

/// How a secret is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretStatus {
    /// Readable by its owner alone.
    Private,
    /// Readable by others, until the next start.
    Open,
    /// Not yet: the first start makes it.
    Absent,
}

/// How the key that signs cookies is kept. Nothing is made or changed.
pub fn look_at_cookie_key(data: &Path) -> Result<SecretStatus, SecretError> {
    inspect_secret_file(&data.join("cookie-key"), |path, bytes| whole_key(path, bytes).map(drop))
}

/// How the secret of the engine API is kept. Nothing is made or changed.
pub fn look_at_ingest_secret(data: &Path) -> Result<SecretStatus, SecretError> {
    inspect_secret_file(&data.join("ingest-secret"), |path, bytes| whole_secret(path, bytes).map(drop))
}

/// How the file of a secret is kept; `check` says whether it holds one. Nothing is made or changed.
pub(crate) fn inspect_secret_file(
    path: &Path,
    check: impl FnOnce(&Path, Vec<u8>) -> Result<(), SecretError>,
) -> Result<SecretStatus, SecretError> {
    let io = |source| SecretError::Io { path: path.to_owned(), source };
    match read_if_present(path)? {
        Some(bytes) => check(path, bytes)?,
        None => return Ok(SecretStatus::Absent),
    }
    let mode = fs::metadata(path).map_err(io)?.permissions().mode();
    Ok(if mode & 0o077 == 0 { SecretStatus::Private } else { SecretStatus::Open })
}

/// Bytes that nobody can guess.
pub(crate) fn random<const N: usize>() -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|e| io::Error::other(e.to_string()))?;
    Ok(bytes)
}

/// What the file of a secret holds; it is made at the first time.
pub(crate) fn read_or_make(
    path: &Path,
    make: impl FnOnce() -> io::Result<Vec<u8>>,
) -> Result<Vec<u8>, SecretError> {
    let io = |source| SecretError::Io { path: path.to_owned(), source };
    if let Some(bytes) = read_if_present(path)? {
        tighten(path).map_err(io)?;
        return Ok(bytes);
    }
    let bytes = make().map_err(io)?;
    write(path, &bytes).map_err(io)?;
    Ok(bytes)
}

/// Takes reading and writing from everyone but the owner, if others had it.
fn tighten(path: &Path) -> io::Result<()> {
    let mode = fs::metadata(path)?.permissions().mode();
    if mode & 0o077 != 0 {
        tracing::warn!(file = %path.display(), "others could read this secret; from now on only its owner can");
        fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
    }
    Ok(())
}

/// Writes a file whole or not at all, readable by its owner alone from its first byte.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let fresh = path.with_extension("new");
    match fs::remove_file(&fresh) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
        Ok(()) | Err(_) => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&fresh)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&fresh, path)?;
    match path.parent() {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn secrets_are_made_once_and_for_their_owner_alone() {
        let dir = tempfile::tempdir().unwrap();
        let (key, secret) = (cookie_key(dir.path()).unwrap(), ingest_secret(dir.path()).unwrap());
        assert_eq!(cookie_key(dir.path()).unwrap(), key);
        assert_eq!(ingest_secret(dir.path()).unwrap(), secret);
        for name in ["cookie-key", "ingest-secret"] {
            assert_eq!(mode(&dir.path().join(name)), 0o600);
        }
        assert_eq!(secret.expose().len(), 64);
        let other = tempfile::tempdir().unwrap();
        assert_ne!(ingest_secret(other.path()).unwrap(), secret);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2, "nothing half-written is left");
    }

    #[test]
    fn open_permissions_are_tightened_and_damage_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ingest-secret");
        fs::write(&path, "a secret of one's own\n").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(ingest_secret(dir.path()).unwrap().expose(), "a secret of one's own");
        assert_eq!(mode(&path), 0o600);
        fs::write(dir.path().join("cookie-key"), "short").unwrap();
        assert!(cookie_key(dir.path()).unwrap_err().to_string().contains("64 bytes"));
        fs::write(&path, "").unwrap();
        assert!(ingest_secret(dir.path()).unwrap_err().to_string().contains("delete it"));
    }

    #[test]
    fn a_secret_is_compared_whole() {
        let secret = SecretDigest::new(&Hidden::new("correct horse\n"));
        assert!(secret.matches(b"correct horse"));
        for wrong in [&b""[..], b"correct hors", b"correct horsf", b"correct horse "] {
            assert!(!secret.matches(wrong));
        }
    }
}

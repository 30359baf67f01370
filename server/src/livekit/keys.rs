//! The API key of a LiveKit server with its secret; those of the embedded rooms are made on the first start.

use std::path::Path;

use crate::secrets::{
    Hidden, SecretError, SecretStatus, inspect_secret_file, random, read_if_present, read_or_make,
};

/// The file in the data folder, in the format of LiveKit's own key files: `KEY: SECRET`.
pub const FILE: &str = "livekit-key";

/// An API key and its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    /// The key, which tokens name.
    pub key: String,
    /// The secret, which signs them.
    pub secret: Hidden,
}

impl Keys {
    /// The keys of the embedded rooms, from [`FILE`] in the data folder.
    pub fn load_or_create(data: &Path) -> Result<Self, SecretError> {
        let path = data.join(FILE);
        let bytes = read_or_make(&path, || {
            let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
            Ok(format!("API{}: {}\n", hex(&random::<6>()?), hex(&random::<32>()?)).into_bytes())
        })?;
        Self::read(&path, &bytes)
    }

    /// The same, as they are kept; `None`: not yet. Nothing is made or changed.
    pub fn load_existing(data: &Path) -> Result<Option<Self>, SecretError> {
        let path = data.join(FILE);
        read_if_present(&path)?.map(|bytes| Self::read(&path, &bytes)).transpose()
    }

    /// How they are kept. Nothing is made or changed.
    pub fn look(data: &Path) -> Result<SecretStatus, SecretError> {
        inspect_secret_file(&data.join(FILE), |path, bytes| Self::read(path, &bytes).map(drop))
    }

    fn read(path: &Path, bytes: &[u8]) -> Result<Self, SecretError> {
        let text = std::str::from_utf8(bytes).unwrap_or_default();
        match text.trim().split_once(':').map(|(key, secret)| (key.trim(), secret.trim())) {
            Some((key, secret)) if !key.is_empty() && secret.len() >= 32 && !secret.contains(['\n', ' ']) => {
                Ok(Self { key: key.to_owned(), secret: Hidden::new(secret) })
            }
            Some(_) | None => {
                let expected = "one line `KEY: SECRET`, the secret of at least 32 characters";
                Err(SecretError::Damaged { path: path.to_owned(), expected })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn they_are_made_once_and_for_their_owner_alone() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(Keys::look(dir.path()).unwrap(), SecretStatus::Absent);
        let keys = Keys::load_or_create(dir.path()).unwrap();
        assert_eq!(Keys::load_or_create(dir.path()).unwrap(), keys);
        assert!(keys.key.starts_with("API") && keys.secret.expose().len() == 64, "{}", keys.key);
        let path = dir.path().join(FILE);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(Keys::look(dir.path()).unwrap(), SecretStatus::Private);
        assert_ne!(Keys::load_or_create(tempfile::tempdir().unwrap().path()).unwrap(), keys);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(Keys::look(dir.path()).unwrap(), SecretStatus::Open);
    }

    #[test]
    fn keys_of_ones_own_are_taken_and_damage_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(FILE);
        fs::write(&path, format!("mine: {}", "s".repeat(32))).unwrap();
        assert_eq!(Keys::load_or_create(dir.path()).unwrap().key, "mine");
        for damaged in ["", "mine", ": secret", "mine: short", "\u{0}"] {
            fs::write(&path, damaged).unwrap();
            let error = Keys::load_or_create(dir.path()).unwrap_err().to_string();
            assert!(error.contains("KEY: SECRET") && !error.contains("short"), "{error}");
        }
    }
}

//! A certificate of the tests' own, for `localhost`.

use std::fs;
use std::path::PathBuf;

use server::ServerSettings;
use tempfile::TempDir;

/// The certificate, and the files that hold it with its key as long as this lives.
pub struct Certificate {
    pub made: rcgen::Certificate,
    cert: PathBuf,
    key: PathBuf,
    _dir: TempDir,
}

impl Certificate {
    pub fn make() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let (cert, key) = (dir.path().join("cert.pem"), dir.path().join("key.pem"));
        fs::write(&cert, made.cert.pem()).unwrap();
        fs::write(&key, made.signing_key.serialize_pem()).unwrap();
        Self { made: made.cert, cert, key, _dir: dir }
    }

    /// Has a server answer with it.
    pub fn set(&self, settings: &mut ServerSettings) {
        (settings.tls_cert, settings.tls_key) = (Some(self.cert.clone()), Some(self.key.clone()));
    }
}

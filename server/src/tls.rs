//! The server's own certificate, for those who run no proxy in front: browsers give a microphone to `https://` pages
//! and to localhost alone.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::{Error as PemError, PemObject as _};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, ServerConfig};

use crate::settings::ServerSettings;

/// The name under which TLS agrees on HTTP/2.
pub const HTTP_2: &[u8] = b"h2";

/// Why the certificate cannot be used; each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// One without the other.
    #[error("`{set}` is set and `{missing}` is not; set both, or none")]
    Half {
        /// The one that is set.
        set: &'static str,
        /// The one that is not.
        missing: &'static str,
    },
    /// A file that cannot be read.
    #[error("{path} cannot be read ({why}); name a file that this program may read with {flag}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        why: String,
        /// Where it is named.
        flag: &'static str,
    },
    /// A file without what it should hold.
    #[error("there is no {what} in {path}; name a PEM file that holds one with {flag}")]
    Empty {
        /// What it should hold.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// Where it is named.
        flag: &'static str,
    },
    /// The two do not belong together, or are of no use.
    #[error(
        "the certificate in {cert} cannot be used with the key in {key} ({why}); give the key that it was made for"
    )]
    Useless {
        /// The file of the certificate.
        cert: PathBuf,
        /// The file of the key.
        key: PathBuf,
        /// Why.
        why: rustls::Error,
    },
}

/// What connections are taken with, if the settings name a certificate and its key.
///
/// # Errors
/// If they cannot be used.
pub fn acceptor(settings: &ServerSettings) -> Result<Option<TlsAcceptor>, TlsError> {
    let (cert, key) = match (&settings.tls_cert, &settings.tls_key) {
        (None, None) => return Ok(None),
        (Some(cert), Some(key)) => (cert, key),
        (Some(_), None) => return Err(TlsError::Half { set: "tls_cert", missing: "tls_key" }),
        (None, Some(_)) => return Err(TlsError::Half { set: "tls_key", missing: "tls_cert" }),
    };
    let chain = certificates(cert)?;
    let private = PrivateKeyDer::from_pem_file(key)
        .map_err(|error| pem_error(&error, "private key", key, "--tls-key"))?;
    let useless = |why| TlsError::Useless { cert: cert.clone(), key: key.clone(), why };
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let config = config.with_safe_default_protocol_versions().map_err(useless)?;
    let mut config = config.with_no_client_auth().with_single_cert(chain, private).map_err(useless)?;
    // WebSockets, which rooms need, are HTTP/1.1: browsers make a connection of their own for each.
    config.alpn_protocols = vec![HTTP_2.to_vec(), b"http/1.1".to_vec()];
    Ok(Some(TlsAcceptor::from(Arc::new(config))))
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let wrong = |error: PemError| pem_error(&error, "certificate", path, "--tls-cert");
    let found = CertificateDer::pem_file_iter(path).map_err(wrong)?;
    let chain = found.collect::<Result<Vec<_>, _>>().map_err(wrong)?;
    if chain.is_empty() {
        return Err(wrong(PemError::NoItemsFound));
    }
    Ok(chain)
}

/// What a file lacks. Nothing that is in it is told.
fn pem_error(error: &PemError, what: &'static str, path: &Path, flag: &'static str) -> TlsError {
    let path = path.to_owned();
    if let PemError::Io(error) = error {
        return TlsError::Unreadable { path, why: error.kind().to_string(), flag };
    }
    TlsError::Empty { what, path, flag }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn wrong_files_are_told_apart_and_nothing_of_them_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let made = || rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let write = |name: &str, text: &str| {
            let path = dir.path().join(name);
            fs::write(&path, text).unwrap();
            Some(path)
        };
        let (one, other) = (made(), made());
        let cert = write("cert.pem", &one.cert.pem());
        let key = write("key.pem", &one.signing_key.serialize_pem());
        let foreign = write("other.pem", &other.signing_key.serialize_pem());
        let text = write("PRIVATE.txt", "PRIVATE words");
        let open = |tls_cert: &Option<PathBuf>, tls_key: &Option<PathBuf>| {
            let (tls_cert, tls_key) = (tls_cert.clone(), tls_key.clone());
            acceptor(&ServerSettings { tls_cert, tls_key, ..ServerSettings::default() })
        };
        assert!(open(&None, &None).unwrap().is_none());
        assert!(open(&cert, &key).unwrap().is_some());
        let gone = Some(dir.path().join("gone.pem"));
        for (cert, key, words) in [
            (&cert, &None, "`tls_cert` is set and `tls_key` is not"),
            (&None, &key, "`tls_key` is set and `tls_cert` is not"),
            (&gone, &key, "gone.pem cannot be read"),
            (&key, &key, "no certificate in"),
            (&cert, &text, "no private key in"),
            (&cert, &cert, "--tls-key"),
            (&cert, &foreign, "give the key that it was made for"),
        ] {
            let said = open(cert, key).err().unwrap().to_string();
            assert!(said.contains(words) && !said.contains("PRIVATE words"), "{said}");
        }
    }
}

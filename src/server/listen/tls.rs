//! TLS by rustls: certificate and key from PEM files, checked to belong together before anything listens.

use std::path::Path;
use std::sync::Arc;

use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use crate::server::error::ServerError;
use crate::server::settings::TlsFiles;

/// Reads the files and makes what accepts TLS connections (1.2 and 1.3, HTTP/1.1).
pub(in crate::server) fn acceptor(files: &TlsFiles) -> Result<TlsAcceptor, ServerError> {
    let chain = certificates(&files.cert)?;
    let key = private_key(&files.key)?;
    let provider = Arc::new(aws_lc_rs::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the provider has cipher suites for both versions")
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|error| match error {
            rustls::Error::InconsistentKeys(_) => ServerError::KeyMismatch {
                cert: files.cert.clone(),
                key: files.key.clone(),
            },
            rustls::Error::InvalidCertificate(reason) => ServerError::Certificate {
                path: files.cert.clone(),
                reason: format!("it is not a valid certificate ({reason})"),
            },
            other => ServerError::Key {
                path: files.key.clone(),
                reason: other.to_string(),
            },
        })?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, ServerError> {
    let unusable = |reason: String| ServerError::Certificate {
        path: path.to_owned(),
        reason,
    };
    let chain: Vec<_> = CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect)
        .map_err(|error| unusable(why(error)))?;
    if chain.is_empty() {
        return Err(unusable(
            "there is no `BEGIN CERTIFICATE` in it; give the chain in PEM".into(),
        ));
    }
    Ok(chain)
}

fn private_key(path: &Path) -> Result<PrivateKeyDer<'static>, ServerError> {
    PrivateKeyDer::from_pem_file(path).map_err(|error| ServerError::Key {
        path: path.to_owned(),
        reason: match error {
            pem::Error::NoItemsFound => {
                "there is no private key in PEM in it (an encrypted one must be decrypted first)"
                    .into()
            }
            other => why(other),
        },
    })
}

/// Why a PEM file could not be read, without what is in it.
fn why(error: pem::Error) -> String {
    match error {
        pem::Error::Io(error) => format!("it cannot be read ({error})"),
        pem::Error::NoItemsFound => "it holds nothing in PEM".into(),
        _ => "it is not valid PEM".into(),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use rstest::rstest;

    use super::*;

    struct Files {
        dir: tempfile::TempDir,
    }

    impl Files {
        fn new() -> Self {
            let dir = tempfile::tempdir().unwrap();
            for name in ["one", "two"] {
                let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
                fs::write(dir.path().join(format!("{name}.crt")), made.cert.pem()).unwrap();
                fs::write(
                    dir.path().join(format!("{name}.key")),
                    made.signing_key.serialize_pem(),
                )
                .unwrap();
            }
            fs::write(dir.path().join("junk"), "hunter2\n").unwrap();
            Self { dir }
        }

        fn load(&self, cert: &str, key: &str) -> Result<TlsAcceptor, ServerError> {
            acceptor(&TlsFiles {
                cert: self.dir.path().join(cert),
                key: self.dir.path().join(key),
            })
        }
    }

    #[test]
    fn a_pair_that_belongs_together_is_taken() {
        assert!(Files::new().load("one.crt", "one.key").is_ok());
    }

    #[rstest]
    #[case::mismatch("one.crt", "two.key", "does not belong to")]
    #[case::no_certificate(
        "absent.crt",
        "one.key",
        "absent.crt cannot be used: it cannot be read"
    )]
    #[case::no_key(
        "one.crt",
        "absent.key",
        "absent.key cannot be used: it cannot be read"
    )]
    #[case::not_a_certificate("junk", "one.key", "there is no `BEGIN CERTIFICATE` in it")]
    #[case::not_a_key("one.crt", "junk", "there is no private key in PEM")]
    #[case::swapped("one.key", "one.crt", "there is no `BEGIN CERTIFICATE` in it")]
    fn what_is_wrong_is_said(#[case] cert: &str, #[case] key: &str, #[case] expected: &str) {
        let Err(error) = Files::new().load(cert, key) else {
            panic!("taken");
        };
        let text = error.to_string();
        assert!(text.contains(expected), "{text}");
        assert!(!text.contains("hunter2"), "{text}");
    }
}

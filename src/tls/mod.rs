//! TLS: certificates, and their exchange while the server runs.
//!
//! TLS 1.2 and 1.3 by rustls. What is wrong with a file is told by what the
//! file is for; the caller of these functions knows its path.
//!
//! * `probe`: the client side, for `khabar health`.

mod probe;

use std::io;
use std::sync::Arc;

use arc_swap::ArcSwap;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::{CryptoProvider, ring};
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::{VerifierBuilderError, WebPkiClientVerifier};
use tokio_rustls::rustls::{self, RootCertStore, ServerConfig};
use tokio_rustls::server::TlsStream;

pub use probe::{Probe, Trust};

/// What HTTP/2 is called in a handshake (RFC 9113, section 3.2).
const HTTP2: &[u8] = b"h2";

/// The contents of the files that TLS is made of, in PEM.
#[derive(Clone, Copy)]
pub struct Pem<'a> {
    /// The server's certificate, then those between it and the CA's.
    pub certificate: &'a [u8],
    /// The certificate's private key: PKCS #8, PKCS #1 or SEC 1.
    pub key: &'a [u8],
    /// The CAs of clients' certificates; with them, a client must have one.
    pub client_ca: Option<&'a [u8]>,
}

/// Why TLS cannot be made of some files.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file is no PEM.
    #[error("{file}: not valid PEM: {error}")]
    Pem {
        /// The setting that names the file.
        file: &'static str,
        /// What is wrong.
        error: pem::Error,
    },
    /// A file has nothing of what it is for.
    #[error("{file}: no {expected} in it; expected a PEM section")]
    Empty {
        /// The setting that names the file.
        file: &'static str,
        /// What should be in it.
        expected: &'static str,
    },
    /// A certificate among the CAs that is none.
    #[error("{file}: a certificate of a CA cannot be read: {error}")]
    Ca {
        /// The setting that names the file.
        file: &'static str,
        /// What is wrong.
        error: rustls::Error,
    },
    /// The certificate and the key do not go together, or one cannot be used.
    #[error("tls.certificate and tls.key: {0}")]
    Pair(#[source] rustls::Error),
    /// The CAs of clients cannot be used.
    #[error("tls.client_ca: {0}")]
    ClientCa(#[from] VerifierBuilderError),
    /// The name that a server is to be known by is none.
    #[error("{0:?} is no name or address of a server")]
    Name(String),
    /// The library refuses its own defaults.
    #[error("TLS cannot be set up: {0}")]
    Setup(#[source] rustls::Error),
}

/// TLS as the server's side speaks it. Clones share the certificates.
#[derive(Clone, Debug)]
pub struct Tls(Arc<ArcSwap<ServerConfig>>);

impl Tls {
    /// TLS with the certificates of some files.
    ///
    /// # Errors
    ///
    /// [`TlsError`] says which file is wrong and how.
    pub fn new(pem: Pem<'_>) -> Result<Self, TlsError> {
        Ok(Self(Arc::new(ArcSwap::from_pointee(server_config(pem)?))))
    }

    /// Has handshakes that begin from now on made with other certificates.
    /// Connections that are open go on, and none of them can be resumed as it
    /// was: a client shows its certificate anew.
    ///
    /// # Errors
    ///
    /// [`TlsError`] says which file is wrong and how; nothing changes.
    pub fn replace(&self, pem: Pem<'_>) -> Result<(), TlsError> {
        self.0.store(Arc::new(server_config(pem)?));
        Ok(())
    }

    /// Makes the handshake on a connection.
    pub(crate) async fn accept(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        TlsAcceptor::from(self.0.load_full()).accept(stream).await
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

fn server_config(pem: Pem<'_>) -> Result<ServerConfig, TlsError> {
    let builder = ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(TlsError::Setup)?;
    let builder = match pem.client_ca {
        None => builder.with_no_client_auth(),
        Some(ca) => {
            let roots = Arc::new(roots("tls.client_ca", ca)?);
            let verifier =
                WebPkiClientVerifier::builder_with_provider(roots, provider()).build()?;
            builder.with_client_cert_verifier(verifier)
        }
    };
    let (chain, key) = pair(pem)?;
    let mut config = builder.with_single_cert(chain, key).map_err(TlsError::Pair)?;
    config.alpn_protocols = vec![HTTP2.to_vec()];
    Ok(config)
}

/// The certificates and the key of the server.
fn pair(pem: Pem<'_>) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), TlsError> {
    let chain = certificates("tls.certificate", pem.certificate)?;
    let key = PrivateKeyDer::from_pem_slice(pem.key).map_err(|error| match error {
        pem::Error::NoItemsFound => TlsError::Empty { file: "tls.key", expected: "private key" },
        error => TlsError::Pem { file: "tls.key", error },
    })?;
    Ok((chain, key))
}

fn certificates(file: &'static str, pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let found = found.map_err(|error| TlsError::Pem { file, error })?;
    if found.is_empty() {
        return Err(TlsError::Empty { file, expected: "certificate" });
    }
    Ok(found)
}

fn roots(file: &'static str, pem: &[u8]) -> Result<RootCertStore, TlsError> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(file, pem)? {
        roots.add(certificate).map_err(|error| TlsError::Ca { file, error })?;
    }
    Ok(roots)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn pair(name: &str) -> (String, String) {
        let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
        (made.cert.pem(), made.signing_key.serialize_pem())
    }

    fn problem(certificate: &str, key: &str, client_ca: Option<&str>) -> String {
        let client_ca = client_ca.map(str::as_bytes);
        let pem = Pem { certificate: certificate.as_bytes(), key: key.as_bytes(), client_ca };
        Tls::new(pem).unwrap_err().to_string()
    }

    #[test]
    fn what_is_wrong_is_told_by_file() {
        let ((certificate, key), (_, other_key)) = (pair("one"), pair("other"));
        let cut_off = &certificate[..certificate.len() / 2];
        for (problem, expected) in [
            (problem("", &key, None), "tls.certificate: no certificate in it"),
            (problem(cut_off, &key, None), "tls.certificate: not valid PEM"),
            (problem(&certificate, &certificate, None), "tls.key: no private key in it"),
            (problem(&certificate, &other_key, None), "tls.certificate and tls.key: "),
            (problem(&certificate, &key, Some(&key)), "tls.client_ca: no certificate in it"),
        ] {
            assert!(problem.starts_with(expected), "{problem}");
            assert!(!problem.contains(key.lines().nth(1).unwrap()), "no word of the key");
        }
    }

    #[test]
    fn bad_files_leave_the_old_certificates_in_use() {
        let (certificate, key) = pair("one");
        let good =
            Pem { certificate: certificate.as_bytes(), key: key.as_bytes(), client_ca: None };
        let tls = Tls::new(good).unwrap();
        let before = tls.0.load_full();
        tls.replace(Pem { key: b"", ..good }).unwrap_err();
        assert!(Arc::ptr_eq(&before, &tls.0.load_full()));
        tls.replace(good).unwrap();
        assert!(!Arc::ptr_eq(&before, &tls.0.load_full()));
    }
}

//! The client side of TLS, for asking a server for its health.

use std::io;
use std::sync::Arc;

use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::client::danger::{
    HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier,
};
use tokio_rustls::rustls::crypto::{
    CryptoProvider, verify_tls12_signature, verify_tls13_signature,
};
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::{ClientConfig, DigitallySignedStruct, Error, SignatureScheme};

use super::{HTTP2, Pem, TlsError, pair, provider, roots};

/// Which servers a probe trusts.
#[derive(Clone, Copy)]
pub enum Trust<'a> {
    /// Those whose certificate is of one of these CAs (PEM) and for this name
    /// or address.
    Ca {
        /// The CAs.
        pem: &'a [u8],
        /// What the server is to be called.
        name: &'a str,
    },
    /// Any at all: enough where the address leads to nobody else, and nothing
    /// is sent that is secret.
    Any,
}

/// The client side of TLS.
#[derive(Clone)]
pub struct Probe {
    config: Arc<ClientConfig>,
    name: ServerName<'static>,
}

impl Probe {
    /// A probe that shows the certificate in `identity` to servers that ask for
    /// one.
    ///
    /// # Errors
    ///
    /// [`TlsError`] says which file is wrong and how.
    pub fn new(trust: Trust<'_>, identity: Option<Pem<'_>>) -> Result<Self, TlsError> {
        let builder = ClientConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .map_err(TlsError::Setup)?;
        let (builder, name) = match trust {
            Trust::Ca { pem, name } => (builder.with_root_certificates(roots("--ca", pem)?), name),
            Trust::Any => {
                let verifier = Arc::new(Anyone(provider()));
                (builder.dangerous().with_custom_certificate_verifier(verifier), "localhost")
            }
        };
        let mut config = match identity {
            None => builder.with_no_client_auth(),
            Some(pem) => {
                let (chain, key) = pair(pem)?;
                builder.with_client_auth_cert(chain, key).map_err(TlsError::Pair)?
            }
        };
        config.alpn_protocols = vec![HTTP2.to_vec()];
        let name = ServerName::try_from(name.to_owned())
            .map_err(|_invalid| TlsError::Name(name.to_owned()))?;
        Ok(Self { config: Arc::new(config), name })
    }

    /// Makes the handshake on a connection.
    ///
    /// # Errors
    ///
    /// When the server is not trusted, does not trust the probe, or speaks no
    /// TLS.
    pub async fn connect(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        let connector = TlsConnector::from(Arc::clone(&self.config));
        connector.connect(self.name.clone(), stream).await
    }
}

/// Takes every certificate, but not a server that has no key to it.
#[derive(Debug)]
struct Anyone(Arc<CryptoProvider>);

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

//! TLS: who may connect, and certificates that change under way.

use std::net::SocketAddr;
use std::time::Duration;

use hyper_util::rt::TokioIo;
use khabar::proto;
use khabar::server::ServerOptions;
use khabar::tls::{Pem, Probe, Tls, Trust};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, IsCa, KeyPair,
};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tonic::transport::{Channel, Endpoint};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use tower::service_fn;

use crate::support::{Client, TestServer};

/// A CA of one's own.
struct Ca(CertifiedIssuer<'static, KeyPair>);

/// A certificate and its key.
struct Pair {
    certificate: String,
    key: String,
}

impl Ca {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    fn pem(&self) -> String {
        self.0.pem()
    }

    fn issue(&self, name: &str, purpose: ExtendedKeyUsagePurpose) -> Pair {
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        params.extended_key_usages = vec![purpose];
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &*self.0).unwrap();
        Pair { certificate: certificate.pem(), key: key.serialize_pem() }
    }

    fn server(&self) -> Pair {
        self.issue("khabar.test", ExtendedKeyUsagePurpose::ServerAuth)
    }

    fn client(&self) -> Pair {
        self.issue("desk.test", ExtendedKeyUsagePurpose::ClientAuth)
    }
}

impl Pair {
    fn pem<'a>(&'a self, client_ca: Option<&'a str>) -> Pem<'a> {
        Pem {
            certificate: self.certificate.as_bytes(),
            key: self.key.as_bytes(),
            client_ca: client_ca.map(str::as_bytes),
        }
    }
}

async fn start(tls: &Tls, options: ServerOptions) -> TestServer {
    TestServer::with(options, |server| server.with_tls(tls.clone())).await
}

/// A connection to a server that is trusted by its CA.
async fn connect(
    address: SocketAddr,
    ca: &Ca,
    identity: Option<&Pair>,
) -> Result<Channel, tonic::transport::Error> {
    let ca = ca.pem();
    let trust = Trust::Ca { pem: ca.as_bytes(), name: "khabar.test" };
    let probe = Probe::new(trust, identity.map(|pair| pair.pem(None))).unwrap();
    let connector = service_fn(move |_: http::Uri| {
        let probe = probe.clone();
        async move {
            let stream = TcpStream::connect(address).await?;
            Ok::<_, std::io::Error>(TokioIo::new(probe.connect(stream).await?))
        }
    });
    let endpoint = Endpoint::from_shared(format!("http://{address}")).unwrap();
    endpoint.connect_with_connector(connector).await
}

/// Whether a call on a new connection is answered.
async fn is_answered(address: SocketAddr, ca: &Ca, identity: Option<&Pair>) -> bool {
    match connect(address, ca, identity).await {
        Ok(channel) => ask(&mut Client::new(channel)).await,
        Err(_refused) => false,
    }
}

async fn ask(client: &mut Client) -> bool {
    client.get_server_info(proto::GetServerInfoRequest {}).await.is_ok()
}

#[tokio::test]
async fn calls_are_answered_over_tls_and_not_without() {
    let ca = Ca::new();
    let tls = Tls::new(ca.server().pem(None)).unwrap();
    let server = start(&tls, ServerOptions::default()).await;
    assert!(is_answered(server.address, &ca, None).await);
    assert!(!is_answered(server.address, &Ca::new(), None).await, "another CA");
    if let Ok(mut plain) = Client::connect(format!("http://{}", server.address)).await {
        assert!(!ask(&mut plain).await);
    }
}

#[tokio::test]
async fn with_a_client_ca_only_its_clients_are_let_in() {
    let (ca, clients) = (Ca::new(), Ca::new());
    let client_ca = clients.pem();
    let tls = Tls::new(ca.server().pem(Some(&client_ca))).unwrap();
    let server = start(&tls, ServerOptions::default()).await;
    assert!(is_answered(server.address, &ca, Some(&clients.client())).await);
    assert!(!is_answered(server.address, &ca, None).await, "no certificate");
    assert!(!is_answered(server.address, &ca, Some(&ca.client())).await, "one of another CA");
    let not_a_client = clients.server();
    assert!(!is_answered(server.address, &ca, Some(&not_a_client)).await, "one for servers");
}

#[tokio::test]
async fn with_a_client_ca_health_is_told_to_its_clients_alone() {
    let (ca, clients) = (Ca::new(), Ca::new());
    let client_ca = clients.pem();
    let tls = Tls::new(ca.server().pem(Some(&client_ca))).unwrap();
    let server = start(&tls, ServerOptions::default()).await;
    for (identity, expected) in [(Some(clients.client()), true), (Some(ca.client()), false)]
        .into_iter()
        .chain([(None, false)])
    {
        let told = match connect(server.address, &ca, identity.as_ref()).await {
            Ok(channel) => {
                let asked = HealthClient::new(channel).check(HealthCheckRequest::default()).await;
                asked.is_ok_and(|it| it.into_inner().status() == ServingStatus::Serving)
            }
            Err(_refused) => false,
        };
        assert_eq!(told, expected, "with a certificate: {}", identity.is_some());
    }
    assert!(*server.ready.borrow());
}

#[tokio::test]
async fn other_certificates_are_shown_to_new_connections_while_open_ones_go_on() {
    let (old, new) = (Ca::new(), Ca::new());
    let tls = Tls::new(old.server().pem(None)).unwrap();
    let server = start(&tls, ServerOptions::default()).await;
    let mut open = Client::new(connect(server.address, &old, None).await.unwrap());
    assert!(ask(&mut open).await);
    tls.replace(new.server().pem(None)).unwrap();
    assert!(ask(&mut open).await);
    assert!(is_answered(server.address, &new, None).await);
    assert!(!is_answered(server.address, &old, None).await);
}

#[tokio::test]
async fn a_handshake_that_does_not_come_holds_nobody_up_and_is_closed() {
    let ca = Ca::new();
    let tls = Tls::new(ca.server().pem(None)).unwrap();
    let options = ServerOptions {
        handshake_timeout: Duration::from_millis(200),
        max_connections: 4,
        ..ServerOptions::default()
    };
    let server = start(&tls, options).await;
    let mut silent = Vec::new();
    for _ in 0..4 {
        silent.push(TcpStream::connect(server.address).await.unwrap());
    }
    // There is no room but what those give up. The time is for the test to end
    // where they never do.
    let answered = timeout(Duration::from_mins(1), is_answered(server.address, &ca, None)).await;
    assert!(answered.unwrap());
    for mut silent in silent {
        assert_eq!(silent.read(&mut [0; 64]).await.unwrap_or_default(), 0);
    }
}

//! `khabar health`: asks a running server whether it serves.

use std::error::Error;
use std::fs;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use http::Uri;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio_util::either::Either;
use tonic::transport::Endpoint;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use tower::service_fn;

use super::Failure;
use super::settings::{Choice, Flags};
use crate::config::{Config, Setting};
use crate::tls::{Pem, Probe, Trust};

/// Ask a running server whether it serves (grpc.health.v1)
///
/// Exits with 0 if it does and with 1 if it does not or cannot be reached: a
/// container's health check needs nothing else.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The server's address; without it, where `khabar serve` would listen
    /// under the same configuration
    #[arg(long, value_name = "IP:PORT")]
    addr: Option<SocketAddr>,
    /// The name to ask for; empty for the server as a whole
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
    service: String,
    /// A file with the CAs (PEM) that the server's certificate may be of;
    /// without it any certificate is taken
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// The name in the server's certificate, with --ca; without it, the address
    #[arg(long, value_name = "NAME", requires = "ca")]
    server_name: Option<String>,
    /// How long to wait, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 2000)]
    timeout_ms: u64,
    #[command(flatten)]
    flags: Flags<Listen>,
}

/// The settings that say where the server is, and whether it speaks TLS.
#[derive(Debug)]
struct Listen;

impl Choice for Listen {
    fn has(setting: &Setting) -> bool {
        setting.key == "listen" || setting.key.starts_with("tls.")
    }
}

/// Asks, and succeeds if the server serves.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let config = args.flags.load()?;
    let address = args.addr.unwrap_or_else(|| reachable(config.listen));
    let probe = probe(args, &config, address)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Failure::because)?;
    let limit = Duration::from_millis(args.timeout_ms);
    let status = runtime
        .block_on(async { tokio::time::timeout(limit, ask(address, probe, &args.service)).await })
        .map_err(|_| {
            Failure::because(format!("{address}: no answer in {} ms", args.timeout_ms))
        })??;
    match status {
        ServingStatus::Serving => Ok(()),
        other => Err(Failure::because(format!("{address}: {}", other.as_str_name()))),
    }
}

/// How to speak TLS to the server, if it does.
fn probe(args: &Args, config: &Config, address: SocketAddr) -> Result<Option<Probe>, Failure> {
    if config.tls.certificate.is_none() && args.ca.is_none() {
        return Ok(None);
    }
    let read = |path: &PathBuf| fs::read(path).map_err(|error| Failure::in_file(path, &error));
    let ca = args.ca.as_ref().map(read).transpose()?;
    let name = args.server_name.clone().unwrap_or_else(|| address.ip().to_string());
    let trust = match &ca {
        Some(pem) => Trust::Ca { pem, name: &name },
        None => Trust::Any,
    };
    let files = &config.tls;
    let probe = match (&files.client_ca, &files.certificate, &files.key) {
        (Some(_), Some(certificate), Some(key)) => {
            let (certificate, key) = (read(certificate)?, read(key)?);
            let own = Pem { certificate: &certificate, key: &key, client_ca: None };
            Probe::new(trust, Some(own))
        }
        _ => Probe::new(trust, None),
    };
    probe.map(Some).map_err(Failure::because)
}

async fn ask(
    address: SocketAddr,
    probe: Option<Probe>,
    service: &str,
) -> Result<ServingStatus, Failure> {
    let connector = service_fn(move |_: Uri| {
        let probe = probe.clone();
        async move {
            let stream = TcpStream::connect(address).await?;
            Ok::<_, io::Error>(TokioIo::new(match probe {
                Some(probe) => Either::Left(probe.connect(stream).await?),
                None => Either::Right(stream),
            }))
        }
    });
    let channel = Endpoint::from_shared(format!("http://{address}"))
        .map_err(Failure::because)?
        .connect_with_connector(connector)
        .await
        .map_err(|error| {
            let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
            Failure::because(format!("{address}: cannot connect{cause}"))
        })?;
    let request = HealthCheckRequest { service: service.to_owned() };
    let answer = HealthClient::new(channel).check(request).await.map_err(|status| {
        Failure::because(format!("{address}: {:?}: {}", status.code(), status.message()))
    })?;
    Ok(answer.into_inner().status())
}

/// An address at which a server that listens on another can be reached from
/// the same machine: one that listens on all networks is on loopback too.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_on_all_networks_is_asked_on_loopback() {
        for (listen, expected) in [
            ("0.0.0.0:50051", "127.0.0.1:50051"),
            ("[::]:6000", "[::1]:6000"),
            ("10.1.2.3:50051", "10.1.2.3:50051"),
        ] {
            let listen = listen.parse().unwrap();
            assert_eq!(reachable(listen).to_string(), expected);
        }
    }
}

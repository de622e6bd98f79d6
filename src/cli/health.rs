//! `khabar health`: asks a running server whether it serves.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use tonic::transport::Endpoint;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

use super::Failure;
use super::settings::{Choice, Flags};
use crate::config::Setting;

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
    /// How long to wait, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 2000)]
    timeout_ms: u64,
    #[command(flatten)]
    flags: Flags<Listen>,
}

/// The setting that says where the server is.
#[derive(Debug)]
struct Listen;

impl Choice for Listen {
    fn has(setting: &Setting) -> bool {
        setting.key == "listen"
    }
}

/// Asks, and succeeds if the server serves.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let address = match args.addr {
        Some(address) => address,
        None => reachable(args.flags.load()?.listen),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Failure::because)?;
    let limit = Duration::from_millis(args.timeout_ms);
    let status = runtime
        .block_on(async { tokio::time::timeout(limit, ask(address, &args.service)).await })
        .map_err(|_| {
            Failure::because(format!("{address}: no answer in {} ms", args.timeout_ms))
        })??;
    match status {
        ServingStatus::Serving => Ok(()),
        other => Err(Failure::because(format!("{address}: {}", other.as_str_name()))),
    }
}

async fn ask(address: SocketAddr, service: &str) -> Result<ServingStatus, Failure> {
    let channel = Endpoint::from_shared(format!("http://{address}"))
        .map_err(Failure::because)?
        .connect()
        .await
        .map_err(|_| Failure::because(format!("{address}: cannot connect")))?;
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

//! The connection to Redis or Valkey.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use redis::aio::{ConnectionLike, ConnectionManager, ConnectionManagerConfig};
use redis::cluster::{ClusterClient, ClusterConfig};
use redis::cluster_async::ClusterConnection;
use redis::io::tcp::TcpSettings;
use redis::{
    Client, Cmd, ConnectionAddr, ConnectionInfo, IntoConnectionInfo, RedisError, TlsCertificates,
};

use super::SecondOptions;
use crate::secret::Secret;

/// How long opening a connection may take. Nobody waits for it.
const CONNECT: Duration = Duration::from_secs(1);

/// How long the client library remembers a question that nobody waits for any
/// more.
const FORGET: Duration = Duration::from_secs(1);

/// After how long without an acknowledgement a connection is taken for broken:
/// a machine that vanishes closes nothing.
const SILENCE: Duration = Duration::from_secs(10);

/// Why the second level cannot be set up. Not that Redis is away: that is no
/// error.
#[derive(Debug, thiserror::Error)]
pub enum SecondError {
    /// The URL cannot be used.
    #[error("l2.url: {0}")]
    Url(RedisError),
    /// The file of certificates cannot be read.
    #[error("l2.ca = {}: {error}", path.display())]
    Ca {
        /// The file.
        path: PathBuf,
        /// Why not.
        error: io::Error,
    },
}

/// A connection that is opened on first use, and opened anew when it breaks.
/// Clones share it.
#[derive(Clone)]
pub(super) enum Link {
    Single(ConnectionManager),
    Cluster(ClusterConnection),
}

impl std::fmt::Debug for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Link")
    }
}

impl Link {
    /// Reads the options; connects to nothing yet. To be called within a
    /// tokio runtime.
    pub(super) fn new(url: &Secret, options: &SecondOptions) -> Result<Self, SecondError> {
        let nodes = nodes(url).map_err(SecondError::Url)?;
        let ca = options.ca.as_deref().map(read).transpose()?;
        if nodes.iter().any(is_tls) {
            // For the library, which takes the process's; if there is one
            // already, it is the same.
            let _ = rustls::crypto::ring::default_provider().install_default();
        }
        if options.cluster { cluster(nodes, ca) } else { single(nodes, ca) }
            .map_err(SecondError::Url)
    }

    /// At most `limit` bytes of the value of a key; none of a key without one.
    pub(super) async fn get(&self, name: &str, limit: usize) -> Result<Vec<u8>, RedisError> {
        let mut get = redis::cmd("GETRANGE");
        get.arg(name).arg(0).arg(limit.saturating_sub(1));
        redis::from_redis_value(self.send(&get).await?).map_err(Into::into)
    }

    /// Sets the value of a key, which goes by itself after `expiry`.
    pub(super) async fn set(
        &self,
        name: &str,
        value: &[u8],
        expiry: Duration,
    ) -> Result<(), RedisError> {
        let mut set = redis::cmd("SET");
        set.arg(name).arg(value).arg("PX").arg(expiry.as_millis() as u64);
        self.send(&set).await.map(drop)
    }

    /// Asks for a sign of life.
    pub(super) async fn ping(&self) -> Result<(), RedisError> {
        self.send(&redis::cmd("PING")).await.map(drop)
    }

    async fn send(&self, command: &Cmd) -> Result<redis::Value, RedisError> {
        match self {
            Self::Single(connection) => connection.clone().req_packed_command(command).await,
            Self::Cluster(connection) => connection.clone().req_packed_command(command).await,
        }
    }
}

/// Whether a text is the URL, or the URLs, of Redis; the error says what is
/// wrong, without the text, which may hold a password.
pub(crate) fn check_url(url: &Secret) -> Result<(), String> {
    nodes(url).map(drop).map_err(|error| {
        format!("expected redis://[user:password@]host[:port], or rediss:// for TLS: {error}")
    })
}

/// The nodes of a list of URLs, parted by commas.
fn nodes(urls: &Secret) -> Result<Vec<ConnectionInfo>, RedisError> {
    let tcp = TcpSettings::default().set_nodelay(true).set_user_timeout(SILENCE);
    let nodes = urls.reveal().split(',').map(|url| {
        let node = url.trim().into_connection_info()?;
        Ok(node.set_tcp_settings(tcp.clone()))
    });
    nodes.collect()
}

fn is_tls(node: &ConnectionInfo) -> bool {
    matches!(node.addr(), ConnectionAddr::TcpTls { .. })
}

fn read(path: &Path) -> Result<TlsCertificates, SecondError> {
    let root =
        std::fs::read(path).map_err(|error| SecondError::Ca { path: path.to_owned(), error })?;
    Ok(TlsCertificates { client_tls: None, root_cert: Some(root) })
}

fn single(mut nodes: Vec<ConnectionInfo>, ca: Option<TlsCertificates>) -> Result<Link, RedisError> {
    let (Some(node), true) = (nodes.pop(), nodes.is_empty()) else {
        let problem = "several URLs are for a cluster: set l2.cluster";
        return Err((redis::ErrorKind::InvalidClientConfig, problem).into());
    };
    let client = match ca {
        Some(ca) if is_tls(&node) => Client::build_with_tls(node, ca)?,
        _ => Client::open(node)?,
    };
    // The breaker decides when to try again.
    let config = ConnectionManagerConfig::new()
        .set_number_of_retries(0)
        .set_connection_timeout(Some(CONNECT))
        .set_response_timeout(Some(FORGET));
    ConnectionManager::new_lazy_with_config(client, config).map(Link::Single)
}

fn cluster(nodes: Vec<ConnectionInfo>, ca: Option<TlsCertificates>) -> Result<Link, RedisError> {
    let tcp = nodes.first().map(|node| node.tcp_settings().clone()).unwrap_or_default();
    let mut builder = ClusterClient::builder(nodes).retries(1).tcp_settings(tcp);
    if let Some(ca) = ca {
        builder = builder.certs(ca);
    }
    let config = ClusterConfig::new().set_connection_timeout(CONNECT).set_response_timeout(FORGET);
    Ok(Link::Cluster(builder.build()?.get_pending_async_connection_with_config(config)))
}

//! A Redis of one's own: the real `redis-server`, on a free port.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use redis::{Client, Connection, TlsCertificates};
use tempfile::TempDir;

/// How long anything may take that cannot be waited for otherwise.
const PATIENCE: Duration = Duration::from_mins(1);

/// A running `redis-server`; killed when dropped.
pub struct Redis {
    child: Child,
    home: TempDir,
    port: u16,
    flags: Vec<String>,
    ca: Option<Vec<u8>>,
}

impl Redis {
    /// Starts one; `None`, with a message, where there is none to start.
    pub fn start() -> Option<Self> {
        Self::with(free_port(), |_, port| vec!["--port".to_owned(), port.to_string()], None)
    }

    /// One that is a cluster of its own.
    pub fn cluster() -> Option<Self> {
        let redis = Self::with(
            free_port(),
            |_, port| {
                let bus = free_port().to_string();
                let flags = ["--cluster-enabled", "yes", "--cluster-port", &bus];
                let port = ["--port".to_owned(), port.to_string()];
                port.into_iter().chain(flags.map(ToOwned::to_owned)).collect()
            },
            None,
        )?;
        let mut connection = redis.connection();
        let mut command = redis::cmd("CLUSTER");
        command.arg("ADDSLOTSRANGE").arg(0).arg(16383).exec(&mut connection).unwrap();
        until("the cluster is whole", || {
            let info: String = redis::cmd("CLUSTER").arg("INFO").query(&mut connection).unwrap();
            info.contains("cluster_state:ok").then_some(())
        });
        Some(redis)
    }

    /// One that speaks TLS only, under a certificate for 127.0.0.1.
    pub fn tls() -> Option<Self> {
        let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
        let (certificate, key) = (made.cert.pem(), made.signing_key.serialize_pem());
        let ca = certificate.clone().into_bytes();
        let flags = move |home: &Path, port: u16| {
            std::fs::write(home.join("ca.pem"), &certificate).unwrap();
            std::fs::write(home.join("key.pem"), &key).unwrap();
            let file = |name| home.join(name).display().to_string();
            [
                ["--port".to_owned(), "0".to_owned()],
                ["--tls-port".to_owned(), port.to_string()],
                ["--tls-cert-file".to_owned(), file("ca.pem")],
                ["--tls-key-file".to_owned(), file("key.pem")],
                ["--tls-ca-cert-file".to_owned(), file("ca.pem")],
                ["--tls-auth-clients".to_owned(), "no".to_owned()],
            ]
            .concat()
        };
        Self::with(free_port(), flags, Some(ca))
    }

    fn with(
        port: u16,
        flags: impl FnOnce(&Path, u16) -> Vec<String>,
        ca: Option<Vec<u8>>,
    ) -> Option<Self> {
        if Command::new("redis-server").arg("--version").stdout(Stdio::null()).status().is_err() {
            eprintln!("skipped: there is no redis-server (Debian: redis-server)");
            return None;
        }
        let home = tempfile::tempdir().unwrap();
        let flags = flags(home.path(), port);
        let child = spawn(&home, &flags);
        let redis = Self { child, home, port, flags, ca };
        redis.connection();
        Some(redis)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn url(&self) -> String {
        let scheme = if self.ca.is_some() { "rediss" } else { "redis" };
        format!("{scheme}://127.0.0.1:{}", self.port)
    }

    /// The file with the certificate of [`Redis::tls`].
    pub fn ca(&self) -> String {
        self.home.path().join("ca.pem").display().to_string()
    }

    /// A connection, as soon as the server takes one.
    pub fn connection(&self) -> Connection {
        let client = match &self.ca {
            None => Client::open(self.url()).unwrap(),
            Some(ca) => {
                let _ = rustls::crypto::ring::default_provider().install_default();
                let ca = TlsCertificates { client_tls: None, root_cert: Some(ca.clone()) };
                Client::build_with_tls(self.url(), ca).unwrap()
            }
        };
        until("redis-server answers", || {
            let mut connection = client.get_connection().ok()?;
            redis::cmd("PING").exec(&mut connection).ok()?;
            Some(connection)
        })
    }

    /// Kills it, as a machine that fails does.
    pub fn stop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Starts it again, empty, where it was.
    pub fn start_again(&mut self) {
        self.child = spawn(&self.home, &self.flags);
        self.connection();
    }

    /// The names of all values.
    pub fn names(&self) -> Vec<String> {
        redis::cmd("KEYS").arg("*").query(&mut self.connection()).unwrap()
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(home: &TempDir, flags: &[String]) -> Child {
    Command::new("redis-server")
        .args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
        .args(flags)
        .current_dir(home.path())
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

/// A port that nothing listens at, of those that systems give to no outgoing
/// connection: such a one could take it before `redis-server` does.
fn free_port() -> u16 {
    const PORTS: std::ops::Range<u32> = 20_000..32_000;
    static TAKEN: AtomicU32 = AtomicU32::new(0);
    for _ in PORTS {
        // Test processes that run at once begin at different ports.
        let next = std::process::id() * 64 + TAKEN.fetch_add(1, Ordering::Relaxed);
        let port = (PORTS.start + next % (PORTS.end - PORTS.start)) as u16;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
    panic!("no port is free in {PORTS:?}")
}

/// Tries until there is something.
pub fn until<T>(what: &str, mut attempt: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = attempt() {
            return found;
        }
        assert!(begun.elapsed() < PATIENCE, "not within a minute: {what}");
        std::thread::yield_now();
    }
}

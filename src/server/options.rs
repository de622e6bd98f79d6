//! What can be set about a server.

use std::time::Duration;

use jiff::tz::TimeZone;

use crate::cache::CacheOptions;
use crate::cache::second::SecondOptions;
use crate::limits::Limits;
use crate::pool::QueueOptions;

/// What can be set about a server.
#[derive(Clone, Debug, PartialEq)]
pub struct ServerOptions {
    /// What it accepts.
    pub limits: Limits,
    /// How much it remembers.
    pub cache: CacheOptions,
    /// What it shares with other replicas.
    pub second: SecondOptions,
    /// Threads of the pool; 0 for as many as there are cores.
    pub pool_threads: usize,
    /// Pieces of work that may wait for a thread.
    pub pool_queue: usize,
    /// How long unary work may have to wait for a thread while more comes in
    /// than goes out.
    pub pool_wait: Option<Duration>,
    /// For how long more may wait.
    pub pool_burst: Duration,
    /// Calls that may be in flight at once; half of them may be streams and
    /// batches.
    pub max_in_flight: usize,
    /// How long a caller may take for the handshake of TLS.
    pub handshake_timeout: Duration,
    /// Connections that may be open at once. For more, idle ones are closed;
    /// where there are none, they wait to be accepted.
    pub max_connections: usize,
    /// How long calls are still welcome after probes were told otherwise.
    pub drain_notice: Duration,
    /// How long calls in flight may go on after that.
    pub drain_timeout: Duration,
    /// The zone of articles that name none.
    pub default_zone: TimeZone,
    /// Calls that take longer are logged; none to log none.
    pub slow_call: Option<Duration>,
    /// Whether to tell callers the API (gRPC reflection).
    pub reflection: bool,
    /// Whether health checks need no key where other calls do.
    pub open_health: bool,
    /// Whether reflection needs no key where other calls do.
    pub open_reflection: bool,
    /// After how long without a sign of life a connection is probed, and how
    /// long it has to answer before it is closed.
    pub keepalive: Duration,
    /// After how long without a call a connection is closed.
    pub idle_timeout: Duration,
    /// How long a caller may take nothing of an answer before its connection
    /// is closed.
    pub stall_timeout: Duration,
    /// After how long a connection is asked to be opened anew, so that load
    /// spreads over new replicas; a tenth is added or taken at random.
    pub max_connection_age: Option<Duration>,
}

impl ServerOptions {
    /// Threads of the pool.
    pub(super) fn pool_threads(&self) -> usize {
        match self.pool_threads {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            threads => threads,
        }
    }

    /// The queue before the pool.
    pub(super) fn queue(&self) -> QueueOptions {
        let (length, wait, burst) = (self.pool_queue, self.pool_wait, self.pool_burst);
        QueueOptions { length, wait, burst }
    }
}

impl Default for ServerOptions {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            cache: CacheOptions::default(),
            second: SecondOptions::default(),
            pool_threads: 0,
            pool_queue: 1024,
            pool_wait: Some(Duration::from_millis(30)),
            pool_burst: Duration::from_millis(250),
            max_in_flight: 8192,
            handshake_timeout: Duration::from_secs(10),
            max_connections: 8192,
            drain_notice: Duration::ZERO,
            drain_timeout: Duration::from_secs(30),
            default_zone: TimeZone::UTC,
            slow_call: Some(Duration::from_secs(1)),
            reflection: true,
            open_health: true,
            open_reflection: false,
            keepalive: Duration::from_secs(30),
            idle_timeout: Duration::from_mins(15),
            stall_timeout: Duration::from_secs(30),
            max_connection_age: None,
        }
    }
}

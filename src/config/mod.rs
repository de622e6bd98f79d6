//! The configuration: what can be set, from where, and what it is without.
//!
//! Three sources, the later overruling the earlier: a TOML file, environment
//! variables, flags. A setting has one name in all three: the key
//! `limit.text` is `text` in the file's `[limit]`, the variable
//! `KHABAR_LIMIT_TEXT` and the flag `--limit-text`. [`SETTINGS`] is the one
//! list of them: the command line's help, the files' and variables' readers
//! and `docs/configuration.md` all follow it.
//!
//! To add a setting: a field in [`Config`], a line in [`SETTINGS`], a line in
//! the document (a test tells which).

mod env;
mod error;
mod file;
mod settings;
mod slot;
mod value;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::tz::TimeZone;

pub use error::{ConfigError, Place};
pub use settings::{SETTINGS, Setting};
pub use value::LogFormat;

use crate::limits::Limits;

/// Everything about Khabar that can be set.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// Where to listen for gRPC.
    pub listen: SocketAddr,
    /// Where to listen for metrics and probes; none to leave them out.
    pub admin_listen: Option<SocketAddr>,
    /// What a caller may ask for.
    pub limits: Limits,
    /// How much memory the cache may take, in bytes; 0 turns it off.
    pub cache_size: usize,
    /// The largest answer that is kept, in bytes.
    pub cache_entry: usize,
    /// How long an answer stays in the cache.
    pub cache_ttl: Duration,
    /// How many threads the engines work on; 0 for one a core.
    pub pool_threads: usize,
    /// How many pieces of work may wait for a thread.
    pub pool_queue: usize,
    /// How many calls may be in flight at once.
    pub max_in_flight: usize,
    /// How many connections may be open at once.
    pub max_connections: usize,
    /// After how long without a sign of life a connection is probed.
    pub keepalive: Duration,
    /// After how long a connection is asked to be opened anew.
    pub max_connection_age: Option<Duration>,
    /// Whether callers can ask for the API (gRPC reflection).
    pub reflection: bool,
    /// How long calls are still welcome after probes were told otherwise.
    pub drain_notice: Duration,
    /// How long calls in flight may go on once the server drains.
    pub drain_timeout: Duration,
    /// What log lines look like.
    pub log_format: LogFormat,
    /// Which log lines are written, as `LEVEL[,TARGET=LEVEL…]`.
    pub log_level: String,
    /// The time zone of articles that name none.
    pub time_zone: TimeZone,
    /// The newsroom's own names, see [`NamesFile`](crate::entities::NamesFile).
    pub names: Option<PathBuf>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 50051)),
            admin_listen: None,
            limits: Limits::default(),
            cache_size: 256 << 20,
            cache_entry: 1 << 20,
            cache_ttl: Duration::from_hours(24),
            pool_threads: 0,
            pool_queue: 1024,
            max_in_flight: 8192,
            max_connections: 8192,
            keepalive: Duration::from_secs(30),
            max_connection_age: None,
            reflection: true,
            drain_notice: Duration::ZERO,
            drain_timeout: Duration::from_secs(30),
            log_format: LogFormat::Text,
            log_level: "info".to_owned(),
            time_zone: TimeZone::UTC,
            names: None,
        }
    }
}

/// The variable that names the configuration file.
pub const FILE_VARIABLE: &str = "KHABAR_CONFIG";

impl Config {
    /// Reads a configuration from all its sources.
    ///
    /// `file` is the file named by a flag; without it, [`FILE_VARIABLE`] may
    /// name one. `flags` are settings and their values, as typed.
    ///
    /// ```
    /// use khabar::config::{Config, SETTINGS};
    ///
    /// let zone = SETTINGS.iter().find(|setting| setting.key == "time_zone").unwrap();
    /// let environment = [("KHABAR_LISTEN".into(), "[::1]:6000".into())];
    /// let config = Config::load(None, environment, &[(zone, "Asia/Qatar".into())]).unwrap();
    /// assert_eq!(config.listen.port(), 6000);
    /// assert_eq!(config.time_zone.iana_name(), Some("Asia/Qatar"));
    /// ```
    ///
    /// # Errors
    ///
    /// [`ConfigError`] names the first thing in any source that is unknown or
    /// that cannot be: its place, its value and what is allowed.
    pub fn load(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (std::ffi::OsString, std::ffi::OsString)>,
        flags: &[(&'static Setting, String)],
    ) -> Result<Self, ConfigError> {
        let mut config = Self::default();
        let environment = env::read(environment)?;
        if let Some(path) = file.map(Path::to_owned).or(environment.file) {
            file::apply(&path, &mut config)?;
        }
        for (setting, value) in environment.values {
            setting.set(&mut config, &value, &Place::Variable(setting.variable()))?;
        }
        for (setting, value) in flags {
            setting.set(&mut config, value, &Place::Flag(setting.flag()))?;
        }
        Ok(config)
    }
}

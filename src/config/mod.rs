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

pub use error::{ConfigError, Place};
pub use settings::{SETTINGS, Setting};
pub use value::LogFormat;

use crate::server::ServerOptions;

/// Everything about Khabar that can be set.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// Where to listen for gRPC.
    pub listen: SocketAddr,
    /// Where to listen for metrics and probes; none to leave them out.
    pub admin_listen: Option<SocketAddr>,
    /// What TLS is made of; without it, the server speaks plain HTTP/2.
    pub tls: TlsFiles,
    /// What the server accepts, remembers and allows.
    pub server: ServerOptions,
    /// The collector that spans are sent to, as a URL; none to make no spans.
    pub traces: Option<String>,
    /// What log lines look like.
    pub log_format: LogFormat,
    /// Which log lines are written, as `LEVEL[,TARGET=LEVEL…]`.
    pub log_level: String,
    /// The keys that callers must have; none to let everyone call. See
    /// [`KeyRing`](crate::keys::KeyRing).
    pub auth_keys: Option<PathBuf>,
    /// The newsroom's own names, see [`NamesFile`](crate::entities::NamesFile).
    pub names: Option<PathBuf>,
    /// How often files are read again to see whether they have changed; none
    /// to read them at the start only.
    pub reload_every: Option<Duration>,
}

/// The files that TLS is made of, in PEM.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TlsFiles {
    /// The server's certificate, then those between it and the CA's.
    pub certificate: Option<PathBuf>,
    /// The certificate's private key.
    pub key: Option<PathBuf>,
    /// The CAs of clients' certificates, which clients then must have.
    pub client_ca: Option<PathBuf>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 50051)),
            admin_listen: None,
            tls: TlsFiles::default(),
            server: ServerOptions::default(),
            traces: None,
            log_format: LogFormat::Text,
            log_level: "info".to_owned(),
            auth_keys: None,
            names: None,
            reload_every: Some(Duration::from_secs(10)),
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
    /// assert_eq!(config.server.default_zone.iana_name(), Some("Asia/Qatar"));
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
        config.check()?;
        Ok(config)
    }

    /// Reads a configuration from the contents of a file alone; `path` is what
    /// errors call it.
    ///
    /// # Errors
    ///
    /// [`ConfigError`], as for [`Config::load`].
    pub fn parse(path: &Path, contents: &str) -> Result<Self, ConfigError> {
        let mut config = Self::default();
        file::parse(path, contents, &mut config)?;
        config.check()?;
        Ok(config)
    }

    /// Whether the settings go together.
    fn check(&self) -> Result<(), ConfigError> {
        let second = &self.server.second;
        if second.url.is_some() && second.secret.is_none() {
            return Err(ConfigError::Missing { setting: "l2.url", missing: "l2.secret" });
        }
        Ok(())
    }
}

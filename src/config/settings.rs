//! The list of all settings.

use std::ops::RangeInclusive;
use std::time::Duration;

use super::slot::Slot;
use super::{Config, ConfigError, Place};
use crate::limits::Limits;

/// Something that can be set.
#[derive(Debug)]
pub struct Setting {
    /// Its key in the file, with its table: `limit.text`.
    pub key: &'static str,
    /// The heading it stands under in the help.
    pub group: &'static str,
    /// What it means: a sentence or two, with the unit.
    pub help: &'static str,
    slot: Slot,
}

const LISTEN: &str = "Listening";
const CALLERS: &str = "Callers";
const LIMITS: &str = "Limits (told by GetServerInfo)";
const CACHE: &str = "Cache";
const SECOND: &str = "Second level of the cache (Redis or Valkey)";
const LOAD: &str = "Load";
const SHUTDOWN: &str = "Shutdown";
const LOGS: &str = "Logs (to standard error) and traces";
const ENGINES: &str = "Engines";
const FILES: &str = "Files";

const SIZES: RangeInclusive<usize> = 1024..=Limits::CEILING_BYTES;
const HOUR: Duration = Duration::from_hours(1);
const TIMES: RangeInclusive<Duration> = Duration::from_millis(1)..=Duration::from_hours(24);

const PERIODS: RangeInclusive<Duration> = Duration::from_secs(1)..=Duration::from_hours(24);
const AGES: RangeInclusive<Duration> = Duration::from_mins(1)..=Duration::from_hours(24);

/// All settings, in the order of the help.
pub static SETTINGS: &[Setting] = &[
    Setting {
        key: "listen",
        group: LISTEN,
        help: "Where to answer gRPC calls. 0.0.0.0 and [::] are every network of the machine; \
               port 0 lets the system choose.",
        slot: Slot::Address(|config| &mut config.listen),
    },
    Setting {
        key: "admin.listen",
        group: LISTEN,
        help: "Where to answer HTTP on /metrics (Prometheus), /livez and /readyz; off for nowhere. \
               For the inside of a network only.",
        slot: Slot::OptionalAddress(|config| &mut config.admin_listen),
    },
    Setting {
        key: "reflection",
        group: LISTEN,
        help: "Whether callers can ask for the API (gRPC reflection, as grpcurl does).",
        slot: Slot::Switch(|config| &mut config.server.reflection),
    },
    Setting {
        key: "tls.certificate",
        group: LISTEN,
        help: "A file with the server's certificate and those between it and the CA's (PEM). With \
               it and tls.key the gRPC port speaks TLS, and nothing else.",
        slot: Slot::Path(|config| &mut config.tls.certificate),
    },
    Setting {
        key: "tls.key",
        group: LISTEN,
        help: "A file with the certificate's private key (PEM).",
        slot: Slot::Path(|config| &mut config.tls.key),
    },
    Setting {
        key: "tls.client_ca",
        group: LISTEN,
        help: "A file with CAs (PEM), of one of which a caller must have a certificate (mTLS).",
        slot: Slot::Path(|config| &mut config.tls.client_ca),
    },
    Setting {
        key: "tls.handshake_timeout",
        group: LISTEN,
        help: "How long a caller may take for the handshake of TLS.",
        slot: Slot::Duration(
            |config| &mut config.server.handshake_timeout,
            Duration::from_millis(100)..=Duration::from_mins(1),
        ),
    },
    Setting {
        key: "auth.keys",
        group: CALLERS,
        help: "A file of the keys that callers must have: lines of name, SHA-256, rate and \
               priority, as `khabar key new NAME` prints them. Without it everyone may call.",
        slot: Slot::Path(|config| &mut config.auth_keys),
    },
    Setting {
        key: "auth.open_health",
        group: CALLERS,
        help: "Whether health checks need no key.",
        slot: Slot::Switch(|config| &mut config.server.open_health),
    },
    Setting {
        key: "auth.open_reflection",
        group: CALLERS,
        help: "Whether reflection needs no key.",
        slot: Slot::Switch(|config| &mut config.server.open_reflection),
    },
    Setting {
        key: "limit.request",
        group: LIMITS,
        help: "The largest request message, in bytes.",
        slot: Slot::Size(|config| &mut config.server.limits.max_request_bytes, SIZES),
    },
    Setting {
        key: "limit.text",
        group: LIMITS,
        help: "The longest title or text, in bytes of UTF-8.",
        slot: Slot::Size(|config| &mut config.server.limits.max_text_bytes, SIZES),
    },
    Setting {
        key: "limit.answer",
        group: LIMITS,
        help: "The largest answer message, in bytes. Go, Java and Python clients refuse more than \
               4MiB unless told otherwise.",
        slot: Slot::Size(|config| &mut config.server.limits.max_answer_bytes, SIZES),
    },
    Setting {
        key: "limit.batch",
        group: LIMITS,
        help: "The most articles in a batch.",
        slot: Slot::Count(|config| &mut config.server.limits.max_batch_articles, 1..=4096),
    },
    Setting {
        key: "limit.streams",
        group: LIMITS,
        help: "The most calls open at once on one connection.",
        slot: Slot::Count32(
            |config| &mut config.server.limits.max_streams_per_connection,
            1..=65_536,
        ),
    },
    Setting {
        key: "limit.deadline",
        group: LIMITS,
        help: "The longest a unary call or one item of a stream may take, also for callers that \
               allow more.",
        slot: Slot::Duration(|config| &mut config.server.limits.max_deadline, TIMES),
    },
    Setting {
        key: "limit.stream_lifetime",
        group: LIMITS,
        help: "The longest a stream may live.",
        slot: Slot::Duration(|config| &mut config.server.limits.max_stream_lifetime, TIMES),
    },
    Setting {
        key: "cache.size",
        group: CACHE,
        help: "How much memory the kept answers may take, in bytes; 0 keeps none.",
        slot: Slot::Size64(|config| &mut config.server.cache.capacity_bytes, 0..=1 << 40),
    },
    Setting {
        key: "cache.entry",
        group: CACHE,
        help: "The largest answer that is kept, in bytes: one giant must not drive out thousands.",
        slot: Slot::Size(|config| &mut config.server.cache.max_entry_bytes, SIZES),
    },
    Setting {
        key: "cache.ttl",
        group: CACHE,
        help: "How long an answer is kept.",
        slot: Slot::Duration(
            |config| &mut config.server.cache.time_to_live,
            Duration::from_secs(1)..=Duration::from_hours(365 * 24),
        ),
    },
    Setting {
        key: "cache.shared",
        group: CACHE,
        help: "Whether callers with keys are given answers that were made for others. It saves \
               work; but a hit tells that another has asked for that text.",
        slot: Slot::Switch(|config| &mut config.server.cache.shared),
    },
    Setting {
        key: "l2.url",
        group: SECOND,
        help: "Where replicas share answers: redis://[user:password@]host[:port], rediss:// for \
               TLS; several nodes of a cluster are parted by commas. Needs l2.secret.",
        slot: Slot::SecretUrl(|config| &mut config.server.second.url),
    },
    Setting {
        key: "l2.secret",
        group: SECOND,
        help: "What names and seals of shared answers are keyed with: 16 characters or more, the \
               same on all replicas, known to nobody else.",
        slot: Slot::Secret(|config| &mut config.server.second.secret),
    },
    Setting {
        key: "l2.timeout",
        group: SECOND,
        help: "The longest a request waits for the second level before its answer is computed.",
        slot: Slot::Duration(
            |config| &mut config.server.second.timeout,
            Duration::from_millis(1)..=Duration::from_secs(1),
        ),
    },
    Setting {
        key: "l2.ttl",
        group: SECOND,
        help: "How long an answer is kept in the second level.",
        slot: Slot::Duration(
            |config| &mut config.server.second.time_to_live,
            Duration::from_secs(1)..=Duration::from_hours(365 * 24),
        ),
    },
    Setting {
        key: "l2.cluster",
        group: SECOND,
        help: "Whether the second level is a cluster.",
        slot: Slot::Switch(|config| &mut config.server.second.cluster),
    },
    Setting {
        key: "l2.ca",
        group: SECOND,
        help: "A file of certificates (PEM) that vouch for those of a rediss:// URL; without one, \
               those that the system trusts.",
        slot: Slot::Path(|config| &mut config.server.second.ca),
    },
    Setting {
        key: "pool.threads",
        group: LOAD,
        help: "How many threads the engines work on; 0 for one for each core.",
        slot: Slot::Count(|config| &mut config.server.pool_threads, 0..=1024),
    },
    Setting {
        key: "pool.queue",
        group: LOAD,
        help: "How many articles may wait for a thread; more are refused with RESOURCE_EXHAUSTED.",
        slot: Slot::Count(|config| &mut config.server.pool_queue, 1..=1_000_000),
    },
    Setting {
        key: "pool.wait",
        group: LOAD,
        help: "How long unary calls may have to wait for a thread while more come in than are \
               answered; those that would wait longer are refused with RESOURCE_EXHAUSTED, though \
               three articles a thread may always wait. off: only pool.queue counts.",
        slot: Slot::OptionalDuration(|config| &mut config.server.pool_wait, TIMES),
    },
    Setting {
        key: "pool.burst",
        group: LOAD,
        help: "For how long more than that may wait, so that a burst is answered and not refused.",
        slot: Slot::Duration(|config| &mut config.server.pool_burst, Duration::ZERO..=HOUR),
    },
    Setting {
        key: "limit.in_flight",
        group: LOAD,
        help: "The most calls in flight at once, of which half may be streams and batches; more \
               are refused with RESOURCE_EXHAUSTED.",
        slot: Slot::Count(|config| &mut config.server.max_in_flight, 1..=1_000_000),
    },
    Setting {
        key: "limit.connections",
        group: LOAD,
        help: "The most connections open at once. For more, those idle the longest are closed; \
               where all are in use, more wait to be accepted.",
        slot: Slot::Count(|config| &mut config.server.max_connections, 1..=1_000_000),
    },
    Setting {
        key: "connection.keepalive",
        group: LOAD,
        help: "After how long without a sign of life a connection is probed, and how long it has \
               to answer before it is closed.",
        slot: Slot::Duration(|config| &mut config.server.keepalive, Duration::from_secs(1)..=HOUR),
    },
    Setting {
        key: "connection.idle",
        group: LOAD,
        help: "After how long without a call a connection is closed.",
        slot: Slot::Duration(
            |config| &mut config.server.idle_timeout,
            Duration::from_secs(1)..=Duration::from_hours(24),
        ),
    },
    Setting {
        key: "connection.stall",
        group: LOAD,
        help: "How long a caller may take nothing of an answer that is ready before its \
               connection is closed; its other calls are answered first.",
        slot: Slot::Duration(
            |config| &mut config.server.stall_timeout,
            Duration::from_secs(1)..=HOUR,
        ),
    },
    Setting {
        key: "connection.max_age",
        group: LOAD,
        help: "After how long, give or take a tenth, a connection is asked to be opened anew, so \
               that load spreads over new replicas; off for never.",
        slot: Slot::OptionalDuration(|config| &mut config.server.max_connection_age, AGES),
    },
    Setting {
        key: "drain.notice",
        group: SHUTDOWN,
        help: "How long new calls are still welcome after SIGTERM or SIGINT while health checks \
               say NOT_SERVING: the time a balancer needs to notice.",
        slot: Slot::Duration(|config| &mut config.server.drain_notice, Duration::ZERO..=HOUR),
    },
    Setting {
        key: "drain.timeout",
        group: SHUTDOWN,
        help: "How long calls in flight may go on after that; then they are cut off. A second \
               signal cuts them off at once.",
        slot: Slot::Duration(|config| &mut config.server.drain_timeout, Duration::ZERO..=HOUR),
    },
    Setting {
        key: "log.format",
        group: LOGS,
        help: "What log lines look like: text, or json for one object a line.",
        slot: Slot::LogFormat(|config| &mut config.log_format),
    },
    Setting {
        key: "log.level",
        group: LOGS,
        help: "The least level that is logged: off, error, warn, info, debug or trace; parts may \
               have their own (info,khabar::cache=debug).",
        slot: Slot::LogFilter(|config| &mut config.log_level),
    },
    Setting {
        key: "log.slow",
        group: LOGS,
        help: "From which time on a call is told in the log with its sizes and where its time \
               went, but none of its text; streams have no such line; off for never.",
        slot: Slot::OptionalDuration(|config| &mut config.server.slow_call, Duration::ZERO..=HOUR),
    },
    Setting {
        key: "traces.endpoint",
        group: LOGS,
        help: "Where to send traces: a collector that takes OTLP by gRPC, http://HOST:4317. For \
               builds with the feature otlp.",
        slot: Slot::Url(|config| &mut config.traces),
    },
    Setting {
        key: "time_zone",
        group: ENGINES,
        help: "The IANA name of the time zone in which the days of articles that name none are \
               counted.",
        slot: Slot::Zone(|config| &mut config.server.default_zone),
    },
    Setting {
        key: "names",
        group: ENGINES,
        help: "A file of the newsroom's own names, which overrule all others: lines of surface, \
               type and name, parted by tabs.",
        slot: Slot::Path(|config| &mut config.names),
    },
    Setting {
        key: "reload.interval",
        group: FILES,
        help: "How often files named in the configuration are read again, so that a change takes \
               hold without a restart; off for never.",
        slot: Slot::OptionalDuration(|config| &mut config.reload_every, PERIODS),
    },
];

impl Setting {
    /// The setting with a key.
    pub fn find(key: &str) -> Option<&'static Self> {
        SETTINGS.iter().find(|setting| setting.key == key)
    }

    /// Its environment variable: `KHABAR_LIMIT_TEXT`.
    pub fn variable(&self) -> String {
        format!("KHABAR_{}", self.key.replace('.', "_").to_ascii_uppercase())
    }

    /// Its flag: `--limit-text`.
    pub fn flag(&self) -> String {
        format!("--{}", self.flag_name())
    }

    /// Its flag without dashes before it: `limit-text`.
    pub fn flag_name(&self) -> String {
        self.key.replace(['.', '_'], "-")
    }

    /// Another name of its flag: a thing's URL is also set by the thing's name,
    /// `--l2` for `l2.url`.
    pub fn flag_alias(&self) -> Option<&'static str> {
        self.key.strip_suffix(".url")
    }

    /// Whether there is a flag for it: not for a secret, as everyone on a
    /// machine can see the flags of its processes.
    pub fn has_flag(&self) -> bool {
        !matches!(self.slot, Slot::Secret(_))
    }

    /// What stands for a value in the help: `SIZE`.
    pub fn value_name(&self) -> &'static str {
        self.slot.value_name()
    }

    /// The value that a configuration holds, as one would write it.
    ///
    /// ```
    /// use khabar::config::{Config, Setting};
    ///
    /// let setting = Setting::find("limit.text").unwrap();
    /// assert_eq!(setting.show(&Config::default()), "1MiB");
    /// ```
    pub fn show(&self, config: &Config) -> String {
        self.slot.show(config)
    }

    /// Puts a value into a configuration.
    pub(super) fn set(
        &self,
        config: &mut Config,
        value: &str,
        place: &Place,
    ) -> Result<(), ConfigError> {
        self.slot.set(config, value).map_err(|problem| ConfigError::Value {
            place: place.clone(),
            value: if self.slot.is_hidden() { "***".to_owned() } else { value.to_owned() },
            problem,
        })
    }
}

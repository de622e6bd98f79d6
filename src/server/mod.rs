//! The running server: [`serve`] and all it takes.
//!
//! * `options`: what can be set;
//! * `behind`: lets the calls of a connection go before it;
//! * `connections`: accepts and serves connections, and lets them go;
//! * `linger`: closes connections without losing the last answers;
//! * `security`: makes the handshake of TLS;
//! * `traffic`: the calls of one connection, and whether their answers are taken;
//! * `health`: what probes are told.

mod behind;
mod connections;
mod health;
mod linger;
mod options;
mod security;
mod traffic;

use std::io;
use std::pin::pin;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;
use tonic::codec::CompressionEncoding;
use tonic::service::Routes;

pub use options::ServerOptions;

use crate::analyze::{AnalyzeOptions, Engine};
use crate::article::Article;
use crate::cache::second::SecondLevel;
use crate::cache::{AnswerCache, Keyer};
use crate::cancel::CancelFlag;
use crate::keys::KeyRing;
use crate::layers::{self, Access};
use crate::metrics;
use crate::pool::{Pool, Priority};
use crate::proto;
use crate::service::analyst::{Analyst, Compute, compute};
use crate::service::info::server_info;
use crate::service::live::LiveEngine;
use crate::service::request::RequestReader;
use crate::service::wire::text_analytics_service_server::TextAnalyticsServiceServer;
use crate::service::{Handlers, Intake, Window};
use crate::tls::Tls;

use connections::Connections;
use health::Health;

/// How often the cache is tidied when nobody asks for anything.
const TIDY_EVERY: Duration = Duration::from_secs(5);

/// A server that is ready to be served.
pub struct Server {
    options: ServerOptions,
    live: LiveEngine,
    compute: Compute,
    keys: Option<KeyRing>,
    tls: Option<Tls>,
    ready: watch::Sender<bool>,
}

/// How a server came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drained {
    /// Everything that was in flight was answered.
    Clean,
    /// Some of it was cut off when the time for draining was over.
    CutOff,
}

impl Server {
    /// A server that answers with `engine`.
    pub fn new(options: ServerOptions, engine: Engine) -> Self {
        let live = LiveEngine::new(engine);
        Self {
            options,
            live,
            compute: compute(),
            keys: None,
            tls: None,
            ready: watch::Sender::new(false),
        }
    }

    /// Has jobs done by something else than the engine itself: something that
    /// measures it, say, or stands in for it.
    #[must_use]
    pub fn with_compute(mut self, compute: Compute) -> Self {
        self.compute = compute;
        self
    }

    /// Asks every caller for a key. Without this, everyone may call.
    #[must_use]
    pub fn with_keys(mut self, keys: KeyRing) -> Self {
        self.keys = Some(keys);
        self
    }

    /// Speaks TLS, and nothing else.
    #[must_use]
    pub fn with_tls(mut self, tls: Tls) -> Self {
        self.tls = Some(tls);
        self
    }

    /// The engine it answers with, to be exchanged while it runs.
    pub fn engine(&self) -> LiveEngine {
        self.live.clone()
    }

    /// Whether new calls are welcome: from the moment the engine is warm until
    /// the server drains.
    pub fn ready(&self) -> watch::Receiver<bool> {
        self.ready.subscribe()
    }
}

/// Serves until `shutdown` ends, then drains:
///
/// 1. probes are told `NOT_SERVING`, while calls are still answered, for
///    `drain_notice`;
/// 2. no more connections are accepted, and callers are told to open no more
///    calls on those that are open; `AnalyzeStream` stops reading;
///    `Health/Watch` ends;
/// 3. when all calls are answered, or after `drain_timeout`, the rest is cut
///    off and `serve` returns.
///
/// # Errors
///
/// When threads cannot be started, the system has no random bits, the engine
/// fails on its first article, or what is set about the second level of the cache
/// cannot be used.
pub async fn serve(
    listener: TcpListener,
    server: Server,
    shutdown: impl Future<Output = ()>,
) -> io::Result<Drained> {
    metrics::ready(false);
    let Server { options, live, compute, keys, tls, ready } = server;
    let engine = live.get();
    let pool = Pool::with(options.pool_threads(), options.queue())?;
    let kept_bytes = options.cache.max_entry_bytes.min(options.limits.max_answer_bytes);
    let second = SecondLevel::new(&options.second, kept_bytes).map_err(io::Error::other)?;
    let cache = AnswerCache::new(&options.cache, pool.clone(), options.limits.max_deadline)
        .with_second(second);
    let _tidying = tidy(cache.clone(), pool.clone());
    let drain = CancellationToken::new();
    let analyst = Analyst::new(
        live,
        compute,
        cache,
        keyer(&options)?,
        options.cache.shared,
        options.limits.max_answer_bytes,
    );
    let health = Health::new().await;
    let routes = routes(&options, &engine, analyst, &health, drain.clone())?;
    let access = keys.map(|keys| Access {
        keys,
        open_health: options.open_health,
        open_reflection: options.open_reflection,
    });
    let service = layers::around(
        routes,
        &options.limits,
        access.as_ref(),
        options.slow_call,
        options.max_in_flight,
        pool,
        &drain,
    );
    let mut connections = Connections::new(listener, tls, service, &options);

    let mut shutdown = pin!(shutdown);
    let mut warming = AbortOnDropHandle::new(tokio::task::spawn_blocking(move || warm(&engine)));
    let mut warm = false;
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            warmed = &mut warming, if !warm => {
                warmed.map_err(io::Error::other)?;
                warm = true;
                health.serving().await;
                ready.send_replace(true);
                metrics::ready(true);
            }
            never = connections.accept() => match never {},
        }
    }

    tracing::info!("draining");
    ready.send_replace(false);
    metrics::ready(false);
    health.not_serving().await;
    if !options.drain_notice.is_zero() {
        tokio::select! {
            () = tokio::time::sleep(options.drain_notice) => {}
            never = connections.accept() => match never {},
        }
    }
    drain.cancel();
    health.end().await;
    let drained = connections.drain(options.drain_timeout).await;
    tracing::info!(?drained, "drained");
    Ok(drained)
}

/// Replicas that share answers find them by the same keys, all others by their
/// own.
fn keyer(options: &ServerOptions) -> io::Result<Keyer> {
    match &options.second.secret {
        Some(secret) if options.second.url.is_some() => {
            Ok(Keyer::with_secret(secret.reveal().as_bytes()))
        }
        _ => Keyer::random(),
    }
}

/// Builds what the engine builds on first use, before anyone waits for it.
fn warm(engine: &Engine) {
    let article = Article::new("\u{62e}\u{628}\u{631}", "\u{646}\u{635}.");
    let _ = engine.analyze(&article, &AnalyzeOptions::default(), &CancelFlag::new());
}

fn tidy(cache: AnswerCache, pool: Pool) -> AbortOnDropHandle<()> {
    AbortOnDropHandle::new(tokio::spawn(async move {
        let mut ticks = tokio::time::interval(TIDY_EVERY);
        loop {
            ticks.tick().await;
            let cache = cache.clone();
            // When there is no room in the queue there will be another time.
            let _ = pool.submit(Priority::Bulk, CancelFlag::new(), move |_| cache.tidy());
        }
    }))
}

fn routes(
    options: &ServerOptions,
    engine: &Engine,
    analyst: Analyst,
    health: &Health,
    drain: CancellationToken,
) -> io::Result<Routes> {
    let limits = options.limits.clone();
    let zone = options.default_zone.clone();
    let handlers = Handlers {
        info: server_info(engine, &limits, zone.iana_name().unwrap_or("UTC")),
        intake: Intake::new(RequestReader::new(limits.clone(), zone), analyst.clone()),
        analyst,
        window: Window::default(),
        drain,
        limits,
    };
    // Compressed requests are welcome. Answers are not compressed: for what a
    // caller saves in bytes the server would pay several times the CPU of the
    // whole call, and some clients offer compression without being asked.
    let analytics = TextAnalyticsServiceServer::new(handlers)
        .accept_compressed(CompressionEncoding::Gzip)
        .accept_compressed(CompressionEncoding::Zstd)
        .max_decoding_message_size(options.limits.max_request_bytes)
        .max_encoding_message_size(options.limits.max_answer_bytes);
    let mut routes = Routes::new(analytics).add_service(health.service());
    if options.reflection {
        let builder = || {
            tonic_reflection::server::Builder::configure()
                .register_encoded_file_descriptor_set(proto::DESCRIPTORS)
                .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        };
        routes = routes
            .add_service(builder().build_v1().map_err(io::Error::other)?)
            .add_service(builder().build_v1alpha().map_err(io::Error::other)?);
    }
    Ok(routes.prepare())
}

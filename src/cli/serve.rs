//! `khabar serve`: the server, until it is told to stop.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::settings::{Choice, Flags};
use super::{Failure, callers, certificates, names};
use crate::analyze::Engine;
use crate::config::{Config, Setting};
use crate::keys::KeyRing;
use crate::reload::Files;
use crate::server::{self, Drained, Server};
use crate::tls::Tls;
use crate::{admin, metrics, telemetry};

/// Run the gRPC server
///
/// Every setting can be given by a flag, by an environment variable or in a
/// TOML file; flags overrule variables, variables the file. Sizes are in bytes
/// or have a unit (512KiB, 4MiB, 1GiB), durations always have one (500ms, 10s,
/// 5m, 24h, 7d). SIGTERM and SIGINT let calls in flight finish; a second
/// signal ends at once.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    flags: Flags<All>,
}

/// All settings.
#[derive(Debug)]
struct All;

impl Choice for All {
    fn has(_: &Setting) -> bool {
        true
    }
}

/// Serves; fails if the server cannot start, or if calls had to be cut off.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let config = args.flags.load()?;
    let (engine, names) = names::engine(&config)?;
    let callers = callers::keys(&config)?;
    let tls = certificates::tls(&config)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_name("khabar-io")
        .build()
        .map_err(Failure::because)?;
    let within = runtime.enter();
    let last_spans =
        telemetry::start(config.log_format, &config.log_level, config.traces.as_deref())
            .map_err(Failure::because)?;
    drop(within);
    let drained = runtime.block_on(serve(config, engine, names, callers, tls));
    // Sent by the runtime, before it ends.
    last_spans.send();
    // What was cut off must not hold up the end.
    runtime.shutdown_background();
    match drained? {
        Drained::Clean => Ok(()),
        Drained::CutOff => Err(Failure::because("calls in flight were cut off (drain.timeout)")),
    }
}

async fn serve(
    config: Config,
    engine: Engine,
    names: Option<Files>,
    callers: Option<(KeyRing, Files)>,
    tls: Option<(Tls, Files)>,
) -> Result<Drained, Failure> {
    let listener = listen("listen", config.listen).await?;
    let admin = match config.admin_listen {
        Some(address) => Some(listen("admin.listen", address).await?),
        None => None,
    };
    let told = told_to_stop().map_err(Failure::because)?;
    tracing::info!(
        address = %local(&listener)?,
        admin = admin.as_ref().map(local).transpose()?.map(tracing::field::display),
        version = env!("CARGO_PKG_VERSION"),
        engine_version = engine.version(),
        "listening"
    );
    let mut server = Server::new(config.server, engine);
    if let Some((keys, _)) = &callers {
        server = server.with_keys(keys.clone());
    }
    if let Some((tls, _)) = &tls {
        server = server.with_tls(tls.clone());
    }
    let over = CancellationToken::new();
    let admin = match admin {
        Some(listener) => {
            let recorded = telemetry::record_metrics().map_err(Failure::because)?;
            metrics::describe();
            let over = over.clone().cancelled_owned();
            Some(tokio::spawn(admin::serve(listener, Arc::new(recorded), server.ready(), over)))
        }
        None => None,
    };
    if let Some(every) = config.reload_every {
        if let Some(files) = names {
            tokio::spawn(names::follow(files, every, server.engine(), over.clone()));
        }
        if let Some((keys, files)) = callers {
            tokio::spawn(callers::follow(files, every, keys, over.clone()));
        }
        if let Some((tls, files)) = tls {
            tokio::spawn(certificates::follow(files, every, tls, over.clone()));
        }
    }
    let drained = server::serve(listener, server, told).await.map_err(Failure::because)?;
    over.cancel();
    if let Some(admin) = admin {
        let _ = admin.await;
    }
    Ok(drained)
}

async fn listen(setting: &str, address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address)
        .await
        .map_err(|error| Failure::because(format!("{setting} = {address}: {error}")))
}

fn local(listener: &TcpListener) -> Result<SocketAddr, Failure> {
    listener.local_addr().map_err(Failure::because)
}

/// Ends when SIGTERM or SIGINT comes. From then on, another ends the process.
fn told_to_stop() -> io::Result<impl Future<Output = ()>> {
    let mut term = signal(SignalKind::terminate())?;
    let mut int = signal(SignalKind::interrupt())?;
    Ok(async move {
        let name = either(&mut term, &mut int).await;
        tracing::info!(signal = name, "told to stop");
        tokio::spawn(async move {
            let name = either(&mut term, &mut int).await;
            tracing::warn!(signal = name, "told again: ending at once");
            std::process::exit(1);
        });
    })
}

async fn either(term: &mut Signal, int: &mut Signal) -> &'static str {
    tokio::select! {
        _ = term.recv() => "SIGTERM",
        _ = int.recv() => "SIGINT",
    }
}

//! The engines with the newsroom's own names, at the start and whenever the
//! file changes.

use std::error::Error;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::Failure;
use crate::analyze::Engine;
use crate::config::Config;
use crate::entities::NamesFile;
use crate::metrics;
use crate::reload::{self, Contents, Files, Unreadable, parse_text};
use crate::service::live::LiveEngine;

/// The engines as configured, and the files they were made from, if any.
pub(super) fn engine(config: &Config) -> Result<(Engine, Option<Files>), Failure> {
    let Some(path) = &config.names else { return Ok((Engine::new(), None)) };
    let (files, contents) = Files::read(vec![path.clone()]).map_err(Failure::because)?;
    let names = parse_text(Ok(contents), NamesFile::parse)
        .map_err(|error| Failure::in_file(path, &error))?;
    Ok((Engine::with_names(names), Some(files)))
}

/// Puts another engine in use whenever the names change, until `over`. Names
/// that cannot be read leave the engine in use as it is.
pub(super) async fn follow(
    files: Files,
    every: Duration,
    live: LiveEngine,
    over: CancellationToken,
) {
    let put = move |change: Result<Contents, Unreadable>| {
        let names = parse_text(change, NamesFile::parse);
        metrics::reloaded("names", names.is_ok());
        match names {
            Ok(names) => {
                let rules = names.len();
                let engine = Engine::with_names(names);
                tracing::info!(rules, engine_version = engine.version(), "names read again");
                live.put(engine);
            }
            Err(bad) => {
                let error = &bad as &dyn Error;
                tracing::error!(error, "names not taken; those read before stay in use");
            }
        }
    };
    reload::watch(files, every, over, put).await;
}

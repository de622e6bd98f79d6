//! The keys of callers, at the start and whenever the file changes.

use std::error::Error;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::Failure;
use crate::config::Config;
use crate::keys::KeyRing;
use crate::metrics;
use crate::reload::{self, Contents, Files, Unreadable, parse_text};

/// The keys as configured, and the file they come from.
pub(super) fn keys(config: &Config) -> Result<Option<(KeyRing, Files)>, Failure> {
    let Some(path) = &config.auth_keys else { return Ok(None) };
    let (files, contents) = Files::read(vec![path.clone()]).map_err(Failure::because)?;
    let keys = parse_text(Ok(contents), KeyRing::parse);
    Ok(Some((keys.map_err(|error| Failure::in_file(path, &error))?, files)))
}

/// Replaces the keys whenever their file changes, until `over`. A file that
/// cannot be read leaves them as they are.
pub(super) async fn follow(files: Files, every: Duration, keys: KeyRing, over: CancellationToken) {
    let put = move |change: Result<Contents, Unreadable>| {
        let replaced = parse_text(change, |text| keys.replace(text));
        metrics::reloaded("keys", replaced.is_ok());
        match replaced {
            Ok(()) => tracing::info!(keys = keys.len(), "keys read again"),
            Err(bad) => {
                let error = &bad as &dyn Error;
                tracing::error!(error, "keys not taken; those read before stay in use");
            }
        }
    };
    reload::watch(files, every, over, put).await;
}

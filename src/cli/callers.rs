//! The keys of callers, at the start and whenever the file changes.

use std::error::Error;
use std::str::Utf8Error;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::Failure;
use crate::config::Config;
use crate::keys::{KeyRing, KeysFileError};
use crate::metrics;
use crate::reload::{self, Contents, Files, Unreadable};

/// The keys as configured, and the file they come from.
pub(super) fn keys(config: &Config) -> Result<Option<(KeyRing, Files)>, Failure> {
    let Some(path) = &config.auth_keys else { return Ok(None) };
    let (files, contents) = Files::read(vec![path.clone()]).map_err(Failure::because)?;
    let keys = text(&contents).and_then(|text| Ok(KeyRing::parse(text)?));
    Ok(Some((keys.map_err(|error| Failure::in_file(path, &error))?, files)))
}

/// Replaces the keys whenever their file changes, until `over`. A file that
/// cannot be read leaves them as they are.
pub(super) async fn follow(files: Files, every: Duration, keys: KeyRing, over: CancellationToken) {
    let put = move |change: Result<Contents, Unreadable>| {
        let replaced =
            change.map_err(Bad::from).and_then(|contents| Ok(keys.replace(text(&contents)?)?));
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

/// Why a keys file is not taken.
#[derive(Debug, thiserror::Error)]
enum Bad {
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    #[error("it is no UTF-8: {0}")]
    Encoding(#[from] Utf8Error),
    #[error(transparent)]
    Lines(#[from] KeysFileError),
}

fn text(contents: &Contents) -> Result<&str, Bad> {
    let contents = contents.first().map_or(&[][..], Vec::as_slice);
    Ok(std::str::from_utf8(contents)?)
}

//! The certificates of TLS, at the start and whenever a file changes.

use std::error::Error;
use std::path::PathBuf;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::Failure;
use crate::config::{Config, TlsFiles};
use crate::metrics;
use crate::reload::{self, Contents, Files, Unreadable};
use crate::tls::{Pem, Tls, TlsError};

/// TLS as configured, and the files it is made of.
pub(super) fn tls(config: &Config) -> Result<Option<(Tls, Files)>, Failure> {
    let Some(paths) = paths(&config.tls)? else { return Ok(None) };
    let (files, contents) = Files::read(paths).map_err(Failure::because)?;
    Ok(Some((Tls::new(pem(&contents)).map_err(Failure::because)?, files)))
}

/// The files in the order in which they are read; none without TLS.
fn paths(files: &TlsFiles) -> Result<Option<Vec<PathBuf>>, Failure> {
    match (&files.certificate, &files.key, &files.client_ca) {
        (None, None, None) => Ok(None),
        (Some(certificate), Some(key), client_ca) => {
            Ok(Some([certificate, key].into_iter().chain(client_ca).cloned().collect()))
        }
        (None, ..) => Err(Failure::because("tls.certificate is not set, but another of tls is")),
        (_, None, _) => Err(Failure::because("tls.key is not set, but another of tls is")),
    }
}

/// The contents of the files by what they are for.
fn pem(contents: &Contents) -> Pem<'_> {
    let file = |index| contents.get(index).map(Vec::as_slice);
    Pem {
        certificate: file(0).unwrap_or_default(),
        key: file(1).unwrap_or_default(),
        client_ca: file(2),
    }
}

/// Takes other certificates into use whenever a file changes, until `over`.
/// Those that cannot be used leave the ones before in use.
pub(super) async fn follow(files: Files, every: Duration, tls: Tls, over: CancellationToken) {
    let put = move |change: Result<Contents, Unreadable>| {
        let replaced =
            change.map_err(Bad::from).and_then(|contents| Ok(tls.replace(pem(&contents))?));
        metrics::reloaded("certificates", replaced.is_ok());
        match replaced {
            Ok(()) => tracing::info!("certificates read again"),
            Err(bad) => {
                let error = &bad as &dyn Error;
                tracing::error!(error, "certificates not taken; those read before stay in use");
            }
        }
    };
    reload::watch(files, every, over, put).await;
}

/// Why certificates are not taken.
#[derive(Debug, thiserror::Error)]
enum Bad {
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    #[error(transparent)]
    Tls(#[from] TlsError),
}

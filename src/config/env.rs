//! Settings from environment variables.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use super::{ConfigError, FILE_VARIABLE, Place, SETTINGS, Setting};

const PREFIX: &str = "KHABAR_";

/// Variables with our prefix that are no settings: where the configuration
/// file is, and where the tests find their corpora.
const OTHERS: [&str; 2] = [FILE_VARIABLE, "KHABAR_CORPORA"];

/// What the environment says.
pub(super) struct Environment {
    /// The configuration file.
    pub file: Option<PathBuf>,
    /// Settings and their values.
    pub values: Vec<(&'static Setting, String)>,
}

/// Picks our variables out of an environment. An empty variable counts as
/// unset, as composed environments often have them.
pub(super) fn read(
    environment: impl IntoIterator<Item = (OsString, OsString)>,
) -> Result<Environment, ConfigError> {
    let mut found = Environment { file: None, values: Vec::new() };
    for (name, value) in environment {
        let Some(name) = name.to_str().filter(|name| name.starts_with(PREFIX)) else { continue };
        if name == FILE_VARIABLE {
            found.file = (!value.is_empty()).then(|| value.into());
            continue;
        }
        if OTHERS.contains(&name) || is_service_link(&name[PREFIX.len()..], &value) {
            continue;
        }
        let place = || Place::Variable(name.to_owned());
        let Some(setting) = SETTINGS.iter().find(|setting| setting.variable() == name) else {
            return Err(ConfigError::Unknown { place: place(), known: known() });
        };
        let value = value.into_string().map_err(|value| ConfigError::Value {
            place: place(),
            value: value.to_string_lossy().into_owned(),
            problem: "expected UTF-8".to_owned(),
        })?;
        if !value.trim().is_empty() {
            found.values.push((setting, value));
        }
    }
    Ok(found)
}

fn known() -> String {
    let names: Vec<String> = SETTINGS.iter().map(Setting::variable).collect();
    format!("{}, {}", names.join(", "), OTHERS.join(", "))
}

/// Whether a variable, without our prefix, is one that Kubernetes and Docker
/// set for every service called `khabar` or `khabar-…`: `SERVICE_HOST`,
/// `SERVICE_PORT_GRPC`, `PORT=tcp://…`, `PORT_50051_TCP_ADDR` (Kubernetes
/// documentation, "Service": environment variables).
fn is_service_link(name: &str, value: &OsStr) -> bool {
    let parts: Vec<&str> = name.split('_').collect();
    let service = parts.windows(2).any(|two| matches!(two, ["SERVICE", "HOST" | "PORT"]));
    let protocol = parts.windows(3).any(|three| {
        matches!(three, ["PORT", port, "TCP" | "UDP" | "SCTP"]
            if port.bytes().all(|byte| byte.is_ascii_digit()))
    });
    let url = value.to_string_lossy().contains("://");
    service || protocol || parts.last() == Some(&"PORT") && url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_of_a_kubernetes_service_called_khabar_are_no_settings() {
        for (name, value) in [
            ("SERVICE_HOST", "10.0.0.11"),
            ("SERVICE_PORT", "50051"),
            ("SERVICE_PORT_GRPC", "50051"),
            ("PORT", "tcp://10.0.0.11:50051"),
            ("PORT_50051_TCP", "tcp://10.0.0.11:50051"),
            ("PORT_50051_TCP_ADDR", "10.0.0.11"),
            ("HEADLESS_SERVICE_HOST", "10.0.0.12"),
            ("ADMIN_PORT_9090_TCP_PROTO", "tcp"),
        ] {
            assert!(is_service_link(name, value.as_ref()), "{name}");
        }
        for setting in SETTINGS {
            let name = setting.variable();
            assert!(!is_service_link(&name[PREFIX.len()..], "".as_ref()), "{name}");
        }
        assert!(!is_service_link("PORT", "6000".as_ref()), "a mistaken KHABAR_LISTEN");
    }
}

//! Settings from a TOML file.

use std::fs;
use std::path::Path;

use toml::de::{DeTable, DeValue};

use super::{Config, ConfigError, Place, SETTINGS, Setting};

/// Puts what a file says into a configuration.
pub(super) fn apply(path: &Path, config: &mut Config) -> Result<(), ConfigError> {
    let contents = fs::read_to_string(path)
        .map_err(|error| ConfigError::Read { path: path.to_owned(), error })?;
    parse(path, &contents, config)
}

/// Puts what the contents of a file say into a configuration.
pub(super) fn parse(path: &Path, contents: &str, config: &mut Config) -> Result<(), ConfigError> {
    let table = DeTable::parse(contents).map_err(|error| ConfigError::Syntax {
        path: path.to_owned(),
        problem: error.to_string(),
    })?;
    File { path, contents, config }.table("", table.get_ref())
}

struct File<'a> {
    path: &'a Path,
    contents: &'a str,
    config: &'a mut Config,
}

impl File<'_> {
    /// Applies a table whose keys begin with `prefix`: "" or "limit.".
    fn table(&mut self, prefix: &str, table: &DeTable<'_>) -> Result<(), ConfigError> {
        for (name, value) in table {
            let key = format!("{prefix}{}", name.get_ref());
            let place = Place::File {
                path: self.path.to_owned(),
                line: self.line(name.span().start),
                key: key.clone(),
            };
            if let Some(setting) = Setting::find(&key) {
                let value = self.scalar(value.get_ref(), value.span(), &place)?;
                setting.set(self.config, &value, &place)?;
                continue;
            }
            let inner = format!("{key}.");
            match value.get_ref() {
                DeValue::Table(table) if is_table(&inner) => self.table(&inner, table)?,
                _ => return Err(ConfigError::Unknown { place, known: known(prefix) }),
            }
        }
        Ok(())
    }

    /// A string's contents; of anything else that fits on a line what stands
    /// in the file: all values are read from text, so that they are the same
    /// in the file, the environment and the flags.
    fn scalar(
        &self,
        value: &DeValue<'_>,
        span: std::ops::Range<usize>,
        place: &Place,
    ) -> Result<String, ConfigError> {
        let written = self.contents.get(span).unwrap_or_default();
        match value {
            DeValue::String(text) => Ok(text.to_string()),
            // Not as written: 1_000 is 1000.
            DeValue::Integer(number) => Ok(number.to_string()),
            DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_) => {
                Ok(written.to_owned())
            }
            DeValue::Array(_) | DeValue::Table(_) => Err(ConfigError::Value {
                place: place.clone(),
                value: written.to_owned(),
                problem: "expected a string or a number".to_owned(),
            }),
        }
    }

    fn line(&self, offset: usize) -> usize {
        let before = self.contents.as_bytes().get(..offset).unwrap_or_default();
        before.split(|&byte| byte == b'\n').count()
    }
}

/// Whether settings have keys that begin like this.
fn is_table(prefix: &str) -> bool {
    SETTINGS.iter().any(|setting| setting.key.starts_with(prefix))
}

/// The keys that may stand where an unknown one does.
fn known(prefix: &str) -> String {
    let keys = SETTINGS.iter().map(|setting| setting.key);
    keys.filter(|key| key.starts_with(prefix)).collect::<Vec<_>>().join(", ")
}

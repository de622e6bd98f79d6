//! What can be wrong with a configuration, said so that it can be mended.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A key of the configuration file.
    File {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The key, with its table: `limit.text`.
        key: String,
    },
    /// An environment variable, by name.
    Variable(String),
    /// A flag, with its dashes.
    Flag(String),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, line, key } => write!(f, "{}:{line}: {key}", path.display()),
            Self::Variable(name) | Self::Flag(name) => f.write_str(name),
        }
    }
}

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The configuration file cannot be read.
    #[error("{}: cannot read the configuration file: {error}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        error: io::Error,
    },
    /// The configuration file is not TOML.
    #[error("{}: not a valid TOML file: {problem}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// What and where, over several lines.
        problem: String,
    },
    /// A key or variable of which nothing is known.
    #[error("{place}: unknown; known are {known}")]
    Unknown {
        /// The key or variable.
        place: Place,
        /// The names that are known in its place.
        known: String,
    },
    /// A value that cannot be.
    #[error("{place} = {value:?}: {problem}")]
    Value {
        /// The key, variable or flag.
        place: Place,
        /// The value.
        value: String,
        /// What is allowed.
        problem: String,
    },
    /// A setting that another one needs.
    #[error("{setting} is set, but not {missing}, which it needs")]
    Missing {
        /// The setting that was given.
        setting: &'static str,
        /// The one that was not.
        missing: &'static str,
    },
}

//! `khabar serve`: the server, until it is told to stop.

use super::Failure;
use super::settings::{Choice, Flags};
use crate::config::Setting;

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

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let config = args.flags.load()?;
    super::engine(&config)?;
    Err(Failure::because("the server is not part of this build"))
}

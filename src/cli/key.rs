//! `khabar key`: keys for callers.

use super::Failure;
use crate::keys::{Entry, Rate, digest_of, is_name, new_key};
use crate::pool::Priority;

/// Make keys for callers (see `auth.keys`)
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    New(New),
}

/// Make a key, and the line that makes a server accept it
///
/// The line goes to standard output, for the end of the keys file; the key, for
/// its holder, to standard error. It is kept nowhere and cannot be shown again.
#[derive(Debug, clap::Args)]
struct New {
    /// What logs and metrics call the holder: letters, digits and any of -_.
    #[arg(value_name = "NAME", value_parser = name)]
    name: String,
    /// Articles a second, in the long run; without it there is no limit
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    rate: Option<u32>,
    /// Articles at once; without it, twice the rate
    #[arg(long, value_name = "NUMBER", requires = "rate",
          value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    burst: Option<u32>,
    /// Whether unary calls give way to those of interactive callers, as batches
    /// and streams do
    #[arg(long)]
    bulk: bool,
}

fn name(text: &str) -> Result<String, &'static str> {
    if is_name(text) { Ok(text.to_owned()) } else { Err("1 to 64 letters, digits or any of -_.") }
}

/// Does what the subcommand says.
pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let Command::New(new) = &args.command;
    let key = new_key().map_err(Failure::because)?;
    let rate = new.rate.map(|per_second| Rate {
        per_second,
        burst: new.burst.unwrap_or(per_second.saturating_mul(2).min(1_000_000)),
    });
    let priority = if new.bulk { Priority::Bulk } else { Priority::Interactive };
    let entry = Entry { name: new.name.clone(), digest: digest_of(&key), rate, priority };
    anstream::eprintln!("{key}");
    anstream::println!("{entry}");
    Ok(())
}

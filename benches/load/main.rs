//! A client that loads a running server, and a server to compare with.
//!
//! ```sh
//! cargo bench --bench load -- echo --listen 127.0.0.1:50052 --reply 20000
//! cargo bench --bench load -- calls --server 127.0.0.1:50051 --count 1000
//! cargo bench --bench load -- open --server 127.0.0.1:50051 --rate 50 --seconds 30
//! cargo bench --bench load -- soak --server 127.0.0.1:50051 --pid 1234 --minutes 30
//! ```
//!
//! * `articles`: what is sent;
//! * `client`: one call, and what became of it;
//! * `tally`: counts and latencies by outcome;
//! * `closed`: so many calls at a time (`calls`);
//! * `open`: calls at random moments whatever becomes of the others (`open`);
//! * `soak`: everything that callers do, and the server's memory meanwhile;
//! * `stream`: one stream of many articles (`stream`);
//! * `engine`: the engines without a server (`engine`, `growth`);
//! * `echo`: a tonic service that does nothing;
//! * `process`: what the system knows of the server's process.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a bench ends with what went wrong")]

mod articles;
mod client;
mod closed;
mod echo;
mod engine;
mod open;
mod process;
mod soak;
mod stream;
mod tally;

use std::net::SocketAddr;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};

use articles::{Articles, Kind};
use open::Moments;

/// That of the server, so that the echo differs from it in nothing but what it
/// does.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    /// What `cargo bench` passes to every bench.
    #[arg(long, hide = true, global = true)]
    bench: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Make a number of calls, so many at a time; fail if any of them fails.
    Calls {
        #[command(flatten)]
        target: Target,
        /// How many calls in all.
        #[arg(long)]
        count: u64,
        /// How many at a time.
        #[arg(long, default_value_t = 8)]
        in_flight: usize,
    },
    /// Make calls at random moments (Poisson), so many a second on average.
    Open {
        #[command(flatten)]
        target: Target,
        /// Calls a second.
        #[arg(long)]
        rate: f64,
        /// For how long.
        #[arg(long)]
        seconds: u64,
        /// How long before that, uncounted.
        #[arg(long, default_value_t = 3)]
        warm_up: u64,
        /// The same seed, the same moments and articles.
        #[arg(long, default_value_t = 7)]
        seed: u64,
        /// Send a call only when the one before is answered, and count from then.
        #[arg(long)]
        in_turn: bool,
        /// Where to write how long each answered one took, in microseconds, a line each.
        #[arg(long)]
        times: Option<std::path::PathBuf>,
    },
    /// Send articles on one stream; fail if any of them is not answered well.
    Stream {
        #[command(flatten)]
        target: Target,
        /// How many articles.
        #[arg(long)]
        count: u64,
    },
    /// Analyze articles in this process.
    Engine {
        /// On how many threads.
        #[arg(long, default_value_t = 1)]
        threads: usize,
        /// For how long.
        #[arg(long, default_value_t = 10)]
        seconds: u64,
        #[command(flatten)]
        kind: Kind,
    },
    /// Tell what texts from 100 words to the longest take in this process.
    Growth,
    /// Do all that callers do, good and bad, and watch the server's memory.
    Soak {
        #[command(flatten)]
        target: Target,
        /// Minutes in all.
        #[arg(long)]
        minutes: u64,
        /// Actions a second.
        #[arg(long, default_value_t = 10.0)]
        rate: f64,
    },
    /// Answer every unary call with so many bytes.
    Echo {
        /// Where to listen.
        #[arg(long)]
        listen: SocketAddr,
        /// Bytes in an answer.
        #[arg(long)]
        reply: usize,
        /// On a runtime without other threads, instead of the server's kind.
        #[arg(long)]
        single: bool,
    },
    /// Write the first request, framed as gRPC does, to a file for h2load.
    Request {
        /// Where to write.
        file: std::path::PathBuf,
        #[command(flatten)]
        kind: Kind,
    },
}

/// Whom to call, and with what.
#[derive(Args, Clone)]
struct Target {
    /// The server.
    #[arg(long)]
    server: SocketAddr,
    /// Its process, to tell processor time and memory of.
    #[arg(long)]
    pid: Option<u32>,
    /// Connections to spread the calls over.
    #[arg(long, default_value_t = 4)]
    connections: usize,
    #[command(flatten)]
    kind: Kind,
}

fn main() {
    let Some(command) = Cli::parse().command else {
        println!("left out: needs a running server, see `cargo bench --bench load -- --help`");
        return;
    };
    let mut builder = match command {
        Command::Echo { single: false, .. } => tokio::runtime::Builder::new_multi_thread(),
        _ => tokio::runtime::Builder::new_current_thread(),
    };
    let runtime = builder.enable_all().build().unwrap();
    let all_well = runtime.block_on(async {
        match command {
            Command::Calls { target, count, in_flight } => {
                closed::run(&target, count, in_flight).await
            }
            Command::Stream { target, count } => stream::run(&target, count).await,
            Command::Engine { threads, seconds, kind } => engine::run(&kind, threads, seconds),
            Command::Growth => engine::growth(),
            Command::Open { target, rate, seconds, warm_up, seed, in_turn, times } => {
                let [warm_up, counted] = [warm_up, seconds].map(Duration::from_secs);
                let moments = Moments { rate, warm_up, counted, seed, in_turn };
                open::run(&target, moments, times.as_deref()).await
            }
            Command::Soak { target, minutes, rate } => soak::run(&target, minutes, rate).await,
            Command::Echo { listen, reply, .. } => echo::run(listen, reply).await,
            Command::Request { file, kind } => {
                std::fs::write(file, client::framed(&Articles::read(&kind).request(0))).unwrap();
                true
            }
        }
    });
    std::process::exit(i32::from(!all_well));
}

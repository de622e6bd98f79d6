//! The `khabar` command.

use std::process::ExitCode;

/// For its steady memory: benches/records/allocator.md has what it was measured against.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    khabar::cli::main()
}

# The checks of .ci/run, one by one. `just` is a convenience: .ci/run does
# without it.

# All checks, as before every landing.
ci:
    bash .ci/run

# What to run while working: quick, and needs nothing but Rust.
check:
    bash .ci/run format lint test

# Each stage of .ci/run: format, proto, lint, test, peers, deny, image, clients, rolling.
stage +names:
    bash .ci/run {{names}}

# Fuzzes an engine (normalize, extract) for some seconds, coverage-guided, on
# any toolchain: the flags are those that `cargo fuzz` sets without a sanitizer.
fuzz engine seconds="600":
    mkdir -p fuzz/corpus/{{engine}} fuzz/artifacts
    cd fuzz && RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
        -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table" \
        cargo run --release --target x86_64-unknown-linux-gnu --bin {{engine}} -- \
        -max_total_time={{seconds}} -max_len=4096 -artifact_prefix=artifacts/ corpus/{{engine}}

# What becomes of a server that is asked five times what it can do.
overload:
    bash benches/overload.sh

# Two replicas restarted in turn behind HAProxy, under load: no call may fail.
roll calls="100000" seconds="400":
    bash tests/rolling/run.sh {{calls}} {{seconds}}

# Half an hour of everything that callers do, and the server's memory meanwhile.
soak minutes="30":
    bash benches/soak.sh {{minutes}}

# The traces, against a collector of our own: they are in no default build.
traces:
    cargo test --features otlp --test traces

# The speed of the engines, in processor time and in instructions.
bench:
    bash benches/run.sh

# A server on 127.0.0.1:50051.
serve *flags:
    cargo run --release -- serve {{flags}}

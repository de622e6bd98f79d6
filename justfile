# The checks of .ci/run, one by one. `just` is a convenience: .ci/run does
# without it.

# All checks, as before every landing.
ci:
    bash .ci/run

# What to run while working: quick, and needs nothing but Rust.
check:
    bash .ci/run format lint test

# Each stage of .ci/run: format, proto, lint, test, peers, deny, deploy, image, clients,
# rolling, fuzz.
stage +names:
    bash .ci/run {{names}}

# Fuzzes a target of fuzz/fuzz_targets for some seconds, coverage-guided, on any
# toolchain. What it finds lies in fuzz/artifacts.
fuzz target seconds="600":
    mkdir -p fuzz/corpus/{{target}} fuzz/artifacts
    cd fuzz && RUSTC_WRAPPER=$PWD/rustc.sh cargo run --release --bin {{target}} -- \
        -max_total_time={{seconds}} -max_len=4096 -timeout=20 -rss_limit_mb=2048 \
        -artifact_prefix=artifacts/{{target}}- corpus/{{target}} seeds/{{target}}

# Ten minutes of every fuzz target.
fuzz-long:
    for target in $(basename -s .rs fuzz/fuzz_targets/*.rs); do just fuzz $target 600; done

# The service beside an echo and beside the engines alone: cost, latency, memory.
service *parts:
    bash benches/service.sh {{parts}}

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

# Khabar beside its peers, F1 and speed; the first time trains them.
peers-table:
    bash benches/peers/run.sh

# A server on 127.0.0.1:50051.
serve *flags:
    cargo run --release -- serve {{flags}}

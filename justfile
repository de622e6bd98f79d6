# The checks of .ci/run, one by one. `just` is a convenience: .ci/run does
# without it.

# All checks, as before every landing.
ci:
    bash .ci/run

# What to run while working: quick, and needs nothing but Rust.
check:
    bash .ci/run format lint test

# Each stage of .ci/run: format, proto, lint, test, deny, image, clients.
stage +names:
    bash .ci/run {{names}}

# A server on 127.0.0.1:50051.
serve *flags:
    cargo run --release -- serve {{flags}}

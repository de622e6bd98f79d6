#!/usr/bin/env bash
# A minute of coverage-guided fuzzing over all targets, from the seeds in the
# tree. `just fuzz-long` is the real thing: ten minutes each.
source "$CI_ROOT/.ci/lib.sh"

# Quickly built: the dependencies unoptimised, only our own code instrumented.
export CARGO_TARGET_DIR=$CI_ROOT/target/fuzz RUSTC_WRAPPER=$CI_ROOT/fuzz/rustc.sh
# Not --locked: fuzz/Cargo.lock keeps its versions and takes in what the crate's
# own dependencies have become.
cargo build --quiet --manifest-path fuzz/Cargo.toml --bins

mapfile -t targets < <(basename -s .rs fuzz/fuzz_targets/*.rs)
seconds=$((60 / ${#targets[@]}))
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
clean=0
for target in "${targets[@]}"; do
    mkdir -p "$work/$target"
    if "$CARGO_TARGET_DIR/debug/$target" -max_total_time=$seconds -max_len=1024 -timeout=60 -rss_limit_mb=2048 \
        -print_final_stats=1 -artifact_prefix="$work/$target-" "$work/$target" "fuzz/seeds/$target" \
        >"$work/log" 2>&1; then
        echo "$target: clean after $(sed -n 's/^stat::number_of_executed_units: *//p' "$work/log") inputs"
        clean=$((clean + 1))
    else
        tail -n 40 "$work/log"
        for artifact in "$work/$target"-*; do
            if [[ -f $artifact ]]; then echo "$artifact, in base64:"; base64 "$artifact"; fi
        done
    fi
done
printf '%d passed, %d failed\n' "$clean" $((${#targets[@]} - clean))
((clean == ${#targets[@]}))

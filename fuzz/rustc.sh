#!/bin/sh
# rustc for fuzzing without a sanitizer, on any toolchain: adds the coverage that
# libFuzzer is guided by to our own crates, and leaves dependencies alone.
# Cargo calls it as RUSTC_WRAPPER: the compiler, then its arguments.
case " $* " in
*" --crate-name khabar "* | *"fuzz_targets/"*)
    exec "$@" -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
        -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table
    ;;
*) exec "$@" ;;
esac

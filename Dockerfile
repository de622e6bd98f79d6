# Khabar as a container: one static binary on an empty file system.
#
#     docker build -t khabar .
#     docker run --rm -p 50051:50051 khabar
#
# BUILDER is any image with Rust and a shell. It need not have musl,
# make, or cargo-about (which gathers the notices of third-party packages): what
# it lacks is installed from Debian and the crate registry.
ARG BUILDER=rust:1.95-slim-bookworm

FROM ${BUILDER} AS build
ARG CARGO_ABOUT=0.9.3
RUN { command -v musl-gcc && command -v make; } \
    || (apt-get update && apt-get install -y --no-install-recommends make musl-tools && rm -rf /var/lib/apt/lists/*)
RUN rustup target add "$(uname -m)-unknown-linux-musl"
RUN [ "$(cargo-about --version)" = "cargo-about ${CARGO_ABOUT}" ] \
    || cargo install --locked "cargo-about@${CARGO_ABOUT}" --features cli
WORKDIR /src
COPY . .
# Kernels for 64-bit Arm have memory pages of up to 2^16 bytes; jemalloc is built for
# the size of the builder's otherwise.
RUN target="$(uname -m)-unknown-linux-musl" \
    && if [ "$(uname -m)" = aarch64 ]; then export JEMALLOC_SYS_WITH_LG_PAGE=16; fi \
    && cargo build --release --locked --target "$target" --bin khabar \
    && mkdir -p /out/licenses \
    && cp "target/$target/release/khabar" /out/ \
    && cargo about generate --locked --output-file /out/licenses/THIRD-PARTY about.hbs \
    && cp LICENSE-APACHE LICENSE-MIT /out/licenses/ \
    && cp models/LICENSE /out/licenses/LICENSE-MODELS

FROM scratch
COPY --from=build /out/ /
# Nobody: the server writes no file and needs no privilege.
USER 65532:65532
ENV KHABAR_LISTEN=0.0.0.0:50051
EXPOSE 50051
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 CMD ["/khabar", "health"]
ENTRYPOINT ["/khabar"]
CMD ["serve"]

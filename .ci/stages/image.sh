#!/usr/bin/env bash
# Builds the Dockerfile with buildah, without any image registry, and runs what
# came out: the image starts, answers its own health probe, and has no shell.
#
# The Dockerfile's builder image is made here, of this machine's own toolchain:
# an empty file system into which /usr and the Rust toolchain are mounted for
# the time of the build. The compiled dependencies stay in target/ci between runs.
source "$CI_ROOT/.ci/lib.sh"
if ! command -v apt-get >/dev/null || ((EUID != 0)); then
    echo 'image: left out, buildah can only be installed and run by root on Debian'
    exit 0
fi
debian buildah crun make musl-tools
rustup target add "$(uname -m)-unknown-linux-musl"
# It compares thousands of files with licence texts: minutes without optimisation.
CARGO_PROFILE_DEV_OPT_LEVEL=1 cargo_tool cargo-about "$CARGO_ABOUT" --features cli
cargo fetch --quiet --locked

export STORAGE_DRIVER=vfs BUILDAH_ISOLATION=chroot
work=$CI_ROOT/target/ci
mkdir -p "$work/build" "$work/image"
rustup_home=${RUSTUP_HOME:-$HOME/.rustup} cargo_home=${CARGO_HOME:-$HOME/.cargo}

builder=$(buildah from scratch)
root=$(buildah mount "$builder")
mkdir -p "$root"/{usr,etc,tmp,src/target} "$root$rustup_home" "$root$cargo_home"
for dir in bin lib lib64 sbin; do
    if [[ -e /usr/$dir ]]; then ln -s "usr/$dir" "$root/$dir"; fi
done
cp -a /etc/alternatives /etc/passwd /etc/group "$root/etc/"
buildah umount "$builder" >/dev/null
buildah config --env "PATH=$cargo_home/bin:/usr/bin:/bin" --env "HOME=$HOME" \
    --env "RUSTUP_HOME=$rustup_home" --env "CARGO_HOME=$cargo_home" \
    --env CARGO_NET_OFFLINE=true "$builder"
buildah commit --quiet --rm "$builder" khabar-builder >/dev/null

buildah bud --quiet --format docker --layers=false --pull=never \
    --build-arg BUILDER=localhost/khabar-builder --build-arg "CARGO_ABOUT=$CARGO_ABOUT" \
    --volume /usr:/usr:ro --volume "$rustup_home:$rustup_home:ro" \
    --volume "$cargo_home:$cargo_home" --volume "$work/build:/src/target" \
    --tag khabar . >"$CI_CACHE/image.log" 2>&1 || { tail -n 60 "$CI_CACHE/image.log"; exit 1; }

container=$(buildah from --pull=never localhost/khabar)
server=
# In this order: the container's files are in use until its process is gone.
clean() {
    if [[ $server ]]; then
        runtime kill khabar TERM || true
        wait "$server" || true
    fi
    buildah rm "$container" >/dev/null
}
trap clean EXIT
root=$(buildah mount "$container")
cp "$root/khabar" "$work/image/khabar"

fail() { echo "$1"; exit 1; }
echo "in the image:"
(cd "$root" && find . -type f -printf '%10s  %P\n')
printf 'image: %d bytes\n' "$(du -sb "$root" | cut -f1)"
! ldd "$root/khabar" >/dev/null 2>&1 || ldd "$root/khabar" | grep -q 'statically linked' ||
    fail 'the binary is not static'
[[ -s $root/licenses/THIRD-PARTY ]] || fail 'no notices of third-party packages'
config=$(buildah inspect "$container" | python3 -c \
    'import json, sys; print(json.dumps(json.load(sys.stdin)["Docker"]["config"], separators=(",", ":")))')
for expected in '"User":"65532:65532"' 'KHABAR_LISTEN=0.0.0.0:50051' '"Entrypoint":["/khabar"]' \
    '"Cmd":["serve"]' '"Test":["CMD","/khabar","health"]'; do
    [[ $config == *"$expected"* ]] || fail "the image's configuration lacks $expected: $config"
done
! buildah run "$container" /bin/sh -c true 2>/dev/null || fail 'the image has a shell'

# Run as deploy/kubernetes has it: as its user, root file system read-only, without
# any capability or new privilege. crun, as Debian has it, refuses machines whose
# cgroups are of both versions, so it is shown the second one alone.
port=25872 bundle=$work/bundle
mkdir -p "$bundle"
runtime() {
    unshare --mount sh -c 'umount --recursive /sys/fs/cgroup 2>/dev/null
        mount -t cgroup2 none /sys/fs/cgroup
        exec crun --cgroup-manager=disabled --root "$0" "$@"' "$work/crun" "$@"
}
# What a run that was cut short may have left.
runtime delete --force khabar 2>/dev/null || true
rm -f "$bundle/config.json"
crun spec --bundle "$bundle"
python3 .ci/restricted.py "$bundle/config.json" "$root" "KHABAR_LISTEN=0.0.0.0:$port"
runtime run --bundle "$bundle" khabar >"$CI_CACHE/image-run.log" 2>&1 &
server=$!
healthy=
for _ in $(seq 60); do
    if runtime exec khabar /khabar health >/dev/null 2>&1; then
        healthy=yes
        break
    fi
    kill -0 "$server" 2>/dev/null || break
    sleep 0.3
done
[[ $healthy ]] || { cat "$CI_CACHE/image-run.log"; fail 'the image does not become healthy'; }
pid=$(pgrep -o -x khabar -u 65532) || fail 'the server does not run as its user'
grep -q '^CapBnd:[[:space:]]*0*$' "/proc/$pid/status" || fail 'the server has capabilities'
grep -q '^NoNewPrivs:[[:space:]]*1$' "/proc/$pid/status" || fail 'the server may gain privileges'
awk '$5 == "/" && $6 ~ /^ro(,|$)/ { found = 1 } END { exit !found }' "/proc/$pid/mountinfo" ||
    fail 'the root file system can be written'
echo 'image: runs, healthy, not root, no shell, no capabilities, root file system read-only'

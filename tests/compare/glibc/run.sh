#!/usr/bin/env bash
# Builds the shim inside Debian 11, 12 and 13 root folders (glibc 2.31, 2.36, 2.41) with the compiler
# and libc found there, and runs the coverage and transparency tests and the probe of ../preload in
# each; writes RESULTS.md.
#
#   run.sh [SUITE...]      default: bullseye bookworm trixie
#
# The `logtap` command that records and reads back is this machine's own, run by this machine's
# loader: what is tested is the shim under another libc. Needs root, debootstrap and ninja.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
source=$(cd "$here/../../.." && pwd)
suites=("$@")
[ ${#suites[@]} -gt 0 ] || suites=(bullseye bookworm trixie)

work=$(mktemp -d "${TMPDIR:-/tmp}/logtap-glibc.XXXXXX")
trap 'rm -rf "$work"' EXIT
say() { printf '%s\n' "$*" >&2; }

host=$work/host
targets="lib/liblogtap.so tests/ways tests/ways-library.so tests/transparency/threads tests/transparency/confined"
say "building the command with this machine's libc"
cmake -S "$source" -B "$host" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo >"$work/cmake.log"
# shellcheck disable=SC2086 # a list of targets
ninja -C "$host" bin/logtap tests/probe $targets >"$work/ninja.log" || {
	tail -n 20 "$work/ninja.log" >&2
	exit 1
}
# shellcheck disable=SC2086
ninja -C "$host" -t commands $targets >"$work/commands"
ninja -C "$host" -t commands tests/probe >"$work/commands-probe"

# What runs inside the root folder; $1 is the folder that everything lies in, the same path there.
cat >"$work/inside.sh" <<'EOF'
set -eu
work=$1 source=$2
mkdir -p "$work/build"
cd "$work/host"
build() {
	while read -r command; do
		sh -c "$command" >>"$work/build.log" 2>&1 </dev/null || return 1
	done <"$1"
}
build "$work/commands" || { tail -n 20 "$work/build.log"; exit 1; }
mv bin/logtap bin/logtap.host
cat >bin/logtap <<'EOS'
#!/bin/sh
# The loader is the one that runs: the command finds no library beside itself.
LOGTAP_LIBRARY="$(dirname "$0")/../lib/liblogtap.so" exec /host/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2 --library-path /host/lib/x86_64-linux-gnu:/host/usr/lib/x86_64-linux-gnu \
	"$(dirname "$0")/logtap.host" "$@"
EOS
chmod 755 bin/logtap
export LOGTAP_BUILD="$work/host" LOGTAP_TEST_BINDS="/host:$work"
ldd --version | head -n 1
echo "== coverage"; "$source/tests/compare/coverage/coverage.py" || true
echo "== transparency"; "$source/tests/compare/transparency/transparency.py" || true
echo "== probe"
if ! grep -q strerrorname_np /usr/include/string.h; then
	echo "SKIPPED probe: it names errors by strerrorname_np, which is newer than this glibc"
elif build "$work/commands-probe"; then
	"$source/tests/compare/preload/transparency.py" || true
else
	tail -n 20 "$work/build.log"
	echo "0 passed, 1 failed: the probe does not build"
fi
EOF

run_in() {
	local root=$1 log=$2 view=$work/view
	mkdir -p "$view"
	unshare --mount --pid --fork bash -euc '
		root=$1 work=$2 source=$3 view=$4
		mount -t tmpfs none "$view"
		mkdir "$view/upper" "$view/work" "$view/root"
		mount -t overlay none -o "lowerdir=$root,upperdir=$view/upper,workdir=$view/work" "$view/root"
		cd "$view/root"
		mkdir -p "./$source" "./$work" host
		mount --rbind "$source" "./$source"
		mkdir "$view/copy" && cp -a "$work/host" "$work/inside.sh" "$work"/commands* "$view/copy"
		mount --bind "$view/copy" "./$work"
		mount --bind / host
		mount -t proc proc proc
		mount --rbind /dev dev
		mount -t tmpfs none tmp && mkdir -p "./$work" "./$source"
		mount --rbind "$source" "./$source"
		mount --bind "$view/copy" "./$work"
		exec chroot . /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
			sh "$work/inside.sh" "$work" "$source"
	' - "$root" "$work" "$source" "$view" >"$log" 2>&1
}

failed=0
for suite in "${suites[@]}"; do
	root=$("$source/tests/lib/debian-root.sh" "glibc-$suite" "$suite" \
		gcc g++ libc6-dev python3 bash make strace gdb valgrind fakeroot eatmydata libjemalloc2)
	say "$suite: building and testing"
	run_in "$root" "$work/$suite.log" || failed=1
	grep -q ' failed' "$work/$suite.log" || failed=1
	grep -qE ' [1-9][0-9]* failed' "$work/$suite.log" && failed=1
	cat "$work/$suite.log" >&2
done
{
	printf '# The shim under other versions of glibc\n\nMade by `tests/compare/glibc/run.sh`; do not edit.\n'
	for suite in "${suites[@]}"; do
		printf '\n## %s\n\n' "$suite"
		sed 's/^/    /' "$work/$suite.log"
	done
} >"$work/RESULTS.md"
[ $# -gt 0 ] || sed "s#$work#.#g; s#$source/##g" "$work/RESULTS.md" >"$here/RESULTS.md"
exit $failed

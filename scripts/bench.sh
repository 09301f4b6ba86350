#!/bin/bash
# SPDX-License-Identifier: MIT
# Measures logtap against its goals and against what people use instead; prints one table and writes
# build/bench.json and bench.md. Reports, and fails nothing. Installs the packages that it needs on Debian.
. "$(dirname "$0")/lib/common.sh"

usage() {
	cat <<-'END'
		Usage: scripts/bench.sh [--quick] [--no-kernel] [--only PART...]
		Measures everything, some twenty minutes; the kernel's part in a VM (scripts/vm/run.sh).
		  --quick       fewer repetitions: two minutes
		  --no-kernel   without the VM
		  --only PART   event, instructions, syslog, listening, conditions, threads, memory, start,
		                starting, growth, severity, view, instead, kernel
		Figures: the table, and build/bench.json. LOGTAP_BUILD: another build folder than build/.
	END
}

for argument; do
	case $argument in
	--help | -h)
		usage
		exit 0
		;;
	esac
done

BENCH_PACKAGES=(python3 valgrind strace bsdutils util-linux binutils libcriterion-dev)
need_build_folders
need_scratch
need_packages "benchmarks" "${BUILD_PACKAGES[@]}" "${BENCH_PACKAGES[@]}"
cd "$ROOT"
build=${LOGTAP_BUILD:-$ROOT/build}
mkdir -p "$build"
say "Building the benchmarks in ${build#"$ROOT"/}"
{ cmake -S "$ROOT" -B "$build" -G Ninja -DLOGTAP_TESTS=ON && cmake --build "$build" -j "$JOBS" --target \
	logtap liblogtap bench-event bench-lines bench-crowd bench-syslogs bench-listen bench-drain bench-severity bench-empty; } \
	>"$build/bench-build.log" 2>&1 || {
	tail -n 30 "$build/bench-build.log" >&2
	die "the build failed (whole output: $build/bench-build.log)"
}

# A /dev, a /run and a network of our own: stand-ins for the log daemons listen there.
# shellcheck disable=SC2016
private='
	set -e
	mkdir "$BENCH_FOLDER/dev"
	mount -t tmpfs tmpfs "$BENCH_FOLDER/dev"
	for node in null zero full random urandom tty; do
		touch "$BENCH_FOLDER/dev/$node"
		mount --bind "/dev/$node" "$BENCH_FOLDER/dev/$node"
	done
	mkdir "$BENCH_FOLDER/dev/shm" "$BENCH_FOLDER/dev/pts"
	mount -t tmpfs tmpfs "$BENCH_FOLDER/dev/shm"
	ln -s /proc/self/fd "$BENCH_FOLDER/dev/fd"
	mount -t devpts -o ptmxmode=0666 devpts "$BENCH_FOLDER/dev/pts"
	ln -s pts/ptmx "$BENCH_FOLDER/dev/ptmx"
	[ ! -e /dev/kvm ] || { touch "$BENCH_FOLDER/dev/kvm" && mount --bind /dev/kvm "$BENCH_FOLDER/dev/kvm"; }
	mount --rbind "$BENCH_FOLDER/dev" /dev
	mount -t tmpfs tmpfs /run
	mkdir -p /run/systemd/journal
	# A longer queue before /dev/log, so that a sender seldom waits for the reader.
	echo 1024 >/proc/sys/net/unix/max_dgram_qlen
	BENCH_SOCKETS=1 exec "$@"'

BENCH_FOLDER=$(mktemp -d)
export BENCH_FOLDER
trap 'rm -rf "$BENCH_FOLDER"' EXIT
export LOGTAP_BUILD=$build
command=(python3 "$ROOT/tests/bench/bench.py" --json "$build/bench.json" "$@")
if [[ $EUID -eq 0 ]] && unshare --mount --net true 2>/dev/null; then
	unshare --mount --net --propagation private sh -c "$private" bench "${command[@]}"
else
	note "not root: rows that need a /dev/log of their own are not measured"
	"${command[@]}"
fi
note "figures: $build/bench.json"

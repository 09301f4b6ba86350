# SPDX-License-Identifier: MIT
# What the scripts share: saying what happens, installing packages, running a step with a log.
# Sourced, never run. Needs nothing beyond what a bare Debian has (bash, dpkg, coreutils).

set -euo pipefail

# The source tree, wherever the script was called from.
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
JOBS=$(nproc)

# Packages by what they are for; docs and scripts take them from here.
BUILD_PACKAGES=(gcc g++ cmake ninja-build pkg-config libtracefs-dev libtraceevent-dev
	libelf-dev libzstd-dev zlib1g-dev libtracecmd-dev)
DEMO_PACKAGES=(python3 perl)
TEST_PACKAGES=(libcriterion-dev clang libclang-rt-dev clang-format clang-tidy valgrind linux-perf
	python3 perl strace util-linux git zstd trace-cmd lnav libjemalloc2 fakeroot eatmydata musl-tools
	busybox-static bubblewrap mandoc zsh fish)
# Programs that can't take the library: of 32 bits.
[[ $(uname -m) != x86_64 ]] || TEST_PACKAGES+=(gcc-multilib)

if [[ -t 1 ]]; then
	BOLD=$'\e[1m' GREEN=$'\e[32m' RED=$'\e[31m' PLAIN=$'\e[0m'
else
	BOLD='' GREEN='' RED='' PLAIN=''
fi

say() {
	printf '%s==> %s%s\n' "$BOLD" "$*" "$PLAIN"
}

note() {
	printf '    %s\n' "$*"
}

die() {
	printf '%s: %s\n' "$(basename "$0")" "$*" >&2
	exit 1
}

# as_root COMMAND...: runs it as root, by sudo where need be.
as_root() {
	if [[ $EUID -eq 0 ]]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo "$@"
	else
		die "must be root to run: $*; run this script as root, or install sudo"
	fi
}

# missing_packages PACKAGE...: prints those that are not installed.
missing_packages() {
	local package state
	for package; do
		state=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) || state=
		[[ $state == installed ]] || echo "$package"
	done
}

# need_packages PURPOSE PACKAGE...: installs what is missing, and says what before it does.
need_packages() {
	local purpose=$1 missing
	shift
	command -v dpkg-query >/dev/null ||
		die "this is no Debian; install the equivalents of: $* (see README.md)"
	mapfile -t missing < <(missing_packages "$@")
	[[ ${#missing[@]} -gt 0 ]] || return 0
	say "Packages missing for $purpose; installing with apt-get: ${missing[*]}"
	note "(some minutes on a bare system; its output: build/apt.log)"
	# Another apt-get (unattended upgrades) may hold the lock for a while; a mirror may hiccup.
	local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=600
		-o Acquire::Retries=3)
	as_root "${apt[@]}" update >"$ROOT/build/apt.log" 2>&1 ||
		note "apt-get update had problems (build/apt.log); trying with the lists at hand"
	as_root "${apt[@]}" install -y --no-install-recommends "${missing[@]}" \
		>>"$ROOT/build/apt.log" 2>&1 || {
		tail -n 15 "$ROOT/build/apt.log" >&2
		die "apt-get could not install: ${missing[*]} (whole output: build/apt.log)"
	}
}

# need_build_folders: a build as root leaves folders that its user cannot write into later.
need_build_folders() {
	local folder
	for folder in "$ROOT"/build "$ROOT"/build-asan "$ROOT"/build-fuzz; do
		[[ ! -e $folder || -w $folder ]] ||
			die "cannot write into $folder (built by another user?); remove it first"
	done
	mkdir -p "$ROOT/build/logs"
}

# build_progress: of ninja's output on stdin, shows a line for each tenth that is done.
build_progress() {
	local done of shown=0
	while read -r line; do
		[[ $line =~ ^\[([0-9]+)/([0-9]+)\] ]] || continue
		done=${BASH_REMATCH[1]} of=${BASH_REMATCH[2]}
		if ((of > 20 && done * 10 / of > shown)); then
			shown=$((done * 10 / of))
			note "$done of $of steps"
		fi
	done
}

# have_user_events: whether this user could write user_events here.
have_user_events() {
	[[ -w /sys/kernel/tracing/user_events_data ]]
}

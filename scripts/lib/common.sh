# SPDX-License-Identifier: MIT
# What the scripts share: saying what happens, installing packages, running a step with a log.
# Sourced, never run. Needs nothing beyond what a bare Debian has (bash, dpkg, coreutils).

set -euo pipefail

# The source tree, wherever the script was called from.
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
JOBS=$(nproc)
APT_LOG=$ROOT/build/apt.log

# What the scripts read of programs' output is English, and files are UTF-8. Programs that keep caches
# take the absence of HOME badly.
export LC_ALL=C.UTF-8
export HOME=${HOME:-$(getent passwd "$EUID" | cut -d : -f 6)}

# Packages by what they are for; docs and scripts take them from here.
BUILD_PACKAGES=(gcc g++ cmake ninja-build pkg-config libtracefs-dev libtraceevent-dev
	libelf-dev libzstd-dev zlib1g-dev libtracecmd-dev libcurl4-openssl-dev libprotobuf-c-dev
	protobuf-c-compiler)
DEMO_PACKAGES=(python3 perl)
TEST_PACKAGES=(libcriterion-dev clang libclang-rt-dev clang-format clang-tidy valgrind linux-perf
	python3 perl strace util-linux git zstd trace-cmd lnav libjemalloc2 fakeroot eatmydata musl-tools
	busybox-static bubblewrap mandoc zsh fish systemd)
# Programs that can't take the library: of 32 bits.
[[ $(uname -m) != x86_64 ]] || TEST_PACKAGES+=(gcc-multilib)

# For --arch=arm64. Debian's cross compilers can't be installed beside gcc-multilib; clang's libc can.
ARM64_PACKAGES=(qemu-user-static binutils-aarch64-linux-gnu libc6-dev-arm64-cross
	libgcc-12-dev-arm64-cross libstdc++-12-dev-arm64-cross)

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

# as_root COMMAND...: runs it as root, by sudo where need be; need_root has made sure of that.
as_root() {
	if [[ $EUID -eq 0 ]]; then
		"$@"
	else
		sudo "$@"
	fi
}

# need_root WHAT-FOR: ends the script where there is no way to become root.
need_root() {
	[[ $EUID -ne 0 ]] || return 0
	command -v sudo >/dev/null ||
		die "$1 takes root: run this script as root, or install sudo, or let root run:" \
			"apt-get install --no-install-recommends ${missing[*]}"
	# It may ask for a password, which must not end up in a log.
	sudo true || die "$1 takes root, and sudo refuses"
}

# missing_packages PACKAGE...: prints those that are not installed.
missing_packages() {
	local package state
	for package; do
		state=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) || state=
		[[ $state == installed ]] || echo "$package"
	done
}

# unknown_packages PACKAGE...: prints those that apt-get has never heard of.
unknown_packages() {
	local package
	for package; do
		apt-cache show "$package" >/dev/null 2>&1 || echo "$package"
	done
}

# need_packages PURPOSE PACKAGE...: installs what is missing, and says what before it does.
need_packages() {
	local purpose=$1 missing unknown
	shift
	if ! command -v dpkg-query >/dev/null; then
		note "this is no Debian: going on as if the equivalents of these were installed: $*"
		return 0
	fi
	mapfile -t missing < <(missing_packages "$@")
	[[ ${#missing[@]} -gt 0 ]] || return 0
	need_root "installing what is missing for $purpose"
	say "Packages missing for $purpose; installing with apt-get: ${missing[*]}"
	note "(some minutes on a bare system; its output: ${APT_LOG#"$ROOT"/})"
	mkdir -p "$(dirname "$APT_LOG")"
	# Another apt-get (unattended upgrades) may hold the lock for a while; a mirror may hiccup.
	local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=600
		-o Acquire::Retries=3)
	as_root "${apt[@]}" update >"$APT_LOG" 2>&1 ||
		note "apt-get update had problems ($APT_LOG); trying with the lists at hand"
	mapfile -t unknown < <(unknown_packages "${missing[@]}")
	[[ ${#unknown[@]} -eq 0 ]] || die "apt-get knows no package ${unknown[*]}:" \
		"/etc/apt names too few archives, or none that can be reached. $(archive_of "${unknown[@]}")"
	as_root "${apt[@]}" install -y --no-install-recommends "${missing[@]}" >>"$APT_LOG" 2>&1 || {
		tail -n 15 "$APT_LOG" >&2
		die "apt-get could not install: ${missing[*]} (whole output: $APT_LOG)"
	}
}

# archive_of PACKAGE...: where Debian 12 has them.
archive_of() {
	if [[ $* == linux-source-* ]]; then
		echo "Debian 12 has it in the security archive (suite bookworm-security, section main);" \
			"without it, leave the kernel tests out: --no-kernel"
	else
		echo "Debian 12 has it in the suite bookworm, section main"
	fi
}

# need_build_folders: what is known from the start to end in failure later is said at the start.
need_build_folders() {
	local folder
	# The loader splits its list of preloaded libraries at blanks and colons and replaces words behind
	# a dollar; linkers and CMake split at commas, semicolons and more.
	local wrong=$' \t\n:;,$"\'\\#=*?<>|&()[]`'
	for folder in "$ROOT" "$(cd "$ROOT" && pwd -P)"; do
		[[ $folder != *["$wrong"]* ]] ||
			die "cannot work in $(printf %q "$folder"): there may be no blank in its path, and" \
				"none of ${wrong:3}; move it or clone it elsewhere"
	done
	# A build as root leaves folders that its user cannot write into later.
	for folder in "$ROOT"/build "$ROOT"/build-asan "$ROOT"/build-fuzz; do
		[[ ! -e $folder || -w $folder ]] ||
			die "cannot write into $folder (built by another user?); remove it first"
	done
	[[ -w $ROOT || -w $ROOT/build ]] ||
		die "cannot write into $ROOT, where build/ goes; copy it: cp -r $ROOT ~/logtap"
	mkdir -p "$ROOT/build/logs"
}

# need_scratch: a folder for temporary files that can be written into, and from which programs start.
need_scratch() {
	local scratch file
	scratch=${TMPDIR:-/tmp}
	[[ $scratch != *[[:space:]:]* ]] ||
		die "cannot preload from $(printf %q "$scratch"): set TMPDIR to a folder without blanks and colons"
	file=$(mktemp "$scratch/logtap-XXXXXX" 2>/dev/null) ||
		die "cannot write into $scratch; set TMPDIR to a folder for temporary files"
	printf '#!/bin/sh\nexit 0\n' >"$file"
	chmod 700 "$file"
	"$file" 2>/dev/null || {
		rm -f "$file"
		die "$scratch is mounted noexec, and the tests start programs there; set TMPDIR to another folder"
	}
	rm -f "$file"
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

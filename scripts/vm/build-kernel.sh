#!/bin/bash
# SPDX-License-Identifier: MIT
# Builds the small Linux kernel that the tests boot (scripts/vm/run.sh), once, from Debian's own
# source package, into a cache outside the tree. Prints the path of the finished image on stdout
# and everything else on stderr. Must never write into the source tree or fetch anything except
# through apt-get.
. "$(dirname "$0")/../lib/common.sh"

usage()
{
	cat <<'END'
usage: build-kernel.sh [--help] [--path] [--packages]

Builds the test kernel and prints the image's path. A finished one is reused at once. Installs the
Debian packages that are missing for building it and for booting it.
  --path       print where the image is or will be, build nothing; status 1 when it isn't there
  --packages   print the Debian packages that the build and the VM need

LOGTAP_VM_CACHE   where kernels are kept (default ${XDG_CACHE_HOME:-$HOME/.cache}/logtap/vm)
LOGTAP_VM_JOBS    how many compilers at once (default: one per processor)
END
}

here=$(cd "$(dirname "$0")" && pwd)
source_package=linux-source-6.12
build_packages=("$source_package" build-essential flex bison bc libelf-dev libssl-dev xz-utils)
boot_packages=(cpio busybox-static qemu-system-x86)
cache=${LOGTAP_VM_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/logtap/vm}
jobs=${LOGTAP_VM_JOBS:-$(nproc)}

say()
{
	echo "build-kernel: $*" >&2
}

die()
{
	say "$*"
	exit 1
}

# Beside the kernels, not in the tree.
APT_LOG=$cache/apt.log

# The source's version is part of the key, so that a security update of Debian's gives a new
# kernel. Without the package the newest kernel in the cache with this fragment will do.
image_path()
{
	local version fragment newest
	fragment=$(sha256sum "$here/kernel.fragment" | cut -c1-12)
	if [ -z "$(missing_packages "$source_package")" ]; then
		version=$(dpkg-query -W -f '${Version}' "$source_package" | tr -c 'A-Za-z0-9.\n' _)
		echo "$cache/$version-$fragment/bzImage"
		return
	fi
	# shellcheck disable=SC2012 # the names are of our own making
	newest=$(ls -td "$cache"/*-"$fragment" 2>/dev/null | head -n 1 || true)
	echo "${newest:-$cache/unknown-$fragment}/bzImage"
}

# Shows how many of the $2 build steps of this configuration are done.
progress()
{
	local log=$1 expected=$2 pid=$3 start=$SECONDS count
	while kill -0 "$pid" 2>/dev/null; do
		count=$(grep -c '^  \(CC\|AS\|LD\|AR\)' "$log" 2>/dev/null || true)
		count=${count:-0}
		[ "$count" -lt "$expected" ] || count=$expected
		if [ -t 2 ]; then
			printf '\rbuild-kernel: compiling, %d %%, %d s ' \
				$((count * 100 / expected)) $((SECONDS - start)) >&2
			sleep 1
		else
			say "compiling, $((count * 100 / expected)) %, $((SECONDS - start)) s"
			for _ in $(seq 20); do
				kill -0 "$pid" 2>/dev/null || break
				sleep 1
			done
		fi
	done
	[ ! -t 2 ] || echo >&2
}

configure()
{
	local line
	make -s tinyconfig &&
		scripts/kconfig/merge_config.sh -m .config "$here/kernel.fragment" &&
		make -s olddefconfig || return 1
	while read -r line; do
		grep -qx "$line" .config || { echo "lost: $line"; return 1; }
	done < <(grep '^CONFIG_' "$here/kernel.fragment")
	return 0
}

build()
{
	local image=$1 work log tarball pid
	tarball=/usr/src/$source_package.tar.xz
	[ -r "$tarball" ] || die "$tarball is missing; apt-get install --reinstall $source_package"
	work=$(mktemp -d "$cache/building.XXXXXX")
	# shellcheck disable=SC2064
	trap "rm -rf '$work'" EXIT
	log=$work/build.log
	say "building a kernel with user_events from $source_package, once:" \
		"about 12 processor minutes, so about $((12 / jobs + 1)) minutes with $jobs jobs"
	say "unpacking the source"
	tar -C "$work" -xf "$tarball" --exclude='*/drivers/gpu/*.[ch]' --exclude='*/sound/*.[ch]'
	cd "$work/$source_package"
	configure >"$log" 2>&1 || die "configuring failed: $(tail -n 1 "$log")"
	nice make -j"$jobs" bzImage >>"$log" 2>&1 &
	pid=$!
	# shellcheck disable=SC2064
	trap "kill $pid 2>/dev/null || true; rm -rf '$work'" EXIT
	progress "$log" 2060 "$pid"
	if ! wait "$pid"; then
		cp "$log" "$cache/failed.log"
		die "the build failed, see $cache/failed.log: $(grep -m 1 -i 'error' "$log" || true)"
	fi
	mkdir -p "$(dirname "$image")"
	cp .config "$(dirname "$image")/config"
	cp "$log" "$(dirname "$image")/build.log"
	# Last and by rename: an image that exists is whole.
	cp arch/x86/boot/bzImage "$image.new"
	mv "$image.new" "$image"
	say "done in $SECONDS s: $image"
}

case "${1:-}" in
'') ;;
--help)
	usage
	exit 0
	;;
--path)
	image_path
	[ -r "$(image_path)" ]
	exit
	;;
--packages)
	echo "${build_packages[*]} ${boot_packages[*]}"
	exit 0
	;;
*)
	usage >&2
	exit 2
	;;
esac

[ "$(uname -m)" = x86_64 ] || die "only written for x86_64; this is $(uname -m)"
need_packages "the VM" "${boot_packages[@]}" >&2
image=$(image_path)
if [ ! -r "$image" ]; then
	need_packages "the kernel's build" "${build_packages[@]}" >&2
	image=$(image_path)
	mkdir -p "$cache"
	exec 9>"$cache/lock"
	flock -n 9 || {
		say "another build is under way; waiting for it"
		flock 9
	}
	# What a build left that was killed.
	rm -rf "$cache"/building.*
	[ -r "$image" ] || build "$image"
fi
echo "$image"

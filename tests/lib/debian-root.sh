#!/usr/bin/env bash
# Makes (once) a Debian root folder with the given packages, for tests that need a system other
# than the machine's own. The machine stays as it is, and no service is started in the folder.
#
#   debian-root.sh NAME SUITE PACKAGE...     makes it if need be, prints its path
#
# It lives in ${LOGTAP_CACHE:-${XDG_CACHE_HOME:-~/.cache}/logtap}, keyed by suite and packages.
set -euo pipefail
name=$1 suite=$2
shift 2
cache=${LOGTAP_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/logtap}
packages=$(printf '%s\n' "$@" | sort -u)
root=$cache/$name-$(printf '%s %s' "$suite" "$packages" | sha256sum | cut -c1-12)
if [ -e "$root/.complete" ]; then
	printf '%s\n' "$root"
	exit 0
fi
say() { printf '%s root: %s\n' "$name" "$*" >&2; }

command -v debootstrap >/dev/null || {
	say "debootstrap is missing: apt-get install debootstrap"
	exit 1
}
# Where packages come from is this machine's own setting, not ours to write down.
mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' "Codename: $suite" | head -n 1)
[ -n "$mirror" ] || mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | head -n 1)

partial=$root.partial log=$cache/$name-root.log
mkdir -p "$cache"
if [ ! -e "$partial/.base" ]; then
	rm -rf "$partial"
	say "debootstrap of $suite into $partial (a minute or two)"
	debootstrap --variant=minbase "$suite" "$partial" "$mirror" >"$log" 2>&1 || {
		say "debootstrap failed, see $log"
		exit 1
	}
	touch "$partial/.base"
fi
printf '#!/bin/sh\nexit 101\n' >"$partial/usr/sbin/policy-rc.d"
chmod 755 "$partial/usr/sbin/policy-rc.d"
say "installing $(printf '%s\n' "$packages" | wc -l) packages and what they need"
in_root() {
	chroot "$partial" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
		DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 "$@"
}
mountpoint -q "$partial/proc" || mount -t proc proc "$partial/proc"
trap 'umount "$partial/proc" 2>/dev/null || true' EXIT
{
	in_root apt-get update &&
		# shellcheck disable=SC2086 # a list of package names
		in_root apt-get install -y --no-install-recommends $packages &&
		in_root apt-get clean
} >>"$log" 2>&1 || {
	say "apt-get failed, see $log"
	exit 1
}
umount "$partial/proc"
trap - EXIT
touch "$partial/.complete"
mv "$partial" "$root"
say "ready: $root"
printf '%s\n' "$root"

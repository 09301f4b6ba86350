#!/usr/bin/env bash
# Makes (once) the root folder that the matrix runs in: a Debian 12 with every package that the
# cases name. The machine's own system stays as it is, and no service is started.
#
#   root.sh [--print]     makes it if need be, and prints its path (--print: only the path)
#
# The folder lives in ${LOGTAP_CACHE:-${XDG_CACHE_HOME:-~/.cache}/logtap}, keyed by the package list.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

cache=${LOGTAP_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/logtap}
suite=bookworm
packages=$(sed -n 's/^#: .*packages=\([^ ]*\).*/\1/p' "$here"/cases/*.sh | tr ',' '\n' | sort -u)
key=$(printf '%s %s' "$suite" "$packages" | sha256sum | cut -c1-12)
root=$cache/matrix-$key

if [ "${1:-}" = --print ] || [ -e "$root/.complete" ]; then
	printf '%s\n' "$root"
	exit 0
fi
say() { printf 'matrix root: %s\n' "$*" >&2; }

command -v debootstrap >/dev/null || {
	say "debootstrap is missing: apt-get install debootstrap"
	exit 1
}
# Where packages come from is this machine's own setting, not ours to write down.
mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' "Codename: $suite" 2>/dev/null |
	head -n 1)
[ -n "$mirror" ] || mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | head -n 1)

partial=$root.partial
mkdir -p "$cache"
if [ ! -e "$partial/.base" ]; then
	rm -rf "$partial"
	say "debootstrap of $suite into $partial (a minute or two)"
	debootstrap --variant=minbase "$suite" "$partial" "$mirror" >"$cache/matrix-root.log" 2>&1 || {
		say "debootstrap failed, see $cache/matrix-root.log"
		exit 1
	}
	touch "$partial/.base"
fi
cat >"$partial/usr/sbin/policy-rc.d" <<'EOF'
#!/bin/sh
exit 101
EOF
chmod 755 "$partial/usr/sbin/policy-rc.d"
say "installing $(printf '%s\n' "$packages" | wc -l) packages and what they need (some minutes)"
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
} >>"$cache/matrix-root.log" 2>&1 || {
	say "apt-get failed, see $cache/matrix-root.log"
	exit 1
}
umount "$partial/proc"
trap - EXIT
touch "$partial/.complete"
mv "$partial" "$root"
say "ready: $root"
printf '%s\n' "$root"

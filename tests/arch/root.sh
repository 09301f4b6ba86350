#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Makes (once) a folder with Debian packages of another architecture, prints its path. The packages are
# taken apart, nothing of them is run: it can be made where nothing runs that architecture's programs. The
# machine stays as it is.
#
#   root.sh ARCHITECTURE SUITE PACKAGE...      Debian's name: i386, arm64
#
# It lives in ${LOGTAP_CACHE:-${XDG_CACHE_HOME:-~/.cache}/logtap}, keyed by suite and packages.
set -euo pipefail
architecture=$1 suite=$2
shift 2
cache=${LOGTAP_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/logtap}
key=$(printf '%s\n' "$suite" "$(sha256sum <"$0")" "$@" | sha256sum | cut -c1-12)
root=$cache/$architecture-$key
if [ -e "$root/.complete" ]; then
	printf '%s\n' "$root"
	exit 0
fi
partial=$root.partial log=$cache/$architecture-root.log
mkdir -p "$cache"
rm -rf "$partial"
mkdir -p "$partial/apt/lists/partial" "$partial/apt/archives/partial"

# apt-get with a memory of its own, of a machine of that architecture on which nothing is installed. Where
# packages come from, and their keys, are this machine's own settings.
: >"$partial/apt/status"
cat >"$partial/apt/conf" <<END
APT::Architecture "$architecture";
APT::Architectures { "$architecture"; };
APT::Install-Recommends "false";
APT::Default-Release "$suite";
APT::Sandbox::User "root";
Dir::State "$partial/apt";
Dir::State::status "$partial/apt/status";
Dir::Cache "$partial/apt";
END
{
	# One archive of several may be out of step for a while.
	APT_CONFIG=$partial/apt/conf apt-get -q update || true
	APT_CONFIG=$partial/apt/conf apt-get -q -y --download-only install base-files "$@"
} >"$log" 2>&1 || {
	tail -n 5 "$log" >&2
	echo "root of $architecture: apt-get failed, see $log" >&2
	exit 1
}
for folder in bin sbin lib lib64; do
	mkdir -p "$partial/usr/$folder"
	ln -s "usr/$folder" "$partial/$folder"
done
for package in "$partial"/apt/archives/*.deb; do
	dpkg-deb --fsys-tarfile "$package" |
		tar -C "$partial" -x --no-same-owner --keep-directory-symlink >>"$log" 2>&1
done
# What packages do when they are installed, as far as programs need it.
printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/nonexistent:/bin/sh\n' >"$partial/etc/passwd"
printf 'root:x:0:\nnogroup:x:65534:\n' >"$partial/etc/group"
[ -e "$partial/usr/bin/awk" ] || [ ! -e "$partial/usr/bin/mawk" ] || ln -s mawk "$partial/usr/bin/awk"
rm -rf "$partial/apt"
mkdir -p "$partial"/{proc,dev,tmp,sys,run,root}
touch "$partial/.complete"
rm -rf "$root"
mv "$partial" "$root"
printf '%s\n' "$root"

#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Real services under a real systemd: a Debian 12 root with systemd, booted under the kernel of
# scripts/vm, in which the packages are installed, the units enabled and the drop-in put to services.
# Nothing of ours may stop a service, the group missing least of all.
#
#   services.sh        prints a line per check and "N passed, N failed"
#
# Needs root and debootstrap for the root (tests/lib/debian-root.sh keeps it), and what scripts/vm needs.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
source=$(cd "$here/../.." && pwd)
build=$(realpath -m "${LOGTAP_BUILD:-$source/build}")

cmake --build "$build" --target package >"$build/package.log" 2>&1 || {
	tail -n 20 "$build/package.log" >&2
	exit 1
}
root=$("$source/tests/lib/debian-root.sh" services bookworm systemd systemd-sysv dbus libtracefs1 \
	libtraceevent1 libtracecmd1 libelf1 libzstd1 zlib1g)
LOGTAP_BUILD=$build exec "$source/scripts/vm/run.sh" --timeout "${LOGTAP_KERNEL_LIMIT:-1800}" \
	"$here/lib/boot.sh" "$root" "$here/lib/services.sh"

#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Real services under a real systemd, which is the first process of namespaces of its own in a Debian 12
# root: the packages installed, the units enabled, the drop-in put to services, and all of it taken off.
# Nothing of ours may stop a service, the group missing least of all. The tracing folder is a stand-in of
# plain files, so that it needs no user_events and no VM; capturing through the kernel is tests/kernel's.
#
#   services.sh        prints a line per check and "N passed, N failed"; writes SERVICES.md
#
# Needs root, debootstrap for the root (tests/lib/debian-root.sh keeps it), and cgroups.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
source=$(cd "$here/../.." && pwd)

work=$(mktemp -d "${TMPDIR:-/tmp}/logtap-services.XXXXXX")
trap 'rm -rf --one-file-system "$work"' EXIT
root=$work/root
. "$here/lib/packages.sh"
# In braces, so that the shell reads it as a whole: an edit of this file meanwhile must not reach it.
{
made=$("$source/tests/lib/debian-root.sh" services bookworm systemd systemd-sysv dbus libtracefs1 \
	libtraceevent1 libtracecmd1 libelf1 libzstd1 zlib1g)
cp -a "$made" "$root"
mkdir "$root/check"
cp "$here/lib/services.sh" "$root/check/script"
cp "$here/lib/check.sh" "$root/check/"
copy_packages "$root/check"
chmod 755 "$root/check/script"
cat >"$root/etc/systemd/system/check.service" <<'END'
[Unit]
After=multi-user.target
[Service]
Type=oneshot
TimeoutStartSec=infinity
ExecStart=/bin/sh -c '/check/script >/check/out 2>&1; echo $? >/check/status'
ExecStopPost=systemctl --no-block exit 0
END
mkdir -p "$root/etc/systemd/system/graphical.target.wants"
ln -s ../check.service "$root/etc/systemd/system/graphical.target.wants/check.service"

# shellcheck disable=SC2016
timeout 600 unshare --pid --fork --kill-child --mount --cgroup --propagation private sh -ec '
	mount --bind "$1" "$1"
	cd "$1"
	mount -t proc proc proc
	mount -t sysfs sys sys
	mount -t tmpfs run run
	mount -t tmpfs -o mode=700 tracing sys/kernel/tracing
	: >sys/kernel/tracing/user_events_data
	: >sys/kernel/tracing/user_events_status
	chmod 640 sys/kernel/tracing/user_events_data
	chmod 440 sys/kernel/tracing/user_events_status
	mount -t cgroup2 cgroup sys/fs/cgroup || mount --rbind /sys/fs/cgroup sys/fs/cgroup
	mount --rbind /dev dev
	mount --move . /
	exec env -i container=other PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot . \
		/lib/systemd/systemd --log-level=warning --log-target=console' sh "$root" \
	</dev/null >"$work/systemd.log" 2>&1 || true
[[ -s $root/check/status ]] || {
	echo "the system did not run the script"
	tail -n 30 "$work/systemd.log"
	exit 1
}
cat "$root/check/out"
{
	echo "# Units and drop-in under systemd"
	echo
	echo "By \`tests/packages/services.sh\` on $(date -u +%F), systemd $(chroot "$root" dpkg-query -W -f '${Version}' systemd) in namespaces."
	echo "The tracing folder is a stand-in; what goes through the kernel is \`tests/kernel\`'s."
	echo
	echo "| what | |"
	echo "|---|---|"
	sed -n 's/^ok  *\(.*\)/| \1 | passed |/p; s/^FAILED  *\(.*\)/| \1 | **failed** |/p' "$root/check/out"
	echo
	echo "Exposure, of 10, by \`systemd-analyze security\`. \`logtap-preload\` tries the library as other programs meet"
	echo "it, which a sandbox would falsify."
	echo
	echo "| unit | |"
	echo "|---|---|"
	sed -n 's/^exposure \([^ ]*\) \(.*\)/| \1 | \2 |/p' "$root/check/out"
} >"$here/SERVICES.md"
exit "$(<"$root/check/status")"
}

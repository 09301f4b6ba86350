#!/bin/bash
# SPDX-License-Identifier: MIT
# In the VM: boots a Debian root as a system of its own, systemd as its first process, and in it runs
# one script as a service. What the script prints is our output, its exit status ours.
#
#   boot.sh ROOT SCRIPT
set -euo pipefail
root=$1 script=$2

mkdir -p "$root/check"
cp "$script" "$root/check/script"
cp "$LOGTAP_BUILD"/packages/*.deb "$root/check/"
chmod 755 "$root/check/script"
cat >"$root/etc/systemd/system/check.service" <<'END'
[Unit]
After=multi-user.target
[Service]
Type=oneshot
TimeoutStartSec=infinity
ExecStart=/bin/sh -c '/check/script >/check/out 2>&1; echo $? >/check/status'
ExecStopPost=systemctl --no-block poweroff --force
END
# Nothing tells of devices here, and the console's login would be waited for.
ln -s /dev/null "$root/etc/systemd/system/serial-getty@ttyS0.service"
mkdir -p "$root/etc/systemd/system/graphical.target.wants"
ln -s ../check.service "$root/etc/systemd/system/graphical.target.wants/check.service"
: >"$root/check/out"
tail -f "$root/check/out" &
shown=$!
# Tracefs is systemd's to mount, as in any boot.
umount /sys/kernel/tracing
# shellcheck disable=SC2016
unshare --pid --fork --kill-child --mount --propagation private sh -c '
	mount --bind "$1" "$1" && cd "$1" && mount --move . / &&
		exec chroot . /lib/systemd/systemd --log-level=warning' sh "$root" \
	>/tmp/systemd-out 2>&1 || true
sleep 1
kill "$shown"
[[ -s $root/check/status ]] || {
	echo "the system did not run the script"
	tail -n 30 /tmp/systemd-out
	exit 1
}
exit "$(<"$root/check/status")"

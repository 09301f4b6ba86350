#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A Debian 12 with systemd, nginx, cron, rsyslog and an SSH server, booted under the project's own kernel,
# which has user_events: the recipe of scripts/systemd, services, the whole machine, a boot, a library that
# is cut, `logtap-disable` by the last shell and as the first process, removal. The root is a folder of
# this machine, so that all its files can be compared at the end.
#
#   boot.sh            writes BOOT.md
#
# Needs root, what scripts/vm/build-kernel.sh needs, and debootstrap (tests/lib/debian-root.sh keeps the
# root). Emulated: some ten minutes.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
source=$(cd "$here/../.." && pwd)

work=$(mktemp -d "${TMPDIR:-/tmp}/logtap-boot.XXXXXX")
root=$work/root
trap 'rm -rf --one-file-system "$work"' EXIT
. "$source/tests/lib/results.sh"
. "$here/lib/packages.sh"

# Without logs, caches, what a boot leaves, and the backup copies of useradd, groupadd and dpkg.
whole() {
	listing "$root" ./check ./var/log ./var/cache ./var/lib/systemd ./run ./tmp ./var/tmp './etc/*-' \
		'./var/lib/dpkg/*-old' ./etc/.pwd.lock
}

# stage NAME [FIRST-PROCESS...]: one boot; its checks become rows.
stage() {
	local line words
	echo "$1" >"$root/check/stage"
	: >"$root/check/out"
	"$source/scripts/vm/run.sh" --timeout 900 --console "$work/console" --root "$root" "${@:2}" || true
	[[ $1 != dead ]] || return 0
	cat "$root/check/out" >&2
	while read -r line; do
		words=$(sed 's/^[^ ]* *//' <<<"$line")
		case $line in
		ok*) results+=("| $words | passed |") ;;
		FAILED*)
			results+=("| $words | **failed** |")
			failed=$((failed + 1))
			;;
		esac
	done <"$root/check/out"
	grep -qx "done" "$root/check/out" || {
		tail -n 30 "$work/console" >&2
		result "the boot \"$1\" comes to its end" false
	}
}

did_not_start() { [[ ! -s $root/check/out ]] && grep -a 'Attempted to kill init' "$work/console"; }

# In braces, so that the shell reads it as a whole: an edit of this file meanwhile must not reach it.
{
say "a Debian 12 root"
made=$("$source/tests/lib/debian-root.sh" vm bookworm systemd-sysv dbus cron rsyslog nginx-light openssh-server \
	libtracefs1 libtraceevent1 libtracecmd1 libelf1 libzstd1 zlib1g)
cp -a "$made" "$root"
rm "$root/usr/sbin/policy-rc.d"
mkdir "$root/check"
cp "$here/lib/boot.sh" "$root/check/script"
cp "$here/lib/check.sh" "$root/check/"
cp /bin/busybox "$root/check/"
copy_packages "$root/check"
chmod 755 "$root/check/script"
cat >"$root/etc/systemd/system/check.service" <<'END'
[Unit]
After=multi-user.target
[Service]
Type=oneshot
TimeoutStartSec=infinity
ExecStart=/bin/bash -c '/check/script >/check/out 2>&1'
END
mkdir -p "$root/etc/systemd/system/graphical.target.wants"
ln -s ../check.service "$root/etc/systemd/system/graphical.target.wants/check.service"
# Without udev a terminal's device never appears, and what waits for it waits for long. The others have
# nothing to do with it, and take an emulator's time.
for unit in {serial-getty@,getty@,e2scrub_reap}.service {e2scrub_all,apt-daily,apt-daily-upgrade,dpkg-db-backup,fstrim}.timer; do ln -s /dev/null "$root/etc/systemd/system/$unit"; done

say "booting"
stage first
whole >"$work/before"
stage recipe
stage units
stage again
stage bad
stage dead
result "with an entry by hand to a cut library the machine does not start" did_not_start
stage rescued /usr/sbin/logtap-disable --init
whole >"$work/after"
result "not one file, line or mode of the root differs from before" diff "$work/before" "$work/after"

write_results "$here/BOOT.md" "Booted under a kernel that has user_events" \
	"By \`tests/packages/boot.sh\` on $(date -u +%F): Debian 12 with systemd $(chroot "$root" dpkg-query -W -f '${Version}' systemd), nginx, cron, rsyslog, an
SSH server and scripts of dash, under the kernel of \`scripts/vm\` in QEMU. It has no AppArmor.
\`ProtectKernelTunables=yes\` is a system call filter, under which nothing is captured through the kernel
(docs/GAPS.md); \`logtap enable --unit NAME --file=FILE\` records such a service."
end_results
exit
}

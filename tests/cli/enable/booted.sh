#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# `logtap enable`, `disable` and `status` on a Debian 12 that systemd boots: services with each sandbox
# option and with all together, the whole machine, power off and on, a power cut, a library that goes bad,
# the static logtap-disable. At the end not one file, line or mode of the root differs from before.
#
#   booted.sh [BASE]     writes RESULTS.md; BASE: a root with the packages below, instead of debootstrap
#
# Needs root, debootstrap, systemd-container and a finished build.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
source=$(cd "$here/../../.." && pwd)
build=${LOGTAP_BUILD:-$source/build}
packages=(systemd-sysv dbus cron rsyslog nginx-light openssh-server libc6-i386 musl libtracefs1 libtraceevent1 libelf1 libtracecmd1)

work=$(mktemp -d "${TMPDIR:-/tmp}/logtap-booted.XXXXXX")
root=$work/root
. "$source/tests/lib/results.sh"
. "$source/tests/lib/nspawn.sh"
finish() {
	stop_machine
	sleep 1
	rm -rf --one-file-system "$work"
}
trap finish EXIT

# Without what a boot itself leaves, and the programs' own logs.
whole() {
	listing "$root" ./var/log ./var/lib/systemd ./var/cache ./run ./tmp ./var/tmp ./root ./etc/machine-id ./var/lib/dbus
}

library() { echo "$root"/usr/lib/*/logtap/liblogtap.so; }
no_complaint() { ! inside journalctl -b --no-pager -o cat | grep 'ld.so: object'; }
listed() { [[ $(inside cat /etc/ld.so.preload) == "/run/logtap-preload/\$LIB/liblogtap.so:" ]]; }
captured() { inside logtap view --no-pager --output=cat "/var/log/lt/$1.data" | grep -F "$2"; }

options=(ProtectKernelTunables=yes PrivateTmp=yes ProtectSystem=strict ProtectHome=yes PrivateDevices=yes
	NoNewPrivileges=yes MemoryDenyWriteExecute=yes SystemCallFilter=@system-service RestrictAddressFamilies=AF_UNIX
	RestrictNamespaces=yes LockPersonality=yes RestrictRealtime=yes RestrictSUIDSGID=yes ProtectClock=yes
	ProtectKernelLogs=yes ProtectKernelModules=yes ProtectControlGroups=yes ProtectProc=invisible ProcSubset=pid
	PrivateNetwork=yes PrivateIPC=yes ProtectHostname=yes User=www-data CapabilityBoundingSet=
	SystemCallArchitectures=native)
alone=(PrivateUsers=yes ReadOnlyPaths=/ NoExecPaths=/tmp InaccessiblePaths=/srv TemporaryFileSystem=/srv
	RootDirectory=/srv/inner)

# unit NAME OPTION...: a service that says one line.
unit() {
	printf '[Service]\nType=oneshot\nExecStart=/bin/sh -c "echo error: from %s >&2"\n' "$1" >"$root/etc/systemd/system/$1.service"
	printf '%s\n' "${@:2}" >>"$root/etc/systemd/system/$1.service"
}

one_service() {
	local name=$1
	inside logtap enable --unit "$name" --file="/var/log/lt/$name.data"
	inside systemctl start "$name" && captured "$name" "error: from $name"
}

real_services() {
	inside logtap enable --unit nginx cron rsyslog --file=/var/log/lt/services.data --provider=auto --restart
	inside systemctl is-active nginx cron rsyslog
	inside logtap enable --unit nginx --file=/var/log/lt/services.data --provider=auto | grep already
	captured services '(CRON)'
	[[ $(inside logtap status | grep -o 'nginx\[\|cron\[\|rsyslogd\[' | sort -u | wc -l) == 3 ]]
}

without_group() {
	unit nogroup User=www-data
	inside systemctl daemon-reload
	! inside logtap enable --unit nogroup && inside systemctl start nogroup
}

services_off() {
	inside logtap disable --restart
	inside systemctl is-active nginx cron rsyslog
	[[ -z $(find "$root/etc/systemd/system" -name '50-logtap.conf') ]]
}

machine_on() {
	mkdir -p "$root/etc/logtap"
	inside logtap record -o /var/log/lt/machine.data true
	echo 'LOGTAP_SINK=file:/var/log/lt/machine.data' >"$root/etc/logtap/logtap.conf"
	inside logtap enable --system && listed && inside systemctl start logtap-preload
	inside sh -c 'echo error: from the machine >&2' && captured machine 'error: from the machine'
}

after_boot() { listed && no_complaint && inside logtap status && captured machine 'rsyslogd'; }

after_power_cut() { listed && inside logtap status && inside /bin/true; }

bad_library() {
	truncate -s 40000 "$(library)"
	! inside /bin/true
}

starts_anyway() { [[ ! -e $root/etc/ld.so.preload ]] && inside /bin/true && ! inside systemctl is-active logtap-preload; }

rescued() {
	truncate -s 40000 "$(library)"
	! inside /bin/true || return 1
	# No loader, no shell: this program alone.
	nsenter -t "$(first_process)" -m -p -- /usr/sbin/logtap-disable
	inside /bin/true && [[ -e $root/etc/logtap/disabled ]]
}

say "a Debian 12 root"
if [[ -n ${1-} ]]; then
	cp -a "$1" "$root"
else
	debootstrap --variant=minbase --include="$(IFS=,; echo "${packages[*]}")" bookworm "$root" >"$work/debootstrap" 2>&1
fi
DESTDIR=$root cmake --install "$build" --prefix /usr --component logtap >"$work/install" 2>&1
mkdir -p "$root/srv/inner"/{run,proc,sys,dev,tmp,etc,root,var,usr/bin,usr/lib/x86_64-linux-gnu} "$root/var/log/lt"
for name in bin lib lib64; do ln -sfn "usr/$name" "$root/srv/inner/$name"; done
cp -a "$root/usr/lib64" "$root/srv/inner/usr/"
cp -a "$root"/usr/bin/{sh,dash,true,cat} "$root/srv/inner/usr/bin/"
cp -aL "$root"/usr/lib/x86_64-linux-gnu/{libc.so.6,ld-linux-x86-64.so.2} "$root/srv/inner/usr/lib/x86_64-linux-gnu/"
boot && power_off # what a first boot makes is no difference
good=$work/good
cp -p "$(library)" "$good"
whole >"$work/before"

boot
count=0
for option in "${options[@]}" "${alone[@]}"; do
	unit "s$count" "$option"
	inside systemctl daemon-reload
	result "a service with $option: starts, and is captured" one_service "s$count"
	count=$((count + 1))
done
unit all "${options[@]}"
inside systemctl daemon-reload
result "a service with all of them but the last six together" one_service all
result "nginx, cron, rsyslog: restarted, captured; a second time: already" real_services
result "a user without rights: left as it is, and starts" without_group
result "services taken off; they run" services_off
result "the whole machine enabled, captured" machine_on
power_off
result "powered off: the entry is gone" test ! -e "$root/etc/ld.so.preload"
boot
result "booted: set again after a trial, no loader complained, services captured" after_boot
power_cut
boot
result "after a power cut: set again" after_power_cut
result "a library that went bad: no program starts" bad_library
power_cut
boot
result "booted with it: the entry was taken out, the machine runs" starts_anyway
cp -p "$good" "$(library)"
inside logtap enable --system >/dev/null
result "bad once more, taken out by the static logtap-disable" rescued
cp -p "$good" "$(library)"
rm -r "$root/etc/logtap" "$root"/etc/systemd/system/{s[0-9]*,all,nogroup}.service
inside systemctl daemon-reload
power_off
whole >"$work/after"
result "not one file, line or mode differs from before" diff "$work/before" "$work/after"

write_results "$here/RESULTS.md" "A Debian 12 that systemd boots" \
	"By \`tests/cli/enable/booted.sh\` on $(date -u +%F), systemd $(chroot "$root" dpkg-query -W -f '${Version}' systemd), in systemd-nspawn.
Its kernel has no user_events, so services are captured into recordings."
end_results

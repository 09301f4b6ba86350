#!/bin/bash
# SPDX-License-Identifier: MIT
# In the booted root: installs the packages as a user would, and lives with the units and the drop-in.
set -u
. /check/check.sh

tracing=/sys/kernel/tracing
rights() { stat -c '%n %a %U %G' $tracing $tracing/user_events_data $tracing/user_events_status; }
units() { find /etc/systemd/system -type l ! -name 'check*' | sort; }
same() { diff <(echo "$1") <(echo "$2"); }

# service NAME LINE...: a service of the user joe, or another, with the drop-in, that says whether the
# library is in it, who it is, and whether it could write user_events.
service() {
	local name=$1
	shift
	printf '%s\n' '[Service]' 'Type=oneshot' 'User=joe' "StandardOutput=truncate:/run/$name.out" \
		"ExecStart=/bin/sh -c 'grep -c liblogtap.so /proc/self/maps; id -Gn; true 2>/dev/null >>$tracing/user_events_data && echo writes; true'" "$@" >"/etc/systemd/system/$name.service"
	install -D -m 644 /usr/share/doc/logtap/examples/logtap-dropin.conf "/etc/systemd/system/$name.service.d/logtap.conf"
}
starts() {
	systemctl start "$1.service" || {
		systemctl show -p Result,ExecMainStatus "$1.service"
		journalctl -b -n 5 --no-pager -o cat -u "$1.service"
		return 1
	}
}
# loaded NAME GROUPS: it starts, the library is in it, and these are its groups.
loaded() {
	starts "$1" && cat "/run/$1.out"
	[[ $(head -n 1 "/run/$1.out") -gt 0 && $(sed -n 2p "/run/$1.out") == "$2" ]]
}
# writes NAME: it starts, with the library, the group and the right.
writes() { loaded "$1" "joe tracers" && grep -x writes "/run/$1.out"; }
# Those that change what a service sees of /sys, of its user, or of our files.
options=(ProtectKernelTunables=yes ProtectSystem=strict ProtectSystem=full ProtectHome=yes PrivateTmp=yes
	PrivateDevices=yes NoNewPrivileges=yes MemoryDenyWriteExecute=yes SystemCallFilter=@system-service
	RestrictAddressFamilies=AF_UNIX RestrictNamespaces=yes LockPersonality=yes RestrictRealtime=yes
	RestrictSUIDSGID=yes ProtectClock=yes ProtectKernelLogs=yes ProtectKernelModules=yes
	ProtectControlGroups=yes ProtectProc=invisible ProcSubset=pid PrivateNetwork=yes PrivateIPC=yes
	ProtectHostname=yes CapabilityBoundingSet= SystemCallArchitectures=native UMask=0777 DevicePolicy=closed
	IPAddressDeny=any ReadOnlyPaths=/ NoExecPaths=/tmp InaccessiblePaths=/srv TemporaryFileSystem=/srv
	KeyringMode=private)

useradd -r joe
before=$(rights) enabled=$(units)
check "the packages are installed" dpkg -i /check/logtap_*.deb /check/libevh[0-9]*.deb
check "nothing is enabled by that" same "$(units)" "$enabled"
check "no group and no right came with them" same "$(rights; getent group tracers)" "$before"
check "nothing fails at boot for want of the group" systemd-tmpfiles --create

service plain
service strict ProtectSystem=strict ProtectKernelTunables=yes PrivateTmp=yes NoNewPrivileges=yes
service dynamic
sed -i s/User=joe/DynamicUser=yes/ /etc/systemd/system/dynamic.service
systemctl daemon-reload
for name in plain strict; do
	check "without the group: $name starts, with the library" loaded $name joe
done
check "without the group: dynamic starts" starts dynamic

check "logtap-rights is enabled and starts" systemctl enable --now logtap-rights.service
check "the group has the rights" same "$(rights)" "$tracing 710 root tracers
$tracing/user_events_data 660 root tracers
$tracing/user_events_status 440 root tracers"
usermod -aG tracers joe
for name in plain strict; do
	check "a member's service has them: $name" writes $name
done
for option in "${options[@]}"; do
	service option "$option"
	systemctl daemon-reload
	check "a member's service has them with $option" writes option
done
service all "${options[@]}"
systemctl daemon-reload
check "a member's service has them with all of these together" writes all
service users PrivateUsers=yes
# There is no library in a root of its own.
mkdir -p /srv/inner
service inner RootDirectory=/srv/inner "BindReadOnlyPaths=/usr /bin /lib /lib64"
systemctl daemon-reload
for name in users inner; do
	check "whatever it sees of them, it starts: $name" starts $name
done
check "nobody else's, and it starts" starts dynamic
# The stand-in refuses what follows, but its sandbox must have let it open the file.
systemctl start logtap-register.service
sleep 1
check "logtap-register gets as far as the kernel" grep -q 'Inappropriate ioctl' <(journalctl -b -u logtap-register)
systemctl stop logtap-register.service

for name in rights register preload; do
	systemd-analyze security --no-pager "logtap-$name.service" 2>&1 |
		sed -n 's/.*Overall exposure level for \([^ ]*\): \([0-9.]*\).*/exposure \1 \2/p'
done
check "logtap-rights stops" systemctl disable --now logtap-rights.service
check "the rights are as the kernel made them" same "$(rights)" "$before"
groupdel tracers
for name in plain strict dynamic all users inner; do
	check "the group is gone: $name starts" starts $name
done
check "the packages are purged" dpkg --purge logtap "$(dpkg-query -W -f '${Package}' 'libevh[0-9]*')"
for name in plain strict dynamic all users inner; do
	check "the library is gone: $name starts" starts $name
done
echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]

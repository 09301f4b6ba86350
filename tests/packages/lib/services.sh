#!/bin/bash
# SPDX-License-Identifier: MIT
# In the booted root: installs the packages as a user would, and lives with the units and the drop-in.
set -u
passed=0 failed=0
# check WHAT COMMAND...
check() {
	local what=$1
	shift
	if "$@" >/tmp/said 2>&1; then
		passed=$((passed + 1))
		echo "ok      $what"
	else
		failed=$((failed + 1))
		echo "FAILED  $what"
		sed 's/^/        | /' /tmp/said | tail -n 20
	fi
}

tracing=/sys/kernel/tracing
rights() { stat -c '%n %a %U %G' $tracing $tracing/user_events_data $tracing/user_events_status; }
units() { find /etc/systemd/system -type l ! -name 'check*' | sort; }
same() { diff <(echo "$1") <(echo "$2"); }

# service NAME LINE...: a service of the user joe, or another, that says who it is and whether the
# library is in it, with the drop-in.
service() {
	local name=$1
	shift
	printf '%s\n' '[Service]' 'Type=oneshot' 'User=joe' "StandardOutput=truncate:/run/$name.out" \
		"ExecStart=/bin/sh -c 'grep -c liblogtap.so /proc/self/maps; id -Gn; true'" "$@" >"/etc/systemd/system/$name.service"
	install -D -m 644 /usr/share/doc/logtap/examples/logtap-dropin.conf "/etc/systemd/system/$name.service.d/logtap.conf"
}
starts() { systemctl start "$1.service"; }
# loaded NAME GROUPS: it starts, the library is in it, and these are its groups.
loaded() {
	starts "$1" && cat "/run/$1.out"
	[[ $(head -n 1 "/run/$1.out") -gt 0 && $(tail -n 1 "/run/$1.out") == "$2" ]]
}

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
	check "a member's service has them: $name" loaded $name "joe tracers"
done
check "nobody else's, and it starts" starts dynamic
# The stand-in refuses what follows, but its sandbox must have let it open the file.
systemctl start logtap-register.service
sleep 1
check "logtap-register gets as far as the kernel" grep -q 'Inappropriate ioctl' <(journalctl -b -u logtap-register)
systemctl stop logtap-register.service

check "logtap-rights stops" systemctl disable --now logtap-rights.service
check "the rights are as the kernel made them" same "$(rights)" "$before"
groupdel tracers
for name in plain strict dynamic; do
	check "the group is gone: $name starts" starts $name
done
check "the packages are purged" dpkg --purge logtap "$(dpkg-query -W -f '${Package}' 'libevh[0-9]*')"
for name in plain strict dynamic; do
	check "the library is gone: $name starts" starts $name
done
echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]

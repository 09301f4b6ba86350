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

# service NAME LINE...: a service of the user joe that writes a line, with the drop-in.
service() {
	local name=$1
	shift
	printf '%s\n' '[Service]' 'Type=oneshot' 'User=joe' "ExecStart=/bin/sh -c 'echo a line of $name >&2'" "$@" \
		>"/etc/systemd/system/$name.service"
	install -D -m 644 /usr/share/doc/logtap/examples/logtap-dropin.conf "/etc/systemd/system/$name.service.d/logtap.conf"
}
starts() { systemctl start "$1.service"; }
captured() {
	local out=/tmp/tail-$1
	logtap tail -q --create --output=cat --count=1 --for=60s sh >"$out" 2>/tmp/tail-errors &
	sleep 5
	systemctl start "$1.service"
	wait $!
	cat "$out" /tmp/tail-errors
	[[ $(<"$out") == "a line of $1" ]]
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
for name in plain strict dynamic; do
	check "without the group: $name starts" starts $name
done

check "logtap-rights is enabled and starts" systemctl enable --now logtap-rights.service
check "the group has the rights" grep -q '710 root tracers' <(rights)
check "and is there" getent group tracers
usermod -aG tracers joe
for name in plain strict; do
	check "a member's service is captured: $name" captured $name
done
check "nobody else's, and it starts" starts dynamic
check "logtap-register starts" systemctl start logtap-register.service
sleep 2
check "and holds the tracepoints" test "$(ls -d $tracing/events/user_events/logtap_L?K? | wc -l)" -ge 10
check "and is confined" systemctl is-active logtap-register.service
systemctl stop logtap-register.service

check "logtap-rights stops" systemctl disable --now logtap-rights.service
check "the rights are as the kernel made them" same "$(rights)" "$before"
groupdel tracers
for name in plain strict dynamic; do
	check "the group is gone: $name starts" starts $name
done
check "the packages are purged" dpkg --purge logtap $(dpkg-query -W -f '${Package} ' 'libevh[0-9]*')
for name in plain strict dynamic; do
	check "the library is gone: $name starts" starts $name
done
systemctl --failed --no-legend
journalctl -b -p warning --no-pager -q | grep -i logtap | tail -n 20
echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]

#!/bin/bash
# SPDX-License-Identifier: MIT
# In the VM: what is done and checked in each boot, whose name is in /check/stage. Where the library is
# broken no program starts any more, so that only the shell's own words and static programs are used.
set -u
. /check/check.sh

tracing=/sys/kernel/tracing
list=/etc/ld.so.preload
library=$(echo /usr/lib/*/logtap/liblogtap.so)
busybox=/check/busybox # static

# Two minutes at most: the VM is an emulator on a busy machine.
wait_for() {
	local end=$((SECONDS + 120))
	until "$@" >/dev/null 2>&1; do
		[[ $SECONDS -lt $end ]] || return
		sleep 0.5
	done
}
has_words() { grep -F "$1" /run/tail; }

# watch: a collector of whatever provider (LOGTAP_PROVIDER=auto), whose events are in /run/tail from then on.
watch() {
	logtap tail --output=short '*_L*K*' >/run/tail 2>/run/listening &
	collector=$!
	wait_for grep listening /run/listening
}
unwatch() {
	kill "$collector"
	wait "$collector"
	rm -f /run/tail /run/listening
}
# says WORDS COMMAND...: while that runs, somebody says these to the kernel.
says() {
	local words=$1
	shift
	"$@" || return
	wait_for has_words "$words" || {
		tail /run/listening /run/tail
		return 1
	}
}

service() {
	printf '%s\n' '[Service]' 'Type=oneshot' "ExecStart=/bin/sh -c 'echo error: from $1 >&2'" "${@:2}" \
		>"/etc/systemd/system/$1.service"
}
add_dropin() {
	install -D -m 644 /usr/share/doc/logtap/examples/logtap-dropin.conf "/etc/systemd/system/$1.service.d/logtap.conf"
}
ask_nginx() {
	exec 3<>/dev/tcp/127.0.0.1/81
	printf 'GET /nobody-has-this HTTP/1.0\r\n\r\n' >&3
	cat <&3
	exec 3>&-
}
listed() { grep -xF "/run/logtap-preload/\$LIB/liblogtap.so:" $list; }
no_complaint() { ! journalctl -b --no-pager -o cat | grep 'ld.so: object'; }
# Whatever has the other one mapped goes on.
cut_library() { head -c 40000 /check/good.so >"$library.new" && mv "$library.new" "$library"; }
mend_library() { "$busybox" cp -p /check/good.so "$library.new" && "$busybox" mv "$library.new" "$library"; }
no_program_starts() { ! (exec /bin/true); }
have_library() {
	local name
	for name; do
		grep liblogtap.so "/proc/$(pidof -s "$name")/maps" || return
	done
}
active() { systemctl is-active "$@"; }

stage_first() { :; }

stage_recipe() {
	check "the packages are installed" dpkg -i /check/logtap_*.deb /check/libevh[0-9]*.deb
	library=$(echo /usr/lib/*/logtap/liblogtap.so)
	cp -p "$library" /check/good.so
	check "doctor: the kernel's part is there" logtap doctor
	useradd -r joe
	service plain User=joe
	service tunables User=joe ProtectKernelTunables=yes
	add_dropin plain
	add_dropin tunables
	systemctl daemon-reload
	check "no group yet: a service with the drop-in starts" systemctl start plain
	check "the recipe: logtap-rights enabled, the user a member" eval \
		"systemctl enable --now logtap-rights && usermod -aG tracers joe"
	# The drop-in names providers after programs; one that ends at once is heard by who came before it.
	mkdir /etc/systemd/system/logtap-register.service.d
	printf '[Service]\nExecStart=\nExecStart=/usr/bin/logtap register logtap sh\n' \
		>/etc/systemd/system/logtap-register.service.d/sh.conf
	systemctl daemon-reload
	check "the recipe: logtap-register enabled, and holds the tracepoints" eval \
		"systemctl enable --now logtap-register && wait_for test -d $tracing/events/user_events/sh_L2K2"
	watch
	check "the recipe: the service is captured through the kernel" says "error: from plain" systemctl start plain
	check "ProtectKernelTunables=yes, which is a system call filter: it starts" systemctl start tunables
	unwatch
}

stage_units() {
	# A server that says what it can't open; Debian's own tries first.
	echo 'error_log syslog:server=unix:/dev/log; server { listen 81; root /var/www; }' >/etc/nginx/conf.d/log.conf
	printf '#!/bin/dash\necho "error: from dash" >&2\nls /nobody-has-this\nlogger -p user.err from logger\nexit 0\n' >/check/script.dash
	chmod 755 /check/script.dash
	printf '[Service]\nType=oneshot\nExecStart=/check/script.dash\n' >/etc/systemd/system/dash.service
	service strict ProtectKernelTunables=yes ProtectSystem=strict ProtectHome=yes PrivateTmp=yes PrivateDevices=yes \
		NoNewPrivileges=yes MemoryDenyWriteExecute=yes SystemCallFilter=@system-service \
		RestrictAddressFamilies=AF_UNIX RestrictNamespaces=yes LockPersonality=yes RestrictRealtime=yes \
		RestrictSUIDSGID=yes ProtectClock=yes ProtectKernelLogs=yes ProtectKernelModules=yes \
		ProtectControlGroups=yes ProtectProc=invisible ProcSubset=pid PrivateNetwork=yes PrivateIPC=yes \
		ProtectHostname=yes User=joe CapabilityBoundingSet= SystemCallArchitectures=native
	systemctl daemon-reload
	watch
	check "enable --unit nginx cron ssh dash, restarted" logtap enable --unit nginx cron ssh dash --restart
	check "nginx, cron and sshd run" active nginx cron ssh
	check "nginx is captured" says "nobody-has-this" ask_nginx
	check "cron is captured" says "(CRON)" true
	check "sshd is captured" says "Server listening" true
	check "a script of dash is captured" says "error: from dash" systemctl start dash
	check "what it starts is captured: ls, logger" eval \
		"has_words 'ls: cannot access' && has_words 'from logger'"
	check "rsyslog: recorded" eval "logtap enable --unit rsyslog --file=/var/log/rsyslog.data --restart && systemctl is-active rsyslog"
	check "all sandbox options together: recorded" eval "logtap enable --unit strict --file=/var/log/strict.data &&
		systemctl start strict && logtap view --no-pager --output=cat /var/log/strict.data | grep 'error: from strict'"
	check "status tells the services" eval "logtap status | grep nginx"
	unwatch
	check "taken off; they run" eval "logtap disable --restart && systemctl is-active nginx cron ssh rsyslog"
	check "no drop-in is left" eval "! find /etc/systemd/system -name 50-logtap.conf | grep ."
	check "the machine is enabled" eval "logtap enable --system && listed"
	watch
	check "any program is captured" says "error: from anybody" sh -c 'echo "error: from anybody" >&2'
	check "a service, too" says "error: from dash" systemctl start dash
	unwatch
	check "status is content" logtap status
}

stage_again() {
	check "booted: the entry is set, after a trial" eval "listed && systemctl is-active logtap-preload"
	check "no loader complained" no_complaint
	check "nginx, cron, sshd, rsyslog run" active nginx cron ssh rsyslog
	check "they have the library" have_library nginx cron rsyslogd
	check "the group has its right again" eval "stat -c %G $tracing/user_events_data | grep -x tracers"
	watch
	check "nginx is captured" says "nobody-has-this" ask_nginx
	check "a script of dash is captured" says "error: from dash" systemctl start dash
	check "a user's command is captured" says "no such user" \
		setpriv --reuid=joe --regid=joe --init-groups sh -c 'id nobody-has-this || true'
	unwatch
	cut_library
	check "the library is cut to 40,000 bytes: no program starts" no_program_starts
	/usr/sbin/logtap-disable
	check "logtap-disable from the shell that is still there: programs start" eval "/bin/true && test -e /etc/logtap/disabled"
	mend_library
	rm -r /etc/logtap
	check "mended, and enabled again" logtap enable --system
	cut_library
	"$busybox" sync
	echo "done"
	"$busybox" poweroff -f
}

stage_bad() {
	check "booted with a cut library, after a power cut: programs start" /bin/true
	check "the unit failed, and took the entry out" eval "! systemctl is-active logtap-preload && ! test -e $list"
	check "nginx, cron, sshd, rsyslog run" active nginx cron ssh rsyslog
	echo "$library" >$list
	check "an entry by hand to the cut library: no program starts" no_program_starts
	"$busybox" sync
	echo "done"
	"$busybox" poweroff -f
}

stage_rescued() {
	check "logtap-disable as the first process: the machine boots" test ! -s $list
	check "the switch is there" test -e /etc/logtap/disabled
	check "nginx, cron, sshd, rsyslog run" active nginx cron ssh rsyslog
	mend_library
	# The file was made by hand, and stays for that reason.
	rm -r /etc/logtap $list
	check "enabled again" logtap enable --system
	check "removed while it is enabled" dpkg --purge logtap "$(dpkg-query -W -f '${Package}' 'libevh[0-9]*')"
	check "no entry is left" test ! -e $list
	check "programs start" /bin/true
	check "nginx, cron, sshd, rsyslog are restarted, and run" eval \
		"systemctl restart nginx cron ssh rsyslog && systemctl is-active nginx cron ssh rsyslog"
	rm -r /etc/systemd/system/logtap-register.service.d /etc/nginx/conf.d/log.conf /etc/systemd/system/{plain,tunables}.service.d \
		/etc/systemd/system/{plain,tunables,strict,dash}.service /var/log/*.data
	groupdel tracers
	userdel joe
}

"stage_$(</check/stage)"
echo "done"
systemctl --no-block poweroff

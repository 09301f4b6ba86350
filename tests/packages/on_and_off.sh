#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# On a bare Debian 12 that systemd boots: two packages installed, a service and then the machine enabled,
# captured, disabled, removed; and once more removed while all of it is enabled. Not one file, line or
# mode of the root differs from before then.
#
#   on_and_off.sh      writes ON_AND_OFF.md
#
# Needs root, debootstrap (tests/lib/debian-root.sh keeps the root), systemd-container, and the archive
# that apt-get knows here.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
source=$(cd "$here/../.." && pwd)

work=$(mktemp -d "${TMPDIR:-/tmp}/logtap-on-and-off.XXXXXX")
root=$work/root
. "$source/tests/lib/results.sh"
. "$here/lib/packages.sh"
. "$source/tests/lib/nspawn.sh"
# apt-get fetches what the packages depend on.
container=(--resolv-conf=off)
finish() {
	stop_machine
	sleep 1
	rm -rf --one-file-system "$work"
}
trap finish EXIT

# Left out: logs, caches, stamps of timers and the seed of random numbers, the lists of the archive, and
# dpkg's copy of the state before the last one.
whole() {
	listing "$root" ./packages ./var/log ./var/cache ./var/lib/apt ./var/lib/systemd './var/lib/dpkg/*-old'
}

# packages NAME...: the packages' files, as they are called inside.
packages() {
	local name
	for name; do
		# shellcheck disable=SC2086 # a pattern
		(cd "$root/packages" && printf '/packages/%s\n' ${name}_*.deb)
	done
}

nothing_enabled() {
	[[ ! -e $root/etc/ld.so.preload ]]
	[[ -z $(find "$root/etc/systemd" -name '*logtap*') ]]
}

install_packages() {
	local files
	mapfile -t files < <(packages logtap 'libevh[0-9]*')
	inside apt-get update -q
	inside apt-get install -y --no-install-recommends "${files[@]}"
	nothing_enabled
	# As the first boot of an image does.
	inside systemctl preset logtap-preload logtap-rights logtap-register
	nothing_enabled
}

# captured FILE WORDS
captured() { inside logtap view --no-pager --output=cat "$1" | grep -F "$2"; }

# talks WORD: the service, restarted, says it, and is captured.
talks() {
	echo "$1" >"$root/packages/word"
	inside systemctl restart talk
	captured /var/log/talk.data "error: $1"
}

service_on() {
	inside logtap enable --unit talk --file=/var/log/talk.data --restart
	talks "$1"
}

machine_on() {
	inside logtap record -q -o /var/log/machine.data true
	mkdir -p "$root/etc/logtap"
	echo LOGTAP_SINK=file:/var/log/machine.data >"$root/etc/logtap/logtap.conf"
	inside logtap enable --system
	inside systemctl start logtap-preload # which enable did not wait for
	inside sh -c 'echo error: from the machine >&2'
	captured /var/log/machine.data 'error: from the machine'
}

off() {
	inside logtap disable --restart
	nothing_enabled
	inside systemctl is-active talk
	rm -r "$root/etc/logtap"
}

units_on() {
	inside systemctl enable logtap-rights logtap-register
	service_on again
	machine_on
}

# Of a version that changes the library: it stays enabled, and the new one is what starts.
upgraded() {
	local folder=$work/newer library
	dpkg-deb -R "$root$(packages logtap)" "$folder"
	sed -i 's/^Version: .*/Version: 99/' "$folder/DEBIAN/control"
	library=$(cd "$folder" && echo usr/lib/*/logtap/liblogtap.so)
	printf x >>"$folder/$library"
	dpkg-deb --root-owner-group -b "$folder" "$root/packages/newer.deb"
	inside dpkg -i /packages/newer.deb
	inside logtap status
	inside systemctl is-active logtap-preload
	inside systemctl is-enabled logtap-preload logtap-rights logtap-register
	inside sh -c 'echo error: after the upgrade >&2'
	captured /var/log/machine.data 'error: after the upgrade'
	talks upgraded
}

# The list of preloads can't be changed: the package says so, and stays with its library.
refused() {
	chattr +i "$root/etc/ld.so.preload"
	! inside apt-get purge -y logtap || return 1
	chattr -i "$root/etc/ld.so.preload"
	inside /bin/true
	inside dpkg --verify logtap
	inside logtap status
	# What could be taken off was.
	service_on once-more
}

removed() {
	inside apt-get purge -y --autoremove logtap 'libevh[0-9]*' | tee "$work/said"
	nothing_enabled
	inside /bin/sh -c 'systemctl restart talk 2>&1'
	inside systemctl is-active talk
	! inside systemctl list-units --all | grep logtap
}

# Who has it in the environment is named.
removed_enabled() {
	removed
	grep 'until they are restarted: talk.service' "$work/said"
}

same() { diff "$work/before" "$work/after"; }

# In braces, so that the shell reads it as a whole: an edit of this file meanwhile must not reach it.
{
say "a bare Debian 12 root"
made=$("$source/tests/lib/debian-root.sh" booted bookworm systemd-sysv dbus cron)
cp -a "$made" "$root"
rm "$root/usr/sbin/policy-rc.d"
cat /etc/resolv.conf >"$root/etc/resolv.conf"
mkdir "$root/packages"
echo nothing >"$root/packages/word"
copy_packages "$root/packages"
cat >"$root/etc/systemd/system/talk.service" <<'END'
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh -c "read word </packages/word; echo error: $$word >&2"
END
boot && power_off # what a first boot makes is no difference
whole >"$work/before"

boot
result "two packages installed, with what they depend on: nothing is enabled" install_packages
result "a service enabled: captured" service_on once
result "the machine enabled: captured" machine_on
result "both disabled: the service runs" off
result "removed" removed
power_off
whole >"$work/after"
result "not one file, line or mode of the root differs from before" same
rm "$root"/var/log/*.data

boot
result "installed again" install_packages
result "the units, a service and the machine enabled: captured" units_on
result "upgraded: all of it stays enabled, and captures by the new library" upgraded
result "can't be removed while /etc/ld.so.preload can't be changed" refused
result "removed while it is enabled: no entry, no drop-in, no unit is left, and programs start" removed_enabled
power_off
whole >"$work/after"
result "not one file, line or mode of the root differs from before" same

write_results "$here/ON_AND_OFF.md" "Installed, enabled, disabled, removed" \
	"By \`tests/packages/on_and_off.sh\` on $(date -u +%F): a bare Debian 12, booted by systemd $(chroot "$root" dpkg-query -W -f '${Version}' systemd) in systemd-nspawn.
Compared are all files of the root but logs, caches, the archive's lists and dpkg's backup copies."
end_results
exit
}

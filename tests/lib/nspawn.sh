# SPDX-License-Identifier: MIT
# A Debian root that systemd boots, in a container of systemd-nspawn's. Sourced, with `work` (a folder of
# the script's own) and `root` set; the script's end calls stop_machine. Must leave the machine that it
# runs on as it is.

machine=
# What the container may do beside; a script may change it before boot.
container=(--private-network)

boot() {
	systemd-nspawn -q -D "$root" "${container[@]}" --register=no --keep-unit --console=read-only -b \
		>"$work/boot" 2>&1 </dev/null &
	machine=$!
	for _ in {1..240}; do
		sleep 0.5
		case $(inside systemctl is-system-running 2>/dev/null || true) in
		running | degraded) return ;;
		esac
	done
	tail -n 20 "$work/boot" >&2
	return 1
}

first_process() { pgrep -P "$machine" | head -n 1; }

# inside COMMAND...: in the booted root.
inside() {
	local first
	first=$(first_process)
	[[ -n $first ]] || return 1
	nsenter -t "$first" -m -u -i -n -p -C -- /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C \
		DEBIAN_FRONTEND=noninteractive "$@"
}

power_off() {
	inside systemctl poweroff || true
	for _ in {1..120}; do
		sleep 0.5
		kill -0 "$machine" 2>/dev/null || break
	done
	stop_machine
}

power_cut() {
	kill -KILL "$(first_process)" "$machine" || true
	wait "$machine" 2>/dev/null || true
	machine=
}

stop_machine() {
	[[ -n $machine ]] || return 0
	kill -KILL "$machine" 2>/dev/null || true
	wait "$machine" 2>/dev/null || true
	machine=
}

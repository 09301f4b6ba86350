#!/bin/bash
# SPDX-License-Identifier: MIT
# Boots the test kernel, runs one script in it as root, and ends with that script's output and exit
# status; or boots another root folder with its own first process. Several may run at the same time.
# Must never let the guest write to the host, except into the scratch folder and the folder of --root,
# and must never hang: there is a time limit on everything.
set -euo pipefail

usage()
{
	cat <<'END'
usage: run.sh [OPTION...] SCRIPT [ARG...]
       run.sh [OPTION...] --root FOLDER [PROGRAM [ARG...]]

Runs SCRIPT as root in a VM whose kernel has user_events. The guest's root folder is the host's:
reads come from the host, writes stay in the guest's memory and vanish. The exit status is the
script's; 124 = time limit, 125 = the VM itself failed.

With --root, FOLDER is the guest's root, and its writes stay there. PROGRAM is its first process
(default /sbin/init); run.sh ends when that switches the machine off or starts it anew.

  --timeout SECONDS   limit for the whole run (default 600)
  --scratch FOLDER    the guest's /mnt, writable, kept (default: an empty one, removed afterwards)
  --env NAME=VALUE    put this into the script's environment (may be repeated)
  --cpus N            processors (default 2)
  --memory SIZE       as QEMU's -m (default 2G)
  --console FILE      keep the kernel's console output there

The script finds in its environment LOGTAP_SOURCE (this tree; also its working folder),
LOGTAP_BUILD (the build folder; default build/ here), LOGTAP_SCRATCH (/mnt).
LOGTAP_VM_ACCEL=kvm uses KVM instead of emulation. It is not the default because /dev/kvm can
exist and still hang a guest; a guest that isn't up after 30 seconds is given up.
END
}

here=$(cd "$(dirname "$0")" && pwd)
source=$(cd "$here/../.." && pwd)
build=$(realpath -m "${LOGTAP_BUILD:-$source/build}")
limit=600 scratch='' own_root='' cpus=2 memory=2G console='' environment=()

die()
{
	echo "run.sh: $*" >&2
	exit 125
}

while [ $# -gt 0 ]; do
	case $1 in
	--timeout) limit=$2 ;;
	--scratch) scratch=$(realpath "$2") ;;
	--root) own_root=$(realpath "$2") ;;
	--env) environment+=("$2") ;;
	--cpus) cpus=$2 ;;
	--memory) memory=$2 ;;
	--console) console=$2 ;;
	--help)
		usage
		exit 0
		;;
	--)
		shift
		break
		;;
	-*)
		usage >&2
		exit 125
		;;
	*) break ;;
	esac
	shift 2
done
if [ -n "$own_root" ]; then
	[ -d "$own_root" ] || die "$own_root is no folder"
	[ $# -gt 0 ] || set -- /sbin/init
	script=$1
else
	[ $# -gt 0 ] || { usage >&2; exit 125; }
	script=$(realpath "$1")
	shift
	[ -r "$script" ] || die "$script can't be read"
fi
kernel=$("$here/build-kernel.sh") || die "no kernel to boot"

work=$(mktemp -d "${TMPDIR:-/tmp}/logtap-vm.XXXXXX")
qemu=''
# shellcheck disable=SC2317
cleanup()
{
	[ -z "$qemu" ] || kill "$qemu" 2>/dev/null || true
	rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

initramfs()
{
	mkdir -p "$work/initramfs/bin"
	cp /bin/busybox "$work/initramfs/bin/busybox"
	cp "$here/init" "$work/initramfs/init"
	chmod 755 "$work/initramfs/init"
	(cd "$work/initramfs" && find . | cpio --quiet -o -H newc) | gzip -1 >"$work/initrd.gz"
}

# What init reads: the first process of another root, or the folders that must be visible, and the
# command with its environment.
control()
{
	local variable
	mkdir -p "$work/ctl"
	: >"$work/ctl/out"
	: >"$work/ctl/err"
	: >"$work/ctl/settings"
	if [ -n "$own_root" ]; then
		printf 'exec switch_root /new' >"$work/ctl/first"
		printf ' %q' "$@" >>"$work/ctl/first"
		return
	fi
	printf '%s\n' "$source" "$build" "$(dirname "$script")" | sort -u | while read -r folder; do
		[ ! -d "$folder" ] || echo "$folder"
	done >"$work/ctl/folders"
	{
		printf 'export PATH=%q HOME=/root LANG=C.UTF-8 TERM=dumb\n' \
			/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
		printf 'export LOGTAP_SOURCE=%q LOGTAP_BUILD=%q LOGTAP_SCRATCH=/mnt\n' \
			"$source" "$build"
		for variable in "${environment[@]}"; do
			printf 'export %q\n' "$variable"
		done
		printf 'cd %q\n' "$source"
		[ -x "$script" ] || printf 'exec bash'
		[ ! -x "$script" ] || printf 'exec'
		printf ' %q' "$script" "$@"
		echo
	} >"$work/ctl/command"
}

share()
{
	echo "-fsdev local,id=$1,path=$2,security_model=none$3" \
		"-device virtio-9p-pci,fsdev=$1,mount_tag=$1"
}

start()
{
	local accel=(-accel "tcg,thread=multi" -cpu max) read_only=,readonly=on,multidevs=remap
	if [ "${LOGTAP_VM_ACCEL:-tcg}" = kvm ]; then
		accel=(-accel kvm -cpu host)
	fi
	# no_timer_check: on a busy host the emulated timer's ticks come too late for the kernel's test at
	# boot, which then panics ("IO-APIC + timer doesn't work"). A processor that the host took away
	# for long is no stall either.
	local calm="no_timer_check rcupdate.rcu_cpu_stall_suppress=1" root=/
	if [ -n "$own_root" ]; then
		root=$own_root read_only=
	fi
	# The kernel ends it when this script is killed and can't.
	# shellcheck disable=SC2046
	setpriv --pdeathsig KILL qemu-system-x86_64 -M q35 "${accel[@]}" -m "$memory" -smp "$cpus" \
		-nodefaults -nographic -no-reboot -serial "file:$work/console" \
		-kernel "$kernel" -initrd "$work/initrd.gz" \
		-append "console=ttyS0 quiet printk.time=1 panic=-1 oops=panic $calm" \
		$(share root "$root" "$read_only") $(share control "$work/ctl" "") \
		$(share scratch "$scratch" "") </dev/null >"$work/qemu" 2>&1 &
	qemu=$!
	tail -q -s 0.1 --pid="$qemu" -c +1 -f "$work/ctl/out" &
	out=$!
	tail -q -s 0.1 --pid="$qemu" -c +1 -f "$work/ctl/err" >&2 &
	err=$!
}

# Waits for QEMU's end; what it waits for is the limit, not the clock of a slow machine's guest.
attend()
{
	while kill -0 "$qemu" 2>/dev/null; do
		if [ ! -e "$work/ctl/up" ] && [ "${LOGTAP_VM_ACCEL:-tcg}" = kvm ] &&
			[ $((SECONDS - begun)) -ge 30 ]; then
			stop "the guest did not come up under KVM in 30 s; unset LOGTAP_VM_ACCEL"
			return 125
		fi
		if [ $((SECONDS - begun)) -ge "$limit" ]; then
			stop "$script was not done after $limit s (--timeout)"
			return 124
		fi
		sleep 0.1
	done
}

stop()
{
	kill -9 "$qemu" 2>/dev/null || true
	echo "run.sh: $1" >&2
	console_end 5 >&2
}

# The firmware's part of the console is control sequences; what the kernel says begins with its time
# (printk.time=1), what init says with its name.
console_end()
{
	grep -a -E '^(\[|init: )' "$work/console" 2>/dev/null | tail -n "$1" || true
}

# All that is known of a VM that ended without the script's status. Its output is in run.sh's own.
why_it_ended()
{
	local result=$1 reason="with status $1"
	if [ "$result" -gt 128 ]; then
		reason="by signal $(kill -l $((result - 128)) 2>/dev/null || echo $((result - 128)))"
		[ "$result" -ne 137 ] || reason+=", which may be the host's lack of memory (dmesg)"
	fi
	echo "run.sh: QEMU ended $reason, $((SECONDS - begun)) s after its start;" \
		"the guest $([ -e "$work/ctl/up" ] && echo "was up" || echo "never came up")"
	sed 's/^/run.sh: QEMU: /' "$work/qemu"
	[ ! -e "$work/ctl/problem" ] || sed 's/^/run.sh: /' "$work/ctl/problem"
	console_end 40 | sed 's/^/run.sh: console: /'
	echo "run.sh: memory here: $(sed -n 's/^\(MemTotal\|MemAvailable\): */\1 /p' /proc/meminfo |
		tr '\n' ' ')(the guest may use $memory)"
	df -h "$work" | sed '1d;s/^/run.sh: disk: /'
}

# In braces, so that the shell reads it as a whole: a run takes minutes, and an edit of this file
# meanwhile must not reach it.
{
	if [ -z "$scratch" ]; then
		scratch=$work/scratch
		mkdir "$scratch"
	fi
	initramfs
	control "$@"
	for try in 1 2 3; do
		begun=$SECONDS
		start
		status=0 result=0
		attend || status=$?
		wait "$qemu" 2>/dev/null || result=$?
		qemu=''
		wait "$out" "$err" 2>/dev/null || true
		# A kernel that did not even boot says nothing about the script.
		[ "$status" -eq 0 ] && [ ! -e "$work/ctl/up" ] && [ "$try" -lt 3 ] || break
		why_it_ended "$result" >&2
		echo "run.sh: trying again" >&2
	done
	[ -z "$console" ] || cp "$work/console" "$console"
	[ "$status" -eq 0 ] || exit "$status"
	if [ -n "$own_root" ]; then
		[ ! -e "$work/ctl/problem" ] || die "$(cat "$work/ctl/problem")"
		exit 0
	fi
	if [ ! -s "$work/ctl/status" ]; then
		why_it_ended "$result" >&2
		die "the VM ended before the script did"
	fi
	exit "$(cat "$work/ctl/status")"
}

#!/bin/bash
# SPDX-License-Identifier: MIT
# The first look: builds logtap, runs three unmodified programs under `logtap record` and shows the
# events with `logtap view`. Works on any kernel; changes nothing outside build/ but packages.
. "$(dirname "$0")/lib/common.sh"

case ${1-} in
'') ;;
--help | -h)
	echo "Usage: scripts/demo.sh [--help]"
	echo "Builds logtap, records three unmodified programs and shows what they said."
	exit 0
	;;
*) die "unknown argument '$1'; see scripts/demo.sh --help" ;;
esac

need_build_folders
need_packages "the demo" "${BUILD_PACKAGES[@]}" "${DEMO_PACKAGES[@]}"
"$ROOT/scripts/build.sh"
cd "$ROOT"
# The programs are Debian's, not wrappers that a PATH of somebody's own puts in front of them.
PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH
logtap=build/bin/logtap
recording=build/demo.data

# Prints the command as one would type it, then runs it.
show() {
	printf '%s$ %s%s\n' "$BOLD" "$*" "$PLAIN"
	"$@"
}

# record TITLE PROGRAM...: its own exit status does not matter here, complaining programs fail.
record() {
	local title=$1 status=0 word words=
	shift
	say "$title"
	for word; do
		[[ $word =~ ^[[:alnum:]/._-]+$ ]] || word="'$word'"
		words+=" $word"
	done
	printf '%s$ %s record -o %s%s%s\n' "$BOLD" "$logtap" "$recording" "$words" "$PLAIN"
	"$logtap" record -o "$recording" "$@" || status=$?
	# 125 to 127 are logtap's own: then there is nothing to see.
	[[ $status -lt 125 ]] || die "logtap could not start it (exit status $status)"
	note "(its exit status: $status; all of it as without logtap)"
	show "$logtap" view --no-pager "$recording"
	echo
}

python_syslog='
import syslog
syslog.openlog("backup", syslog.LOG_PID, syslog.LOG_DAEMON)
syslog.syslog(syslog.LOG_INFO, "42 files copied")
syslog.syslog(syslog.LOG_ERR, "cannot read /srv/secret: Permission denied")'
perl_both='
use Sys::Syslog;
openlog("import", "ndelay,nofatal", "user");
syslog("warning", "queue is almost full");
warn "WARNING: row 17 has no date\n";
die "ERROR: giving up at row 18\n";'

record "A program that complains on stderr: ls" ls /nonexistent /etc/hostname
record "A program that calls syslog: python3" python3 -c "$python_syslog"
record "A program that does both: perl" perl -e "$perl_both"

say "The same as JSON, for programs (the last recording)"
show "$logtap" view --output=json "$recording"
echo
note "perf reads the same file: perf script -i $recording"
echo
say "Live, through the kernel"
if have_user_events; then
	note "This kernel has user_events, and you may use it. In one terminal:"
	note "    $logtap tail"
	note "and in another:"
	note "    $logtap run ls /nonexistent"
	note "or with perf:  $logtap register & perf record -e 'user_events:logtap_*' ..."
else
	note "user_events can't be used here, which 'logtap run' and 'logtap tail' need."
	note "$logtap doctor says what is missing and how to mend it. 'logtap record' needs none of it."
fi

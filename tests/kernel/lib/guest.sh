#!/bin/bash
# SPDX-License-Identifier: MIT
# The guest's half of run.sh: runs the tests one after the other, each with a time limit, and looks
# after each whether it left anything in the kernel. A test's exit status: 0 passed, 77 skipped
# (its last line says why), anything else failed.
cd "$LOGTAP_SOURCE/tests/kernel" || exit 125
tracing=/sys/kernel/tracing
# Seconds for one test. The slowest takes half a minute on an idle host: this is for what hangs.
limit=900
passed=0 failed=0 skipped=0
export PYTHONPATH=$PWD/lib:$LOGTAP_SOURCE/tests/lib PYTHONDONTWRITEBYTECODE=1

# What a test may not leave behind; the next one starts from a clean kernel all the same.
leftovers()
{
	local instance
	for instance in "$tracing"/instances/*; do
		[ -d "$instance" ] || continue
		echo "left behind: tracefs instance ${instance##*/}"
		rmdir "$instance"
	done
	if dmesg | grep -E 'WARNING|BUG:|Oops|Call Trace'; then
		echo "left behind: a warning in the kernel's log"
		dmesg | tail -n 40
	fi
	dmesg -C
}

dmesg -C
for test in "$@"; do
	log=/tmp/log-$test
	begin=$SECONDS
	timeout -k 5 "$limit" setsid ./"$test" >"$log" 2>&1 </dev/null
	status=$?
	mountpoint -q $tracing || mount -t tracefs tracefs $tracing
	left=$(leftovers)
	if [ $status -eq 0 ] && [ -n "$left" ]; then
		status=1
	fi
	[ $status -ne 124 ] || left="$left not done after $limit s"
	case $status in
	0)
		passed=$((passed + 1))
		echo "ok      ${test%.*} ($((SECONDS - begin)) s)"
		[ -z "$KERNEL_TESTS_VERBOSE" ] || sed 's/^/        /' "$log"
		;;
	77)
		skipped=$((skipped + 1))
		echo "skipped ${test%.*}: $(tail -n 1 "$log")"
		;;
	*)
		failed=$((failed + 1))
		echo "FAILED  ${test%.*} (status $status, $((SECONDS - begin)) s)"
		tail -n 60 "$log" | sed 's/^/        /'
		[ -z "$left" ] || printf '        %s\n' "$left"
		;;
	esac
done
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ]

#!/bin/bash
# SPDX-License-Identifier: MIT
# Real programs under `logtap run` with perf record as the collector: a few of tests/compare/matrix, for
# children, job control, a pipeline, a language's own buffering, and syslog. All: tests/compare/matrix/vm.sh.
cases=(dash bash posix-pipeline gawk xargs perl-syslog python3-syslog)
chmod 711 /sys/kernel/tracing
chmod 666 /sys/kernel/tracing/user_events_data
"$LOGTAP_SOURCE/tests/compare/matrix/matrix.py" --collector perf --jobs 2 \
	"${cases[@]}" | tee /tmp/programs.log
status=${PIPESTATUS[0]}
chmod 700 /sys/kernel/tracing
chmod 640 /sys/kernel/tracing/user_events_data
# A sandbox that could not be made would pass with nothing.
[ "$(grep -cE '^(equal|known) ' /tmp/programs.log)" -eq ${#cases[@]} ] && exit "$status"

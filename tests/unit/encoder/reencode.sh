#!/bin/sh
# SPDX-License-Identifier: MIT
# reencode.sh EVH_REENCODE FOLDER: every recording in FOLDER, decoded, built again and compared.
# Each must have its known number of events: a reader that skips some would else go unnoticed.

reencode=$1 folder=$2 failed=0

if [ ! -d "$folder" ]; then
	echo "skipped: no reference data in $folder"
	exit 77
fi

check() {
	expected="$2 of $2 events identical"
	got=$("$reencode" "$folder/$1")
	status=$?
	echo "$1: $got"
	if [ "$status" -ne 0 ] || [ "$got" != "$expected" ]; then
		echo "FAILED: expected $expected"
		failed=1
	fi
}

check EventHeaderInterceptorLE64.dat 374
check perf_collect_testprovider.data 374
check perf_record_multi.data 24
check perf_record_pipe.data 12
check perf_record_single_event.data 3
check perf.data 254
check pipe.data 254
check syslog_x5.dat 5
exit $failed

#!/bin/sh
# SPDX-License-Identifier: MIT
# Eight programs that know nothing of logtap, in four languages, each with COUNT numbered lines on stderr;
# a pause after each 20, because a program is never made to wait for a collector.
#   say.sh COUNT
count=$1
for one in 1 2; do
	perl -e 'for (1 .. $ARGV[0]) { warn "perl'$one' line $_\n"; select(undef, undef, undef, 0.02) unless $_ % 20 }' "$count" &
	/usr/bin/python3 -c "
import logging, sys, time
logging.basicConfig(format='%(message)s')
for number in range(1, $count + 1):
    logging.warning('python$one line %d', number)
    if number % 20 == 0:
        time.sleep(0.02)" &
	bash -c 'for ((i = 1; i <= $1; i++)); do
	echo "bash'$one' line $i" >&2
	((i % 20)) || sleep 0.02
done' bash "$count" &
	awk -v count="$count" 'BEGIN { for (i = 1; i <= count; i++) {
		print "awk'$one' line " i > "/dev/stderr"
		if (i % 20 == 0) system("sleep 0.02")
	} }' &
done
wait

#!/bin/bash
# SPDX-License-Identifier: MIT
# Builds the fuzzers with clang, ASan and UBSan, and runs each for SECONDS (30) of wall time,
# starting from the corpus in the tree. What is found lies in build-fuzz/findings; the corpus in the
# tree stays as it is. A fuzzer's own libFuzzer options stand in tests/fuzz/NAME.options.
#
#     scripts/fuzz.sh [SECONDS [NAME...]]
#
# Exit 0: no finding; 1: a finding; 77: no clang, so nothing was run.
set -u
cd "$(dirname "$0")/.." || exit 1
seconds=${1:-30}
shift
build=${LOGTAP_FUZZ_BUILD:-build-fuzz}
clang=$(command -v clang clang-14 clang-15 clang-16 | head -n 1)
if [ -z "$clang" ]; then
	echo "fuzz.sh: no clang, so no fuzzing: apt-get install clang" >&2
	exit 77
fi
cmake -S . -B "$build" -G Ninja -DCMAKE_C_COMPILER="$clang" -DCMAKE_CXX_COMPILER="${clang/clang/clang++}" \
	-DCMAKE_BUILD_TYPE=RelWithDebInfo -DLOGTAP_FUZZ=ON >"$build.log" 2>&1 &&
	ninja -C "$build" fuzzers >>"$build.log" 2>&1 || {
	tail -n 20 "$build.log" >&2
	echo "fuzz.sh: the fuzzers don't build, see $build.log" >&2
	exit 1
}
mkdir -p "$build/findings"
status=0
for program in "$build"/fuzz/fuzz-*; do
	name=${program##*/fuzz-}
	if [ $# -gt 0 ] && [[ " $* " != *" $name "* ]]; then
		continue
	fi
	mkdir -p "$build/corpus/$name"
	log=$build/findings/$name.log
	options=(-max_len=8192)
	if [ -e "tests/fuzz/$name.options" ]; then
		read -r -a options <"tests/fuzz/$name.options"
	fi
	# New inputs go to the first folder; -timeout is per input.
	if "$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
		-print_final_stats=1 "${options[@]}" -artifact_prefix="$build/findings/$name-" \
		"$build/corpus/$name" "tests/fuzz/corpus/$name" >"$log" 2>&1; then
		runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
		echo "$name: ${seconds} s, ${runs:-0} inputs, no finding"
	else
		echo "$name: FINDING, see $log" >&2
		tail -n 15 "$log" >&2
		status=1
	fi
done
exit $status

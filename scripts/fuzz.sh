#!/bin/bash
# SPDX-License-Identifier: MIT
# Builds the fuzzers with clang, ASan and UBSan, and runs each for SECONDS (30) of wall time, as
# many at a time as there are processors, starting from the corpus in the tree. What is found lies
# in build-fuzz/findings; the corpus in the tree stays as it is. A fuzzer's own libFuzzer options
# stand in tests/fuzz/NAME.options. One that is a script, tests/fuzz/NAME.py, needs no libFuzzer: it
# compares programs without and with the preload library.
#
#     scripts/fuzz.sh [SECONDS [NAME...]]
#     scripts/fuzz.sh --help
#
# The last line is "N passed, N failed, N skipped". Exit 0: no finding; 1: a finding, or no build; 2: a
# wrong argument; 77: no clang, so nothing was run.
set -u
cd "$(dirname "$0")/.." || exit 1
case ${1:-} in
-h | --help)
	sed -n '3,/^[^#]/s/^# \{0,1\}//p' scripts/fuzz.sh
	exit 0
	;;
esac
seconds=${1:-30}
if ! [[ $seconds =~ ^[1-9][0-9]*$ ]]; then
	echo "fuzz.sh: '$seconds' is no number of seconds; see scripts/fuzz.sh --help" >&2
	exit 2
fi
[ $# -gt 0 ] && shift
scripts=(syslog_calls)
for name; do
	if ! [ -d "tests/fuzz/corpus/$name" ] && [[ " ${scripts[*]} " != *" $name "* ]]; then
		echo "fuzz.sh: no fuzzer '$name': there are $(cd tests/fuzz/corpus && echo *)" \
			"${scripts[*]}" >&2
		exit 2
	fi
done
build=${LOGTAP_FUZZ_BUILD:-build-fuzz}
jobs=${LOGTAP_FUZZ_JOBS:-$(nproc)}
clang=$(command -v clang clang-14 clang-15 clang-16 | head -n 1)
if [ -z "$clang" ]; then
	echo "fuzz.sh: no clang, so no fuzzing: apt-get install clang" >&2
	exit 77
fi
mkdir -p "$build/findings"
if ! { cmake -S . -B "$build" -G Ninja -DCMAKE_C_COMPILER="$clang" \
	-DCMAKE_CXX_COMPILER="${clang/clang/clang++}" -DCMAKE_BUILD_TYPE=RelWithDebInfo \
	-DLOGTAP_FUZZ=ON && ninja -C "$build" -j "$jobs" fuzzers; } >"$build/build.log" 2>&1; then
	tail -n 20 "$build/build.log" >&2
	echo "fuzz.sh: the fuzzers don't build, see $build/build.log" >&2
	exit 1
fi

run_one() { # NAME: one line of result, and a file that says which it is
	local name=$1 log=$build/findings/$1.log options=(-max_len=8192) TIMEFORMAT=%U passed

	if [ -e "tests/fuzz/$name.options" ]; then
		read -r -a options <"tests/fuzz/$name.options"
	fi
	mkdir -p "$build/corpus/$name"
	rm -f "$build/findings/$name.passed"
	# New inputs go to the first folder; -timeout is per input, in seconds.
	{ time "$build/fuzz/fuzz-$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
		-print_final_stats=1 "${options[@]}" -artifact_prefix="$build/findings/$name-" \
		"$build/corpus/$name" "tests/fuzz/corpus/$name" >"$log" 2>&1; } \
		2>"$build/findings/$name.time" && passed=yes
	if [ -n "${passed:-}" ]; then
		touch "$build/findings/$name.passed"
		echo "$name: $seconds s ($(cat "$build/findings/$name.time") s of the processor)," \
			"$(sed -n 's/^stat::number_of_executed_units: *//p' "$log") inputs, no finding"
	else
		echo "$name: FINDING, see $log"
		grep -m 1 -A 12 -E 'ERROR|runtime error|check failed' "$log"
	fi
}

run_script() { # NAME: as run_one, of a fuzzer that is a script; it says itself what it did
	local name=$1 log=$build/findings/$1.log status=0

	rm -f "$build/findings/$name".{passed,skipped}
	LOGTAP_BUILD=$build "tests/fuzz/$name.py" --seconds "$seconds" >"$log" 2>&1 || status=$?
	sed "s/^/$name: /" "$log" | cut -c 1-2000
	if [ "$status" -eq 0 ]; then
		touch "$build/findings/$name.passed"
	elif [ "$status" -eq 77 ]; then
		touch "$build/findings/$name.skipped"
	fi
}

names=()
for program in "$build"/fuzz/fuzz-* "${scripts[@]}"; do
	name=${program##*/fuzz-}
	if [ $# -eq 0 ] || [[ " $* " == *" $name "* ]]; then
		names+=("$name")
	fi
done
running=0
for name in "${names[@]}"; do
	if [ "$running" -ge "$jobs" ]; then
		wait -n
		running=$((running - 1))
	fi
	if [ -e "tests/fuzz/$name.py" ]; then
		run_script "$name" &
	else
		run_one "$name" &
	fi
	running=$((running + 1))
done
wait
passed=0 skipped=0
for name in "${names[@]}"; do
	[ -e "$build/findings/$name.passed" ] && passed=$((passed + 1))
	[ -e "$build/findings/$name.skipped" ] && skipped=$((skipped + 1))
done
echo "$passed passed, $((${#names[@]} - passed - skipped)) failed, $skipped skipped"
[ "${#names[@]}" -gt 0 ] && [ $((passed + skipped)) -eq "${#names[@]}" ]

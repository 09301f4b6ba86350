#!/bin/bash
# SPDX-License-Identifier: MIT
# Builds everything with warnings as errors, with and without sanitizers, and runs all tests: the
# unit and end-to-end tests, the checks of the tree, the fuzzers for a short while, and the kernel
# tests in a VM. Installs what is missing first. The last line is the sum; the exit status is 0 only
# when nothing failed.
. "$(dirname "$0")/lib/common.sh"

usage() {
	cat <<-'END'
		Usage: scripts/test.sh [--no-kernel] [--no-fuzz] [--no-asan] [--arch=i386|arm64] [--help]
		Builds logtap into build/ and build-asan/ and runs all tests.
		  --no-kernel  leave out the tests in a VM (and the kernel's first build)
		  --no-fuzz    leave out the fuzzers
		  --no-asan    leave out the build with sanitizers
		  --arch=      instead of all of these, the tests of a build for another architecture
		Missing packages are installed with apt-get (as root or with sudo). Every step keeps its
		log in build/logs/. The last line says: N passed, N failed, N skipped.
	END
}

kernel=yes fuzz=yes asan=yes architecture=
FUZZ_SECONDS=${FUZZ_SECONDS:-15}
for argument; do
	case $argument in
	--no-kernel) kernel=no ;;
	--no-fuzz) fuzz=no ;;
	--no-asan) asan=no ;;
	--arch=i386 | --arch=arm64) architecture=${argument#--arch=} ;;
	--help | -h)
		usage
		exit 0
		;;
	*) die "unknown argument '$argument'; see scripts/test.sh --help" ;;
	esac
done

cd "$ROOT"
LOGS=build/logs
need_build_folders
need_scratch
passed=0 failed=0 skipped=0
failures=()
started=$SECONDS

# count PASSED FAILED SKIPPED
count() {
	passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3))
}

# fail WHAT LOG: notes a failed step. What is on stdin is why: it is shown now, and again, in short,
# at the very end, because whoever reads this may have the last lines alone and none of the logs.
fail() {
	local why=$LOGS/failure-${#failures[@]}
	printf '    %sFAILED%s: %s (whole log: %s)\n' "$RED" "$PLAIN" "$1" "$2"
	sed 's/^/    | /' | tee "$why"
	failures+=("$1 (whole log: $2)")
}

# Together with the headings and the sum these are the last 100 lines.
LAST_LINES=80
failures_again() {
	local number each
	[[ ${#failures[@]} -gt 0 ]] || return 0
	each=$((LAST_LINES / ${#failures[@]}))
	for number in "${!failures[@]}"; do
		printf '    %sFAILED%s: %s\n' "$RED" "$PLAIN" "${failures[number]}"
		tail -n "$((each > 0 ? each : 1))" "$LOGS/failure-$number"
	done
}

# build NAME FOLDER CMAKE-OPTION...: configures and builds; a failure counts as one.
build() {
	local name=$1 folder=$2 log=$LOGS/build-$1.log begun=$SECONDS
	shift 2
	say "Building ($name) into $folder/"
	if [[ ! -e $folder/CMakeCache.txt ]]; then
		set -- -G Ninja "$@"
	fi
	if cmake --preset "$name" "$@" >"$log" 2>&1 &&
		cmake --build "$folder" -j "$JOBS" 2>&1 | tee -a "$log" | build_progress; then
		note "built in $((SECONDS - begun)) s"
		return 0
	fi
	count 0 1 0
	fail "the build ($name)" "$log" < <(
		grep -E -m 20 -A 3 'error|Error|FAILED' "$log" || tail -n 20 "$log"
	)
	return 1
}

# tests NAME FOLDER: runs ctest, one line per test as it ends.
tests() {
	local name=$1 folder=$2 log=$LOGS/ctest-$1.log
	local total=0 bad=0 left test how
	say "Running the tests ($name), $JOBS at a time"
	ctest --test-dir "$folder" -j "$JOBS" --output-on-failure 2>&1 |
		tee "$log" | grep --line-buffered -E '^ *[0-9]+/[0-9]+ Test' || true
	# Its report in XML takes a test whose program is missing for a skipped one; this line doesn't.
	if [[ $(tail -n 200 "$log") =~ \ ([0-9]+)\ tests?\ failed\ out\ of\ ([0-9]+) ]]; then
		bad=${BASH_REMATCH[1]} total=${BASH_REMATCH[2]}
	fi
	# A run without that line, or one that found no tests, is a failure of its own.
	if [[ $total -eq 0 ]]; then
		count 0 1 0
		fail "the tests ($name) did not run" "$log" < <(tail -n 20 "$log")
		return
	fi
	left=$(grep -c -E '^\s+[0-9]+ - .* \(Skipped\)$' "$log" || true)
	# What was skipped inside of tests that passed is said aloud, too.
	grep -h -E '^ *(SKIPPED|note: .* differed in)' "$folder/Testing/Temporary/LastTest.log" |
		sort -u | sed 's/^ */    /' || true
	count $((total - bad - left)) "$bad" "$left"
	failed_tests "$log" >"$LOGS/failed-$name"
	while IFS=$'\t' read -r test how; do
		fail "$test ($name): $how" "$log" < <(said_by "$test" "$folder")
	done <"$LOGS/failed-$name"
}

# failed_tests LOG: name and fate of each test that ctest calls failed, with a tab between.
failed_tests() {
	sed -n '/^The following tests FAILED/,$s/^[\t ]*[0-9]* - \(.*\) (\([^()]*\))$/\1\t\2/p' "$1" |
		grep -v -P '\t(Skipped|Disabled)$' || true
}

# said_by TEST FOLDER: the last 60 lines of what the test printed.
said_by() {
	sed -n "/^[0-9/]* Test: ${1//\//\\/}\$/,/^Test time = /p" "$2/Testing/Temporary/LastTest.log" |
		sed -n '/^Output:/,/^<end of output>/p' | sed '1,2d;$d' | tail -n 60
}

# summed LOG: adds up a script's own last line "N passed, N failed[, N skipped]".
summed() {
	local line
	line=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$1" | tail -n 1) || return 1
	[[ $line =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed(,\ ([0-9]+)\ skipped)? ]] || return 1
	count "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}" "${BASH_REMATCH[4]:-0}"
	[[ ${BASH_REMATCH[2]} -eq 0 ]]
}

# failed_parts LOG: of a script's output, what stands at each of its failed parts; last, what is short
# and to the point.
failed_parts() {
	if grep -q -E '^FAILED|: FINDING' "$1"; then
		# Not head: grep would end by a signal, and with it this function.
		grep -E -A 60 '^FAILED|: FINDING' "$1" | grep -v -E '^(ok|skipped) ' | sed -n 1,200p
		grep -E '^FAILED|: FINDING|^ +FALSE: |ERROR: |SUMMARY: |runtime error' "$1"
	else
		tail -n 25 "$1"
	fi
}

# script TITLE LOG-NAME COMMAND...: runs a script that ends with such a line, and shows its output.
script() {
	local title=$1 log=$LOGS/$2.log status=0
	shift 2
	say "$title"
	"$@" 2>&1 | tee "$log" | sed -u 's/^/    /' || status=$?
	if ! summed "$log"; then
		# No sum, or one with failures: both are visible in the log.
		grep -q -E '^[0-9]+ passed' "$log" || count 0 1 0
		fail "$title (status $status)" "$log" < <(failed_parts "$log")
	elif [[ $status -ne 0 ]]; then
		count 0 1 0
		fail "$title: exit status $status" "$log" < <(tail -n 25 "$log")
	fi
}

# In the background from the first minute on, because it takes longer than all else together.
kernel_build=
start_kernel_build() {
	if [[ $(uname -m) != x86_64 ]]; then
		note "the kernel tests are written for x86_64; this is $(uname -m): skipped"
		kernel=no
		count 0 0 1
		return
	fi
	if scripts/vm/build-kernel.sh --path >/dev/null 2>&1; then
		return
	fi
	say "Building the kernel for the VM in the background, once: about 12 processor minutes"
	note "its log: $LOGS/kernel-build.log; --no-kernel leaves it out"
	scripts/vm/build-kernel.sh >"$LOGS/kernel-build.log" 2>&1 &
	kernel_build=$!
	trap 'kill "$kernel_build" 2>/dev/null || true' EXIT
}

wait_for_kernel() {
	[[ -n $kernel_build ]] || return 0
	local begun=$SECONDS
	while kill -0 "$kernel_build" 2>/dev/null; do
		if (((SECONDS - begun) % 30 == 0)); then
			note "waiting for the kernel: $(tail -n 1 "$LOGS/kernel-build.log" |
				tr '\r' '\n' | tail -n 1)"
		fi
		sleep 1
	done
	trap - EXIT
	wait "$kernel_build"
}

packages=("${BUILD_PACKAGES[@]}" "${TEST_PACKAGES[@]}")
if [[ -n $architecture ]]; then
	[[ $architecture != arm64 ]] || packages+=("${ARM64_PACKAGES[@]}")
	need_packages "the tests for $architecture" "${packages[@]}"
	exec tests/arch/run.sh "$architecture"
fi
if [[ $kernel == yes ]]; then
	read -ra vm_packages < <(scripts/vm/build-kernel.sh --packages)
	packages+=("${vm_packages[@]}")
fi
need_packages "the tests" "${packages[@]}"
[[ $kernel == no ]] || start_kernel_build

if build release build -DLOGTAP_TESTS=ON -DLOGTAP_WERROR=ON; then
	tests release build
fi
if [[ $asan == yes ]] && build asan build-asan -DLOGTAP_TESTS=ON -DLOGTAP_WERROR=ON; then
	tests asan build-asan
fi
if [[ $fuzz == yes ]]; then
	# They end by the clock, whatever they get: what is left of the kernel's build goes first (it is
	# nice, too, but less so).
	script "Fuzzing, $FUZZ_SECONDS seconds each" fuzz nice -n 19 scripts/fuzz.sh "$FUZZ_SECONDS"
fi
if [[ $kernel == yes ]]; then
	if wait_for_kernel; then
		script "Running the kernel tests in a VM" kernel tests/kernel/run.sh
	else
		count 0 1 0
		fail "the kernel's build" "$LOGS/kernel-build.log" \
			< <(tail -n 20 "$LOGS/kernel-build.log" | tr '\r' '\n')
	fi
else
	note "the kernel tests were left out"
fi

say "Done in $(((SECONDS - started) / 60)) min $(((SECONDS - started) % 60)) s"
failures_again
echo "$passed passed, $failed failed, $skipped skipped"
[[ $failed -eq 0 ]]

#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs the kernel tests in the VM, all in one boot: every *.sh and *.py of this folder but this one.
# Prints a line per test and at the end "N passed, N failed, N skipped"; exit status 0 only when
# none failed. Must work from a built tree alone (LOGTAP_BUILD, default build/).
set -euo pipefail

usage()
{
	cat <<'END'
usage: run.sh [--list] [--verbose] [TEST...]
       run.sh --matrix

  TEST        only these (names as --list shows them)
  --verbose   show what passing tests print, too
  --matrix    only the real programs, but all of tests/matrix, in a root folder that has them all
              (3 GB; more than half an hour)

LOGTAP_BUILD   the build folder (default build/); it must be built with LOGTAP_TESTS=ON
END
}

here=$(cd "$(dirname "$0")" && pwd)
source=$(cd "$here/../.." && pwd)
build=$(realpath -m "${LOGTAP_BUILD:-$source/build}")
verbose=''
limit=${LOGTAP_KERNEL_LIMIT:-900}
names=()
more=()

list()
{
	find "$here" -maxdepth 1 \( -name '*.sh' -o -name '*.py' \) ! -name run.sh -printf '%f\n' |
		sort
}

while [ $# -gt 0 ]; do
	case $1 in
	--help)
		usage
		exit 0
		;;
	--list)
		list | sed 's/\.[a-z]*$//'
		exit 0
		;;
	--verbose) verbose=1 ;;
	--matrix)
		names=(programs)
		verbose=1
		root=$("$source/tests/matrix/root.sh")
		more=(--env KERNEL_MATRIX=all --env "KERNEL_MATRIX_ROOT=$root"
			--env KERNEL_TEST_LIMIT=7000 --memory 4G)
		limit=7200
		;;
	-*)
		usage >&2
		exit 2
		;;
	*) names+=("$1") ;;
	esac
	shift
done

tests=()
for test in $(list); do
	if [ ${#names[@]} -eq 0 ] || [[ " ${names[*]} " == *" ${test%.*} "* ]]; then
		tests+=("$test")
	fi
done
[ ${#tests[@]} -gt 0 ] || { echo "kernel tests: none is called ${names[*]}" >&2; exit 2; }
for file in bin/logtap lib/liblogtap.so tests/kernel/talk; do
	[ -e "$build/$file" ] || { echo "kernel tests: $build/$file is not built" >&2; exit 2; }
done

echo "kernel tests: ${#tests[@]} in one VM (software emulation: a few minutes)"
LOGTAP_BUILD=$build exec "$source/scripts/vm/run.sh" --timeout "$limit" \
	--env "KERNEL_TESTS_VERBOSE=$verbose" "${more[@]}" "$here/lib/guest.sh" "${tests[@]}"

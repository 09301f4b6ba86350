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

  TEST        only these (names as --list shows them)
  --verbose   show what passing tests print, too

LOGTAP_BUILD          the build folder (default build/); it must be built with LOGTAP_TESTS=ON
LOGTAP_KERNEL_LIMIT   seconds for all of them (default 3600; about 200 on an idle machine)
END
}

here=$(cd "$(dirname "$0")" && pwd)
source=$(cd "$here/../.." && pwd)
build=$(realpath -m "${LOGTAP_BUILD:-$source/build}")
verbose=''
names=()

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
LOGTAP_BUILD=$build exec "$source/scripts/vm/run.sh" --timeout "${LOGTAP_KERNEL_LIMIT:-3600}" \
	--env "KERNEL_TESTS_VERBOSE=$verbose" "$here/lib/guest.sh" "${tests[@]}"

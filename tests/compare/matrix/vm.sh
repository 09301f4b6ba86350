#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The matrix on a kernel with user_events: every case under `logtap run` in the VM, with perf record
# as the collector; writes RESULTS-VM.md. More than half an hour under software emulation.
#
#   vm.sh [NAME...]      LOGTAP_BUILD: the build folder (default build/)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

if [ "${1:-}" = --inside ]; then
	shift
	# A program that gives up its rights and then starts another: that one opens the file again.
	chmod 711 /sys/kernel/tracing
	chmod 666 /sys/kernel/tracing/user_events_data
	exec "$here/matrix.py" --collector perf --root "$MATRIX_ROOT" \
		--jobs "$(nproc)" --table "$LOGTAP_SCRATCH/results.md" "$@"
fi
root=$("$here/root.sh")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
status=0
"$here/../../../scripts/vm/run.sh" --timeout 9000 --cpus 3 --memory 4G --scratch "$scratch" \
	--env "MATRIX_ROOT=$root" "$here/vm.sh" --inside "$@" || status=$?
# A choice of names is no whole table.
[ $# -gt 0 ] || [ ! -s "$scratch/results.md" ] || cp "$scratch/results.md" "$here/RESULTS-VM.md"
exit $status

# SPDX-License-Identifier: MIT
# In a booted root: a line per check, on stdout. Sourced.

passed=0 failed=0
# check WHAT COMMAND...
check() {
	local what=$1
	shift
	if "$@" >/tmp/said 2>&1; then
		passed=$((passed + 1))
		echo "ok      $what"
	else
		failed=$((failed + 1))
		echo "FAILED  $what"
		sed 's/^/        | /' /tmp/said | tail -n 20
	fi
}

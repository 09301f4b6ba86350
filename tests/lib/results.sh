# SPDX-License-Identifier: MIT
# A table of results, and what they are often about, all files of a root: for scripts that take long, are
# run by hand, and leave in the tree what they found. Sourced, with `work` set to a folder of the script's
# own.

failed=0
results=()

say() { printf '%s\n' "$*" >&2; }

# result WHAT COMMAND...: one row. The command is no condition, in which `set -e` would not hold.
result() {
	local what=$1 log=$work/log status=0
	shift
	set +e
	(set -e; "$@") >"$log" 2>&1
	status=$?
	set -e
	if [[ $status -eq 0 ]]; then
		results+=("| $what | passed |")
		say "passed  $what"
	else
		results+=("| $what | **failed** |")
		failed=$((failed + 1))
		say "FAILED  $what"
		sed 's/^/    | /' "$log" | tail -n 40 >&2
	fi
}

# write_results FILE TITLE PARAGRAPH: the table.
write_results() {
	{
		printf '# %s\n\n%s\n\n| what | |\n|---|---|\n' "$2" "$3"
		printf '%s\n' "${results[@]}"
	} >"$1"
}

# end_results: the last words, and the script's status.
end_results() {
	say "$((${#results[@]} - failed)) passed, $failed failed"
	[[ $failed -eq 0 ]]
}

# listing ROOT PATH...: each file of the root with its mode, owner and bytes, and without what is at these
# paths, `./like/this` or patterns. Nothing may run there.
listing() (
	local path skip=(-false)
	cd "$1"
	shift
	for path; do skip+=(-o -path "$path"); done
	find . -xdev \( "${skip[@]}" \) -prune -o -printf '%p %y %m %U %G %l\n' | sort
	find . -xdev \( "${skip[@]}" \) -prune -o -type f -print0 | sort -z | xargs -0 sha256sum
)

#!/bin/bash
# SPDX-License-Identifier: MIT
# `logtap level` as a person uses it: what it prints, what it passes on unchanged, how it fails.
# usage: level.sh LOGTAP
set -u
logtap=$1
failed=0

# expect NAME WANTED GOT
expect()
{
	if [ "$2" != "$3" ]; then
		printf 'FAILED: %s\n  wanted: %q\n  got:    %q\n' "$1" "$2" "$3"
		failed=1
	fi
}

expect "a line of each kind" $'err\tE: x\nunknown\tplain\ninfo\t18:50:01 INFO y' \
	"$(printf 'E: x\nplain\n18:50:01 INFO y\n' | "$logtap" level)"
expect "the last line without its newline" $'warning\twarning: x' \
	"$(printf 'warning: x' | "$logtap" level)"
expect "continued lines" $'err\nerr\nunknown' \
	"$(printf 'error: x\n  y\nz\n' | "$logtap" level --brief)"
expect "each line by itself" $'err\nunknown\nunknown' \
	"$(printf 'error: x\n  y\nz\n' | "$logtap" level --brief --alone)"
expect "no lines" "" "$("$logtap" level </dev/null)"
expect "any bytes pass unchanged" "$(printf 'unknown\t\001\377\000\t\r' | od -c)" \
	"$(printf '\001\377\000\t\r\n' | "$logtap" level | head -c -1 | od -c)"
long=$(head -c 1000000 /dev/zero | tr '\0' x)
expect "a line of a million bytes" "err	error: $long" \
	"$(printf 'error: %s\n' "$long" | "$logtap" level)"

"$logtap" level --help | grep -q '^Usage: logtap level' || expect "--help" usage none
error=$("$logtap" level --nosuch 2>&1 </dev/null)
expect "an unknown option's status" 2 $?
case $error in
*--nosuch*--help*) ;;
*) expect "an unknown option's message" "names it and --help" "$error" ;;
esac
error=$("$logtap" level nosuch.log 2>&1 </dev/null)
expect "an argument's status" 2 $?
case $error in
*'<nosuch.log'*) ;;
*) expect "an argument's message" "says how to read a file" "$error" ;;
esac
error=$(yes 'error: x' | head -n 100000 | "$logtap" level 2>&1 >/dev/full)
expect "a full disk's status" 1 $?
case $error in
*'No space left'*) ;;
*) expect "a full disk's message" "the reason" "$error" ;;
esac

exit $failed

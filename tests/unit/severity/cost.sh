#!/bin/bash
# SPDX-License-Identifier: MIT
# No line costs more than its bound: a climber looks for the dearest ones in so many rounds (by count
# and seed, so that each run finds the same), a counter steps through them.
# usage: cost.sh CLIMBER COUNTER [ROUNDS [SEED]]
set -eu -o pipefail
lines=$(mktemp)
trap 'rm -f "$lines"' EXIT
"$1" "${3:-200000}" "${4:-1}" >"$lines"
# The forms that were dear once, beside those that the climber finds.
printf '[[[(%.0s' {1..64} >>"$lines"
printf '\n{%s}\n' "$(printf '"s"%.0s' {1..1300})" >>"$lines"
printf 'a=b %s\n' "$(printf '.%.0s' {1..4000})" >>"$lines"
# By itself, and behind an error, whose stack trace it may belong to.
"$2" --most 6000 --object 12000 --fields 12500 <"$lines" | cut -c 1-120
SEVERITY_COST_CONTINUE=1 "$2" --most 7000 --object 12500 --fields 13000 <"$lines" | cut -c 1-120

#!/bin/bash
# SPDX-License-Identifier: MIT
# No line costs more than its bound, in any state that it may be read in: a climber looks for the
# dearest ones in so many rounds (by count and seed, so that each run finds the same), a counter steps
# through them.
# usage: cost.sh CLIMBER COUNTER [ROUNDS [SEED [LINES]]]
set -eu -o pipefail
lines=$(mktemp)
trap 'rm -f "$lines"' EXIT
"$1" "${3:-150000}" "${4:-1}" "${5:-1}" >"$lines"
# The forms that were dear once, beside those that the climber finds.
printf '1\t%s' "$(printf '[[[(%.0s' {1..64})" >>"$lines"
printf '\n1\t{%s}\n' "$(printf '"s"%.0s' {1..1300})" >>"$lines"
printf '1\ta=b %s\n' "$(printf '.%.0s' {1..4000})" >>"$lines"
printf '1\t2026-11-21 18:50:01 %s\n' "$(printf '18:50:01%.0s' {1..29})" >>"$lines"
printf '1\t0x1 %s\n' "$(printf ' is %.0s' {1..63})" >>"$lines"
"$2" --most 6000 --object 12000 --fields 12000 <"$lines" | cut -c 1-120

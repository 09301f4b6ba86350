#!/usr/bin/env bash
# The whole matrix, in a root folder that has every program of it; writes RESULTS.md.
#
#   run.sh [options of matrix.py]      LOGTAP_BUILD: the build folder (default build/)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$("$here/root.sh")
exec "$here/matrix.py" --root "$root" --table "$here/RESULTS.md" "$@"

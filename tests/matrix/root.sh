#!/usr/bin/env bash
# Makes (once) the Debian 12 root folder that the whole matrix runs in, with every package that the
# cases name; prints its path.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
packages=$(sed -n 's/^#: .*packages=\([^ ]*\).*/\1/p' "$here"/cases/*.sh | tr ',' '\n' | sort -u)
# shellcheck disable=SC2086 # a list of package names; python3 is what the cases' helpers need
exec "$here/../debian-root.sh" matrix bookworm python3 $packages

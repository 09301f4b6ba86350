#!/usr/bin/env bash
# Makes (once) the Debian 12 root folder that the whole matrix runs in, with every package that the
# cases name; prints its path.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
packages=$(sed -n 's/^#: .*packages=\([^ ]*\).*/\1/p' "$here"/cases/*.sh | tr ',' '\n' | sort -u)
# python3 is what the cases' helpers need, the libraries what the logtap command needs.
# shellcheck disable=SC2086 # a list of package names
exec "$here/../../lib/debian-root.sh" matrix bookworm python3 libtracefs1 libtracecmd1 libelf1 libzstd1 $packages

#!/bin/bash
# SPDX-License-Identifier: MIT
# Looks at what `logtap view` makes for browsers in a browser: the page of --output=html and the trace
# of --output=chrome, in headless Chromium. A script of its own, because Chromium is large; installs
# it when it is missing.
#
#     tests/cli/browser/run.sh [--screenshots=FOLDER]
here=$(dirname "$0")
. "$here/../../../scripts/lib/common.sh"
need_build_folders
need_packages "the test in a browser" chromium chromium-driver python3-selenium
exec env PYTHONPATH="$ROOT/tests/lib" LOGTAP_BUILD="${LOGTAP_BUILD:-$ROOT/build}" \
	/usr/bin/python3 "$here/look.py" "$@"

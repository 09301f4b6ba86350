#!/bin/bash
# SPDX-License-Identifier: MIT
# Looks at what `logtap view` makes for browsers: the page of --output=html in headless Chromium, and the
# trace of --output=chrome in the model of Chromium's trace viewer, which an npm package has. A script of
# its own, because Chromium is large; installs it when it is missing.
#
#     tests/cli/browser/run.sh [--screenshots=FOLDER]
here=$(dirname "$0")
. "$here/../../../scripts/lib/common.sh"
need_build_folders
need_packages "the test in a browser" chromium chromium-driver python3-selenium
command -v node npm >/dev/null || need_packages "the trace viewer" nodejs npm

# npm_package NAME@VERSION: unpacked below build/npm, without what it would install.
npm_package() {
	local folder=$ROOT/build/npm/$1
	if [[ ! -e $folder/package.json ]]; then
		mkdir -p "$folder"
		(cd "$folder" && npm pack --silent "$1" >/dev/null && tar xzf ./*.tgz --strip-components=1) ||
			die "npm could not fetch $1"
	fi
	printf '%s\n' "$folder"
}
lighthouse=$(npm_package lighthouse@1.6.3)
matrix=$(npm_package gl-matrix@2.3.2)
exec env PYTHONPATH="$ROOT/tests/lib" LOGTAP_BUILD="${LOGTAP_BUILD:-$ROOT/build}" \
	/usr/bin/python3 "$here/look.py" "$@" "$lighthouse" "$matrix"

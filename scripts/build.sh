#!/bin/bash
# SPDX-License-Identifier: MIT
# Builds build/bin/logtap, build/lib/liblogtap.so and build/lib/libevh.{so,a}; installs the packages
# that this needs on Debian when they are missing. Leaves an existing build folder's options alone.
. "$(dirname "$0")/lib/common.sh"

usage() {
	cat <<-'END'
		Usage: scripts/build.sh [--help]
		Builds logtap into build/: bin/logtap, lib/liblogtap.so, lib/libevh.so, lib/libevh.a.
		Missing packages are installed with apt-get (as root or with sudo).
	END
}

case ${1-} in
'') ;;
--help | -h)
	usage
	exit 0
	;;
*) die "unknown argument '$1'; see scripts/build.sh --help" ;;
esac

need_build_folders
need_packages "building" "${BUILD_PACKAGES[@]}"
cd "$ROOT"
if [[ ! -e build/CMakeCache.txt ]]; then
	say "Configuring build/"
	cmake --preset release -G Ninja -DLOGTAP_TESTS=OFF >build/configure.log 2>&1 || {
		tail -n 20 build/configure.log >&2
		die "cmake failed (whole output: build/configure.log)"
	}
fi
say "Building build/bin/logtap, build/lib/liblogtap.so and build/lib/libevh.so"
cmake --build build -j "$JOBS" 2>&1 | tee build/build.log | build_progress || {
	tail -n 40 build/build.log >&2
	die "the build failed (whole output: build/build.log)"
}
note "done: build/bin/logtap, $(build/bin/logtap --version)"

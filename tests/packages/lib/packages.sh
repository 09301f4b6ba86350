# SPDX-License-Identifier: MIT
# The packages of the build folder, made anew; or those of LOGTAP_PACKAGES, where that names a folder of
# finished ones. Sourced, with `source` and `work` set.

# copy_packages FOLDER
copy_packages() {
	local build folder
	build=$(realpath -m "${LOGTAP_BUILD:-$source/build}")
	folder=${LOGTAP_PACKAGES:-$build/packages}
	if [[ -z ${LOGTAP_PACKAGES-} ]]; then
		(umask 022 && cmake --build "$build" --target package) >"$work/package.log" 2>&1 || {
			tail -n 20 "$work/package.log" >&2
			exit 1
		}
	fi
	cp "$folder"/*.deb "$1/"
}

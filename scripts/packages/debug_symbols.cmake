# Run by cpack when the packages are made. CPack lists the checksums of a package with debug symbols under
# the paths that its files had in the build folder: `dpkg --verify` finds none of them, and the package
# depends on where it was built.
foreach(package ${CPACK_PACKAGE_FILES})
	if(NOT package MATCHES "[.]ddeb$")
		continue()
	endif()
	set(folder "${package}.mended")
	file(REMOVE_RECURSE "${folder}")
	execute_process(COMMAND dpkg-deb -R "${package}" "${folder}" COMMAND_ERROR_IS_FATAL ANY)
	file(READ "${folder}/DEBIAN/md5sums" sums)
	string(REGEX REPLACE "  /[^\n]*/(usr/lib/debug/)" "  \\1" sums "${sums}")
	file(WRITE "${folder}/DEBIAN/md5sums" "${sums}")
	execute_process(COMMAND dpkg-deb --root-owner-group -Zxz -b "${folder}" "${package}" OUTPUT_QUIET
		COMMAND_ERROR_IS_FATAL ANY)
	file(REMOVE_RECURSE "${folder}")
endforeach()

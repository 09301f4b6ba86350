# Read by cpack before it packs. The times in a package are those of the source's last change, not of
# the build: SOURCE_DATE_EPOCH as the caller gives it, else the last commit's, else the change log's.
if("$ENV{SOURCE_DATE_EPOCH}" STREQUAL "")
	execute_process(COMMAND git -C "${CPACK_LOGTAP_SOURCE}" log -1 --format=%ct
		OUTPUT_VARIABLE seconds OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
	if(failed)
		file(TIMESTAMP "${CPACK_LOGTAP_SOURCE}/CHANGELOG.md" seconds "%s" UTC)
	endif()
	set(ENV{SOURCE_DATE_EPOCH} "${seconds}")
endif()
# cpack makes folders of packages as the umask says.
execute_process(COMMAND sh -c umask OUTPUT_VARIABLE mask OUTPUT_STRIP_TRAILING_WHITESPACE)
if(NOT mask MATCHES "^0*22$")
	message(FATAL_ERROR "the umask ${mask} would get into the packages: umask 022, and again")
endif()

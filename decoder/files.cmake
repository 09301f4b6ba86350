# LOGTAP_READ_FILES: whether the decoder reads recordings as well as single events; that takes libzstd
# and libtraceevent. Where the preload library isn't written for the target, it is on if these are
# there; everywhere else their absence is an error, because the command needs them.
set(CMAKE_REQUIRED_LIBRARIES PkgConfig::LIBZSTD PkgConfig::LIBTRACEEVENT)
if(TARGET PkgConfig::LIBZSTD AND TARGET PkgConfig::LIBTRACEEVENT)
	check_c_source_compiles("
		#include <event-parse.h>
		#include <zstd.h>
		int main(void) { return tep_alloc() && ZSTD_versionNumber() ? 0 : 1; }"
		LOGTAP_HAVE_READERS)
endif()
unset(CMAKE_REQUIRED_LIBRARIES)
if(LOGTAP_HAVE_READERS OR LOGTAP_PRELOAD)
	set(default ON)
else()
	set(default OFF)
endif()
option(LOGTAP_READ_FILES "read recordings, not only single events (needs libzstd and libtraceevent)"
	${default})
if(LOGTAP_READ_FILES AND NOT LOGTAP_HAVE_READERS)
	message(FATAL_ERROR "libzstd or libtraceevent is missing for this target (Debian: libzstd-dev libtraceevent-dev); without them: LOGTAP_READ_FILES=OFF or LOGTAP_TOOLS=OFF")
elseif(NOT LOGTAP_READ_FILES)
	message(STATUS "Left out: the reading of recordings, which needs libzstd and libtraceevent (LOGTAP_READ_FILES=OFF)")
endif()

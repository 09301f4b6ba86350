# Debian's packages. Names are those that Debian gives libraries: lib, name, SONAME's number.
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SECTION admin)

set(CPACK_DEBIAN_LOGTAP_PACKAGE_NAME logtap)
set(CPACK_COMPONENT_LOGTAP_DESCRIPTION
"syslog() and stderr of unmodified programs as trace events
Preloads a library under any dynamically linked program, which turns each
syslog() call and each line of stderr into a self-describing EventHeader event
with a severity and a message: in a recording that perf reads, too, or through
Linux user_events. The program notices nothing.")
set(CPACK_DEBIAN_LOGTAP_PACKAGE_RECOMMENDS "less, libcurl4")
set(CPACK_DEBIAN_LOGTAP_PACKAGE_CONTROL_EXTRA ${CMAKE_CURRENT_SOURCE_DIR}/conffiles
	${CMAKE_CURRENT_SOURCE_DIR}/postinst ${CMAKE_CURRENT_SOURCE_DIR}/prerm
	${CMAKE_CURRENT_SOURCE_DIR}/postrm)

set(CPACK_DEBIAN_LIBEVH_PACKAGE_NAME ${libevh_PACKAGE})
set(CPACK_DEBIAN_LIBEVH_PACKAGE_SECTION libs)
set(CPACK_COMPONENT_LIBEVH_DESCRIPTION
"EventHeader trace events from C and C++
Encodes self-describing trace events, with fields known at compile time or at
run time, and writes them through Linux user_events or into a perf.data file.")

set(CPACK_DEBIAN_LIBEVH-DECODE_PACKAGE_NAME ${libevh-decode_PACKAGE})
set(CPACK_DEBIAN_LIBEVH-DECODE_PACKAGE_SECTION libs)
set(CPACK_COMPONENT_LIBEVH-DECODE_DESCRIPTION
"reader of EventHeader trace events and perf.data files
Reads recordings of perf and logtap, decodes EventHeader events and those of
the kernel's other tracepoints, and gives their fields as values, text or JSON.")

set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libevh-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SHLIBDEPS OFF)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "${libevh_PACKAGE} (= ${PROJECT_VERSION}-1)")
if(TARGET evh-decode)
	string(APPEND CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS ", ${libevh-decode_PACKAGE} (= ${PROJECT_VERSION}-1), libzstd-dev, libtraceevent-dev")
	if(LOGTAP_READ_GZIP)
		string(APPEND CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS ", zlib1g-dev")
	endif()
	if(LOGTAP_TRACE_CMD)
		string(APPEND CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS ", libtracecmd-dev")
	endif()
endif()
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION
"headers and static libraries of libevh and libevh-decode
What programs that write or read EventHeader trace events are built with:
headers, static libraries, pkg-config and CMake files, and examples.")

# The symbols that stripping took away, in packages of their own: logtap-dbgsym and so on.
set(CPACK_DEBIAN_DEBUGINFO_PACKAGE ON)
set(CPACK_DEBIAN_DEVELOPMENT_DEBUGINFO_PACKAGE OFF)
set(CPACK_POST_BUILD_SCRIPTS ${CMAKE_CURRENT_SOURCE_DIR}/debug_symbols.cmake)

# dpkg runs ldconfig once for all of them, and dpkg-shlibdeps learns what to ask for. (CPack's own
# CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS calls ldconfig in each package, which Debian's policy forbids.)
function(library_control component)
	string(TOUPPER ${component} upper)
	set(folder ${CMAKE_CURRENT_BINARY_DIR}/${component})
	file(WRITE ${folder}/shlibs
		"${component} ${${component}_SONUMBER} ${${component}_PACKAGE} (>= ${PROJECT_VERSION})\n")
	set(CPACK_DEBIAN_${upper}_PACKAGE_CONTROL_EXTRA
		"${folder}/shlibs;${CMAKE_CURRENT_SOURCE_DIR}/triggers" PARENT_SCOPE)
endfunction()
library_control(libevh)
if(TARGET evh-decode)
	library_control(libevh-decode)
endif()

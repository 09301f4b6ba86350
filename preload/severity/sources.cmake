# The severity reader's sources: part of the shim, and of what tests and `logtap level` link.
set(LOGTAP_SEVERITY_SOURCES)
foreach(source stream context forms json line tags phrases places words)
	list(APPEND LOGTAP_SEVERITY_SOURCES ${CMAKE_CURRENT_LIST_DIR}/${source}.c)
endforeach()

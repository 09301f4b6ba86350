# The severity reader's sources: part of the shim, and of what tests and `logtap level` link.
set(LOGTAP_SEVERITY_SOURCES)
foreach(source severity severity_context severity_forms severity_json severity_line
		severity_name severity_phrases severity_places severity_words)
	list(APPEND LOGTAP_SEVERITY_SOURCES ${CMAKE_CURRENT_LIST_DIR}/${source}.c)
endforeach()

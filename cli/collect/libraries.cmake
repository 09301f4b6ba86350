# The destinations of `logtap collect` that need a library: --to says so where they were left out.
option(LOGTAP_HTTP "logtap collect --to=journal: (needs libcurl and zlib)" ON)
option(LOGTAP_OTLP "logtap collect --to=otlp: (needs libprotobuf-c and protoc-c, and LOGTAP_HTTP)" ON)

if(LOGTAP_HTTP)
	# Its headers: it is loaded when it is needed.
	pkg_check_modules(LOGTAP_CURL REQUIRED libcurl)
	pkg_check_modules(LOGTAP_ZLIB REQUIRED IMPORTED_TARGET zlib)
	target_sources(logtap-collect PRIVATE collect/curl_library.c collect/gzip.c collect/http.c
		collect/to_journal.c)
	target_compile_definitions(logtap-collect PRIVATE LOGTAP_HAVE_HTTP)
	target_include_directories(logtap-collect SYSTEM PRIVATE ${LOGTAP_CURL_INCLUDE_DIRS})
	target_link_libraries(logtap-collect PUBLIC PkgConfig::LOGTAP_ZLIB ${CMAKE_DL_LIBS})
endif()

if(LOGTAP_HTTP AND LOGTAP_OTLP)
	pkg_check_modules(LOGTAP_PROTOBUF REQUIRED IMPORTED_TARGET libprotobuf-c)
	find_program(LOGTAP_PROTOC_C protoc-c REQUIRED)
	set(folder ${CMAKE_CURRENT_BINARY_DIR}/collect)
	file(MAKE_DIRECTORY ${folder})
	add_custom_command(OUTPUT ${folder}/otlp_logs.pb-c.c ${folder}/otlp_logs.pb-c.h
		COMMAND ${LOGTAP_PROTOC_C} --c_out=${folder} --proto_path=${CMAKE_CURRENT_SOURCE_DIR}/collect
			otlp_logs.proto
		DEPENDS collect/otlp_logs.proto VERBATIM)
	target_sources(logtap-collect PRIVATE collect/otlp_records.c collect/to_otlp.c
		${folder}/otlp_logs.pb-c.c)
	# What is generated is not ours to mend.
	set_source_files_properties(${folder}/otlp_logs.pb-c.c PROPERTIES COMPILE_OPTIONS -w)
	target_include_directories(logtap-collect SYSTEM PRIVATE ${folder})
	target_compile_definitions(logtap-collect PRIVATE LOGTAP_HAVE_OTLP)
	target_link_libraries(logtap-collect PUBLIC PkgConfig::LOGTAP_PROTOBUF)
endif()

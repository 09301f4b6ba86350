# logtap level: the shim's own severity reader, so that both always agree.
include(${PROJECT_SOURCE_DIR}/preload/severity.cmake)
target_sources(logtap PRIVATE level.c ${LOGTAP_SEVERITY_SOURCES})

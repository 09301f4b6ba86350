# Runs at the end of each installation. Folders that it made are for everybody, whatever the umask of
# whoever installs: a library that users can't reach makes the loader complain in each of their programs.
# Must not touch a folder that was there before.
cmake_policy(VERSION 3.22)
set(folders)
foreach(path ${CMAKE_INSTALL_MANIFEST_FILES})
	get_filename_component(folder "$ENV{DESTDIR}${path}" DIRECTORY)
	while(NOT folder IN_LIST folders AND NOT folder STREQUAL "/")
		list(APPEND folders "${folder}")
		get_filename_component(folder "${folder}" DIRECTORY)
	endwhile()
endforeach()
foreach(folder ${folders})
	# When it was made, in seconds; 0 where the file system doesn't know.
	execute_process(COMMAND stat -c %W "${folder}" OUTPUT_VARIABLE born OUTPUT_STRIP_TRAILING_WHITESPACE
		ERROR_QUIET)
	if(born GREATER_EQUAL LOGTAP_INSTALL_BEGUN)
		file(CHMOD "${folder}" PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ
			GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
	endif()
endforeach()

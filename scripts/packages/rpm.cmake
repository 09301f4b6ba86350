# RPMs, of the same components.
set(CPACK_RPM_COMPONENT_INSTALL ON)
set(CPACK_RPM_FILE_NAME RPM-DEFAULT)
set(CPACK_RPM_PACKAGE_LICENSE MIT)
set(CPACK_RPM_PACKAGE_GROUP "Development/Tools")
set(CPACK_RPM_LOGTAP_PACKAGE_NAME logtap)
set(CPACK_RPM_LIBEVH_PACKAGE_NAME ${libevh_PACKAGE})
set(CPACK_RPM_LIBEVH-DECODE_PACKAGE_NAME ${libevh-decode_PACKAGE})
set(CPACK_RPM_DEVELOPMENT_PACKAGE_NAME libevh-devel)
set(CPACK_RPM_DEVELOPMENT_PACKAGE_REQUIRES "${libevh_PACKAGE} = ${PROJECT_VERSION}")
if(TARGET evh-decode)
	string(APPEND CPACK_RPM_DEVELOPMENT_PACKAGE_REQUIRES ", ${libevh-decode_PACKAGE} = ${PROJECT_VERSION}")
endif()
set(CPACK_RPM_LOGTAP_POST_INSTALL_SCRIPT_FILE ${CMAKE_CURRENT_SOURCE_DIR}/postinst)
set(CPACK_RPM_LOGTAP_PRE_UNINSTALL_SCRIPT_FILE ${CMAKE_CURRENT_SOURCE_DIR}/prerm)
set(CPACK_RPM_LOGTAP_POST_UNINSTALL_SCRIPT_FILE ${CMAKE_CURRENT_SOURCE_DIR}/postrm)
foreach(component LIBEVH LIBEVH-DECODE)
	set(CPACK_RPM_${component}_POST_INSTALL_SCRIPT_FILE ${CMAKE_CURRENT_SOURCE_DIR}/ldconfig)
	set(CPACK_RPM_${component}_POST_UNINSTALL_SCRIPT_FILE ${CMAKE_CURRENT_SOURCE_DIR}/ldconfig)
endforeach()
# Folders of the system itself are no package's.
set(CPACK_RPM_EXCLUDE_FROM_AUTO_FILELIST_ADDITION /usr/lib/systemd /usr/lib/systemd/system
	/usr/lib/systemd/system-preset /usr/share/man /usr/share/man/man1 /usr/share/man/man3
	/usr/share/man/man5 /usr/share/man/man7 /usr/share/bash-completion
	/usr/share/bash-completion/completions /usr/share/zsh /usr/share/zsh/vendor-completions
	/usr/share/fish /usr/share/fish/vendor_completions.d /usr/lib/pkgconfig /usr/lib/cmake)

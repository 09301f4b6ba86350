# For 32-bit programs on x86_64: with this machine's compiler and gcc-multilib.
set(LOGTAP_CROSS_TRIPLE i386-linux-gnu)
set(CMAKE_SYSTEM_PROCESSOR i686)
foreach(language C CXX ASM)
	set(CMAKE_${language}_FLAGS_INIT -m32)
endforeach()
set(CMAKE_C_COMPILER gcc)
set(CMAKE_CXX_COMPILER g++)
include(${CMAKE_CURRENT_LIST_DIR}/cross.cmake)

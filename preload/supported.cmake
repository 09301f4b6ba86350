# LOGTAP_PRELOAD_SUPPORTED: whether the target's libc and processor are among those that the preload
# library is written for. Elsewhere it is left out, and what needs it; a line says so.
include(CheckCSourceCompiles)
check_c_source_compiles("
	#include <limits.h>
	#ifndef __GLIBC__
	#	error its stdio is not glibc's
	#endif
	#if !((defined(__x86_64__) || defined(__aarch64__)) && defined(__LP64__)) && !defined(__i386__)
	#	error no system call, no jumps.S
	#endif
	#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
	#	error aarch64 has both
	#endif
	int main(void) { return 0; }" LOGTAP_PRELOAD_SUPPORTED)
check_c_source_compiles("
	#ifndef __i386__
	#	error
	#endif
	int main(void) { return 0; }" LOGTAP_IS_I386)
check_c_source_compiles("
	#ifndef __aarch64__
	#	error
	#endif
	int main(void) { return 0; }" LOGTAP_IS_AARCH64)
set(LOGTAP_PRELOAD_TARGETS "glibc on x86_64, aarch64 and i386")
if(NOT LOGTAP_PRELOAD_SUPPORTED AND LOGTAP_PRELOAD)
	message(FATAL_ERROR "LOGTAP_PRELOAD=ON: the preload library is written for ${LOGTAP_PRELOAD_TARGETS}; leave it OFF")
elseif(NOT LOGTAP_PRELOAD_SUPPORTED)
	message(STATUS "Left out: the preload library, which is written for ${LOGTAP_PRELOAD_TARGETS} (LOGTAP_PRELOAD=OFF)")
endif()

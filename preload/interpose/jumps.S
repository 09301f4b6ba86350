/* SPDX-License-Identifier: MIT */
/*
 * Interposed functions that must not have a frame of ours, or whose arguments can't be passed on by
 * C: syscall(), through which programs clone and vfork, the two variadic syslog functions (syslog,
 * __syslog_chk) while nobody listens, and those that look who called them: dlsym and dlvsym of
 * RTLD_NEXT, dlopen. Each ends in a jump with registers and stack as they came.
 *
 * Each processor has a file of its own, with the same functions in the same order.
 */
#if defined(__x86_64__)
#	include "jumps_x86_64.S"
#elif defined(__aarch64__)
#	include "jumps_aarch64.S"
#elif defined(__i386__)
#	include "jumps_i386.S"
#else
#	error "jumps.S knows x86_64, aarch64 and i386"
#endif

	.section .note.GNU-stack, "", %progbits

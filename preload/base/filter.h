/* SPDX-License-Identifier: MIT */
/*
 * What a seccomp filter would say to a system call, without making it: the classic BPF program of
 * the filter, run here on the call's number and arguments.
 */
#ifndef LT_FILTER_H
#define LT_FILTER_H

#include <stdint.h>

#include <linux/filter.h>
#include <linux/seccomp.h>

/*
 * The program's result for `call`, as the kernel's seccomp would compute it: an action and its
 * data (SECCOMP_RET_*).
 *
 * program: `length` instructions, readable. What the kernel would not install (an unknown
 * instruction, a jump or load out of bounds, an end without a return) is SECCOMP_RET_KILL_PROCESS.
 * Touches nothing but the program and 64 bytes of stack for its memory; any thread, any handler.
 */
uint32_t lt_filter_run(const struct sock_filter *program, unsigned length,
		       const struct seccomp_data *call);

#endif

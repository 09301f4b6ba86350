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
 * What the filter says to every call of which each word lies between that of `least` and that of
 * `most`, as the kernel's seccomp would compute it: an action and its data (SECCOMP_RET_*). Where
 * it allows some of them and not others, it is another action than SECCOMP_RET_ALLOW, and so it is
 * where that would take too long to find out.
 *
 * program: `length` instructions, readable. What the kernel would not install (an unknown
 * instruction, a jump or load out of bounds, an end without a return) is SECCOMP_RET_KILL_PROCESS.
 * Touches nothing but the program and 2 KiB of stack; any thread, any handler.
 */
uint32_t lt_filter_run(const struct sock_filter *program, unsigned length,
		       const struct seccomp_data *least, const struct seccomp_data *most);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Starts a program under a seccomp filter, as systemd's SystemCallFilter= does:
 *
 *     filtered deny|only kill|errno NUMBER... -- PROGRAM [ARG...]
 *
 * deny: the numbers are refused; only: everything else is. 99: the filter can't be installed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	static struct sock_filter steps[BPF_MAXINSNS];
	struct sock_fprog program = { 1, steps };
	int deny = argc > 2 && !strcmp(argv[1], "deny");
	unsigned refusal = argc > 2 && !strcmp(argv[2], "kill") ? SECCOMP_RET_KILL_PROCESS
								: SECCOMP_RET_ERRNO | EPERM;
	unsigned listed = deny ? refusal : SECCOMP_RET_ALLOW;
	int i;

	steps[0] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
						offsetof(struct seccomp_data, nr));
	for (i = 3; i < argc && strcmp(argv[i], "--") != 0 && program.len < BPF_MAXINSNS - 2; i++) {
		steps[program.len++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
								    (unsigned)atoi(argv[i]), 0, 1);
		steps[program.len++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, listed);
	}
	steps[program.len++] =
		(struct sock_filter)BPF_STMT(BPF_RET | BPF_K, deny ? SECCOMP_RET_ALLOW : refusal);
	if (i + 1 >= argc || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)) {
		perror("filtered");
		return 99;
	}
	execvp(argv[i + 1], argv + i + 1);
	perror(argv[i + 1]);
	return 98;
}

/* SPDX-License-Identifier: MIT */
/* A program that allows itself read, write, exit and sigreturn only, and then logs. */
#define _GNU_SOURCE
#include <linux/seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
	fputs("before\n", stderr);
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT))
		return 96;
	for (int i = 0; i < 100; i++) {
		char text[64];
		int length = snprintf(text, sizeof(text), "confined line %d\n", i);

		if (write(2, text, (size_t)length) != length)
			syscall(SYS_exit, 95);
	}
	/* Through stdio too, and a last line that has no end. */
	fputs("by stdio\nno newline", stderr);
	syscall(SYS_exit, 7);
}

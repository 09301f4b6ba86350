/* SPDX-License-Identifier: MIT */
/*
 * A worker that root starts, and that becomes nobody after a secret was logged: tries to read the
 * recording through every descriptor that it has. Exit status: how many of them could be read.
 */
#include <grp.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
	char byte;
	int readable = 0, open = 0;

	fprintf(stderr, "the secret\n");
	if (setgroups(0, NULL) || setresgid(65534, 65534, 65534) || setresuid(65534, 65534, 65534))
		return 100;
	fprintf(stderr, "as nobody\n");
	for (int fd = 3; fd < 70000; fd++) {
		char link[64];
		FILE *again;

		open += lseek(fd, 0, SEEK_CUR) >= 0;
		readable += pread(fd, &byte, 1, 0) == 1;
		snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
		again = fopen(link, "r");
		readable += again != NULL;
	}
	printf("%d\n", open);
	return readable;
}

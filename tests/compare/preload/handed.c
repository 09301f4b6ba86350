/* SPDX-License-Identifier: MIT */
/*
 * Buffers that are no longer what they were when a write returns: `handed WAY MEMORY CHANGE SIZE
 * ROUNDS`. A writer hands lines over through its stderr, a pipe or socket of its own; whoever reads
 * them there then owns the buffer, and overwrites or unmaps it. What was read goes to stdout.
 *
 * SIZE above a pipe's makes the write block in the middle, with its beginning overwritten already.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *way, *memory, *change;
static size_t size, mapped;
static char *static_buffer;

/* Shared with a child, which may be the reader. */
static struct shared {
	char *volatile buffer;
	volatile size_t taken; /* of the present buffer, by the reader */
	volatile int done;
} * shared;

static void must(int good)
{
	if (!good) {
		perror("handed");
		_exit(99);
	}
}

static void put_out(const char *bytes, size_t count)
{
	while (count) {
		ssize_t written = write(1, bytes, count);

		must(written > 0);
		bytes += written;
		count -= (size_t)written;
	}
}

/* Everything that was read belongs to the reader now. */
static void *read_all(void *from)
{
	static char in[70000];
	int fd = *(int *)from;

	for (;;) {
		ssize_t count = read(fd, in, sizeof(in));

		if (count <= 0)
			return NULL;
		put_out(in, (size_t)count);
		if (!strcmp(change, "overwrite"))
			memset(shared->buffer + shared->taken, 'Z', (size_t)count);
		else if (shared->taken + (size_t)count == size)
			munmap(shared->buffer, mapped);
		shared->taken += (size_t)count;
	}
}

static char *new_buffer(void)
{
	int flags = MAP_ANONYMOUS;

	if (!strcmp(memory, "heap"))
		return malloc(size);
	if (!strcmp(memory, "static"))
		return static_buffer;
	flags |= !strcmp(memory, "shared") ? MAP_SHARED : MAP_PRIVATE;
	return mmap(NULL, mapped, PROT_READ | PROT_WRITE, flags, -1, 0);
}

/* Lines of different lengths, the last one with its newline; or one line, "long". */
static void fill(char *buffer, unsigned round)
{
	size_t line = size > 1000 && round % 2 ? size : 90;

	for (size_t i = 0; i < size; i++)
		buffer[i] = (char)(i % line == line - 1 ? '\n' : 'a' + (i * 7 + round) % 25);
	buffer[size - 1] = '\n';
}

static void hand_over(const char *buffer)
{
	struct iovec pieces[3] = {
		{ (void *)buffer, size / 3 },
		{ (void *)(buffer + size / 3), size / 3 },
		{ (void *)(buffer + size / 3 * 2), size - size / 3 * 2 },
	};
	struct msghdr message = { .msg_iov = pieces, .msg_iovlen = 3 };
	ssize_t result = -1;

	if (!strcmp(way, "write"))
		result = write(2, buffer, size);
	else if (!strcmp(way, "writev"))
		result = writev(2, pieces, 3);
	else if (!strcmp(way, "syscall"))
		result = syscall(SYS_write, 2, buffer, size);
	else if (!strcmp(way, "syscallv"))
		result = syscall(SYS_writev, 2, pieces, 3);
	else if (!strcmp(way, "fwrite"))
		result = (ssize_t)fwrite(buffer, 1, size, stderr);
	else if (!strcmp(way, "send"))
		result = send(2, buffer, size, 0);
	else if (!strcmp(way, "sendmsg"))
		result = sendmsg(2, &message, 0);
	must(result == (ssize_t)size);
}

int main(int argc, char **argv)
{
	unsigned rounds;
	pthread_t thread;
	int ends[2], child = 0;

	must(argc == 6);
	way = argv[1];
	memory = argv[2];
	change = argv[3];
	size = strtoul(argv[4], NULL, 10);
	rounds = (unsigned)atoi(argv[5]);
	mapped = (size + 4095) & ~(size_t)4095;
	static_buffer = malloc(size);
	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	must(strncmp(way, "send", 4) ? !pipe(ends) : !socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	dup2(ends[1], 2);
	close(ends[1]);
	shared->buffer = new_buffer();
	/* Memory that is shared goes to another process. */
	if (!strcmp(memory, "shared")) {
		child = fork();
		if (!child) {
			close(2);
			read_all(&ends[0]);
			_exit(0);
		}
		close(ends[0]);
	} else {
		must(!pthread_create(&thread, NULL, read_all, &ends[0]));
	}
	for (unsigned round = 0; round < rounds; round++) {
		if (!strcmp(change, "unmap"))
			shared->buffer = new_buffer();
		fill(shared->buffer, round);
		shared->taken = 0;
		hand_over(shared->buffer);
		while (shared->taken < size)
			usleep(1);
	}
	close(2);
	if (child)
		waitpid(child, NULL, 0);
	else
		pthread_join(thread, NULL);
	return 0;
}

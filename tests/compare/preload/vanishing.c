/* SPDX-License-Identifier: MIT */
/*
 * Lines from memory that comes and goes: `vanishing WAY MEMORY ROUNDS`. Another thread cuts the
 * file off that they are in, or maps the page away, and puts it back, all the time. A write then
 * fails or doesn't, and nobody dies.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

static volatile int done;
static char *page;
static int file;

static void *cut_off(void *unused)
{
	while (!done)
		if (ftruncate(file, 0) || ftruncate(file, 4096))
			_exit(98);
	return unused;
}

static void *map_away(void *unused)
{
	const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;

	while (!done)
		if (mmap(page, 4096, PROT_NONE, flags, -1, 0) == MAP_FAILED ||
		    mmap(page, 4096, PROT_READ | PROT_WRITE, flags, -1, 0) == MAP_FAILED)
			_exit(97);
	return unused;
}

static ssize_t write_once(const char *way, size_t size)
{
	struct iovec pieces[2] = { { page, size / 2 }, { page + size / 2, size - size / 2 } };

	if (!strcmp(way, "write"))
		return write(2, page, size);
	if (!strcmp(way, "writev"))
		return writev(2, pieces, 2);
	return (ssize_t)fwrite(page, 1, size, stderr);
}

int main(int argc, char **argv)
{
	char name[] = "/tmp/vanishing-XXXXXX";
	pthread_t thread;
	long rounds, written = 0;
	int in_file;

	if (argc != 4)
		return 2;
	in_file = !strcmp(argv[2], "file");
	rounds = atol(argv[3]);
	file = mkstemp(name);
	unlink(name);
	if (file < 0 || ftruncate(file, 4096))
		return 99;
	page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		    in_file ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS, in_file ? file : -1, 0);
	if (page == MAP_FAILED || pthread_create(&thread, NULL, in_file ? cut_off : map_away, NULL))
		return 99;
	for (long i = 0; i < rounds; i++)
		written += write_once(argv[1], i % 8 ? 100 : 2000) > 0;
	done = 1;
	pthread_join(thread, NULL);
	puts(written ? "some" : "none");
	return 0;
}

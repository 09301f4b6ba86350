/* SPDX-License-Identifier: MIT */
/*
 * Writes numbered lines to stderr from several processes with several threads each:
 *
 *   spread PROCESSES THREADS LINES NOTES
 *
 * LINES: of all together. A process that is killed is replaced by another one. What was written is
 * noted without a write of its own, so that a kill leaves it exact: in NOTES, mapped and shared,
 * are the number of lines that were begun, and for each thread of each process the number of lines
 * that write() has taken; 8 bytes each. A line is `WRITER LINE`: the writer's place behind the
 * first, and the line's number from 0.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define LIVES 4096 /* processes that there may have been in all */

static uint64_t *begun, *notes;
static int threads;
static uint64_t lines;

static void *write_lines(void *place)
{
	uint64_t *note = place;
	char line[64];

	for (uint64_t number = 0; __atomic_fetch_add(begun, 1, __ATOMIC_RELAXED) < lines;
	     number++) {
		int size = snprintf(line, sizeof(line), "%td %llu\n", note - notes,
				    (unsigned long long)number);

		if (write(2, line, (size_t)size) != size)
			_exit(3);
		__atomic_store_n(note, number + 1, __ATOMIC_RELEASE);
	}
	return NULL;
}

static void live(int life)
{
	pthread_t others[256];

	for (int i = 1; i < threads; i++)
		if (pthread_create(&others[i], NULL, write_lines, &notes[life * threads + i]))
			_exit(4);
	write_lines(&notes[life * threads]);
	for (int i = 1; i < threads; i++)
		pthread_join(others[i], NULL);
	exit(0);
}

static pid_t begin(int life)
{
	pid_t child = life < LIVES ? fork() : -1;

	if (child == 0)
		live(life);
	return child;
}

int main(int argc, char **argv)
{
	int processes, running = 0, life = 0, status, fd;

	if (argc != 5) {
		fprintf(stderr, "usage: spread PROCESSES THREADS LINES NOTES\n");
		return 2;
	}
	processes = atoi(argv[1]);
	threads = atoi(argv[2]);
	lines = strtoull(argv[3], NULL, 10);
	fd = open(argv[4], O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (threads > 256 || fd < 0 || ftruncate(fd, 8 + (off_t)LIVES * threads * 8))
		return 2;
	begun = mmap(NULL, 8 + (size_t)LIVES * (size_t)threads * 8, PROT_READ | PROT_WRITE,
		     MAP_SHARED, fd, 0);
	if (begun == MAP_FAILED)
		return 2;
	notes = begun + 1;
	for (; running < processes; running++)
		if (begin(life++) < 0)
			return 2;
	while (running && wait(&status) > 0) {
		running--;
		if (WIFSIGNALED(status) && begin(life++) > 0)
			running++;
		else if (!WIFSIGNALED(status) && status)
			return 1;
	}
	return 0;
}

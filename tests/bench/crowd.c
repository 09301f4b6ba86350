/* SPDX-License-Identifier: MIT */
/*
 * Many that log at once: processes of threads, each of which writes its share of the lines to
 * stderr by write(2). Prints the nanoseconds of a line, by the clock, and the private memory of the
 * preload library in the process that ends last.
 *
 * usage: bench-crowd --processes N --threads N --lines N	(of all together)
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "dirty.h"

#define LINE "the request of user ann for object %7lu was answered after 12 ms with 1342 byte\n"

/* Nothing here needs more, and thousands of them have to fit. */
#define STACK_SIZE ((size_t)64 << 10)

static unsigned long processes = 1, threads = 1, lines = 200000;

static void *log_lines(void *nothing)
{
	unsigned long count = lines / (processes * threads);
	char line[128];

	(void)nothing;
	for (unsigned long i = 0; i < count; i++) {
		int size = snprintf(line, sizeof(line), LINE, i);

		if (write(STDERR_FILENO, line, (size_t)size) != size)
			abort();
	}
	return NULL;
}

static void run_threads(void)
{
	pthread_t *ids = calloc(threads, sizeof(*ids));
	pthread_attr_t attributes;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_SIZE);
	for (unsigned long i = 0; threads > 1 && i < threads; i++) {
		if (pthread_create(&ids[i], &attributes, log_lines, NULL) != 0)
			abort();
	}
	if (threads == 1)
		log_lines(NULL);
	for (unsigned long i = 0; threads > 1 && i < threads; i++)
		pthread_join(ids[i], NULL);
	free(ids);
}

int main(int argc, char **argv)
{
	const struct bench_option options[] = {
		{ "processes", .number = &processes },
		{ "threads", .number = &threads },
		{ "lines", .number = &lines },
		{ NULL },
	};
	uint64_t start;
	unsigned long sent;
	int status;

	if (!bench_options(argc, argv, options) || !processes || !threads)
		return 2;
	sent = lines / (processes * threads) * processes * threads;
	start = bench_wall();
	for (unsigned long i = 0; i < processes; i++) {
		pid_t child = fork();

		if (child < 0)
			abort();
		if (child)
			continue;
		run_threads();
		if (i == processes - 1)
			printf("dirty\t%lu\n", bench_private("liblogtap.so", "Private_Dirty: %lu"));
		fflush(stdout);
		_exit(0);
	}
	while (wait(&status) > 0) {
		if (status != 0)
			return 1;
	}
	bench_sample("line", bench_wall() - start, sent);
	printf("lines\t%lu\n", sent);
	return 0;
}

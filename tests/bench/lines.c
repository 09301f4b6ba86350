/* SPDX-License-Identifier: MIT */
/*
 * A program that logs, the ordinary way: lines of 80 bytes by fprintf, write or syslog, in a loop.
 * The same program runs with and without the preload library, with and without a listener.
 *
 * usage: bench-lines KIND [--rounds N] [--loops N] [--threads N]
 *
 * KIND: fprintf, write, syslog; bare (a write(2) of the bytes of such an event to /dev/null);
 * memory (prints what logging allocates and the preload library's private dirty memory instead).
 * A call of getpriority(77, 77) marks that start-up is over, for bench-listen.
 */
#include <fcntl.h>
#include <getopt.h>
#include <malloc.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <syslog.h>
#include <unistd.h>

#include "bench.h"

#define LINE "the request of user ann for object %5d was answered after 12 ms with 1342 byte"
#define TEXT "the request of user ann for object  4711 was answered after 12 ms with 1342 byte"

/* As in event.c: four bytes of index and an event of 146. */
#define BARE_SIZE 150

static unsigned long loops = 100000;
static pthread_barrier_t barrier;

static void log_fprintf(unsigned long count)
{
	while (count-- > 0)
		fprintf(stderr, LINE "\n", 4711);
}

static void log_write(unsigned long count)
{
	static const char line[] = TEXT "\n";

	while (count-- > 0) {
		if (write(STDERR_FILENO, line, sizeof(line) - 1) < 0)
			abort();
	}
}

static void log_syslog(unsigned long count)
{
	while (count-- > 0)
		syslog(LOG_INFO, LINE, 4711);
}

static void log_bare(unsigned long count)
{
	static const char event[BARE_SIZE];
	int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);

	while (count-- > 0) {
		if (write(fd, event, sizeof(event)) < 0)
			abort();
	}
	close(fd);
}

static const struct kind {
	const char *name;
	void (*log)(unsigned long count);
} kinds[] = {
	{ "fprintf", log_fprintf },
	{ "write", log_write },
	{ "syslog", log_syslog },
	{ "bare", log_bare },
};

static const struct kind *kind;

static void *thread(void *nothing)
{
	(void)nothing;
	pthread_barrier_wait(&barrier);
	kind->log(loops);
	pthread_barrier_wait(&barrier);
	return NULL;
}

/*
 * All threads together: nanoseconds per line of the whole process, by the clock, and under the name
 * "processor" those of processor time, which other load disturbs less.
 */
static void run_threads(unsigned count)
{
	pthread_t ids[64];
	uint64_t start;
	uint64_t used;

	pthread_barrier_init(&barrier, NULL, count + 1);
	for (unsigned i = 0; i < count; i++)
		pthread_create(&ids[i], NULL, thread, NULL);
	pthread_barrier_wait(&barrier);
	start = bench_wall();
	used = bench_clock(CLOCK_PROCESS_CPUTIME_ID);
	pthread_barrier_wait(&barrier);
	bench_sample(kind->name, bench_wall() - start, loops * count);
	bench_sample("processor", bench_clock(CLOCK_PROCESS_CPUTIME_ID) - used, loops * count);
	for (unsigned i = 0; i < count; i++)
		pthread_join(ids[i], NULL);
	pthread_barrier_destroy(&barrier);
}

/*
 * KiB of the library's own private memory: the pages of its mappings that are no longer the file's,
 * and its .bss, the nameless mapping right behind them.
 */
static unsigned long dirty_of(const char *library)
{
	FILE *smaps = fopen("/proc/self/smaps", "r");
	unsigned long total = 0;
	unsigned long end = 0;
	bool inside = false;
	char line[4096];

	while (smaps != NULL && fgets(line, sizeof(line), smaps) != NULL) {
		unsigned long from;
		unsigned long to;
		unsigned long kib;

		if (sscanf(line, "%lx-%lx ", &from, &to) == 2) {
			inside = strstr(line, library) != NULL ||
				 (from == end && strchr(line, '/') == NULL);
			if (inside)
				end = to;
		} else if (inside && sscanf(line, "Anonymous: %lu", &kib) == 1) {
			total += kib;
		}
	}
	if (smaps != NULL)
		fclose(smaps);
	return total;
}

static int show_memory(void)
{
	size_t before;
	size_t after;

	log_fprintf(10);
	log_syslog(10);
	before = mallinfo2().uordblks + mallinfo2().hblkhd;
	log_fprintf(10000);
	log_write(10000);
	log_syslog(10000);
	after = mallinfo2().uordblks + mallinfo2().hblkhd;
	printf("allocated\t%ld\ndirty\t%lu\n", (long)after - (long)before,
	       dirty_of("liblogtap.so"));
	return 0;
}

int main(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "rounds", required_argument, NULL, 'r' },
		{ "loops", required_argument, NULL, 'l' },
		{ "threads", required_argument, NULL, 't' },
		{ NULL, 0, NULL, 0 },
	};
	unsigned long rounds = 3;
	unsigned threads = 0;
	int option;

	getpriority(77, 77);
	while ((option = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		switch (option) {
		case 'r':
			rounds = strtoul(optarg, NULL, 10);
			break;
		case 'l':
			loops = strtoul(optarg, NULL, 10);
			break;
		case 't':
			threads = (unsigned)strtoul(optarg, NULL, 10) % 64;
			break;
		default:
			return 2;
		}
	}
	if (optind + 1 != argc)
		return 2;
	if (strcmp(argv[optind], "memory") == 0)
		return show_memory();
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (strcmp(argv[optind], kinds[i].name) == 0)
			kind = &kinds[i];
	}
	if (kind == NULL)
		return 2;
	kind->log(loops / 10); /* warm */
	for (unsigned long round = 0; round < rounds; round++) {
		uint64_t start = bench_now();

		if (threads > 0) {
			run_threads(threads);
			continue;
		}
		kind->log(loops);
		bench_sample(kind->name, bench_now() - start, loops);
	}
	return 0;
}

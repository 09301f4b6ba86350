/* SPDX-License-Identifier: MIT */
/*
 * A program that logs, the ordinary way: lines of 80 bytes by fprintf, write or syslog, in a loop.
 * The same program runs with and without the preload library, with and without a listener.
 *
 * usage: bench-lines KIND [--rounds N] [--loops N] [--turns | --threads N [--apart]]
 *
 * KIND: fprintf, write, syslog; bare (a write(2) of the bytes of such an event to /dev/null);
 * write-bare (both: a write of a line, and a bare one to one file behind it);
 * memory (prints what logging allocates and the preload library's private dirty memory instead).
 *
 * --turns: in one process by turns, so that a disturbance meets all: the lines while nobody listens
 * ("quiet"; without the library, the lines alone), the same while somebody does ("listening", below
 * bench-listen), the quiet lines with a bare write behind each ("floor": what the kernel's part
 * costs at such a place), and bare writes ("bare").
 * --threads: that many at once, each with a processor where there are enough and with a /dev/null
 * of its own as its stderr. --apart: each with a descriptor table of its own, too. As long as
 * threads share one, the kernel counts references to the open file in each call, which is a cache
 * line that all of them write where they write to one file; with it apart, what is shared is ours.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <syslog.h>
#include <unistd.h>

#include "bench.h"
#include "dirty.h"

#define LINE "the request of user ann for object %5d was answered after 12 ms with 1342 byte"
#define TEXT "the request of user ann for object  4711 was answered after 12 ms with 1342 byte"

/* As in event.c: four bytes of index and an event of 146. */
#define BARE_SIZE 150

static unsigned long loops = 100000;

/* The enable word, where bench-listen says where it is, and the bits that stand for a listener. */
static volatile uint32_t *enable_word;
static uint32_t enabled;

/* libc's own, which the preload library does not stand before. */
static ssize_t (*libc_write)(int, const void *, size_t);

/* Where the thread's lines go. */
static __thread int out = STDERR_FILENO;

static void log_fprintf(unsigned long count)
{
	while (count-- > 0)
		fprintf(stderr, LINE "\n", 4711);
}

static void log_write(unsigned long count)
{
	static const char line[] = TEXT "\n";

	while (count-- > 0) {
		if (write(out, line, sizeof(line) - 1) < 0)
			abort();
	}
}

static void log_syslog(unsigned long count)
{
	while (count-- > 0)
		syslog(LOG_INFO, LINE, 4711);
}

static int null_fd;

static void log_bare(unsigned long count)
{
	static const char event[BARE_SIZE];

	while (count-- > 0) {
		if (libc_write(null_fd, event, sizeof(event)) < 0)
			abort();
	}
}

/* The kernel's part of a line that is listened to, all threads' events to one open file. */
static void log_write_bare(unsigned long count)
{
	while (count-- > 0) {
		log_write(1);
		log_bare(1);
	}
}

static const struct kind {
	const char *name;
	void (*log)(unsigned long count);
} kinds[] = {
	{ "fprintf", log_fprintf }, { "write", log_write },	      { "syslog", log_syslog },
	{ "bare", log_bare },	    { "write-bare", log_write_bare },
};

static const struct kind *kind;

/* A call that fails and does nothing, but marks for bench-listen that start-up is over. */
static void find_enable_word(void)
{
	long result = syscall(SYS_getpriority, 77, 77);

	if (result == -1)
		return;
	enable_word = (volatile uint32_t *)result;
	enabled = *enable_word;
}

static void listen(bool on)
{
	if (enable_word)
		*enable_word = on ? enabled : 0;
}

static void log_floor(unsigned long count)
{
	while (count-- > 0) {
		kind->log(1);
		log_bare(1);
	}
}

static void sample(const char *name, void (*log)(unsigned long count))
{
	uint64_t start;

	log(loops / 10); /* warm */
	start = bench_now();
	log(loops);
	bench_sample(name, bench_now() - start, loops);
}

static void take_turns(unsigned long rounds)
{
	for (unsigned long turn = 0; turn < rounds * 4; turn++) {
		/* In each round, another one comes first. */
		switch ((turn + turn / 4) % 4) {
		case 0:
			listen(false);
			sample("quiet", kind->log);
			break;
		case 1:
			listen(true);
			if (enable_word)
				sample("listening", kind->log);
			break;
		case 2:
			listen(false);
			sample("floor", log_floor);
			break;
		case 3:
			sample("bare", log_bare);
			break;
		}
	}
}

static pthread_barrier_t barrier;
static bool apart;

struct thread {
	pthread_t id;
	int processor;
	uint64_t start, end, used;
};

static void *thread(void *argument)
{
	struct thread *t = argument;
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(t->processor, &set);
	sched_setaffinity(0, sizeof(set), &set);
	if (apart && unshare(CLONE_FILES) != 0)
		abort();
	out = open("/proc/self/fd/2", O_WRONLY | O_CLOEXEC);
	if (out < 0)
		abort();
	kind->log(loops / 10); /* warm */
	pthread_barrier_wait(&barrier);
	t->start = bench_wall();
	t->used = bench_now();
	kind->log(loops);
	t->used = bench_now() - t->used;
	t->end = bench_wall();
	return NULL;
}

/* The processors that we may use, one after the other; left to itself the scheduler needs a while
 * to spread the threads. */
static int next_processor(const cpu_set_t *allowed, int last)
{
	do {
		last = (last + 1) % CPU_SETSIZE;
	} while (!CPU_ISSET(last, allowed));
	return last;
}

/*
 * All threads together: nanoseconds per line of the whole process from the first one's start to the
 * last one's end, and under the name "processor" those of processor time.
 */
static void run_threads(unsigned count)
{
	struct thread threads[64];
	uint64_t start = UINT64_MAX;
	uint64_t end = 0;
	uint64_t used = 0;
	int processor = -1;
	cpu_set_t allowed;

	sched_getaffinity(0, sizeof(allowed), &allowed);
	pthread_barrier_init(&barrier, NULL, count);
	for (unsigned i = 0; i < count; i++) {
		processor = next_processor(&allowed, processor);
		threads[i].processor = processor;
		pthread_create(&threads[i].id, NULL, thread, &threads[i]);
	}
	for (unsigned i = 0; i < count; i++) {
		pthread_join(threads[i].id, NULL);
		start = threads[i].start < start ? threads[i].start : start;
		end = threads[i].end > end ? threads[i].end : end;
		used += threads[i].used;
	}
	bench_sample(kind->name, end - start, loops * count);
	bench_sample("processor", used, loops * count);
	pthread_barrier_destroy(&barrier);
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
	       bench_private("liblogtap.so", "Anonymous: %lu"));
	return 0;
}

int main(int argc, char **argv)
{
	unsigned long rounds = 3;
	unsigned long threads = 0;
	bool turns = false;
	const struct bench_option options[] = {
		{ "rounds", .number = &rounds },   { "loops", .number = &loops },
		{ "threads", .number = &threads }, { "turns", .flag = &turns },
		{ "apart", .flag = &apart },	   { NULL },
	};

	find_enable_word();
	if (!bench_options(argc, argv, options))
		return 2;
	threads %= 64;
	if (optind + 1 != argc)
		return 2;
	if (strcmp(argv[optind], "memory") == 0)
		return show_memory();
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (strcmp(argv[optind], kinds[i].name) == 0)
			kind = &kinds[i];
	}
	if (!kind)
		return 2;
	libc_write = (ssize_t(*)(int, const void *, size_t))dlsym(
		dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD), "write");
	null_fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (turns) {
		take_turns(rounds);
		return 0;
	}
	openlog("bench-lines", 0, LOG_USER); /* not where the command line happens to lie */
	kind->log(loops / 10);		     /* warm */
	for (unsigned long round = 0; round < rounds; round++) {
		uint64_t start = bench_now();

		if (threads > 0) {
			run_threads((unsigned)threads);
			continue;
		}
		kind->log(loops);
		bench_sample(kind->name, bench_now() - start, loops);
	}
	return 0;
}

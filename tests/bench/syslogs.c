/* SPDX-License-Identifier: MIT */
/*
 * What syslog() costs while somebody listens, which is a small difference of large numbers: so all
 * contestants take turns in one process, a hundred calls each, and a sample is the median of many
 * such turns.
 *
 * usage: bench-listen FD|kernel bench-syslogs [--kernel] [--blocks N] [--turns N]
 *
 * plain: libc's own syslog(), called past the preload library; heard: the library's with the enable
 * word as registration left it; quiet: with that word cleared; bare: a write(2) of the bytes of
 * such an event; floor: plain and bare, what a library that needed no time of its own would cost.
 *
 * With --kernel the bare event goes to user_events as LogtapBench_L4K1 (somebody has to listen),
 * else to /dev/null. Where nobody stands behind /dev/log, this program does, and reads between the
 * turns: nobody has to be woken, and no other processor has a part in it.
 */
#include <dlfcn.h>
#include <evh/tracepoint.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#include "bench.h"

#define LINE "the request of user ann for object %5d was answered after 12 ms with 1342 byte"

/* As in event.c: four bytes of index and an event of 146. */
#define BARE_SIZE 150

/* Datagrams that a socket's buffers surely take without a reader. */
#define CALLS 100

#define TURNS_MAX 1000

typedef void (*syslog_function)(int priority, const char *format, ...);

static syslog_function plain_syslog;
static uint32_t *enable_word;
static uint32_t enabled;
static uint8_t event[BARE_SIZE];
static int event_fd;
static int log_fd = -1;

static void plain(void)
{
	for (int i = 0; i < CALLS; i++)
		plain_syslog(LOG_INFO, LINE, 4711);
}

static void write_event(void)
{
	if (write(event_fd, event, sizeof(event)) < 0)
		abort();
}

static void bare(void)
{
	for (int i = 0; i < CALLS; i++)
		write_event();
}

static void floor_of_both(void)
{
	for (int i = 0; i < CALLS; i++) {
		plain_syslog(LOG_INFO, LINE, 4711);
		write_event();
	}
}

static void preloaded(void)
{
	for (int i = 0; i < CALLS; i++)
		syslog(LOG_INFO, LINE, 4711);
}

static const struct contestant {
	const char *name;
	void (*run)(void);
	bool listened;
} contestants[] = {
	{ "plain", plain, true },     { "floor", floor_of_both, true },
	{ "heard", preloaded, true }, { "quiet", preloaded, false },
	{ "bare", bare, true },
};

#define CONTESTANTS (sizeof(contestants) / sizeof(*contestants))

static void fail(const char *what)
{
	fprintf(stderr, "bench-syslogs: %s\n", what);
	exit(1);
}

/* bench-listen answers this call with the address of the enable word that it saw registered. */
static void find_word(void)
{
	long address = syscall(SYS_getpriority, 77, 77);

	if (address <= 0)
		fail("start me with bench-listen");
	enable_word = (uint32_t *)address;
	enabled = __atomic_load_n(enable_word, __ATOMIC_RELAXED);
	if (enabled == 0)
		fail("nobody listens");
}

static void find_plain(void)
{
	void *libc = dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD);
	void *found = libc ? dlsym(libc, "syslog") : NULL;

	if (!found)
		fail("no syslog in libc.so.6");
	memcpy(&plain_syslog, &found, sizeof(found));
}

static void open_event(bool kernel)
{
	static struct evh_transport transport;
	static struct evh_tracepoint tracepoint;
	static uint32_t word;

	if (!kernel) {
		event_fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
		return;
	}
	if (evh_transport_open_user_events(&transport) != 0 ||
	    evh_tracepoint_register(&tracepoint, &transport, "LogtapBench_L4K1", &word, 0) != 0 ||
	    !evh_tracepoint_enabled(&tracepoint))
		fail("LogtapBench_L4K1 can't be registered, or nobody listens to it");
	memcpy(event, &tracepoint.index, sizeof(tracepoint.index));
	event_fd = transport.fd;
}

static void open_log(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "/dev/log" };

	if (access(address.sun_path, F_OK) == 0)
		return;
	log_fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (log_fd < 0 || bind(log_fd, (struct sockaddr *)&address, sizeof(address)) != 0)
		fail("/dev/log can't be made");
}

static void drain(void)
{
	char bytes[1024];

	while (log_fd >= 0 && recv(log_fd, bytes, sizeof(bytes), MSG_DONTWAIT) >= 0)
		;
}

static uint64_t turn(const struct contestant *contestant)
{
	uint64_t start;

	__atomic_store_n(enable_word, contestant->listened ? enabled : 0, __ATOMIC_RELAXED);
	start = bench_now();
	contestant->run();
	start = bench_now() - start;
	drain();
	return start;
}

static int compare(const void *a, const void *b)
{
	uint64_t one = *(const uint64_t *)a;
	uint64_t other = *(const uint64_t *)b;

	return (one > other) - (one < other);
}

static void run_block(unsigned long turns)
{
	static uint64_t times[CONTESTANTS][TURNS_MAX];

	for (unsigned long i = 0; i < turns; i++) {
		for (size_t j = 0; j < CONTESTANTS; j++) {
			size_t next = (i + j) % CONTESTANTS;

			times[next][i] = turn(&contestants[next]);
		}
	}
	for (size_t j = 0; j < CONTESTANTS; j++) {
		qsort(times[j], turns, sizeof(times[j][0]), compare);
		bench_sample(contestants[j].name, times[j][turns / 2], CALLS);
	}
}

int main(int argc, char **argv)
{
	bool kernel = false;
	unsigned long blocks = 15;
	unsigned long turns = 100;
	const struct bench_option options[] = {
		{ "kernel", .flag = &kernel },
		{ "blocks", .number = &blocks },
		{ "turns", .number = &turns },
		{ NULL },
	};

	find_word();
	if (!bench_options(argc, argv, options))
		return 2;
	if (optind != argc || turns == 0 || turns > TURNS_MAX)
		return 2;
	find_plain();
	open_event(kernel);
	open_log();
	openlog("bench-lines", LOG_NDELAY, LOG_USER);
	for (size_t i = 0; i < CONTESTANTS; i++)
		turn(&contestants[i]);
	for (unsigned long i = 0; i < blocks; i++)
		run_block(turns);
	if (log_fd >= 0)
		unlink("/dev/log");
	return 0;
}

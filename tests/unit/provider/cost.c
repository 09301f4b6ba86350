/* SPDX-License-Identifier: MIT */
/*
 * One compile-time event, over and over, for instructions.py to count and for people to time:
 *	cost empty N	calls a function that does nothing
 *	cost quiet N	an event that nobody listens to
 *	cost memory N	an event that is sent to memory
 *	cost kernel N	an event that is sent as the kernel's are, to /dev/null
 *	cost null	nanoseconds of the event and of a bare write of its bytes, to /dev/null
 * The event is `Syslog`: 146 bytes, four fields, a message of 80.
 */
#include <evh/provider.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "../../lib/syscall_instruction.h"

EVH_PROVIDER_DEFINE(cost, "P");

typedef int write_function(const char *message, size_t length, const char *ident, size_t size);

static __attribute__((noinline)) int empty(const char *message, size_t length, const char *ident,
					   size_t size)
{
	__asm__ volatile("" : : "r"(message), "r"(length), "r"(ident), "r"(size));
	return 0;
}

static __attribute__((noinline)) int event(const char *message, size_t length, const char *ident,
					   size_t size)
{
	return EVH_WRITE(cost, "Syslog", EVH_LEVEL(EVH_LEVEL_INFORMATION), EVH_KEYWORD(1),
			 EVH_U8("level", 4), EVH_STR8("message", message, length),
			 EVH_U8("facility", 10), EVH_STR8("ident", ident, size));
}

static char message[80];
static uint8_t memory[4096];
static struct evh_transport transport;

/* The floor: the same bytes in one system call without libc around it. */
static __attribute__((noinline)) long bare(int fd, const void *bytes, size_t size)
{
	return syscall_instruction(SYS_write, fd, (long)bytes, (long)size);
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/* Registered as for memory, and from here on sent as the kernel's file would be; the descriptor. */
static int pretend_user_events(void)
{
	transport.kind = EVH_TRANSPORT_USER_EVENTS;
	return transport.fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
}

/* Interleaved in short rounds, so that both see the same machine; the medians count. */
static int compare_with_bare_write(void)
{
	enum { ROUNDS = 501, EVENTS = 1000 };
	static double bare_ns[ROUNDS], event_ns[ROUNDS];
	size_t size;
	int fd;

	if (event(message, sizeof(message), "sshd-ses", 8) != 0)
		return 1;
	size = transport.memory_used + sizeof(uint32_t);
	fd = pretend_user_events();
	if (fd < 0)
		return 1;
	for (int round = 0; round < ROUNDS; round++) {
		double start = now();

		for (int i = 0; i < EVENTS; i++)
			bare(fd, memory, size);
		bare_ns[round] = (now() - start) / EVENTS;
		start = now();
		for (int i = 0; i < EVENTS; i++)
			event(message, sizeof(message), "sshd-ses", 8);
		event_ns[round] = (now() - start) / EVENTS;
	}
	qsort(bare_ns, ROUNDS, sizeof(double), by_value);
	qsort(event_ns, ROUNDS, sizeof(double), by_value);
	printf("%zu bytes: write %.1f ns, event %.1f ns, ratio %.3f\n", size, bare_ns[ROUNDS / 2],
	       event_ns[ROUNDS / 2], event_ns[ROUNDS / 2] / bare_ns[ROUNDS / 2]);
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	long count = argc > 2 ? atol(argv[2]) : 0;
	write_function *function = strcmp(what, "empty") == 0 ? empty : event;
	int expected = strcmp(what, "quiet") == 0 ? -EBADF : 0;

	evh_transport_use_memory(&transport, memory, sizeof(memory));
	if (strcmp(what, "quiet") != 0 && evh_provider_register_to(&cost, &transport) != 0)
		return 1;
	if (strcmp(what, "null") == 0)
		return compare_with_bare_write();
	if (strcmp(what, "kernel") == 0 && pretend_user_events() < 0)
		return 1;
	while (count-- > 0)
		if (function(message, sizeof(message), "sshd-ses", 8) != expected)
			return 1;
	return 0;
}

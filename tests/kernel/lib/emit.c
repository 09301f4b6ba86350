/* SPDX-License-Identifier: MIT */
/*
 * Emits one event that is not logtap's, after a line on stdin; says "ready" when its tracepoint is
 * registered.
 *
 * usage: emit plain "NAME u32 count; char[8] word; s64 much; __rel_loc char[] text"
 *                                              a plain user_event of these fields
 *        emit event NAME                                       an EventHeader event "Sample"
 *        emit wait NAME          says how many milliseconds it takes until somebody listens; no
 * line on stdin
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include <evh/tracepoint.h>

static uint32_t enabled;

/* The kernel's ABI; Debian 12 has no header for it. */
struct registration {
	uint32_t size;
	uint8_t bit;
	uint8_t word_size;
	uint16_t flags;
	uint64_t word;
	uint64_t name_args;
	uint32_t index;
} __attribute__((packed));

static void wait_for_go(void)
{
	char line[16];

	puts("ready");
	fflush(stdout);
	if (!fgets(line, sizeof(line), stdin))
		exit(3);
}

static int emit_plain(struct evh_transport *transport, const char *definition)
{
	struct registration registration = { .size = sizeof(registration),
					     .word_size = sizeof(enabled),
					     .word = (uintptr_t)&enabled,
					     .name_args = (uintptr_t)definition };
	struct {
		uint32_t index;
		uint32_t count;
		char word[8];
		int64_t much;
		uint32_t text; /* its size, and where it begins behind this field */
		char text_bytes[8];
	} __attribute__((packed)) event = { 0, 7, "seven", -7000000000, 8U << 16, "dynamic" };

	if (ioctl(transport->fd, _IOWR('*', 0, struct registration *), &registration) != 0) {
		perror("emit: can't register");
		return 2;
	}
	event.index = registration.index;
	wait_for_go();
	return write(transport->fd, &event, sizeof(event)) == sizeof(event) ? 0 : 1;
}

/* Written by hand, byte for byte as the format says. */
static int emit_event(struct evh_transport *transport, const char *name)
{
	static const char EVENT[] =
		"\7\0\0\0\0\0\0\2" /* flags, version, id, tag, opcode, level 2 */
		"\x15\0\1\0"	   /* 21 bytes of metadata */
		"Sample\0"
		"number\0\4"
		"text\0\12"
		"\x2a\0\0\0"
		"\x9\0forty-two";
	struct evh_tracepoint tracepoint;
	char room[EVH_HEADROOM + sizeof(EVENT) + EVH_TAILROOM];

	if (evh_tracepoint_register(&tracepoint, transport, name, &enabled, 0) != 0)
		return 2;
	memcpy(room + EVH_HEADROOM, EVENT, sizeof(EVENT));
	wait_for_go();
	return evh_tracepoint_send(&tracepoint, room + EVH_HEADROOM, sizeof(EVENT) - 1) ? 1 : 0;
}

static uint64_t milliseconds(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000 + (uint64_t)time.tv_nsec / 1000000;
}

static int wait_for_listener(struct evh_transport *transport, const char *name)
{
	struct evh_tracepoint tracepoint;
	uint64_t begin = milliseconds();

	if (evh_tracepoint_register(&tracepoint, transport, name, &enabled, 0) != 0)
		return 2;
	while (!evh_tracepoint_enabled(&tracepoint) && milliseconds() - begin < 60000)
		usleep(200);
	printf("%llu\n", (unsigned long long)(milliseconds() - begin));
	return 0;
}

int main(int argc, char **argv)
{
	struct evh_transport transport;

	if (argc != 3 || evh_transport_open_user_events(&transport) != 0)
		return 2;
	if (strcmp(argv[1], "wait") == 0)
		return wait_for_listener(&transport, argv[2]);
	return strcmp(argv[1], "plain") == 0 ? emit_plain(&transport, argv[2])
					     : emit_event(&transport, argv[2]);
}

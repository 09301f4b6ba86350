/* SPDX-License-Identifier: MIT */
/*
 * Namespaces seen from inside; see namespaces.h. Must never call what a program can interpose: the
 * stat family is faked by libfaketime.
 */
#include "namespaces.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "syscall.h"
#include "transport.h"

/* Two pairs of readings of the same clocks differ by far less, setting a clock is far more. */
#define SAME_CLOCK 1000000 /* ns */

static bool get_status(const char *path, struct stat *status)
{
	return evh_stat(path, status) == 0;
}

static uint64_t get_namespace(const char *path)
{
	struct stat status = { 0 };

	return get_status(path, &status) ? status.st_ino : 0;
}

static uint64_t get_proc_device(void)
{
	struct stat status = { 0 };

	return get_status("/proc", &status) ? status.st_dev : 0;
}

/* A decimal number behind spaces; what follows it, or NULL. */
static const char *take_number(const char *text, int64_t *value)
{
	bool minus;

	while (*text == ' ')
		text++;
	minus = *text == '-';
	text += minus;
	if (*text < '0' || *text > '9')
		return NULL;
	for (*value = 0; *text >= '0' && *text <= '9' && *value < INT64_MAX / 20; text++)
		*value = *value * 10 + (*text - '0');
	if (minus)
		*value = -*value;
	return text;
}

/*
 * CLOCK_MONOTONIC of this time namespace less the machine's: `monotonic SECONDS NANOSECONDS` in
 * /proc/self/timens_offsets, since Linux 5.5. False: unknown.
 */
static bool get_time_offset(int64_t *offset)
{
	static const char name[] = "monotonic";
	char text[256];
	int64_t seconds, rest;
	long fd = evh_open_above_stdio("/proc/self/timens_offsets", O_RDONLY);
	const char *place;
	long got;

	if (fd < 0)
		return false;
	got = EVH_SYSCALL3(SYS_read, fd, text, sizeof(text) - 1);
	EVH_SYSCALL1(SYS_close, fd);
	text[got > 0 ? got : 0] = '\0';
	place = strstr(text, name);
	place = place ? take_number(place + sizeof(name) - 1, &seconds) : NULL;
	if (!place || !take_number(place, &rest))
		return false;
	*offset = seconds * 1000000000 + rest;
	return true;
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* 32 digits, with dashes anywhere. */
static bool parse_uuid(const char *text, uint8_t id[16])
{
	int digits = 0;

	for (; *text && *text != '\n' && digits < 32; text++) {
		int value = hex_value(*text);

		if (value < 0 && *text != '-')
			return false;
		if (value < 0)
			continue;
		id[digits / 2] = (uint8_t)(digits % 2 ? id[digits / 2] | value : value << 4);
		digits++;
	}
	return digits == 32;
}

void evh_read_boot_id(uint8_t id[16])
{
	char text[40] = "";
	long fd = evh_open_above_stdio("/proc/sys/kernel/random/boot_id", O_RDONLY);
	long got = -1;

	if (fd >= 0) {
		got = EVH_SYSCALL3(SYS_read, fd, text, sizeof(text) - 1);
		EVH_SYSCALL1(SYS_close, fd);
	}
	if (got < 0 || !parse_uuid(text, id))
		memset(id, 0, 16);
}

static bool is_known(const uint8_t id[16])
{
	static const uint8_t none[16];

	return memcmp(id, none, sizeof(none)) != 0;
}

void evh_note_creator(struct recording_mark *mark)
{
	struct evh_clock_pair pair;

	evh_clock_init();
	pair = evh_clock_read_pair(false);
	mark->wall = pair.wall;
	mark->clock = pair.clock;
	mark->time_namespace = get_namespace("/proc/self/ns/time");
	get_time_offset(&mark->time_offset);
	mark->pid_namespace = get_namespace("/proc/self/ns/pid");
	mark->proc_device = get_proc_device();
}

int64_t evh_clock_shift(const struct recording_mark *mark, const uint8_t *boot_id, bool may_ask,
			bool ticks, bool *same_boot)
{
	uint8_t present[16];
	struct evh_clock_pair pair = evh_clock_read_pair(ticks);
	int64_t drift = (int64_t)((pair.wall - pair.clock) - (mark->wall - mark->clock));
	int64_t offset;

	*same_boot = pair.wall && is_known(boot_id);
	if (!pair.wall || (drift > -SAME_CLOCK && drift < SAME_CLOCK))
		return 0;
	if (*same_boot) {
		evh_read_boot_id(present);
		*same_boot = memcmp(boot_id, present, sizeof(present)) == 0;
		/* The clock began anew: the time of day is what both have in common. */
		if (!*same_boot && is_known(present))
			return drift;
	}
	if (may_ask && mark->time_namespace &&
	    get_namespace("/proc/self/ns/time") == mark->time_namespace)
		return 0;
	/* Without /proc: taken as a namespace's shift, so that at least the wall time is right. */
	return get_time_offset(&offset) ? mark->time_offset - offset : drift;
}

struct evh_id_map evh_find_id_map(const struct recording_mark *mark)
{
	struct evh_id_map map = { 0 };
	uint64_t namespace = mark->pid_namespace ? get_namespace("/proc/self/ns/pid") : 0;

	if (!namespace || namespace == mark->pid_namespace)
		return map;
	map.foreign = true;
	map.proc_knows = mark->proc_device && get_proc_device() == mark->proc_device;
	/* The kernel numbers namespaces in a row. */
	map.replace = UINT32_C(1) << 30 | (uint32_t)(namespace & 0xff) << 22;
	return map;
}

bool evh_ids_of_proc(uint32_t *pid, uint32_t *tid)
{
	static const char task[] = "/task/";
	char link[64]; /* PID/task/TID */
	int64_t process, thread;
	const char *place;
	long size =
		EVH_SYSCALL4(SYS_readlinkat, AT_FDCWD, "/proc/thread-self", link, sizeof(link) - 1);

	if (size <= 0)
		return false;
	link[size] = '\0';
	place = take_number(link, &process);
	if (!place || strncmp(place, task, sizeof(task) - 1) != 0 ||
	    !take_number(place + sizeof(task) - 1, &thread))
		return false;
	*pid = (uint32_t)process;
	*tid = (uint32_t)thread;
	return true;
}

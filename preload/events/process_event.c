/* SPDX-License-Identifier: MIT */
/*
 * What is known of the process, for whoever reads its lines when it is gone. All of it comes from
 * files in /proc that are opened, read and closed, as the loader does with its own, so that it is
 * also told of programs that were confined before they began.
 *
 * Must never cost a process that logs nothing, never run twice at a time, and tell command lines
 * only where that was asked for: they hold secrets.
 */
#include "process_event.h"

#include <fcntl.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/utsname.h>
#include <time.h>

#include "buffers.h"
#include "clock.h"
#include "confinement.h"
#include "emit_internal.h"
#include "own_calls.h"
#include "process_fields.h"
#include "put.h"
#include "raw.h"
#include "transport.h"

#define STRING	 "\x0a"	    /* EVH_ENCODING_STRING_CHAR8 */
#define UNSIGNED "\x04"	    /* EVH_ENCODING_VALUE32 */
#define PID	 "\x84\x05" /* EVH_ENCODING_VALUE32 | HAS_FORMAT, EVH_FORMAT_PID */
#define SIGNED	 "\x84\x02" /* the same, EVH_FORMAT_SIGNED_INT */
#define TIME	 "\x85\x06" /* EVH_ENCODING_VALUE64 | HAS_FORMAT, EVH_FORMAT_TIME */

static const char process_metadata[] =
	"process\0exe\0" STRING "args\0" STRING "uid\0" UNSIGNED "ppid\0" PID "start\0" TIME
	"cgroup\0" STRING "host\0" STRING "boot_id\0" STRING "container\0" STRING "service\0" STRING
	"resource\0" STRING;
static const char exit_metadata[] = "exit\0status\0" SIGNED;

/* Longest texts, so that all of them fit into an event. */
#define EXE_MAX	     512
#define ARGS_MAX     1024
#define CGROUP_MAX   512
#define SERVICE_MAX  128
#define RESOURCE_MAX 1024

/* How far the process has come with it; struct lt_process.told. */
enum told { NOTHING, TELLING, PROCESS, EXIT };

static char service[SERVICE_MAX + 1], resource[RESOURCE_MAX + 1];

/* A file of /proc, for whoever is TELLING. */
static char text[4096];

static void keep(char *to, size_t room, char *const *envp, const char *variable)
{
	const char *value = lt_environment_get(envp, variable);

	if (value)
		memcpy(to, value, strnlen(value, room - 1));
}

void lt_process_event_init(char *const *envp)
{
	keep(service, sizeof(service), envp, "OTEL_SERVICE_NAME");
	keep(resource, sizeof(resource), envp, "OTEL_RESOURCE_ATTRIBUTES");
}

/* Reads a file into `text`, with a zero behind it. How many bytes there are. */
static size_t read_file(const char *path)
{
	long size = lt_confine_read(path, text, sizeof(text));

	return size > 0 ? (size_t)size : 0;
}

static uint8_t *put_text(uint8_t *out, const char *bytes, size_t size, size_t max)
{
	return lt_put_string(out, bytes, size < max ? size : max);
}

static uint8_t *put_string(uint8_t *out, const char *string, size_t max)
{
	return put_text(out, string, strnlen(string, max), max);
}

/* A child of fork has its parent's, and needs not to ask. */
static uint8_t *put_exe(uint8_t *out)
{
	static char exe[EXE_MAX];
	static size_t exe_size;
	const char *path = (const char *)getauxval(AT_EXECFN);
	long size = 0;

	if (!exe_size && lt_may(LT_CALL_LOOK)) {
		size = LT_RAW4(SYS_readlinkat, AT_FDCWD, "/proc/self/exe", exe, sizeof(exe));
		exe_size = size > 0 ? (size_t)size : 0;
	}
	if (exe_size)
		return put_text(out, exe, exe_size, EXE_MAX);
	return put_string(out, path && *path == '/' ? path : "", EXE_MAX);
}

static uint8_t *put_args(uint8_t *out)
{
	size_t size = lt_settings.args ? read_file("/proc/self/cmdline") : 0;

	if (size && !text[size - 1])
		size--;
	for (size_t i = 0; i < size; i++)
		if (!text[i])
			text[i] = ' ';
	return put_text(out, text, size, ARGS_MAX);
}

/* Both clocks as of the last tick, where more may be a call that a filter is against. */
static int64_t started(uint64_t since_boot)
{
	bool exact = lt_may(LT_CALL_CLOCK);
	uint64_t wall, boot;

	evh_clock_init();
	if (!exact && !evh_clock_read_coarse())
		return 0;
	wall = evh_clock_read(exact ? CLOCK_REALTIME : CLOCK_REALTIME_COARSE);
	boot = evh_clock_read(exact ? CLOCK_BOOTTIME : CLOCK_MONOTONIC_COARSE);
	return (int64_t)((wall - boot + since_boot) / 1000000000);
}

/* uid, ppid, start */
static uint8_t *put_numbers(uint8_t *out)
{
	struct lt_process_stat stat = { 0 };
	uint32_t uid = lt_may(LT_CALLS_ALL) ? (uint32_t)LT_RAW1(SYS_getuid, 0)
					    : (uint32_t)getauxval(AT_UID);
	int64_t start = 0;

	read_file("/proc/self/stat");
	if (lt_process_parse_stat(text, &stat))
		start = started(stat.start);
	out = lt_put(out, &uid, sizeof(uid));
	out = lt_put(out, &stat.ppid, sizeof(stat.ppid));
	return lt_put(out, &start, sizeof(start));
}

/* A file of one line, without its newline. */
static uint8_t *put_line(uint8_t *out, const char *path, size_t max)
{
	read_file(path);
	return put_text(out, text, strcspn(text, "\n"), max);
}

static uint8_t *put_host(uint8_t *out)
{
	struct utsname *names = (struct utsname *)text;

	_Static_assert(sizeof(*names) <= sizeof(text), "room for what uname says");
	if (!lt_may(LT_CALLS_ALL) || LT_RAW1(SYS_uname, names))
		return put_line(out, "/proc/sys/kernel/hostname", sizeof(names->nodename));
	return put_string(out, names->nodename, sizeof(names->nodename));
}

/* A recording's head says it; and which boot its clock belongs to was looked at when it was opened.
 */
static uint8_t *put_boot_id(uint8_t *out)
{
	const uint8_t *id = evh_file_boot_id(&lt_transport);
	char digits[36], *at = digits;

	if (!id)
		return put_line(out, "/proc/sys/kernel/random/boot_id", sizeof(digits));
	for (int i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*at++ = '-';
		*at++ = "0123456789abcdef"[id[i] >> 4];
		*at++ = "0123456789abcdef"[id[i] & 15];
	}
	return put_text(out, digits, sizeof(digits), sizeof(digits));
}

/* The event that ends there. */
static void send(struct lt_buffer *buffer, const uint8_t *end)
{
	if (lt_own_fd_check())
		evh_tracepoint_send(&lt_process_tracepoint, buffer->event,
				    (size_t)(end - buffer->event));
}

static void tell(void)
{
	struct lt_buffer *buffer = lt_buffer_claim();
	char container[LT_CONTAINER_MAX + 1];
	struct lt_process_text cgroup;
	uint8_t *out;

	if (!buffer)
		return;
	out = lt_put_metadata(buffer->event, EVH_LEVEL_INFORMATION, process_metadata,
			      sizeof(process_metadata) - 1);
	out = put_numbers(put_args(put_exe(out)));
	read_file("/proc/self/cgroup");
	cgroup = lt_process_find_cgroup(text);
	lt_process_find_container(&cgroup, container);
	out = put_host(put_text(out, cgroup.bytes, cgroup.size, CGROUP_MAX));
	out = put_boot_id(out);
	out = put_string(out, container, LT_CONTAINER_MAX);
	out = put_string(out, service, SERVICE_MAX);
	out = put_string(out, resource, RESOURCE_MAX);
	send(buffer, out);
	lt_buffer_release(buffer);
}

static bool advance(uint8_t from, uint8_t to)
{
	return __atomic_compare_exchange_n(&lt_process->told, &from, to, false, __ATOMIC_ACQ_REL,
					   __ATOMIC_RELAXED);
}

void lt_process_event(void)
{
	if (__atomic_load_n(&lt_process->told, __ATOMIC_RELAXED) != NOTHING ||
	    !lt_heard(LT_WORD_PROCESS) || !lt_may(LT_CALL_OPEN) || !lt_process_is_ours() ||
	    !advance(NOTHING, TELLING))
		return;
	tell();
	advance(TELLING, PROCESS);
}

void lt_process_event_again(void)
{
	if (advance(PROCESS, NOTHING))
		lt_process_event();
}

void lt_process_event_exit(int status)
{
	int32_t value = status;
	struct lt_buffer *buffer;
	uint8_t *out;

	if (__atomic_load_n(&lt_process->told, __ATOMIC_RELAXED) != PROCESS ||
	    !lt_heard(LT_WORD_PROCESS) || !lt_process_is_ours() || !advance(PROCESS, EXIT))
		return;
	buffer = lt_buffer_claim();
	if (!buffer)
		return;
	out = lt_put_metadata(buffer->event, EVH_LEVEL_INFORMATION, exit_metadata,
			      sizeof(exit_metadata) - 1);
	send(buffer, lt_put(out, &value, sizeof(value)));
	lt_buffer_release(buffer);
}

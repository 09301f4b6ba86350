/* SPDX-License-Identifier: MIT */
/*
 * Programs under a seccomp filter. A call of ours that a filter doesn't know may be the end of the
 * program, so that each group of calls is left out where the filter refuses it: one of the
 * program's own is run on them before it is installed, and one that was there before the program
 * is taken for the strictest under which the program would run without us.
 *
 * Must never make a call to find out whether it is allowed.
 */
#include "confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/prctl.h>

#include "debug.h"
#include "fds.h"
#include "guard.h"
#include "own_calls.h"
#include "raw.h"
#include "real.h"

/* Before the start has looked, and where it never does (LOGTAP_DISABLE), as if there were one. */
uint32_t lt_refused = LT_CALLS_ALL & ~LT_CALLS_PLAIN;
bool lt_confined;

/* The groups of calls that the transport has a word for each. */
static unsigned transport_calls(uint32_t refused)
{
	return (refused & LT_CALL_PIECES ? EVH_CONFINED_PIECES : 0) |
	       (refused & LT_CALL_IDS ? EVH_CONFINED_IDS : 0) |
	       (refused & LT_CALL_CLOCK ? EVH_CONFINED_CLOCK : 0) |
	       (refused & LT_CALL_LIMITS ? EVH_CONFINED_LIMITS : 0) |
	       (refused & LT_CALL_SIGNALS ? EVH_CONFINED_SIGNALS : 0);
}

unsigned lt_confine_transport(void)
{
	return transport_calls(lt_refused);
}

static void apply(uint32_t refused)
{
	lt_refused |= refused;
	lt_transport.confined_pid = (uint32_t)lt_process->pid;
	lt_transport.confined |= transport_calls(lt_refused);
	if (!lt_may(LT_CALL_DEBUG))
		lt_debug_fd = -1;
	if (!lt_may(LT_CALL_WRITE))
		lt_transport.kind = EVH_TRANSPORT_NONE;
}

/* --- a filter that was there before ----------------------------------------------------------- */

/* The beginning of a file, and a zero. How many bytes there are, or a negative errno. */
static long read_proc(const char *path, char *text, size_t room)
{
	long fd = LT_RAW4(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
	long size;

	if (fd < 0)
		return fd;
	size = LT_RAW3(SYS_read, fd, text, room - 1);
	LT_RAW1(SYS_close, fd);
	text[size > 0 ? size : 0] = '\0';
	return size;
}

/* What stands behind a label and blanks, or NULL. */
static const char *find_value(const char *text, const char *label)
{
	const char *line = strstr(text, label);

	if (line)
		line += strlen(label);
	while (line && (*line == ' ' || *line == '\t'))
		line++;
	return line;
}

/*
 * The list of groups stands before the line, and may be long: then it is in doubt. A kernel that
 * knows no filters has no such line, and the file ends with another one, which is looked for.
 */
static bool is_free(const char *status)
{
	const char *mode = find_value(status, "\nSeccomp:");

	if (mode)
		return *mode == '0';
	return find_value(status, "\nnonvoluntary_ctxt_switches:") != NULL;
}

const char *gnu_get_libc_version(void) __attribute__((weak));

/* Since glibc 2.34 the loader itself asks for the stack's limit, with this call. */
static bool limits_are_plain(void)
{
	const char *version = gnu_get_libc_version ? gnu_get_libc_version() : "";

	return version[0] == '2' && version[1] == '.' && version[2] >= '3' && version[3] >= '0' &&
	       version[3] <= '9' && (version[2] > '3' || version[3] >= '4');
}

/* Of the start alone, which is once. */
static char proc_text[4096];

void lt_confine_inherited(void)
{
	if (read_proc("/proc/self/status", proc_text, sizeof(proc_text)) > 0 &&
	    is_free(proc_text)) {
		lt_refused = 0;
		return;
	}
	if (limits_are_plain())
		lt_refused &= ~(uint32_t)LT_CALL_LIMITS;
}

pid_t lt_confine_proc_pid(void)
{
	char text[16] = "";
	pid_t pid = 0;

	if (!lt_may(LT_CALL_OPEN) || read_proc("/proc/self/stat", text, sizeof(text)) <= 0)
		return 0;
	for (const char *digit = text; *digit >= '0' && *digit <= '9'; digit++)
		pid = pid * 10 + (*digit - '0');
	return pid;
}

uint64_t lt_confine_file_limit(void)
{
	const char *limit = NULL;
	uint64_t number = 0;

	if (read_proc("/proc/self/limits", proc_text, sizeof(proc_text)) > 0)
		limit = find_value(proc_text, "\nMax file size");
	if (!limit)
		return 0;
	if (*limit == 'u')
		return UINT64_MAX;
	for (; *limit >= '0' && *limit <= '9'; limit++)
		number = number * 10 + (uint64_t)(*limit - '0');
	return number;
}

/* --- a filter of the program's own ------------------------------------------------------------ */

static uint32_t look_at(const void *filter)
{
	struct sock_fprog program;

	memcpy(&program, filter, sizeof(program));
	return lt_own_calls_refused(program.filter, program.len, lt_transport.fd, lt_debug_fd);
}

/* Whether the filter can be read without a fault. */
static bool can_look_at(const void *filter)
{
	struct sock_fprog program;

	if (!lt_may(LT_CALL_PROBE) || !lt_readable(filter, sizeof(program)))
		return false;
	memcpy(&program, filter, sizeof(program));
	return lt_readable(program.filter, program.len * sizeof(*program.filter));
}

void lt_confine_begin(struct lt_confinement *before, const void *filter, bool strict)
{
	uint32_t refused = LT_CALLS_ALL;

	*before = (struct lt_confinement){
		.confined = lt_confined,
		.refused = lt_refused,
		.transport_confined = lt_transport.confined,
		.kind = lt_transport.kind,
		.debug_fd = lt_debug_fd,
		.applies = true,
	};
	if (strict) {
		refused = LT_CALLS_ALL & ~(uint32_t)(LT_CALL_WRITE | LT_CALL_DEBUG);
	} else if (can_look_at(filter)) {
		refused = look_at(filter);
	} else {
		/* The kernel can't read it either where that was asked: programs ask what it knows
		 * by such a pointer, while other threads log. Otherwise it may do anything. */
		before->unread = true;
		if (lt_may(LT_CALL_PROBE))
			return;
	}
	/* Our descriptor stays: the filter may know numbers. */
	lt_confined = true;
	if (!(refused & ~lt_refused))
		return;
	if (!lt_process_is_ours()) {
		/* A child of vfork: its filter is not for the parent's events. */
		apply(refused & ~(uint32_t)LT_CALL_WRITE);
		return;
	}
	lt_thread_enter(&lt_thread);
	evh_transport_refresh_limits(&lt_transport);
	evh_transport_announce(&lt_transport);
	lt_debug_confine(refused);
	if (!lt_guard_check())
		refused |= LT_CALL_WRITE;
	apply(refused);
}

static void put_back(const struct lt_confinement *before)
{
	lt_confined = before->confined;
	lt_refused = before->refused;
	lt_transport.confined = before->transport_confined;
	lt_transport.kind = before->kind;
	lt_debug_fd = before->debug_fd;
}

void lt_confine_end(const struct lt_confinement *before, const void *filter, bool installed)
{
	if (!before->applies || (installed && !before->unread))
		return;
	put_back(before);
	if (installed) {
		/* The kernel has read it. */
		lt_confined = true;
		apply(look_at(filter));
	}
}

void lt_confine_unseen(bool write)
{
	apply((LT_CALLS_ALL & ~(uint32_t)LT_CALLS_PLAIN) | (write ? LT_CALL_WRITE : 0));
}

/* Every prctl takes its arguments as unsigned long, in registers. */
LT_EXPORT int prctl(int option, ...)
{
	struct lt_confinement before = { 0 };
	va_list arguments;
	unsigned long values[4];
	int result;

	va_start(arguments, option);
	for (int i = 0; i < 4; i++)
		values[i] = va_arg(arguments, unsigned long);
	va_end(arguments);
	if (lt_unlikely(option == PR_SET_SECCOMP))
		lt_confine_begin(&before, (const void *)values[1],
				 values[0] == SECCOMP_MODE_STRICT);
	result = LT_REAL(prctl)(option, values[0], values[1], values[2], values[3]);
	if (lt_unlikely(before.applies))
		lt_confine_end(&before, (const void *)values[1], result == 0);
	return result;
}

/* SPDX-License-Identifier: MIT */
/*
 * What a process under a seccomp filter leaves out: the groups of calls that are refused, what that
 * means for the transport, and how a filter that was there before the program is noticed. That one
 * is taken for the strictest under which the program would run without us.
 *
 * Must never make a call to find out whether it is allowed.
 */
#include "confinement.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "own_calls.h"
#include "raw.h"
#include "real.h"
#include "shim.h"

/* Before the start has looked, and where it never does (LOGTAP_DISABLE), as if there were one. */
uint32_t lt_refused = LT_CALLS_ALL & ~LT_CALLS_PLAIN;

/* The groups of calls that the transport has a word for each. */
static unsigned transport_calls(uint32_t refused)
{
	return (refused & LT_CALL_PIECES ? EVH_CONFINED_PIECES : 0) |
	       (refused & LT_CALL_IDS ? EVH_CONFINED_IDS : 0) |
	       (refused & LT_CALL_CLOCK ? EVH_CONFINED_CLOCK : 0) |
	       (refused & LT_CALL_LIMITS ? EVH_CONFINED_LIMITS : 0) |
	       (refused & LT_CALL_SIGNALS ? EVH_CONFINED_SIGNALS : 0) |
	       (refused & (LT_CALL_LOOK | LT_CALL_MEMORY) ? EVH_CONFINED_LOOK : 0) |
	       (refused & LT_CALL_OPEN ? EVH_CONFINED_OPEN : 0);
}

unsigned lt_confine_transport(void)
{
	return transport_calls(lt_refused);
}

/* A bit of lt_refused that is no group: whoever asks finds out by it that somebody else was faster.
 */
#define UNASKED (UINT32_C(1) << 31)

/* By one exchange, so that an answer that comes meanwhile takes nothing of it back. */
static void refuse(uint32_t refused)
{
	uint32_t before = __atomic_load_n(&lt_refused, __ATOMIC_RELAXED);

	while (!__atomic_compare_exchange_n(&lt_refused, &before, (before | refused) & ~UNASKED,
					    false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
		;
}

void lt_confine_apply(uint32_t refused)
{
	refuse(refused);
	lt_transport.confined_pid = (uint32_t)lt_process->pid;
	lt_transport.confined |= transport_calls(lt_refused);
	if (!lt_may(LT_CALL_DEBUG))
		lt_debug_fd = -1;
	if (lt_may(lt_transport.kind == EVH_TRANSPORT_UNIX ? LT_CALL_SOCKET : LT_CALL_WRITE))
		return;
	__atomic_store_n(&lt_transport.kind, EVH_TRANSPORT_NONE, __ATOMIC_RELAXED);
	/* Another thread may be on its way to a write: it looks at this one more time before. */
	__atomic_store_n(&lt_transport.unlimited_until, 0, __ATOMIC_RELEASE);
}

long lt_confine_read(const char *path, char *text, size_t room)
{
	long fd = LT_RAW4(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
	long size;

	*text = '\0';
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

/* Since glibc 2.34 the loader itself asks for the stack's limit, with this call. */
static bool limits_are_plain(void)
{
	return lt_libc_is_since(34);
}

/* What a process may not do that found this out, `size` being what reading its state gave. */
static uint32_t refused_to(const char *status, long size, bool handed_on)
{
	uint32_t refused = LT_CALLS_ALL & ~(uint32_t)LT_CALLS_PLAIN;

	if (size > 0 && is_free(status))
		return 0;
	/* Another root, where nobody can be asked: what was handed on into it is meant to be used.
	 */
	if (handed_on && size == -ENOENT)
		refused &= ~(uint32_t)LT_CALL_EVENTS;
	return limits_are_plain() ? refused & ~(uint32_t)LT_CALL_LIMITS : refused;
}

void lt_confine_inherited(bool handed_on)
{
	uint32_t before = __atomic_load_n(&lt_refused, __ATOMIC_RELAXED);
	char *text = lt_own_page();
	long size = lt_confine_read("/proc/self/status", text, LT_PAGE);
	uint32_t refused = refused_to(text, size, handed_on);

	memset(text, 0, size > 0 ? (size_t)size : 0);
	__atomic_compare_exchange_n(&lt_refused, &before, refused, false, __ATOMIC_ACQ_REL,
				    __ATOMIC_RELAXED);
}

void lt_confine_ask_later(void)
{
	lt_refused |= UNASKED;
}

bool lt_confine_is_unasked(void)
{
	return __atomic_load_n(&lt_refused, __ATOMIC_RELAXED) & UNASKED;
}

/* Who comes while another thread asks goes on as under a filter. */
void lt_confine_ask(void)
{
	static bool asking LT_START_DATA;

	if (lt_unlikely(lt_confine_is_unasked()) && lt_may(LT_CALL_OPEN) &&
	    !__atomic_exchange_n(&asking, true, __ATOMIC_ACQ_REL))
		lt_confine_inherited(false);
}

pid_t lt_confine_proc_pid(void)
{
	char text[16] = "";
	pid_t pid = 0;

	if (!lt_may(LT_CALL_OPEN) || lt_confine_read("/proc/self/stat", text, sizeof(text)) <= 0)
		return 0;
	for (const char *digit = text; *digit >= '0' && *digit <= '9'; digit++)
		pid = pid * 10 + (*digit - '0');
	return pid;
}

uint64_t lt_confine_file_limit(void)
{
	char *text = lt_own_page();
	long size = lt_confine_read("/proc/self/limits", text, LT_PAGE);
	const char *limit = size > 0 ? find_value(text, "\nMax file size") : NULL;
	uint64_t number = limit && *limit == 'u' ? UINT64_MAX : 0;

	for (; limit && *limit >= '0' && *limit <= '9'; limit++)
		number = number * 10 + (uint64_t)(*limit - '0');
	memset(text, 0, size > 0 ? (size_t)size : 0);
	return number;
}

void lt_confine_unseen(bool write)
{
	lt_confine_apply((LT_CALLS_ALL & ~(uint32_t)LT_CALLS_PLAIN) | (write ? LT_CALL_WRITE : 0));
}

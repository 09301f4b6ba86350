/* SPDX-License-Identifier: MIT */
/*
 * The diagnostics file. Opened anew for each line, so that it costs the program no descriptor, and
 * written with one write per line, so that processes don't mix. Must never use stdio.
 */
#include "debug.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include "raw.h"

bool lt_debug_on;

static char debug_path[PATH_MAX];

#define STRIPES 16

static struct {
	uint64_t value[LT_COUNTERS];
} stripes[STRIPES] __attribute__((aligned(128)));

static const char *const counter_names[LT_COUNTERS] = {
	[LT_COUNT_CAPTURED] = "captured",
	[LT_COUNT_SENT] = "sent",
	[LT_COUNT_BELOW_LEVEL] = "below-level",
	[LT_COUNT_NOT_HEARD] = "not-listened",
	[LT_COUNT_FD_LOST] = "refused-descriptor-lost",
	[LT_COUNT_NO_SPACE] = "refused-no-space",
	[LT_COUNT_TRY_AGAIN] = "refused-try-again",
	[LT_COUNT_UNREADABLE] = "refused-unreadable",
	[LT_COUNT_OTHER] = "refused-other",
};

/* A line being put together; what doesn't fit is cut. */
struct line {
	size_t used;
	char text[640];
};

static void add(struct line *line, const char *text)
{
	size_t length = strlen(text);

	if (length > sizeof(line->text) - 1 - line->used)
		length = sizeof(line->text) - 1 - line->used;
	memcpy(line->text + line->used, text, length);
	line->used += length;
}

static void add_number(struct line *line, uint64_t number)
{
	char digits[24];
	char *digit = digits + sizeof(digits) - 1;

	*digit = '\0';
	do
		*--digit = (char)('0' + number % 10);
	while (number /= 10);
	add(line, digit);
}

static void begin(struct line *line)
{
	line->used = 0;
	add(line, "logtap[");
	/* Some lines come before there is an lt_process. */
	add_number(line, (uint64_t)LT_RAW1(SYS_getpid, 0));
	add(line, "] ");
	add(line, lt_program);
	add(line, ": ");
}

/* Beyond RLIMIT_FSIZE the kernel sends SIGXFSZ, which is not for the program: it wrote nothing. */
static void write_unsignalled(long fd, const struct line *line)
{
	const uint64_t xfsz = UINT64_C(1) << (SIGXFSZ - 1);
	const struct timespec at_once = { 0 };
	uint64_t old = 0, pending = 0;

	LT_RAW4(SYS_rt_sigprocmask, SIG_BLOCK, &xfsz, &old, sizeof(old));
	LT_RAW2(SYS_rt_sigpending, &pending, sizeof(pending));
	if (LT_RAW3(SYS_write, fd, line->text, line->used) == -EFBIG && !(pending & xfsz))
		LT_RAW4(SYS_rt_sigtimedwait, &xfsz, NULL, &at_once, sizeof(xfsz));
	LT_RAW4(SYS_rt_sigprocmask, SIG_SETMASK, &old, NULL, sizeof(old));
}

static void append(struct line *line)
{
	long fd = LT_RAW4(SYS_openat, AT_FDCWD, debug_path,
			  O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0600);

	/* (Not blocking: a FIFO without a reader is refused.) Never 0 to 2, not even for a moment
	 * that another thread could write in. */
	if (fd >= 0 && fd <= 2) {
		long low = fd;

		fd = LT_RAW3(SYS_fcntl, low, F_DUPFD_CLOEXEC, 3);
		LT_RAW1(SYS_close, low);
	}
	if (fd < 0)
		return;
	line->text[line->used++] = '\n';
	write_unsignalled(fd, line);
	LT_RAW1(SYS_close, fd);
}

void lt_count_slow(enum lt_counter counter)
{
	size_t stripe = (uintptr_t)&lt_thread / 4096 % STRIPES;

	__atomic_add_fetch(&stripes[stripe].value[counter], 1, __ATOMIC_RELAXED);
}

void lt_count_refused(int error)
{
	switch (-error) {
	case EBADF:
		lt_count(LT_COUNT_NOT_HEARD);
		break;
	case EPERM:
		lt_count(LT_COUNT_BELOW_LEVEL);
		break;
	case ESTALE:
		lt_count(LT_COUNT_FD_LOST);
		break;
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
		lt_count(LT_COUNT_NO_SPACE);
		break;
	case EAGAIN:
	case EINTR:
		lt_count(LT_COUNT_TRY_AGAIN);
		break;
	case EFAULT:
		lt_count(LT_COUNT_UNREADABLE);
		break;
	default:
		lt_count(LT_COUNT_OTHER);
		break;
	}
}

void lt_debug_forget(void)
{
	for (size_t i = 0; i < STRIPES && lt_debug_on; i++)
		memset(&stripes[i], 0, sizeof(stripes[i]));
}

void lt_debug_init(const char *path)
{
	size_t used = 0;

	if (path[0] != '/') {
		long length = LT_RAW2(SYS_getcwd, debug_path, sizeof(debug_path));

		if (length < 1)
			return;
		used = (size_t)length;
		debug_path[used - 1] = '/';
	}
	if (strlen(path) >= sizeof(debug_path) - used)
		return;
	memcpy(debug_path + used, path, strlen(path) + 1);
	lt_debug_on = true;
}

void lt_debug_say(const char *text, const char *detail)
{
	struct line line;

	if (!lt_debug_on || lt_confined)
		return;
	begin(&line);
	add(&line, text);
	if (detail)
		add(&line, detail);
	append(&line);
}

void lt_debug_report(void)
{
	struct line line;

	if (!lt_debug_on || lt_confined)
		return;
	begin(&line);
	for (size_t i = 0; i < LT_COUNTERS; i++) {
		uint64_t sum = 0;

		for (size_t s = 0; s < STRIPES; s++)
			sum += __atomic_load_n(&stripes[s].value[i], __ATOMIC_RELAXED);
		add(&line, i ? " " : "counters: ");
		add(&line, counter_names[i]);
		add(&line, "=");
		add_number(&line, sum);
	}
	append(&line);
}

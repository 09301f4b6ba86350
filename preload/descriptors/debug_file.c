/* SPDX-License-Identifier: MIT */
/*
 * The diagnostics file. Kept where it costs the program no descriptor, or opened anew for each
 * line, and written with one write per line, so that processes don't mix. Must never use stdio.
 */
#include "debug_file.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "confinement.h"
#include "own_calls.h"
#include "own_descriptor.h"
#include "raw.h"

static char debug_path[PATH_MAX];

/* What the file that is kept open is; what RLIMIT_FSIZE was when it could last be asked for. */
static bool kept_is_file LT_START_DATA, was_unlimited LT_START_DATA;

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

/* Text from outside, argv[0] for one, must not look like a line of ours. */
static void add_foreign(struct line *line, const char *text)
{
	size_t before = line->used;

	add(line, text);
	for (size_t i = before; i < line->used; i++) {
		unsigned char byte = (unsigned char)line->text[i];
		unsigned char next = i + 1 < line->used ? (unsigned char)line->text[i + 1] : 0;

		if (byte < 0x20 || byte == 0x7f)
			line->text[i] = '?';
		else if (byte == 0xc2 && next >= 0x80 && next < 0xa0) /* U+0080 to U+009F */
			line->text[i] = line->text[i + 1] = '?';
	}
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
	if (lt_process->pid)
		add_number(line, (uint64_t)lt_process->pid);
	else
		add_number(line, lt_may(LT_CALL_PROCESS) ? (uint64_t)LT_RAW1(SYS_getpid, 0) : 0);
	add(line, "] ");
	add_foreign(line, lt_program);
	add(line, ": ");
}

static bool unlimited(void)
{
	struct {
		uint64_t soft, hard;
	} limit = { 0 };

	if (!lt_may(LT_CALL_LIMITS))
		return was_unlimited;
	return LT_RAW4(SYS_prlimit64, 0, RLIMIT_FSIZE, NULL, &limit) == 0 &&
	       limit.soft == UINT64_MAX;
}

/* A file, not a pipe or a terminal: reading one that is open for writing fails otherwise there. */
static bool is_file(long fd)
{
	char nothing;

	return evh_pread(fd, &nothing, 1, 0) == -EBADF;
}

#define SIGNAL_BIT(signal) (UINT64_C(1) << ((signal)-1))

/*
 * The kernel sends signals to who writes beyond RLIMIT_FSIZE (SIGXFSZ), to a pipe that nobody reads
 * (SIGPIPE), or from the background to a terminal that minds (SIGTTOU, which stops the process).
 * None of them is for the program: it wrote nothing. A blocked SIGTTOU is not even sent.
 */
static void write_blocking_signals(long fd, const struct line *line)
{
	const uint64_t ours = SIGNAL_BIT(SIGXFSZ) | SIGNAL_BIT(SIGPIPE);
	const uint64_t blocked = ours | SIGNAL_BIT(SIGTTOU);
	const struct timespec at_once = { 0 };
	uint64_t old = 0, pending = 0, sent;
	long result;

	LT_RAW4(SYS_rt_sigprocmask, SIG_BLOCK, &blocked, &old, sizeof(old));
	LT_RAW2(SYS_rt_sigpending, &pending, sizeof(pending));
	result = LT_RAW3(SYS_write, fd, line->text, line->used);
	sent = result == -EFBIG ? SIGNAL_BIT(SIGXFSZ) : result == -EPIPE ? SIGNAL_BIT(SIGPIPE) : 0;
	sent &= ~pending;
	if (sent)
		LT_RAW4(SYS_rt_sigtimedwait, &sent, NULL, &at_once, sizeof(sent));
	LT_RAW4(SYS_rt_sigprocmask, SIG_SETMASK, &old, NULL, sizeof(old));
}

/* Where signals can't be held back, nothing is written that could send one. */
static void write_unsignalled(long fd, bool file, const struct line *line)
{
	if (lt_may(LT_CALL_SIGNALS))
		write_blocking_signals(fd, line);
	else if (file && unlimited())
		LT_RAW3(SYS_write, fd, line->text, line->used);
}

static long open_file(void)
{
	long fd = LT_RAW4(SYS_openat, AT_FDCWD, debug_path,
			  O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0600);

	/* (Not blocking: a FIFO without a reader is refused.) Never 0 to 2, not even for a moment
	 * that another thread could write in. */
	if (fd >= 0 && fd <= 2) {
		long low = fd;

		fd = lt_may(LT_CALL_COPIES) ? LT_RAW3(SYS_fcntl, low, F_DUPFD_CLOEXEC, 3) : -EBADF;
		LT_RAW1(SYS_close, low);
	}
	return fd;
}

/* Something else may be behind the number by now, where that can be asked. */
static bool is_kept(void)
{
	return lt_debug_fd >= 0 && (!lt_may(LT_CALL_NUMBERS) || lt_own_fd_is_marked(lt_debug_fd));
}

static void append(struct line *line)
{
	long fd;

	line->text[line->used++] = '\n';
	if (is_kept()) {
		write_unsignalled(lt_debug_fd, kept_is_file, line);
		return;
	}
	if (!lt_may(LT_CALL_APPEND))
		return;
	fd = open_file();
	if (fd < 0)
		return;
	write_unsignalled(fd, is_file(fd), line);
	LT_RAW1(SYS_close, fd);
}

void lt_debug_init(const char *path)
{
	size_t used = 0;

	was_unlimited =
		lt_may(LT_CALL_LIMITS) ? unlimited() : lt_confine_file_limit() == UINT64_MAX;
	if (path[0] != '/') {
		long length = !lt_may(LT_CALL_START)
				      ? -EPERM
				      : LT_RAW2(SYS_getcwd, debug_path, sizeof(debug_path));

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

static void keep_open(int fd)
{
	long copy = lt_own_fd_copy_beyond(fd, 1);

	if (copy >= 0 && !lt_own_fd_mark((int)copy)) {
		LT_RAW1(SYS_close, copy);
		copy = -1;
	}
	kept_is_file = is_file(copy);
	lt_debug_fd = copy < 0 ? -1 : (int)copy;
	LT_RAW1(SYS_close, fd);
}

void lt_debug_hold(void)
{
	long fd = lt_debug_on && lt_may(LT_CALL_NUMBERS) ? open_file() : -1;

	if (fd >= 0)
		keep_open((int)fd);
}

void lt_debug_limits_changed(void)
{
	if (!lt_confined && lt_may(LT_CALL_NUMBERS) && lt_process_is_ours() && is_kept() &&
	    lt_own_fd_in_reach(lt_debug_fd))
		keep_open(lt_debug_fd);
}

void lt_debug_confine(uint32_t refused)
{
	struct line line;

	if (!lt_debug_on)
		return;
	begin(&line);
	add(&line, "seccomp: left out from here on:");
	for (int i = 0; i < LT_OWN_CALL_GROUP_COUNT; i++) {
		if (!(refused & 1u << i))
			continue;
		add(&line, " ");
		add(&line, lt_own_call_words[i]);
	}
	append(&line);
	was_unlimited = unlimited();
}

void lt_debug_say(const char *text, const char *detail)
{
	struct line line;

	if (!lt_debug_on)
		return;
	begin(&line);
	add(&line, text);
	if (detail)
		add_foreign(&line, detail);
	append(&line);
}

void lt_debug_report(void)
{
	struct line line;

	if (!lt_debug_on)
		return;
	begin(&line);
	for (size_t i = 0; i < LT_COUNTERS; i++) {
		add(&line, i ? " " : "counters: ");
		add(&line, lt_counter_name(i));
		add(&line, "=");
		add_number(&line, lt_counter_sum(i));
	}
	append(&line);
}

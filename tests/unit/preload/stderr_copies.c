/* SPDX-License-Identifier: MIT */
/*
 * Which descriptors are stderr: the rule at the head of stderr_copies.h, member by member, on real
 * files; and the table of numbers behind it.
 */
#include "stderr_copies.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "copy_table.h"
#include "layers.h"
#include "own_calls.h"

static int other_file(void)
{
	return memfd_create("other", 0);
}

/* Number 2 is a file of the test's. Criterion has no need of it. */
static void start(void)
{
	int fd = other_file();

	layers_begin();
	cr_assert_eq(dup2(fd, 2), 2);
	close(fd);
}

TestSuite(stderr_copies, .init = start);

/* A call of the program's, and what the library is told of it. */
static int copy_at_least(int fd, int least)
{
	int copy = fcntl(fd, F_DUPFD, least);

	cr_assert_geq(copy, least, "fd %d: %m", fd);
	lt_copies_copied(fd, copy);
	return copy;
}

static void copy_onto(int fd, int copy)
{
	cr_assert_eq(dup2(fd, copy), copy);
	lt_copies_copied(fd, copy);
}

static void close_seen(int fd)
{
	lt_copies_replaced(fd);
	cr_assert_eq(close(fd), 0);
}

static int open_seen(const char *path, int flags)
{
	int fd = open(path, flags, 0600);

	cr_assert_geq(fd, 0, "%s: %m", path);
	lt_copies_opened(fd, flags, false);
	return fd;
}

Test(stderr_copies, number_2_alone)
{
	cr_assert(lt_copies_is_stderr(2));
	cr_assert(lt_copies_is_sure(2));
	for (int fd = -3; fd < 3000; fd++)
		if (fd != 2)
			cr_assert_not(lt_copies_is_stderr(fd), "%d", fd);
	cr_assert_not(lt_copies_is_stderr(INT32_MAX));
	cr_assert_not(lt_copies_is_stderr(INT32_MIN));
}

Test(stderr_copies, closed_at_the_start)
{
	close(2);
	lt_copies_ask_for_stderr();
	cr_assert_not(lt_copies_is_stderr(2));
	cr_assert_eq(open_seen("/proc/self/status", O_RDONLY), 2);
	cr_assert_not(lt_copies_is_stderr(2), "what the program opens first has the number");
}

Test(stderr_copies, open_at_the_start)
{
	lt_copies_ask_for_stderr();
	cr_assert(lt_copies_is_stderr(2));
}

/* What gets the number after a close may be anything. */
Test(stderr_copies, closed)
{
	int fd = other_file();

	close_seen(2);
	cr_assert_not(lt_copies_is_stderr(2));
	cr_assert_eq(fcntl(fd, F_DUPFD, 2), 2, "as accept or socket gives it");
	lt_copies_replaced(2);
	cr_assert_not(lt_copies_is_stderr(2));
}

Test(stderr_copies, pointed_on_purpose)
{
	int fd = other_file();

	close_seen(2);
	copy_onto(fd, 2);
	cr_assert(lt_copies_is_stderr(2), "by dup2");
	cr_assert_not(lt_copies_is_stderr(fd), "where it was copied from is not");
	lt_copies_replaced(2);
	cr_assert_not(lt_copies_is_stderr(2));
	copy_onto(2, 2);
	cr_assert(lt_copies_is_stderr(2), "dup2(2, 2), which found it there by chance");
	lt_copies_replaced(2);
	lt_copies_redirected();
	cr_assert(lt_copies_is_stderr(2), "by freopen, daemon");
}

/* close(2), open(): by what is opened, and how. */
Test(stderr_copies, opened_as_2)
{
	char path[] = "/tmp/stderr-copies-XXXXXX";
	const struct {
		const char *path;
		int flags;
		bool closed_by_program, is_stderr;
	} rows[] = {
		{ "/dev/null", O_RDWR, true, true },
		{ "/dev/null", O_RDONLY, false, true },
		{ "/dev/null", O_WRONLY | O_CLOEXEC, true, true },
		{ "/dev/zero", O_RDWR, true, false },
		{ "/dev/full", O_WRONLY, true, false },
		{ path, O_WRONLY | O_APPEND, true, true },
		{ path, O_WRONLY | O_APPEND | O_CREAT, true, true },
		{ path, O_WRONLY | O_APPEND, false, false },
		{ path, O_WRONLY | O_APPEND | O_CLOEXEC, true, false },
		{ path, O_RDWR | O_APPEND, true, false },
		{ path, O_WRONLY, true, false },
		{ path, O_RDONLY, true, false },
		{ path, O_WRONLY | O_TRUNC, true, false },
	};
	int fd = mkstemp(path);

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		close(2);
		lt_copies_redirected();
		lt_copies_replaced(2);
		/* Something that was not stderr had the number in between. */
		if (!rows[i].closed_by_program)
			lt_copies_given_back();
		cr_assert_eq(open_seen(rows[i].path, rows[i].flags), 2);
		cr_assert_eq(lt_copies_is_stderr(2), rows[i].is_stderr, "row %zu", i);
	}
	close(2);
	lt_copies_redirected();
	lt_copies_replaced(2);
	unlink(path);
	cr_assert_eq(open_seen(path, O_WRONLY | O_APPEND | O_CREAT | O_EXCL), 2);
	cr_assert_not(lt_copies_is_stderr(2), "new by force");
	/* The second open after the close is nothing that the close was for. */
	close(2);
	cr_assert_eq(open_seen(path, O_WRONLY | O_APPEND), 2);
	cr_assert_not(lt_copies_is_stderr(2));
	unlink(path);
	close(fd);
}

Test(stderr_copies, opened_as_terminal)
{
	int pair = posix_openpt(O_RDWR | O_NOCTTY);

	cr_assert_geq(pair, 0);
	cr_assert_eq(grantpt(pair) || unlockpt(pair), 0);
	close_seen(2);
	lt_copies_given_back();
	cr_assert_eq(open_seen(ptsname(pair), O_RDWR | O_NOCTTY), 2);
	cr_assert(lt_copies_is_stderr(2));
}

/* Copies, in the table and beyond it, of number 2 and of copies; then each way that one ends. */
Test(stderr_copies, copies)
{
	static const int places[] = { 3,    100, LT_COPIES_NUMBERS - 1, LT_COPIES_NUMBERS, 3000,
				      3583, 3584 };
	struct rlimit limit = { 4096, 4096 };

	cr_assert_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		int copy = copy_at_least(2, places[i]);
		int second = copy_at_least(copy, copy + 1);
		int other = other_file();

		cr_assert(lt_copies_is_stderr(copy) && lt_copies_is_stderr(second), "%d", copy);
		cr_assert_not(lt_copies_is_sure(copy), "its file is looked at");
		/* Seen: closed, or replaced by a copy of another. */
		close_seen(second);
		cr_assert_not(lt_copies_is_stderr(second));
		copy_onto(other, copy);
		cr_assert_not(lt_copies_is_stderr(copy));
		/* Unseen: another file has the number by the time of the next write. */
		copy_onto(2, copy);
		cr_assert(lt_copies_is_stderr(copy));
		cr_assert_eq(dup2(other, copy), copy);
		cr_assert_not(lt_copies_is_stderr(copy));
		cr_assert_eq(dup2(2, copy), copy);
		cr_assert_not(lt_copies_is_stderr(copy), "it was forgotten then");
		/* Unseen: closed, and nothing there. */
		lt_copies_copied(2, copy);
		close(copy);
		cr_assert_not(lt_copies_is_stderr(copy));
		close(other);
	}
}

/* A copy stays one when number 2 itself is closed, or becomes another file. */
Test(stderr_copies, copy_outlives_2)
{
	int copy = copy_at_least(2, 50), other = other_file();

	close_seen(2);
	cr_assert(lt_copies_is_stderr(copy));
	cr_assert_eq(dup2(other, 2), 2);
	lt_copies_replaced(2);
	cr_assert(lt_copies_is_stderr(copy));
	copy_onto(copy, 2);
	cr_assert(lt_copies_is_stderr(2));
}

/* All null devices are one file: a copy of it must be the same open file while 2 is what it was. */
Test(stderr_copies, null_devices)
{
	int null = open("/dev/null", O_WRONLY), copy, other;
	bool kernel_can_tell;

	cr_assert_eq(dup2(null, 2), 2);
	copy = copy_at_least(2, 60);
	other = open("/dev/null", O_WRONLY);
	kernel_can_tell = fcntl(other, F_DUPFD_QUERY, 2) == 0;
	cr_assert(lt_copies_is_stderr(copy));
	cr_assert_eq(dup2(other, copy), copy);
	cr_assert_eq(lt_copies_is_stderr(copy), !kernel_can_tell);
}

/* /dev/stderr and its like: an open file of its own, and stderr all the same. */
Test(stderr_copies, opened_by_name)
{
	int fd = open("/dev/null", O_WRONLY);

	lt_copies_opened(fd, O_WRONLY, true);
	cr_assert(lt_copies_is_stderr(fd));
	cr_assert_eq(lt_copy_table_get(fd) & LT_COPY_OPENED, LT_COPY_OPENED);
	lt_copies_opened(fd, O_WRONLY, false);
	cr_assert_not(lt_copies_is_stderr(fd), "the number was closed where nobody saw it");
	close_seen(2);
	lt_copies_opened(fd, O_WRONLY, true);
	cr_assert_not(lt_copies_is_stderr(fd), "a name of something that is not stderr");
}

Test(stderr_copies, ranges)
{
	struct rlimit limit = { 4096, 4096 };
	const int places[] = { 2, 10, 1023, 1024, 1600, 4000 };
	static const struct {
		unsigned first, last;
	} ranges[] = {
		{ 0, 1 },	   { 3, 9 },	   { 2, 2 },	      { 10, 1023 },
		{ 1023, 1024 },	   { 1024, 1024 }, { 11, 3999 },      { 1601, 4095 },
		{ 3, UINT32_MAX }, { 5, 4 },	   { 0, 0x7fffffff },
	};

	cr_assert_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	for (size_t i = 0; i < sizeof(ranges) / sizeof(*ranges); i++) {
		lt_copies_redirected();
		for (int place = 1; place < 6; place++)
			copy_onto(2, places[place]);
		lt_copies_closed(ranges[i].first, ranges[i].last);
		for (int place = 0; place < 6; place++) {
			unsigned fd = (unsigned)places[place];

			cr_assert_eq(lt_copies_is_stderr((int)fd),
				     fd < ranges[i].first || fd > ranges[i].last, "range %zu, %u",
				     i, fd);
		}
	}
}

/* A child of vfork has other files behind the same numbers; its calls change nothing here. */
Test(stderr_copies, child_with_our_memory)
{
	int copy = copy_at_least(2, 40), status;
	pid_t child = vfork();

	if (!child) {
		lt_copies_replaced(2);
		lt_copies_replaced(copy);
		lt_copies_copied(2, 77);
		lt_copies_closed(0, 5000);
		close(copy);
		_exit(lt_copies_is_stderr(copy));
	}
	cr_assert_eq(waitpid(child, &status, 0), child);
	cr_assert_eq(status, 0, "the child's number is closed");
	cr_assert(lt_copies_is_stderr(2) && lt_copies_is_stderr(copy));
	cr_assert_not(lt_copies_is_stderr(77));
}

/* Where a filter lets nobody ask, what was seen is believed. */
Test(stderr_copies, under_a_filter)
{
	int copy;

	lt_refused = LT_CALL_STAT;
	copy = copy_at_least(2, 30);
	cr_assert_eq(lt_copy_table_get(copy), LT_COPY_UNCHECKED);
	cr_assert(lt_copies_is_stderr(copy));
	close_seen(copy);
	cr_assert_not(lt_copies_is_stderr(copy));
}

Test(stderr_copies, writable)
{
	int both[2];

	cr_assert_eq(pipe(both), 0);
	cr_assert(lt_copies_is_writable(both[1]));
	cr_assert_not(lt_copies_is_writable(both[0]));
	cr_assert_not(lt_copies_is_writable(open("/dev/null", O_PATH)));
	cr_assert_not(lt_copies_is_writable(900));
	lt_settings.passthrough = false;
	cr_assert(lt_copies_swallow(both[1]));
	lt_settings.passthrough = true;
	cr_assert_not(lt_copies_swallow(both[1]));
}

Test(stderr_copies, readable)
{
	static char in_program[] = "in the program";
	char *page = mmap(NULL, 8192, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char here[10];

	munmap(page + 4096, 4096);
	cr_assert(lt_readable_slow(page, 4096));
	cr_assert_not(lt_readable_slow(page, 4097));
	cr_assert_not(lt_readable_slow(page + 4096, 1));
	cr_assert(lt_readable(page + 4095, 1));
	cr_assert_not(lt_readable(NULL, 1));
	cr_assert_not(lt_readable((void *)UINTPTR_MAX, 2));
	cr_assert(lt_readable(NULL, 0));
	cr_assert(lt_readable_in(&lt_readable_program, (uintptr_t) "a literal", 10));
	cr_assert_not(lt_readable_in(&lt_readable_program, (uintptr_t)here, sizeof(here)));
	lt_refused = LT_CALL_PROBE;
	cr_assert_not(lt_readable_slow(page, 4096), "nobody can tell: then it is not read");
	cr_assert(lt_readable_slow(in_program, sizeof(in_program)), "it needs no call");
}

/* The words themselves, against an array of the last ones. */
Test(copy_table, model)
{
	enum { NUMBERS = 400 };
	static struct {
		int fd;
		uint64_t file;
	} model[NUMBERS];
	uint64_t random = 9;

	layers_begin();
	for (int i = 0; i < NUMBERS; i++)
		model[i].fd = i < 100	? 900 + i * 3
			      : i < 200 ? 0x40000 * (i - 100) + i % 3
			      : i < 300 ? INT32_MAX - (i - 200) * 511
					: (int)(layers_random(&random) >> 1) / 512 * 512 + 511;
	for (int round = 0; round < 20000; round++) {
		int i = (int)(layers_random(&random) % NUMBERS);

		if (layers_random(&random) % 50 == 0) {
			unsigned first = layers_random(&random) >> layers_random(&random) % 31;
			unsigned last =
				first + (layers_random(&random) >> layers_random(&random) % 31);

			lt_copy_table_closed(first, last);
			for (int j = 0; j < NUMBERS; j++)
				if (model[j].fd >= LT_COPIES_NUMBERS &&
				    (unsigned)model[j].fd >= first && (unsigned)model[j].fd <= last)
					model[j].file = 0;
		} else {
			uint64_t file = layers_random(&random) % 3;

			cr_assert(lt_copy_table_set(model[i].fd, file));
			for (int j = 0; j < NUMBERS; j++)
				if (model[j].fd == model[i].fd)
					model[j].file = file;
		}
		i = (int)(layers_random(&random) % NUMBERS);
		cr_assert_eq(lt_copy_table_get(model[i].fd), model[i].file, "%d", model[i].fd);
	}
}

/* No page is taken to forget a number, and where there is none for a copy that is said. */
Test(copy_table, without_memory)
{
	layers_begin();
	lt_refused = LT_CALL_MEMORY;
	cr_assert(lt_copy_table_set(123456, 0));
	cr_assert_not(lt_copy_table_set(123456, 8));
	cr_assert_eq(lt_copy_table_get(123456), 0);
	cr_assert(lt_copy_table_set(5, 8));
	cr_assert_eq(lt_copy_table_get(5), 8);
}

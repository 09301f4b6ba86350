/* SPDX-License-Identifier: MIT */
/*
 * Our descriptor: where it goes, when it moves, and that the program's limits and numbers stay what
 * they were. Each test is a process of its own, with the limits that it sets.
 */
#include "own_descriptor.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "emit.h"
#include "layers.h"
#include "own_calls.h"

static void set_limits(rlim_t soft, rlim_t hard)
{
	struct rlimit limit = { soft, hard };

	cr_assert_eq(setrlimit(RLIMIT_NOFILE, &limit), 0, "%m");
}

static void expect_limits(rlim_t soft, rlim_t hard)
{
	struct rlimit limit;

	cr_assert_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
	cr_assert_eq(limit.rlim_cur, soft);
	cr_assert_eq(limit.rlim_max, hard);
}

static ino_t events_file;

static bool is_ours(int fd)
{
	struct stat status;

	return fstat(fd, &status) == 0 && status.st_ino == events_file;
}

/* How many numbers lead to our file, up to one that no test goes beyond. */
static int count_ours(void)
{
	int count = 0;

	for (int fd = 0; fd < 5000; fd++)
		count += is_ours(fd);
	return count;
}

/* Ours is at `number` alone, and events go there. */
static void expect_at(int number)
{
	struct lt_message message = { { "m", "m" }, { 1, 0 } };

	cr_assert_eq(lt_own_fd, number, "it is at %d", lt_own_fd);
	cr_assert_eq(lt_transport.fd, number);
	cr_assert(lt_own_fd_is(number));
	cr_assert(is_ours(number));
	cr_assert_eq(count_ours(), 1);
	cr_assert_eq(fcntl(number, F_GETFD), FD_CLOEXEC);
	cr_assert_eq(lt_emit_stderr(6, &message), 0);
}

static void start(void)
{
	struct stat status;

	layers_start();
	cr_assert_eq(fstat(lt_transport.fd, &status), 0);
	events_file = status.st_ino;
	set_limits(500, 4000);
}

/* A limit as it is where nobody lowered it. */
static void start_high(void)
{
	struct stat status;
	struct rlimit limit;

	layers_start();
	cr_assert_eq(fstat(lt_transport.fd, &status), 0);
	events_file = status.st_ino;
	getrlimit(RLIMIT_NOFILE, &limit);
	if (limit.rlim_max < 20000)
		cr_skip_test("the hard limit of open files is below 20000");
	set_limits(20000, limit.rlim_max);
}

TestSuite(own_descriptor, .init = start);

Test(own_descriptor, none)
{
	cr_assert_eq(lt_own_fd, -1);
	cr_assert_not(lt_own_fd_is(-1));
	cr_assert_not(lt_own_fd_give_way());
	lt_own_fd_limits_changed();
	lt_own_fd_limits_changing(10, 10);
	cr_assert_eq(lt_own_fd, -1);
}

Test(own_descriptor, adopted_at_the_limit)
{
	cr_assert_eq(lt_own_fd_adopt(), 0);
	expect_at(500);
	expect_limits(500, 4000);
	cr_assert_not(lt_own_fd_checked);
	cr_assert_not(lt_own_fd_in_reach(500));
	cr_assert_eq(dup2(0, 500), -1, "no call can reach it");
}

/* Where the limit is too far away: a number below 1024, and a mark on the file. */
Test(own_descriptor, adopted_below_a_high_limit, .init = start_high)
{
	struct rlimit before, after;

	getrlimit(RLIMIT_NOFILE, &before);
	cr_assert_eq(lt_own_fd_adopt(), 0);
	cr_assert(lt_own_fd_checked);
	expect_at(1023);
	getrlimit(RLIMIT_NOFILE, &after);
	cr_assert_eq(memcmp(&before, &after, sizeof(after)), 0);
	cr_assert(lt_own_fd_is_marked(1023));
	/* The program's file is at our number: it is not written to. */
	cr_assert_eq(dup2(0, 1023), 1023);
	cr_assert_not(lt_own_fd_check());
}

/* The fallback takes what is free. */
Test(own_descriptor, fallback_number_is_taken, .init = start_high)
{
	cr_assert_eq(dup2(0, 1023), 1023);
	cr_assert_eq(lt_own_fd_adopt(), 0);
	expect_at(1024);
}

/* The launcher's, at a number that no call can take, stays where it is; else it is copied. */
Test(own_descriptor, borrowed)
{
	int old = lt_transport.fd;

	lt_transport.fd_borrowed = true;
	cr_assert_eq(lt_own_fd_adopt(), 0);
	cr_assert_eq(lt_own_fd, 500);
	cr_assert(is_ours(old), "it is for the programs that follow, too");
	cr_assert_not(lt_transport.fd_borrowed);
	lt_transport.fd_borrowed = true;
	cr_assert_eq(lt_own_fd_adopt(), 0);
	cr_assert_eq(lt_own_fd, 500);
	cr_assert(lt_transport.fd_borrowed);
}

/* Nothing may be asked or moved: it stays where it was opened. */
Test(own_descriptor, confined)
{
	int old = lt_transport.fd;

	lt_refused = LT_CALL_NUMBERS;
	cr_assert_eq(lt_own_fd_adopt(), 0);
	expect_at(old);
	set_limits(600, 4000);
	lt_own_fd_limits_changed();
	lt_own_fd_make_way();
	expect_at(old);
	cr_assert(lt_own_fd_check());
}

Test(own_descriptor, soft_limit_rises)
{
	cr_assert_eq(lt_own_fd_adopt(), 0);
	for (int limit = 600; limit <= 1000; limit += 100) {
		set_limits((rlim_t)limit, 4000);
		lt_own_fd_limits_changed();
		expect_at(limit);
		expect_limits((rlim_t)limit, 4000);
	}
	set_limits(300, 4000);
	lt_own_fd_limits_changed();
	expect_at(1000);
}

/* Beyond the hard limit that is about to fall, since no later call can. */
Test(own_descriptor, hard_limit_falls)
{
	cr_assert_eq(lt_own_fd_adopt(), 0);
	lt_own_fd_limits_changing(700, 700);
	expect_at(700);
	expect_limits(500, 4000);
	set_limits(700, 700);
	lt_own_fd_limits_changed();
	expect_at(700);
	/* Beyond what is asked for already; nonsense; and one that does not fall. */
	lt_own_fd_limits_changing(200, 200);
	lt_own_fd_limits_changing(701, 700);
	lt_own_fd_limits_changing(700, 700);
	expect_at(700);
}

/* dup2 onto ours: it moves where it can be taken, and only there. */
Test(own_descriptor, makes_way)
{
	cr_assert_eq(lt_own_fd_adopt(), 0);
	lt_own_fd_make_way();
	expect_at(500);
	/* Another process raised the limit, and nobody told us. */
	set_limits(800, 4000);
	lt_own_fd_make_way();
	expect_at(800);
	cr_assert_eq(dup2(0, 500), 500);
	expect_at(800);
}

/* An open that finds no number left asks; errno says so, and stays. */
Test(own_descriptor, gives_way)
{
	cr_assert_eq(lt_own_fd_adopt(), 0);
	errno = EMFILE;
	cr_assert_not(lt_own_fd_gave_way(), "ours takes none of the program's numbers");
	set_limits(900, 4000);
	errno = EBADF;
	cr_assert_not(lt_own_fd_gave_way());
	errno = EMFILE;
	cr_assert(lt_own_fd_gave_way());
	cr_assert_eq(errno, EMFILE);
	expect_at(900);
	cr_assert_not(lt_own_fd_gave_way());
}

Test(own_descriptor, number_taken)
{
	struct lt_message message = { { "m", "m" }, { 1, 0 } };

	cr_assert_eq(lt_own_fd_adopt(), 0);
	lt_own_fd_taken(499);
	expect_at(500);
	lt_own_fd_taken(500);
	cr_assert_eq(lt_own_fd, -1);
	cr_assert_eq(lt_emit_stderr(6, &message), -ESTALE);
}

/* In a child with our memory nothing moves; the mark tells the files apart from then on. */
Test(own_descriptor, child_with_our_memory)
{
	pid_t child;
	int status;

	cr_assert_eq(lt_own_fd_adopt(), 0);
	set_limits(800, 4000);
	child = vfork();
	if (!child) {
		lt_own_fd_limits_changed();
		lt_own_fd_lost();
		lt_own_fd_make_way();
		_exit(lt_own_fd_give_way());
	}
	cr_assert_eq(waitpid(child, &status, 0), child);
	cr_assert_eq(status, 0);
	cr_assert(lt_own_fd_checked);
	cr_assert(lt_own_fd_check());
	expect_at(500);
}

/* A child of fork is a process of its own: its descriptor moves, the parent's doesn't. */
Test(own_descriptor, child_of_fork)
{
	pid_t child;
	int status;

	cr_assert_eq(lt_own_fd_adopt(), 0);
	child = fork();
	if (!child) {
		set_limits(800, 4000);
		lt_own_fd_limits_changed();
		_exit(lt_own_fd != 800 || !is_ours(800) || is_ours(500));
	}
	cr_assert_eq(waitpid(child, &status, 0), child);
	cr_assert_eq(status, 0);
	expect_at(500);
}

/* Every number of the program's is in use, and the limit can't be raised. */
Test(own_descriptor, no_number_is_left)
{
	int status;
	pid_t child = fork();

	if (!child) {
		set_limits(40, 40);
		cr_assert(geteuid() != 0 || setresuid(65534, 65534, 65534) == 0);
		while (dup(0) >= 0)
			;
		/* Without the right to raise it there is none to copy to. */
		_exit(lt_own_fd_adopt() == 0 || lt_transport.fd != -1 || lt_own_fd != -1);
	}
	cr_assert_eq(waitpid(child, &status, 0), child);
	cr_assert_eq(status, 0);
}

/* Beyond: the two descriptors that can be kept there, side by side. */
Test(own_descriptor, copies_beyond)
{
	int fd = open("/dev/null", O_RDONLY);

	cr_assert_eq(lt_own_fd_copy_beyond(fd, 0), 500);
	cr_assert_eq(lt_own_fd_copy_beyond(fd, 1), 501);
	cr_assert_lt(lt_own_fd_copy_beyond(fd, 0), 0, "it is taken");
	cr_assert_lt(lt_own_fd_copy_beyond(fd, 17000), 0);
	cr_assert_lt(lt_own_fd_copy_beyond(499, 7), 0, "not open");
	expect_limits(500, 4000);
}

Test(own_descriptor, pretends_to_be_closed_once)
{
	cr_assert_not(lt_own_fd_pretend_close());
	lt_own_fd_listed = true;
	cr_assert(lt_own_fd_pretend_close());
	cr_assert_not(lt_own_fd_pretend_close());
}

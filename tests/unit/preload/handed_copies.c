/* SPDX-License-Identifier: MIT */
/*
 * Copies and log sockets as they are handed from a process to the next: which numbers there are,
 * what a child of vfork adds to them, and what is believed of them.
 */
#include "stderr_copies.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "layers.h"
#include "own_calls.h"
#include "vfork_copies.h"

/* Number 2 is a file of the test's. */
static void start(void)
{
	const struct rlimit limit = { 20000, 20000 };
	int fd = memfd_create("stderr", 0);

	layers_begin();
	setrlimit(RLIMIT_NOFILE, &limit);
	cr_assert_eq(dup2(fd, 2), 2);
	close(fd);
}

TestSuite(handed_copies, .init = start);

static int copy_to(int fd, int copy)
{
	cr_assert_eq(dup2(fd, copy), copy);
	lt_copies_copied(fd, copy);
	return copy;
}

static int connected(int number, enum lt_copy_kind kind)
{
	int both[2];

	cr_assert_eq(socketpair(AF_UNIX, SOCK_DGRAM, 0, both), 0);
	cr_assert_eq(dup2(both[0], number), number);
	lt_copies_connected(number, kind);
	return number;
}

/* All that lt_copies_next finds, in order; none other. */
static void expect_numbers(const int *numbers, size_t count)
{
	int fd = lt_copies_next(0);

	for (size_t i = 0; i < count; i++, fd = lt_copies_next(fd + 1))
		cr_assert_eq(fd, numbers[i], "%d, not %d", fd, numbers[i]);
	cr_assert_eq(fd, -1, "%d", fd);
}

Test(handed_copies, numbers)
{
	static const int numbers[] = { 0, 1, 40, 1023, 1024, 5000, 5039, 19999 };

	expect_numbers(NULL, 0);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		copy_to(2, numbers[i]);
	expect_numbers(numbers, sizeof(numbers) / sizeof(*numbers));
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		cr_assert_neq(lt_copies_word(numbers[i]), 0);
	cr_assert_neq(lt_copies_word(2), 0);
	cr_assert_eq(lt_copies_word(41), 0);
	cr_assert_eq(lt_copies_word(-1), 0);
	lt_copies_closed(3, 5000);
	expect_numbers((int[]){ 0, 1, 5039, 19999 }, 4);
}

Test(handed_copies, kinds)
{
	const enum lt_copy_kind kinds[] = { LT_COPY_SYSLOG, LT_COPY_JOURNAL, LT_COPY_STREAM };

	for (int i = 0; i < 3; i++) {
		int fd = connected(1020 + 5 * i, kinds[i]), copy = copy_to(fd, 3000 + i);

		lt_word = LT_WORD_STDERR;
		cr_assert_not(lt_copies_is_captured(fd), "nobody listens to syslog");
		lt_word = LT_WORD_SYSLOG;
		cr_assert(lt_copies_is_captured(fd) && lt_copies_is_captured(copy));
		cr_assert_not(lt_copies_is_stderr(fd) || lt_copies_is_stderr(copy));
		cr_assert_eq(lt_copies_kind(fd), kinds[i]);
		cr_assert_eq(lt_copies_kind(copy), kinds[i]);
		/* Another file behind the number, unseen. */
		cr_assert_eq(dup2(2, fd), fd);
		cr_assert_not(lt_copies_is_captured(fd));
		cr_assert_eq(lt_copies_kind(copy), kinds[i]);
		lt_settings.passthrough = false;
		cr_assert_not(lt_copies_swallow(copy));
	}
	lt_word = LT_WORD_STDERR;
	cr_assert(lt_copies_is_captured(2));
	lt_word = LT_WORD_SYSLOG;
	cr_assert_not(lt_copies_is_captured(2));
}

Test(handed_copies, what_is_believed)
{
	uint64_t word = lt_copies_word(2);

	dup2(2, 1);
	dup2(2, 6000);
	lt_copies_inherited(1, word);
	lt_copies_inherited(6000, 0);
	cr_assert(lt_copies_is_stderr(1));
	cr_assert(lt_copies_is_stderr(6000), "without a file, number 2's");
	lt_copies_inherited(7, word);
	cr_assert_not(lt_copies_is_stderr(7), "nothing is open there");
	dup2(memfd_create("other", 0), 8);
	lt_copies_inherited(8, word);
	lt_copies_inherited(9, 0);
	cr_assert_not(lt_copies_is_stderr(8), "another file");
	cr_assert_not(lt_copies_is_stderr(9));
	lt_copies_inherited(2, word | LT_COPY_OF_KIND(LT_COPY_SYSLOG));
	cr_assert(lt_copies_is_sure(2));
	lt_copies_replaced(2);
	lt_copies_inherited(10, 0);
	cr_assert_eq(lt_copies_next(9), 6000, "there is no stderr to be a copy of");
}

static int in_child(void *unused)
{
	(void)unused;
	copy_to(2, 1);
	copy_to(1, 7000);
	copy_to(50, 51);
	cr_assert_neq(lt_copies_word(1), 0);
	cr_assert_neq(lt_copies_word(7000), 0);
	cr_assert_neq(lt_copies_word(51), 0, "a copy of one of the parent's");
	/* What it opens itself is nothing. */
	copy_to(memfd_create("other", 0), 7000);
	dup2(memfd_create("another", 0), 50);
	cr_assert_eq(lt_copies_word(7000), 0);
	cr_assert_eq(lt_copies_word(50), 0);
	expect_numbers((int[]){ 1, 50, 51, 7000 }, 4);
	return 0;
}

/* It shares the memory, and has descriptors of its own. */
Test(handed_copies, in_a_child_of_vfork)
{
	static char stack[65536] __attribute__((aligned(16)));
	int status;
	pid_t pid;

	copy_to(2, 50);
	pid = clone(in_child, stack + sizeof(stack), CLONE_VM | CLONE_VFORK | SIGCHLD, NULL);
	cr_assert_gt(pid, 0);
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_assert_eq(status, 0);
	expect_numbers((int[]){ 50 }, 1);
	cr_assert_eq(lt_copies_word(1), 0);
	cr_assert(lt_copies_is_stderr(50));
}

/* More children than there are places, and more numbers than each has. */
Test(handed_copies, many_children)
{
	uint64_t word;

	for (pid_t pid = 1; pid < 40; pid++)
		for (int fd = 0; fd < 20; fd++)
			lt_vfork_copies_set(pid, fd, (uint64_t)pid * 8);
	for (int fd = 0; fd < 16; fd++) {
		cr_assert(lt_vfork_copies_get(39, fd, &word));
		cr_assert_eq(word, 39 * 8);
	}
	cr_assert_not(lt_vfork_copies_get(39, 17, &word));
	cr_assert_not(lt_vfork_copies_get(1, 1, &word), "it gave way");
	cr_assert_eq(lt_vfork_copies_next(39, 15), 15);
	cr_assert_eq(lt_vfork_copies_next(39, 16), -1);
}

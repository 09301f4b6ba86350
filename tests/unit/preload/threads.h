/* SPDX-License-Identifier: MIT */
/*
 * Criterion for the tests with several threads; under ThreadSanitizer, whose memory is where
 * Criterion wants its own, the little of it that they use. Each test is a process that begins with
 * layers_start.
 */
#ifndef TESTS_PRELOAD_THREADS_H
#define TESTS_PRELOAD_THREADS_H

#ifndef __SANITIZE_THREAD__
#	include <criterion/criterion.h>
#else
#	include <stdio.h>
#	include <stdlib.h>
#	include <string.h>
#	include <sys/wait.h>
#	include <unistd.h>

#	include "layers.h"

#	define cr_assert(condition, ...)                                                          \
		((condition) ? (void)0 : test_failed(__FILE__, __LINE__, #condition))
#	define cr_assert_not(condition, ...) cr_assert(!(condition))
#	define cr_assert_eq(a, b, ...)	      cr_assert((a) == (b))
#	define cr_assert_gt(a, b, ...)	      cr_assert((a) > (b))
#	define cr_assert_lt(a, b, ...)	      cr_assert((a) < (b))
#	define cr_assert_leq(a, b, ...)      cr_assert((a) <= (b))
#	define cr_assert_str_eq(a, b, ...)   cr_assert(!strcmp((a), (b)))
#	define cr_assert_fail(...)	      test_failed(__FILE__, __LINE__, "reached")

static void test_failed(const char *file, int line, const char *condition)
{
	fprintf(stderr, "%s:%d: %s\n", file, line, condition);
	_exit(1);
}

static struct test {
	const char *name;
	void (*function)(void);
} tests[8];
static int test_count;

#	define TestSuite(...) _Static_assert(1, "")
#	define Test(suite, name_)                                                                 \
		static void run_##name_(void);                                                     \
		static __attribute__((constructor)) void add_##name_(void)                         \
		{                                                                                  \
			tests[test_count++] = (struct test){ #name_, run_##name_ };                \
		}                                                                                  \
		static void run_##name_(void)

int main(void)
{
	int failed = 0;

	for (int i = 0; i < test_count; i++) {
		int status;
		pid_t child;

		fflush(stdout);
		child = fork();

		if (!child) {
			layers_start();
			tests[i].function();
			exit(0);
		}
		failed += waitpid(child, &status, 0) != child || status != 0;
		printf("%s: %s\n", tests[i].name, status ? "FAILED" : "passed");
	}
	return failed || !test_count;
}
#endif
#endif

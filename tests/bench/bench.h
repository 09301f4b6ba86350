/* SPDX-License-Identifier: MIT */
/*
 * What the benchmark programs share: options, the clocks and how a sample is printed. One line per
 * sample, "NAME<tab>NANOSECONDS PER OPERATION"; bench.py reads them, takes medians and compares.
 *
 * What one thread does is measured by its processor time, user and kernel, which other load on the
 * machine disturbs least; what several do at once, by the clock on the wall.
 */
#ifndef LOGTAP_BENCH_H
#define LOGTAP_BENCH_H

#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* `--NAME` sets the flag, `--NAME VALUE` the number or the text: one of the three. */
struct bench_option {
	const char *name;
	unsigned long *number;
	const char **text;
	bool *flag;
};

/* The table ends with a row without a name. False for a command line that isn't made of them;
 * operands are moved behind the options, to argv[optind]. */
static inline bool bench_options(int argc, char **argv, const struct bench_option *options)
{
	struct option longs[8] = { { 0 } };
	int found;

	for (int i = 0; options[i].name; i++) {
		longs[i].name = options[i].name;
		longs[i].has_arg = options[i].flag ? no_argument : required_argument;
		longs[i].val = i + 1;
	}
	while ((found = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		const struct bench_option *option = &options[found - 1];

		if (found == '?')
			return false;
		if (option->flag)
			*option->flag = true;
		else if (option->number)
			*option->number = strtoul(optarg, NULL, 10);
		else
			*option->text = optarg;
	}
	return true;
}

static inline uint64_t bench_clock(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static inline uint64_t bench_now(void)
{
	return bench_clock(CLOCK_THREAD_CPUTIME_ID);
}

static inline uint64_t bench_wall(void)
{
	return bench_clock(CLOCK_MONOTONIC);
}

static inline void bench_sample(const char *name, uint64_t nanoseconds, unsigned long operations)
{
	printf("%s\t%.3f\n", name, (double)nanoseconds / (double)operations);
}

#endif

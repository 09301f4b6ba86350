/* SPDX-License-Identifier: MIT */
/*
 * Lines of several threads at once, of handlers that interrupt them anywhere, and of threads whose
 * last line another one sends. Built once more with ThreadSanitizer.
 */
#include "lines.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "emit_internal.h"
#include "layers.h"
#include "threads.h"

/* More than there are buffers for events, slots for copies and places in a cache. */
#define THREADS 20
#define LINES	150

static void put(uint64_t *random, const char *bytes, size_t size)
{
	struct iovec piece = { (char *)bytes, size };
	struct lt_copy copy;
	struct lt_short_line line;
	size_t length;

	if (!size)
		return;
	switch (layers_random(random) % 3) {
	case 0:
		lt_lines_take(2, bytes, size);
		return;
	case 1:
		if (size > LT_SHORT_LINE)
			break;
		length = lt_lines_copy_short(&line, bytes, size);
		lt_lines_take_short(2, &line, length, (ssize_t)size);
		return;
	}
	lt_copy_before(&copy, &piece, 1);
	lt_lines_take_copy(2, &copy, &piece, 1, size);
	lt_copy_release(&copy);
}

/* "t 7 n 12 ": then as many more bytes as the two numbers make, 0 to about 1000. */
static size_t make_line(char *line, unsigned thread, unsigned number)
{
	size_t size = (size_t)sprintf(line, "t %u n %u ", thread, number);
	size_t more = number % 10 ? number * 7 % 90 : 300 + number * 13 % 700;

	memset(line + size, 'a' + (int)(number % 26), more);
	return size + more;
}

static void *write_lines(void *argument)
{
	unsigned thread = (unsigned)(uintptr_t)argument;
	uint64_t random = thread + 1;
	char line[1200];

	for (unsigned number = 0; number < LINES; number++) {
		size_t size = make_line(line, thread, number), cut;

		/* The last one has no newline: the thread's end sends it. */
		if (number != LINES - 1)
			line[size++] = '\n';
		cut = layers_random(&random) % (2 * size);
		cut = cut > size ? size : cut;
		put(&random, line, cut);
		put(&random, line + cut, size - cut);
	}
	return NULL;
}

static void run(void *(*function)(void *), unsigned count, pthread_t *threads)
{
	for (unsigned i = 0; i < count; i++)
		cr_assert_eq(pthread_create(&threads[i], NULL, function, (void *)(uintptr_t)i), 0);
}

/*
 * Joins the events that make one line, wherever they stand among those of other threads. The text
 * is given back; the event's `message` of all of them is NULL afterwards.
 */
static char *join(struct seen_list *seen, size_t first)
{
	struct seen *event = &seen->events[first];
	char *text = calloc(1, 5000);
	uint32_t part = 0;

	for (size_t i = first; i < seen->count; i++) {
		struct seen *other = &seen->events[i];

		if (i != first && (!event->is_part || !other->is_part || !other->message ||
				   other->message_id != event->message_id))
			continue;
		if (other->is_part)
			cr_assert_eq(other->part, part++);
		strcat(text, other->message);
		other->message = NULL;
		if (!other->is_part || other->last)
			return text;
	}
	cr_assert_fail("a last part is missing: %s", text);
	return text;
}

static void expect_all(unsigned threads, unsigned lines)
{
	static unsigned next[THREADS];
	struct seen_list seen = layers_events();
	char line[1200];

	memset(next, 0, sizeof(next));
	for (size_t i = 0; i < seen.count; i++) {
		unsigned thread, number;
		char *text;

		if (!seen.events[i].message)
			continue;
		text = join(&seen, i);
		cr_assert_eq(sscanf(text, "t %u n %u", &thread, &number), 2, "'%s'", text);
		cr_assert_lt(thread, threads);
		cr_assert_eq(number, next[thread]++, "thread %u", thread);
		line[make_line(line, thread, number)] = '\0';
		cr_assert_str_eq(text, line);
		free(text);
	}
	for (unsigned i = 0; i < threads; i++)
		cr_assert_eq(next[i], lines, "thread %u", i);
}

TestSuite(lines_threads, .init = layers_start);

Test(lines_threads, several)
{
	pthread_t threads[THREADS];

	run(write_lines, THREADS, threads);
	for (unsigned i = 0; i < THREADS; i++)
		cr_assert_eq(pthread_join(threads[i], NULL), 0);
	expect_all(THREADS, LINES);
	cr_assert_eq(layers_count("captured"), (uint64_t)THREADS * LINES);
	cr_assert_eq(layers_count("sent"), (uint64_t)THREADS * LINES);
}

static pthread_barrier_t begun, ended;

static void *leave_line_open(void *argument)
{
	char line[64];
	int size = sprintf(line, "of %u", (unsigned)(uintptr_t)argument);

	lt_lines_take(2, line, (size_t)size);
	pthread_barrier_wait(&begun);
	pthread_barrier_wait(&ended);
	lt_lines_take(2, "; lost\nkept\n", 12);
	return NULL;
}

/* The process ends: the others' lines are sent, once. What they add to them then is not shown. */
Test(lines_threads, flush_others)
{
	pthread_t threads[8];
	struct seen_list seen;
	unsigned of = 0, kept = 0;

	pthread_barrier_init(&begun, NULL, 9);
	pthread_barrier_init(&ended, NULL, 9);
	run(leave_line_open, 8, threads);
	pthread_barrier_wait(&begun);
	lt_lines_flush_others();
	lt_lines_flush_others();
	pthread_barrier_wait(&ended);
	for (int i = 0; i < 8; i++)
		pthread_join(threads[i], NULL);
	seen = layers_events();
	for (size_t i = 0; i < seen.count; i++) {
		unsigned thread;

		if (sscanf(seen.events[i].message, "of %u", &thread) == 1 &&
		    strlen(seen.events[i].message) == 4)
			of |= 1u << thread;
		else
			kept += !strcmp(seen.events[i].message, "kept");
	}
	cr_assert_eq(seen.count, 16);
	cr_assert_eq(of, 0xff);
	cr_assert_eq(kept, 8);
}

static bool stop;

static void *write_until_stopped(void *argument)
{
	unsigned thread = (unsigned)(uintptr_t)argument;
	uint64_t random = thread + 1;

	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		put(&random, "half", 4);
		if (layers_random(&random) % 4 == 0)
			usleep(100);
		put(&random, " and half\n", 10);
	}
	return NULL;
}

/* The same while the others are at it: each of their lines is whole, or ends where it was taken. */
Test(lines_threads, flush_others_meanwhile)
{
	pthread_t threads[8];
	struct seen_list seen;
	unsigned halves = 0;

	run(write_until_stopped, 8, threads);
	usleep(20000);
	lt_lines_flush_others();
	usleep(20000);
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	for (int i = 0; i < 8; i++)
		pthread_join(threads[i], NULL);
	seen = layers_events();
	cr_assert_gt(seen.count, 16);
	for (size_t i = 0; i < seen.count; i++) {
		if (!strcmp(seen.events[i].message, "half"))
			halves++;
		else
			cr_assert_str_eq(seen.events[i].message, "half and half");
	}
	cr_assert_leq(halves, 8);
}

static unsigned interruptions;

static void write_in_handler(int signal)
{
	char line[128];
	size_t size = make_line(line, 1, interruptions++ % 9 + 1);

	(void)signal;
	line[size++] = '\n';
	lt_lines_take(2, line, size);
}

/* Handlers at any instruction: their whole lines and the thread's whole lines, none mixed. */
Test(lines_threads, handlers_anywhere)
{
	struct itimerval often = { { 0, 300 }, { 0, 300 } }, never = { { 0, 0 }, { 0, 0 } };
	struct seen_list seen;
	uint64_t random = 1;
	char line[1200], text[1200];
	unsigned thread, number, next = 0, inner = 0;

	signal(SIGALRM, write_in_handler);
	setitimer(ITIMER_REAL, &often, NULL);
	for (unsigned i = 0; i < 8000; i++) {
		size_t size = make_line(line, 0, i % 9 + 1);

		line[size++] = '\n';
		put(&random, line, size);
	}
	setitimer(ITIMER_REAL, &never, NULL);
	seen = layers_events();
	for (size_t i = 0; i < seen.count; i++) {
		cr_assert_eq(sscanf(seen.events[i].message, "t %u n %u", &thread, &number), 2);
		text[make_line(text, thread, number)] = '\0';
		cr_assert_str_eq(seen.events[i].message, text);
		if (thread == 0)
			cr_assert_eq(number, next++ % 9 + 1);
		else
			inner++;
	}
	cr_assert_eq(next, 8000);
	cr_assert_eq(inner, interruptions);
	cr_assert_gt(interruptions, 5);
}

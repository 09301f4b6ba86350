/* SPDX-License-Identifier: MIT */
/*
 * Threads and signals that log: `threads SCENARIO`. Every line says who wrote it and its number, so
 * that a reader can tell mixed, lost and repeated ones apart.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>

#define THREADS 64
#define LINES	200

static void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* One write per line: what the kernel keeps in one piece the shim must keep in one piece too. */
static void say(const char *format, ...)
{
	char text[256];
	va_list ap;
	int length;

	va_start(ap, format);
	length = vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	if (write(2, text, (size_t)length) != length)
		_exit(90);
}

static void *lines_by_write(void *number)
{
	for (int i = 0; i < LINES; i++)
		say("thread %ld line %d of %d\n", (long)number, i, LINES);
	return NULL;
}

/* A line in three pieces, with others writing in between: the pipe mixes them, the shim may not. */
static void *lines_in_pieces(void *number)
{
	for (int i = 0; i < LINES; i++) {
		say("<%ld", (long)number);
		say(":%d:", i);
		say("%ld>\n", (long)number);
	}
	return NULL;
}

static void *lines_by_stdio(void *number)
{
	for (int i = 0; i < LINES; i++)
		fprintf(stderr, "thread %ld line %d by stdio\n", (long)number, i);
	return NULL;
}

static void *tail_without_newline(void *number)
{
	say("thread %ld ends in the middle", (long)number);
	return NULL;
}

static void run_threads(void *(*work)(void *), int count, size_t stack)
{
	pthread_t threads[THREADS];
	pthread_attr_t attributes;

	pthread_attr_init(&attributes);
	if (stack)
		pthread_attr_setstacksize(&attributes, stack);
	for (long i = 0; i < count; i++)
		if (pthread_create(&threads[i], &attributes, work, (void *)i))
			exit(91);
	for (int i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
}

static void many(void)
{
	run_threads(lines_by_write, THREADS, 0);
}

static void pieces(void)
{
	run_threads(lines_in_pieces, 16, 0);
}

static void stdio(void)
{
	run_threads(lines_by_stdio, THREADS, 0);
}

static void tiny_stacks(void)
{
	run_threads(lines_by_write, 16, PTHREAD_STACK_MIN);
}

static void tails(void)
{
	for (int i = 0; i < 8; i++)
		run_threads(tail_without_newline, 1, 0);
}

/* --- signals ---------------------------------------------------------------------------------- */

static volatile sig_atomic_t signals;

static void on_signal(int signal)
{
	(void)signal;
	if (signals < 2000) {
		static const char text[] = "in the handler\n";

		signals = signals + 1;
		if (write(2, text, sizeof(text) - 1) != sizeof(text) - 1)
			_exit(92);
	}
}

static void start_storm(int flags)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART | flags };
	struct itimerval often = { { 0, 100 }, { 0, 100 } };

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
}

static void end_storm(void)
{
	struct itimerval never = { { 0, 0 }, { 0, 0 } };

	setitimer(ITIMER_REAL, &never, NULL);
}

static void storm(void)
{
	start_storm(0);
	for (int i = 0; signals < 2000; i++)
		say("main line %d\n", i % 1000);
	end_storm();
}

/* The handler's stack lies above what it interrupts, where a caller of that would be. */
static void storm_above(void)
{
	char memory[65536];
	stack_t stack = { .ss_sp = memory, .ss_size = sizeof(memory) };

	sigaltstack(&stack, NULL);
	start_storm(SA_ONSTACK);
	while (signals < 2000)
		say("a line that is put together while the handler may come\n");
	end_storm();
	stack.ss_flags = SS_DISABLE;
	sigaltstack(&stack, NULL);
}

static void on_signal_with_alternate_stack(int signal)
{
	(void)signal;
	say("on the alternate stack\n");
}

static void alternate_stack(void)
{
	static char memory[8192];
	stack_t stack = { .ss_sp = memory, .ss_size = sizeof(memory) };
	struct sigaction action = { .sa_handler = on_signal_with_alternate_stack,
				    .sa_flags = SA_ONSTACK };

	sigaltstack(&stack, NULL);
	sigaction(SIGUSR1, &action, NULL);
	for (int i = 0; i < 20; i++) {
		say("before ");
		raise(SIGUSR1);
		say("after\n");
	}
}

/* --- cancellation ----------------------------------------------------------------------------- */

static int unread[2];
static volatile int reached;

static void cleaned(void *text)
{
	say("%s\n", (const char *)text);
}

static void *write_until_cancelled(void *nothing)
{
	pthread_cleanup_push(cleaned, "cleanup handler ran");
	(void)nothing;
	dup2(unread[1], 77);
	reached = 1;
	/* Nobody reads: this blocks once the pipe is full, and must stay a cancellation point. */
	for (;;)
		if (write(77, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n", 32) < 0)
			break;
	pthread_cleanup_pop(0);
	return NULL;
}

static void cancel(void)
{
	pthread_t thread;
	void *result;

	/* Descriptor 2 itself must not be full: the other one is what blocks. */
	if (pipe(unread))
		exit(93);
	pthread_create(&thread, NULL, write_until_cancelled, NULL);
	while (!reached)
		usleep(1000);
	usleep(20000);
	pthread_cancel(thread);
	pthread_join(thread, &result);
	say("%s\n", result == PTHREAD_CANCELED ? "cancelled" : "not cancelled");
}

/* The same with a write to stderr itself that blocks: it ends unfinished, and nothing hangs. */
static void cancel_stderr(void)
{
	int real = dup(2);
	pthread_t thread;
	void *result;

	if (pipe(unread))
		exit(93);
	dup2(unread[1], 2);
	pthread_create(&thread, NULL, write_until_cancelled, NULL);
	while (!reached)
		usleep(1000);
	dup2(2, 77);
	usleep(20000);
	/* Before the cancellation: its handler writes to 2, and nobody empties the pipe. */
	dup2(real, 2);
	pthread_cancel(thread);
	pthread_join(thread, &result);
	say("%s\n", result == PTHREAD_CANCELED ? "cancelled" : "not cancelled");
}

static void *cancel_points(void *nothing)
{
	(void)nothing;
	pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, NULL);
	pthread_cancel(pthread_self());
	/* write is a cancellation point: nothing may be written by this thread. */
	say("must not be seen\n");
	return NULL;
}

static void cancel_pending(void)
{
	pthread_t thread;
	void *result;

	pthread_create(&thread, NULL, cancel_points, NULL);
	pthread_join(thread, &result);
	say("%s\n", result == PTHREAD_CANCELED ? "cancelled at write" : "not cancelled");
}

/* --- fork while others log -------------------------------------------------------------------- */

static volatile int stop;

static void *log_until_stopped(void *number)
{
	for (int i = 0; !stop; i++)
		say("thread %ld goes on, line %d\n", (long)number, i);
	return NULL;
}

static void fork_among_threads(void)
{
	pthread_t threads[4];

	for (long i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, log_until_stopped, (void *)i);
	for (int i = 0; i < 50; i++) {
		pid_t child = fork();

		if (child == 0) {
			say("child %d\n", i);
			syslog(LOG_DEBUG, "child %d", i);
			_exit(0);
		}
		waitpid(child, NULL, 0);
	}
	stop = 1;
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
}

/* --- the ends of a process -------------------------------------------------------------------- */

static void at_the_end(void)
{
	say("atexit handler\n");
	fputs("atexit by stdio", stderr);
}

__attribute__((destructor)) static void destructor(void)
{
	if (getenv("SAY_IN_DESTRUCTOR"))
		say("\ndestructor, without a newline");
}

static void ends(void)
{
	setenv("SAY_IN_DESTRUCTOR", "1", 1);
	atexit(at_the_end);
	fputs("main\n", stderr);
}

static void *exit_from_thread(void *nothing)
{
	(void)nothing;
	say("exit from a thread");
	exit(5);
}

static void thread_exits_process(void)
{
	run_threads(exit_from_thread, 1, 0);
}

static void main_thread_first(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, lines_by_write, NULL);
	say("the main thread ends first");
	pthread_exit(NULL);
}

static const struct {
	const char *name;
	void (*go)(void);
} scenarios[] = {
	{ "many", many },
	{ "pieces", pieces },
	{ "stdio", stdio },
	{ "tiny-stacks", tiny_stacks },
	{ "tails", tails },
	{ "storm", storm },
	{ "storm-above", storm_above },
	{ "alternate-stack", alternate_stack },
	{ "cancel", cancel },
	{ "cancel-stderr", cancel_stderr },
	{ "cancel-pending", cancel_pending },
	{ "fork-among-threads", fork_among_threads },
	{ "ends", ends },
	{ "thread-exits-process", thread_exits_process },
	{ "main-thread-first", main_thread_first },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc == 2 && i < sizeof(scenarios) / sizeof(scenarios[0]); i++) {
		if (strcmp(scenarios[i].name, argv[1]) == 0) {
			scenarios[i].go();
			return 0;
		}
	}
	return 2;
}

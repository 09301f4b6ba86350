/* SPDX-License-Identifier: MIT */
/*
 * Lines whose assembly is disturbed: `assembly SCENARIO [HOW...]`. By handlers on every kind of
 * stack, by jumps out of a call, by partial results, by threads that write while the process ends.
 * Each line says who wrote it and its number, so that assembly.py can tell torn and repeated ones.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SS_AUTODISARM
#	define SS_AUTODISARM (1U << 31)
#endif

static char **arguments;

static void must(int good)
{
	if (!good) {
		static const char text[] = "assembly: failed\n";

		syscall(SYS_write, 1, text, sizeof(text) - 1);
		_exit(99);
	}
}

/* "<who> <number> aaaa...\n"; async-signal-safe. The size. */
static size_t make_line(char *out, char who, unsigned number, unsigned filling)
{
	char digits[16];
	size_t at = 0;
	int count = 0;

	out[at++] = who;
	out[at++] = ' ';
	do
		digits[count++] = (char)('0' + number % 10);
	while (number /= 10);
	while (count)
		out[at++] = digits[--count];
	out[at++] = ' ';
	memset(out + at, 'a' + filling % 26, filling);
	at += filling;
	out[at++] = '\n';
	return at;
}

static void write_as(const char *how, const char *bytes, size_t size)
{
	struct iovec pieces[3] = { { (void *)bytes, size / 3 },
				   { (void *)(bytes + size / 3), size / 3 },
				   { (void *)(bytes + size / 3 * 2), size - size / 3 * 2 } };

	if (!strcmp(how, "writev"))
		must(writev(2, pieces, 3) == (ssize_t)size);
	else if (!strcmp(how, "syscall"))
		must(syscall(SYS_writev, 2, pieces, 3) == (ssize_t)size);
	else if (!strcmp(how, "stdio"))
		must(fwrite(bytes, 1, size, stderr) == size);
	else if (!strcmp(how, "pieces"))
		for (int i = 0; i < 3; i++)
			must(write(2, pieces[i].iov_base, pieces[i].iov_len) ==
			     (ssize_t)pieces[i].iov_len);
	else
		must(write(2, bytes, size) == (ssize_t)size);
}

/* --- handlers, on a stack that lies in different places: storm MAIN HANDLER STACK LONGEST --------
 */

static volatile unsigned handled;
static unsigned longest;

static void on_alarm(int number)
{
	char line[6100];
	int saved = errno;

	(void)number;
	write_as(
		arguments[1], line,
		make_line(line, 'H', handled, handled % 7 ? handled % 40 : handled * 37 % longest));
	handled++;
	errno = saved;
}

static void storm(void)
{
	static char far[65536];
	char near[65536], line[6100];
	const char *where = arguments[2];
	bool above = strstr(where, "above") != NULL;
	stack_t stack = { .ss_sp = above ? near : far, .ss_size = sizeof(far) };
	struct sigaction action = { .sa_handler = on_alarm, .sa_flags = SA_RESTART };
	struct itimerval often = { { 0, 150 }, { 0, 150 } }, never = { { 0, 0 }, { 0, 0 } };

	longest = (unsigned)atoi(arguments[3]);
	if (strstr(where, "disarm"))
		stack.ss_flags = (int)SS_AUTODISARM;
	if (strcmp(where, "same") != 0) {
		action.sa_flags |= SA_ONSTACK;
		must(!sigaltstack(&stack, NULL));
	}
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
	for (unsigned i = 0; handled < 300; i++)
		write_as(arguments[0], line,
			 make_line(line, 'M', i, i % 11 ? i % 60 : i * 31 % longest));
	setitimer(ITIMER_REAL, &never, NULL);
}

/* --- jumps: out of a write that blocks, and out of any instruction
 * -------------------------------- */

static sigjmp_buf place;
static volatile sig_atomic_t jumps_wanted;

static void jump(int number)
{
	(void)number;
	if (jumps_wanted)
		siglongjmp(place, 1);
}

/* A jump that stays within the handler, while a write is under way. */
static void jump_inside(int number)
{
	jmp_buf inner;

	(void)number;
	if (!setjmp(inner))
		longjmp(inner, 1);
}

static void lines_in_pieces(unsigned first)
{
	char line[700];

	for (unsigned i = first; i < first + 20; i++)
		write_as("pieces", line, make_line(line, 'M', i, 20 + i * 7 % 600));
}

/* What was read from the program's own stderr goes to stdout. */
static void copy_out(int from)
{
	static char bytes[4096];
	ssize_t count;

	while ((count = read(from, bytes, sizeof(bytes))) > 0)
		must(write(1, bytes, (size_t)count) == count);
}

static void out_of_write(void)
{
	struct sigaction action = { .sa_handler = jump };
	static char many[20000];
	int ends[2], real = dup(2);

	sigaction(SIGALRM, &action, NULL);
	must(!pipe(ends));
	fcntl(ends[1], F_SETFL, O_NONBLOCK);
	while (write(ends[1], many, 4096) > 0) /* not stderr yet */
		;
	while (write(ends[1], many, 1) > 0)
		;
	fcntl(ends[1], F_SETFL, 0);
	for (volatile unsigned i = 0; i < 60; i++) {
		struct itimerval soon = { { 0, 0 }, { 0, 1000 } };

		dup2(ends[1], 2);
		jumps_wanted = 1;
		if (!sigsetjmp(place, 1)) {
			setitimer(ITIMER_REAL, &soon, NULL);
			must(write(2, many, i % 3 ? 100 : i % 2 ? 3000 : sizeof(many)) < 0);
		}
		jumps_wanted = 0;
		dup2(real, 2);
		if (i % 10 == 0)
			lines_in_pieces(i * 20);
	}
}

static void out_of_anything(void)
{
	struct sigaction action = { .sa_handler = jump };
	struct itimerval often = { { 0, 130 }, { 0, 130 } }, never = { { 0, 0 }, { 0, 0 } };
	static char text[] = "x part of a line", line[900];

	sigaction(SIGALRM, &action, NULL);
	for (volatile unsigned i = 0; i < 3000; i++) {
		if (!sigsetjmp(place, 1)) {
			jumps_wanted = 1;
			setitimer(ITIMER_REAL, &often, NULL);
			for (unsigned k = 0;; k++) {
				must(write(2, text, k % 5 ? 3 : sizeof(text) - 1) > 0);
				if (k % 3 == 0)
					must(write(2, line, sizeof(line)) > 0);
			}
		}
		jumps_wanted = 0;
	}
	setitimer(ITIMER_REAL, &never, NULL);
	must(write(2, "\n", 1) == 1);
	lines_in_pieces(0);
}

/* More lines than there is room for in a frame: what they are put together in must not run out. */
static void long_lines(void)
{
	static char line[3000];

	must(write(2, "\n", 1) == 1);
	for (int i = 0; i < 20; i++) {
		memset(line, 'a' + i, sizeof(line));
		line[sizeof(line) - 1] = '\n';
		must(write(2, line, sizeof(line)) == sizeof(line));
	}
}

static void out_of_lines(void)
{
	struct sigaction action = { .sa_handler = jump };
	struct itimerval often = { { 0, 53 }, { 0, 53 } }, never = { { 0, 0 }, { 0, 0 } };
	static char line[700];

	memset(line, 'x', sizeof(line));
	line[sizeof(line) - 1] = '\n';
	sigaction(SIGALRM, &action, NULL);
	for (volatile unsigned i = 0; i < 3000; i++) {
		if (!sigsetjmp(place, 1)) {
			jumps_wanted = 1;
			setitimer(ITIMER_REAL, &often, NULL);
			for (;;) {
				must(write(2, line, sizeof(line) / 2) > 0);
				must(write(2, line + sizeof(line) / 2, sizeof(line) / 2) > 0);
			}
		}
		jumps_wanted = 0;
	}
	setitimer(ITIMER_REAL, &never, NULL);
	long_lines();
}

static void *write_for_ever(void *nothing)
{
	char line[700];

	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
	memset(line, 'x', sizeof(line));
	line[sizeof(line) - 1] = '\n';
	while (write(2, line, sizeof(line)) > 0)
		;
	return nothing;
}

/* Threads that are cancelled in whatever they are at. */
static void cancelled_anywhere(void)
{
	for (unsigned i = 0; i < 200; i++) {
		pthread_t thread;

		must(!pthread_create(&thread, NULL, write_for_ever, NULL));
		usleep(i * 7 % 300);
		must(!pthread_cancel(thread) && !pthread_join(thread, NULL));
	}
	long_lines();
}

static void *drain_slowly(void *from)
{
	usleep(20000);
	copy_out(*(int *)from);
	return NULL;
}

/* The handler jumps within itself while a long write is blocked: the write has lost its copy. */
static void inside_handler(void)
{
	struct sigaction action = { .sa_handler = jump_inside, .sa_flags = SA_RESTART };
	struct itimerval soon = { { 0, 1000 }, { 0, 1000 } }, never = { { 0, 0 }, { 0, 0 } };
	static char line[200000];
	pthread_t thread;
	sigset_t alarm;
	int ends[2];

	must(!pipe(ends));
	dup2(ends[1], 2);
	close(ends[1]);
	sigemptyset(&alarm);
	sigaddset(&alarm, SIGALRM);
	pthread_sigmask(SIG_BLOCK, &alarm, NULL);
	must(!pthread_create(&thread, NULL, drain_slowly, &ends[0]));
	pthread_sigmask(SIG_UNBLOCK, &alarm, NULL);
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &soon, NULL);
	for (size_t done = 0, size = make_line(line, 'M', 1, 150000); done < size;) {
		ssize_t written = write(2, line + done, size - done);

		must(written > 0 || errno == EINTR);
		done += written > 0 ? (size_t)written : 0;
	}
	setitimer(ITIMER_REAL, &never, NULL);
	lines_in_pieces(2);
	close(2);
	pthread_join(thread, NULL);
}

/* --- partial results, and text in characters of several bytes: model SEED KIND
 * -------------------- */

static uint32_t state;

static uint32_t next_random(void)
{
	state = state * 1664525 + 1013904223;
	return state >> 8;
}

/* Bytes of any kind, or whole characters of 1 to 4 bytes that writes may cut anywhere. */
static size_t make_text(char *out, size_t size, bool characters)
{
	static const char *const some[] = { "a", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80" };
	size_t at = 0;

	while (at < size) {
		const char *next = some[next_random() % 4];

		if (next_random() % 400 == 0)
			out[at++] = '\n';
		else if (!characters)
			out[at++] = (char)next_random();
		else {
			memcpy(out + at, next, strlen(next));
			at += strlen(next);
		}
	}
	return at;
}

static void model(void)
{
	static char text[200000];
	bool characters = !strcmp(arguments[1], "characters");
	int ends[2], small = 4096, child;

	state = (uint32_t)atoi(arguments[0]);
	must(!socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	setsockopt(ends[1], SOL_SOCKET, SO_SNDBUF, &small, sizeof(small));
	child = fork();
	if (!child) {
		close(ends[1]);
		close(2);
		copy_out(ends[0]);
		_exit(0);
	}
	dup2(ends[1], 2);
	close(ends[1]);
	fcntl(2, F_SETFL, O_NONBLOCK);
	for (unsigned round = 0; round < 60; round++) {
		size_t size = make_text(
			text, next_random() % 20 ? next_random() % 3000 : next_random() % 150000,
			characters);

		for (size_t done = 0; done < size;) {
			size_t most = next_random() % 6 ? next_random() % 700 + 1 : size;
			size_t left = size - done < most ? size - done : most;
			size_t cut = next_random() % (left + 1);
			struct iovec pieces[2] = { { text + done, cut },
						   { text + done + cut, left - cut } };
			ssize_t written = next_random() % 3 ? write(2, text + done, left)
							    : writev(2, pieces, 2);

			if (written > 0)
				done += (size_t)written;
			else
				usleep(100);
		}
	}
	while (write(2, "\n", 1) != 1)
		;
	close(2);
	close(ends[0]);
	waitpid(child, NULL, 0);
}

/* --- ends ---------------------------------------------------------------------------------------
 */

static void *write_pieces(void *who)
{
	char line[300];

	for (unsigned i = 0;; i++)
		write_as("pieces", line, make_line(line, (char)(intptr_t)who, i, 20 + i % 200));
	return NULL;
}

static void *end_it(void *how)
{
	usleep(3000);
	if (!strcmp(how, "exit"))
		exit(0);
	if (!strcmp(how, "quick_exit"))
		quick_exit(0);
	if (!strcmp(how, "_exit"))
		_exit(0);
	if (!strcmp(how, "syscall"))
		syscall(SYS_exit_group, 0);
	abort();
}

static void race(void)
{
	pthread_t thread;

	for (int i = 0; i < 3; i++)
		must(!pthread_create(&thread, NULL, write_pieces, (void *)(intptr_t)('A' + i)));
	if (!strcmp(arguments[1], "thread")) {
		must(!pthread_create(&thread, NULL, end_it, arguments[0]));
		pause();
	}
	end_it(arguments[0]);
}

static void last_words(void)
{
	char line[300];

	write_as("pieces", line, make_line(line, 'E', 0, 30));
	write_as("pieces", line, make_line(line, 'E', 1, 30));
	must(write(2, "E 2 a", 5) == 5);
	must(write(2, "aa", 2) == 2);
}

static void *other_thread(void *nothing)
{
	char line[300];

	(void)nothing;
	usleep(20000);
	write_as("pieces", line, make_line(line, 'T', 0, 30));
	return NULL;
}

/* main() is gone, and the last thread runs the handlers of exit(): itself, or another one. */
static void main_leaves(void)
{
	pthread_t thread;
	char line[300];

	atexit(last_words);
	if (!strcmp(arguments[0], "others"))
		must(!pthread_create(&thread, NULL, other_thread, NULL));
	write_as("pieces", line, make_line(line, 'M', 0, 30));
	pthread_exit(NULL);
}

/* --- long messages of processes that look alike: alike HOW ---------------------------------------
 */

static int write_long(void *who)
{
	static char line[41000];
	size_t size;

	for (unsigned i = 0; i < 10; i++) {
		size = make_line(line, (char)(intptr_t)who, i, 40000);
		/* In steps, so that the parts of one come between those of the others. */
		for (size_t done = 0; done < size; done += 1000) {
			size_t step = size - done < 1000 ? size - done : 1000;

			must(write(2, line + done, step) == (ssize_t)step);
			sched_yield();
		}
	}
	return 0;
}

static void alike(void)
{
	static char stacks[4][65536] __attribute__((aligned(16)));
	const char *how = arguments[0];
	int child, status;

	if (!strcmp(how, "namespaces")) {
		for (int i = 0; i < 3; i++) {
			child = clone(write_long, stacks[i] + sizeof(stacks[i]),
				      CLONE_NEWUSER | CLONE_NEWPID | SIGCHLD,
				      (void *)(intptr_t)('A' + i));
			if (child < 0)
				_exit(77);
		}
	} else {
		for (int i = 0; i < 3; i++) {
			child = !strcmp(how, "fork") ? fork() : (int)syscall(SYS_fork);
			if (!child) {
				write_long((void *)(intptr_t)('A' + i));
				_exit(0);
			}
		}
		write_long((void *)(intptr_t)'M');
	}
	while (wait(&status) > 0)
		must(status == 0);
}

static const struct {
	const char *name;
	void (*run)(void);
} scenarios[] = {
	{ "storm", storm },
	{ "out-of-write", out_of_write },
	{ "model", model },
	{ "out-of-anything", out_of_anything },
	{ "out-of-lines", out_of_lines },
	{ "cancelled-anywhere", cancelled_anywhere },
	{ "race", race },
	{ "inside-handler", inside_handler },
	{ "main-leaves", main_leaves },
	{ "alike", alike },
};

int main(int argc, char **argv)
{
	arguments = argv + 2;
	for (size_t i = 0; argc > 1 && i < sizeof(scenarios) / sizeof(*scenarios); i++) {
		if (!strcmp(argv[1], scenarios[i].name)) {
			scenarios[i].run();
			return 0;
		}
	}
	return 98;
}

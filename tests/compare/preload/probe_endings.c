/* SPDX-License-Identifier: MIT */
/* Every end of a process or thread that lets us run, with a line unfinished; and lines of any size.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <syslog.h>
#include <ucontext.h>
#include <unistd.h>

#include "probe.h"

static void end_return(void)
{
	put("tail");
}

static void end_exit(void)
{
	put("tail");
	exit(3);
}

static void end_exit_now(void)
{
	put("tail");
	_exit(4);
}

static void end_Exit(void)
{
	put("tail");
	_Exit(5);
}

static void end_quick(void)
{
	put("tail");
	quick_exit(6);
}

static void end_abort(void)
{
	put("tail");
	abort();
}

static void end_syscall(void)
{
	put("tail");
	syscall(SYS_exit_group, 7);
}

static void late_handler(void)
{
	put(" and more");
}

static __attribute__((destructor)) void late_destructor(void)
{
	if (getenv("PROBE_LATE"))
		put(" and a destructor");
}

static void end_handlers(void)
{
	setenv("PROBE_LATE", "1", 1);
	atexit(late_handler);
	put("tail");
}

static void end_buffered(void)
{
	static char buffer[4096];

	setvbuf(stderr, buffer, _IOFBF, sizeof(buffer));
	fputs("a buffered line\nand a tail", stderr);
}

static void *thread_tail(void *text)
{
	put(text);
	return NULL;
}

static void *thread_leaves(void *text)
{
	put(text);
	pthread_exit(NULL);
}

static pthread_key_t key;

static void key_destructor(void *text)
{
	put(text);
}

static void *thread_key(void *text)
{
	pthread_setspecific(key, " and its key");
	put(text);
	return NULL;
}

static void run_thread(void *(*body)(void *), char *text)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, body, text))
		abort();
	pthread_join(thread, NULL);
}

static void end_threads(void)
{
	pthread_key_create(&key, key_destructor);
	put("main ");
	run_thread(thread_tail, "returned");
	run_thread(thread_leaves, "left");
	run_thread(thread_key, "thread");
	put("line\n");
}

static void end_main_thread(void)
{
	put("tail");
	pthread_exit(NULL);
}

/* A thread ends the process while others are in the middle of a line. */
static pthread_barrier_t ready;

static void *waits_with_tail(void *text)
{
	put(text);
	pthread_barrier_wait(&ready);
	for (;;)
		pause();
	return NULL;
}

static void *ends_process(void *how)
{
	pthread_barrier_wait(&ready);
	put("ender's tail");
	if (how)
		_exit(9);
	exit(8);
}

static void others_tails(void *how)
{
	pthread_t thread;

	put("a line\nmain's tail");
	pthread_barrier_init(&ready, NULL, 3);
	pthread_create(&thread, NULL, waits_with_tail, "waiter's tail");
	pthread_create(&thread, NULL, ends_process, how);
	pthread_barrier_wait(&ready);
	for (;;)
		pause();
}

static void end_others(void)
{
	others_tails(NULL);
}

static void end_others_now(void)
{
	others_tails("now");
}

/* Pieces from two threads in turns: each line is one thread's. */
static pthread_barrier_t barrier;

static void *piece_by_piece(void *text)
{
	for (int i = 0; i < 100; i++) {
		for (const char *c = text; *c; c++) {
			pthread_barrier_wait(&barrier);
			if (write(2, c, 1) != 1)
				abort();
		}
	}
	return NULL;
}

static void pieces(void)
{
	pthread_t threads[2];

	pthread_barrier_init(&barrier, NULL, 2);
	pthread_create(&threads[0], NULL, piece_by_piece, "first line\n");
	pthread_create(&threads[1], NULL, piece_by_piece, "other line\n");
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
}

/* Lines of every length around the sizes where something changes, whole and in pieces. */
static void sizes(void)
{
	static const int around[] = { 0, 256, 432, 500, 560, 640, 864, 3900, 3960, 4048, 8000 };
	static char line[9000];

	for (size_t i = 0; i < sizeof(around) / sizeof(*around); i++) {
		for (int size = around[i] > 40 ? around[i] - 40 : 0; size < around[i] + 60;
		     size += 3) {
			for (int at = 0; at < size; at++)
				line[at] = (char)('a' + (at * 7 + size) % 26);
			line[size] = '\n';
			if (write(2, line, (size_t)size + 1) != size + 1)
				abort();
			for (int at = 0, step = 1; at <= size;
			     at += step, step = step * 3 % 401 + 1) {
				int length = size + 1 - at < step ? size + 1 - at : step;

				if (write(2, line + at, (size_t)length) != length)
					abort();
			}
		}
	}
}

/* Pieces of random sizes and bytes through every way in, one after the other: the same each run. */
static void random_pieces(void)
{
	static char text[6000];
	uint32_t state = 12345;
	FILE *copy = fdopen(dup(2), "w");
	int null = open("/dev/null", O_WRONLY);

	setvbuf(copy, NULL, _IONBF, 0);
	for (int i = 0; i < 4000; i++) {
		uint32_t size;

		state = state * 1664525 + 1013904223;
		size = (state >> 8) % 13 == 0 ? (state >> 16) % 5000 : (state >> 16) % 120;
		for (uint32_t at = 0; at < size; at++) {
			state = state * 1664525 + 1013904223;
			text[at] = (char)(state >> 24);
			if ((state >> 16 & 255) < 4)
				text[at] = '\n';
		}
		switch ((state >> 12) % 8) {
		case 0:
			fwrite(text, 1, size, stderr);
			break;
		case 1:
			writev(2,
			       (struct iovec[]){ { text, size / 2 }, { NULL, 0 }, { text, size } },
			       3);
			break;
		case 2:
			dprintf(2, "%.*s\n", (int)size, text);
			break;
		case 3:
			fwrite(text, 1, size, copy);
			break;
		case 4:
			putc(text[0], stderr);
			break;
		case 5:
			/* not stderr: changes nothing */
			if (write(null, text, size) != (ssize_t)size)
				abort();
			break;
		case 6:
			syscall(SYS_write, fileno(copy), text, size);
			break;
		default:
			if (write(2, text, size) != (ssize_t)size)
				abort();
			break;
		}
	}
	put("\n");
}

static void huge(void)
{
	size_t size = 1 << 20;
	char *line = malloc(size + 1);

	for (size_t i = 0; i < size; i++)
		line[i] = (char)('!' + i % 90);
	line[size] = '\n';
	put("one ");
	fwrite(line, 1, size + 1, stderr);
	put("two\n");
	free(line);
}

static void any_bytes(void)
{
	char all[256];

	for (int i = 0; i < 256; i++)
		all[i] = (char)i;
	writev(2, (struct iovec[]){ { all, 256 }, { "\n\n\n", 3 }, { all + 128, 128 } }, 3);
	put("\n\r\n\r");
	put("<3>removed\n");
	put("<");
	put("5");
	put(">in pieces\n");
	put("<8>kept\n<33>kept\n<3\n");
}

/* An entry in parts. Where there is no journal, it is as good as sent (docs/GAPS.md). */
static void write_to_journal(void)
{
	static char entry[8000] = "PRIORITY=4\nUNIT=one\nMESSAGE=";
	struct sockaddr_un address = { .sun_family = AF_UNIX,
				       .sun_path = "/run/systemd/journal/socket" };
	struct iovec piece = { entry, sizeof(entry) };
	const struct msghdr message = { .msg_name = &address,
					.msg_namelen = sizeof(address),
					.msg_iov = &piece,
					.msg_iovlen = 1 };
	static int journal = -1;

	if (journal < 0) {
		size_t head = strlen(entry);

		journal = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
		memset(entry + head, 'm', sizeof(entry) - head);
	}
	sendmsg(journal, &message, 0);
}

/* How deep each kind of logging goes on a painted stack; transparency.py compares the two runs. */
static ucontext_t caller, deep;
static int deep_kind;

static void log_deep(void)
{
	static char line[300];

	memset(line, 'x', sizeof(line));
	line[299] = '\n';
	if (deep_kind == 0 && write(2, line, sizeof(line)) != sizeof(line))
		abort();
	if (deep_kind == 1)
		fwrite(line, 1, sizeof(line), stderr);
	if (deep_kind == 2)
		put("piece");
	if (deep_kind == 3)
		put(" and end\n");
	if (deep_kind == 4)
		syslog(LOG_INFO, "%.*s", 200, line);
	if (deep_kind == 5)
		dprintf(2, "%.*s\n", 200, line);
	if (deep_kind == 6)
		write_to_journal();
	if (deep_kind == 7) {
		put("piece");
		raise(SIGTERM);
	}
}

static void stack_depth(void)
{
	static unsigned char stack[65536];

	sigset_t set;

	/* Pending for good: with an unfinished line, it is not known that it isn't the end. */
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	openlog("probe", LOG_NDELAY, LOG_USER);
	for (deep_kind = 0; deep_kind < 8; deep_kind++) {
		size_t untouched = 0;

		for (int round = 0; round < 2; round++) { /* the first one binds symbols */
			memset(stack, 0xa5, sizeof(stack));
			getcontext(&deep);
			deep.uc_stack.ss_sp = stack;
			deep.uc_stack.ss_size = sizeof(stack);
			deep.uc_link = &caller;
			makecontext(&deep, log_deep, 0);
			swapcontext(&caller, &deep);
		}
		while (stack[untouched] == 0xa5)
			untouched++;
		note("%zu\n", sizeof(stack) - untouched);
	}
}

static sigjmp_buf environment;

static void on_signal(int signal)
{
	put(signal == SIGUSR1 ? "[handler]" : "[leaving]"); /* NOLINT(bugprone-signal-handler) */
	if (signal == SIGUSR2)
		siglongjmp(environment, 1);
}

static void handlers(void)
{
	signal(SIGUSR1, on_signal);
	signal(SIGUSR2, on_signal);
	put("before ");
	raise(SIGUSR1);
	put(" after\n");
	put("before ");
	if (!sigsetjmp(environment, 1))
		raise(SIGUSR2);
	put(" after\n");
}

const struct probe probe_endings[] = {
	{ "end-return", end_return },
	{ "end-exit", end_exit },
	{ "end-_exit", end_exit_now },
	{ "end-_Exit", end_Exit },
	{ "end-quick_exit", end_quick },
	{ "end-abort", end_abort },
	{ "end-syscall", end_syscall },
	{ "end-handlers", end_handlers },
	{ "end-buffered", end_buffered },
	{ "end-threads", end_threads },
	{ "end-main-thread", end_main_thread },
	{ "end-others", end_others },
	{ "end-others-now", end_others_now },
	{ "pieces", pieces },
	{ "sizes", sizes },
	{ "random", random_pieces },
	{ "huge", huge },
	{ "any-bytes", any_bytes },
	{ "handlers", handlers },
	{ "stack-depth", stack_depth },
	{ NULL, NULL },
};

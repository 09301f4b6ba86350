/* SPDX-License-Identifier: MIT */
/*
 * Programs that end by a signal of their own or are ended by libc: `last_words END [THREAD]`. A
 * line is finished and another is not; with THREAD, a second thread has an unfinished one as well.
 */
#undef NDEBUG
#define _GNU_SOURCE
#include <assert.h>
#include <errno.h>
#include <execinfo.h>
#include <malloc.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void put(const char *text)
{
	if (write(2, text, strlen(text)) != (ssize_t)strlen(text))
		_exit(99);
}

/* --- handlers -----------------------------------------------------------------------------------
 */

static sigjmp_buf place;

static void put_line(int signal)
{
	(void)signal;
	put("\nhandled\n");
}

static void exit_now(int signal)
{
	put_line(signal);
	_exit(7);
}

static void exit_all(int signal)
{
	put_line(signal);
	exit(8); /* NOLINT(bugprone-signal-handler): many do */
}

static void abort_again(int number)
{
	put_line(number);
	signal(number, SIG_DFL);
	abort();
}

static void raise_again(int number)
{
	put_line(number);
	signal(number, SIG_DFL);
	raise(number);
}

static void jump(int signal)
{
	(void)signal;
	siglongjmp(place, 1);
}

static void abort_there(int signal)
{
	(void)signal;
	abort();
}

/* How deep the stack is that a handler sees: at most one frame of ours is between. */
static void count_frames(int signal)
{
	void *frames[64];

	(void)signal;
	printf("%d\n", backtrace(frames, 64));
	fflush(stdout);
}

/* --- what libc ends -----------------------------------------------------------------------------
 */

static void free_twice(void)
{
	void *volatile twice = malloc(2000);

	free(twice);
	free(twice);
}

/* The size of what is behind all that was allocated. */
static void break_heap(void)
{
	char *volatile last = malloc(2000);

	memset(last + malloc_usable_size(last), 0x55, 64);
}

static void smash(void)
{
	extern void __stack_chk_fail(void) __attribute__((noreturn));

	__stack_chk_fail();
}

static void overflow(void)
{
	extern void __chk_fail(void) __attribute__((noreturn));

	__chk_fail();
}

static void fail_assertion(void)
{
	assert(!"the end");
}

static void fail_call(void)
{
	assert_perror(ENOSPC);
}

static void assert_in_broken_heap(void)
{
	break_heap();
	fail_assertion();
}

static void abort_in_broken_heap(void)
{
	break_heap();
	abort();
}

/* --- places to abort in -------------------------------------------------------------------------
 */

static void abort_handled(void (*handler)(int))
{
	signal(SIGABRT, handler);
	abort();
}

static void abort_ignored(void)
{
	abort_handled(SIG_IGN);
}

static void abort_and_return(void)
{
	abort_handled(put_line);
}

static void abort_and_exit_now(void)
{
	abort_handled(exit_now);
}

static void abort_and_exit(void)
{
	abort_handled(exit_all);
}

static void abort_and_jump(void)
{
	if (!sigsetjmp(place, 1))
		abort_handled(jump);
	put(" and its end\nanother line\n");
	exit(3);
}

static void abort_and_count(void)
{
	abort_handled(count_frames);
}

static void abort_blocked(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGABRT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	abort();
}

static void abort_in_handler(void)
{
	signal(SIGUSR1, abort_there);
	raise(SIGUSR1);
}

static void abort_on_other_stack(void)
{
	static char stack[8192];
	const stack_t other = { .ss_sp = stack, .ss_size = sizeof(stack) };
	struct sigaction action = { .sa_handler = abort_there, .sa_flags = SA_ONSTACK };

	sigaltstack(&other, NULL);
	sigaction(SIGUSR1, &action, NULL);
	raise(SIGUSR1);
}

static void *abort_in_thread(void *nothing)
{
	(void)nothing;
	put(" of a thread");
	abort();
	return NULL;
}

static void abort_in_small_thread(void)
{
	pthread_attr_t attributes;
	pthread_t thread;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, (size_t)sysconf(_SC_THREAD_STACK_MIN));
	pthread_create(&thread, &attributes, abort_in_thread, NULL);
	pthread_join(thread, NULL);
}

static void abort_in_vfork(void)
{
	int status = 0;
	pid_t child = vfork();

	if (!child)
		abort();
	waitpid(child, &status, 0);
	put(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT ? " goes on\n" : " is wrong\n");
	exit(5);
}

static void abort_in_fork(void)
{
	int status = 0;
	pid_t child = fork();

	if (!child) {
		put("a child's");
		abort();
	}
	waitpid(child, &status, 0);
	put(" goes on\n");
	exit(WTERMSIG(status));
}

static void free_and_handle(void (*handler)(int))
{
	signal(SIGABRT, handler);
	free_twice();
}

static void free_and_exit_now(void)
{
	free_and_handle(exit_now);
}

static void free_and_exit(void)
{
	free_and_handle(exit_all);
}

static void free_and_abort(void)
{
	free_and_handle(abort_again);
}

static void free_and_raise(void)
{
	free_and_handle(raise_again);
}

static void smash_and_exit(void)
{
	signal(SIGABRT, exit_now);
	smash();
}

static void assert_and_exit(void)
{
	signal(SIGABRT, exit_now);
	fail_assertion();
}

/* A crash reporter's child says nothing of what its parent said. */
static void fork_there(int signal)
{
	int status;
	pid_t child = fork(); /* NOLINT(bugprone-signal-handler) */

	(void)signal;
	if (!child)
		_exit(0);
	waitpid(child, &status, 0);
	put("\nreported\n");
	_exit(9);
}

static void free_and_fork(void)
{
	free_and_handle(fork_there);
}

/* --- signals ------------------------------------------------------------------------------------
 */

static void by_raise(void)
{
	raise(SIGTERM);
}

static void by_gsignal(void)
{
	gsignal(SIGUSR2);
}

static void by_kill(void)
{
	kill(getpid(), SIGHUP);
}

static void by_kill_group(void)
{
	setpgid(0, 0);
	kill(0, SIGINT);
}

static void by_killpg(void)
{
	setpgid(0, 0);
	killpg(0, SIGALRM);
}

static void by_tgkill(void)
{
	tgkill(getpid(), gettid(), SIGQUIT);
}

static void by_sigqueue(void)
{
	sigqueue(getpid(), SIGRTMIN, (union sigval){ .sival_int = 1 });
}

static void by_sigkill(void)
{
	kill(getpid(), SIGKILL);
}

static void by_number(void)
{
	syscall(SYS_kill, getpid(), SIGXCPU);
}

static void by_thread_number(void)
{
	syscall(SYS_tgkill, getpid(), gettid(), SIGSYS);
}

static void by_crash(void)
{
	raise(SIGSEGV);
}

static void by_handler_first(void)
{
	signal(SIGTERM, raise_again);
	kill(getpid(), SIGTERM);
}

/* None of these ends anything. */
static void by_none(void)
{
	sigset_t set, old;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, &old);
	raise(SIGTERM);
	put(" goes");
	signal(SIGTERM, SIG_IGN);
	sigprocmask(SIG_SETMASK, &old, NULL);
	kill(getpid(), SIGTERM);
	raise(SIGCHLD);
	raise(SIGCONT);
	raise(SIGWINCH);
	kill(getpid(), 0);
	printf("%d", raise(1000) == -1 ? errno : 0);
	printf(" %d\n", kill(getppid() + 100000000, SIGTERM) ? errno : 0);
	put(" on\nand another\n");
	exit(0);
}

/* --- all of them --------------------------------------------------------------------------------
 */

static const struct {
	const char *name;
	void (*end)(void);
} ends[] = {
	{ "abort", abort },
	{ "abort-ignored", abort_ignored },
	{ "abort-returns", abort_and_return },
	{ "abort-exits-now", abort_and_exit_now },
	{ "abort-exits", abort_and_exit },
	{ "abort-jumps", abort_and_jump },
	{ "abort-frames", abort_and_count },
	{ "abort-blocked", abort_blocked },
	{ "abort-in-handler", abort_in_handler },
	{ "abort-other-stack", abort_on_other_stack },
	{ "abort-small-thread", abort_in_small_thread },
	{ "abort-vfork", abort_in_vfork },
	{ "abort-fork", abort_in_fork },
	{ "abort-broken-heap", abort_in_broken_heap },
	{ "free", free_twice },
	{ "free-exits-now", free_and_exit_now },
	{ "free-exits", free_and_exit },
	{ "free-aborts", free_and_abort },
	{ "free-raises", free_and_raise },
	{ "free-forks", free_and_fork },
	{ "smash", smash },
	{ "smash-exits", smash_and_exit },
	{ "overflow", overflow },
	{ "assert", fail_assertion },
	{ "assert-exits", assert_and_exit },
	{ "assert-perror", fail_call },
	{ "assert-broken-heap", assert_in_broken_heap },
	{ "raise", by_raise },
	{ "gsignal", by_gsignal },
	{ "kill", by_kill },
	{ "kill-group", by_kill_group },
	{ "killpg", by_killpg },
	{ "tgkill", by_tgkill },
	{ "sigqueue", by_sigqueue },
	{ "sigkill", by_sigkill },
	{ "number", by_number },
	{ "thread-number", by_thread_number },
	{ "crash", by_crash },
	{ "handler-first", by_handler_first },
	{ "none", by_none },
};

static pthread_barrier_t ready;

static void *wait_with_tail(void *text)
{
	put(text);
	pthread_barrier_wait(&ready);
	for (;;)
		pause();
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t thread;

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		if (argc < 2) {
			puts(ends[i].name);
			continue;
		}
		if (strcmp(argv[1], ends[i].name) != 0)
			continue;
		put("a line\n");
		if (argc > 2) {
			pthread_barrier_init(&ready, NULL, 2);
			pthread_create(&thread, NULL, wait_with_tail, "other's tail\t");
			pthread_barrier_wait(&ready);
		}
		put("tail");
		ends[i].end();
		return 98;
	}
	return argc < 2 ? 0 : 99;
}

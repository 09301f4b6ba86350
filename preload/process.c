/* SPDX-License-Identifier: MIT */
/*
 * Which process and which thread this is: noticing forks, and the last moments of both. Must never
 * trust what a child inherited: its parent's unfinished line is not the child's.
 */
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>

#include "confine.h"
#include "debug.h"
#include "lines.h"
#include "own_calls.h"
#include "process.h"
#include "raw.h"
#include "real.h"
#include "registry.h"

uint32_t lt_word;
bool lt_ending;
const struct lt_thread *lt_collector;
LT_TLS struct lt_thread lt_thread;

_Static_assert(sizeof(struct lt_thread) <= 496, "with the encoder's 12 bytes, 512 of TLS");

/* A page of its own: zero again in every child that doesn't share our memory. */
static union {
	struct lt_process process;
	char page[4096];
} wiped __attribute__((aligned(4096)));

/* Used until lt_process_init, and where the kernel can't wipe a page. */
static struct lt_process unwiped;
struct lt_process *lt_process = &unwiped;

static uint32_t last_generation;

/* 0 is a key like any other, so the flag says whether there is one. */
static pthread_key_t exit_key;
static bool have_exit_key;

/*
 * The calling thread's id, which is the pid in the first thread. libc keeps it, and shows it in the
 * thread's clock id, whose form is the kernel's ABI (~id << 3 | 6): no system call. 0: it doesn't.
 */
uint32_t lt_process_tid(void)
{
	clockid_t clock;

	if (lt_real.pthread_getcpuclockid &&
	    !lt_real.pthread_getcpuclockid(pthread_self(), &clock) && (clock & 7) == 6)
		return (uint32_t) ~(clock >> 3);
	return 0;
}

uint32_t lt_process_generation(void)
{
	uint32_t generation = __atomic_load_n(&lt_process->generation, __ATOMIC_RELAXED);
	uint32_t none = 0;

	if (lt_likely(generation))
		return generation;
	/* A process begins with one thread, so two at a time here are a thread and its handler. */
	generation = __atomic_add_fetch(&last_generation, 1, __ATOMIC_RELAXED);
	lt_process->pid =
		lt_may(LT_CALL_PROCESS) ? (pid_t)LT_RAW1(SYS_getpid, 0) : (pid_t)lt_process_tid();
	lt_transport.confined_pid = (uint32_t)lt_process->pid;
	lt_debug_forget();
	lt_registry_forget();
	lt_collector = NULL;
	__atomic_compare_exchange_n(&lt_process->generation, &none, generation, false,
				    __ATOMIC_RELAXED, __ATOMIC_RELAXED);
	return none ? none : generation;
}

/*
 * Where getpid may be the end of the program: /proc/self is the reader's own, also in a child of
 * vfork. The number is compared with an earlier one of the same file alone: it may be one of
 * another namespace.
 */
static LT_COLD bool is_ours_by_proc(void)
{
	pid_t pid = lt_confine_proc_pid();

	if (!lt_process->proc_pid)
		lt_process->proc_pid = pid;
	return !pid || lt_process->proc_pid == pid;
}

bool lt_process_is_ours(void)
{
	pid_t pid;

	lt_process_generation();
	if (lt_unlikely(!lt_may(LT_CALL_PROCESS)))
		return is_ours_by_proc();
	pid = (pid_t)LT_RAW1(SYS_getpid, 0);
	/* Nothing but a filter refuses that, or has another number for it. */
	if (lt_unlikely(pid <= 0)) {
		lt_confine_unseen(false);
		return is_ours_by_proc();
	}
	return lt_process->pid == pid;
}

/*
 * Other libraries' destructors may log after this one ran, so it comes back in each round there is
 * (PTHREAD_DESTRUCTOR_ITERATIONS, 4) and closes the thread's books in the last.
 */
static void thread_exit(void *value)
{
	struct lt_thread *thread = value;

	if (++thread->exiting < 4) {
		lt_real.pthread_setspecific(exit_key, thread);
		return;
	}
	lt_lines_flush();
	lt_registry_remove(thread);
}

LT_COLD void lt_thread_begin(struct lt_thread *thread)
{
	static uint8_t threads;
	uint32_t generation = lt_process_generation();

	thread->home = __atomic_fetch_add(&threads, 1, __ATOMIC_RELAXED);
	thread->used = 0;
	thread->part = 0;
	thread->busy = NULL;
	thread->registered = false;
	thread->collected = false;
	memset(&thread->lines, 0, sizeof(thread->lines));
	__atomic_store_n(&thread->generation, generation, __ATOMIC_RELAXED);
	/* Here, where the stack is not deep yet: the first event would do it otherwise. */
	if (lt_may(LT_CALL_IDS))
		evh_transport_announce(&lt_transport);
	/* Keys below 32 have their place in the thread itself; a later one would be allocated. */
	if (!thread->armed && have_exit_key && exit_key < 32) {
		thread->armed = true;
		lt_real.pthread_setspecific(exit_key, thread);
	}
}

void lt_process_leave(void)
{
	if (!lt_process_is_ours())
		return;
	lt_lines_flush();
	lt_debug_report();
}

/* fork() itself is noticed at once, before a vfork of the child's could be mistaken for the child.
 */
static void after_fork(void)
{
	lt_process->generation = 0;
	lt_process->proc_pid = 0;
	lt_process_generation();
	if (lt_unlikely(!lt_may(LT_CALL_PROCESS)))
		is_ours_by_proc();
}

int __register_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void), void *dso)
	__attribute__((weak));
extern void *__dso_handle;

void lt_process_init(void)
{
	/* Pages of another size, old kernels, valgrind: fork() alone is noticed then. */
	if (lt_may(LT_CALL_START) && getauxval(AT_PAGESZ) == sizeof(wiped) &&
	    !LT_RAW3(SYS_madvise, &wiped, sizeof(wiped), MADV_WIPEONFORK))
		lt_process = &wiped.process;
	__register_atfork(NULL, NULL, after_fork, __dso_handle);
	lt_process->pid = (pid_t)lt_process_tid();
	if (!lt_process->pid && lt_may(LT_CALL_PROCESS))
		lt_process->pid = (pid_t)LT_RAW1(SYS_getpid, 0);
	if (!lt_may(LT_CALL_PROCESS))
		lt_process->proc_pid = lt_confine_proc_pid();
	lt_process->generation = ++last_generation;
	if (lt_real.pthread_key_create)
		have_exit_key = !lt_real.pthread_key_create(&exit_key, thread_exit);
}

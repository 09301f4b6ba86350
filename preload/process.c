/* SPDX-License-Identifier: MIT */
/*
 * Which process and which thread this is: noticing forks, and the last moments of both. Must never
 * trust what a child inherited: its parent's unfinished line is not the child's.
 */
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>

#include "debug.h"
#include "lines.h"
#include "process.h"
#include "raw.h"
#include "real.h"
#include "registry.h"
#include "thread_end.h"

uint32_t lt_word;
bool lt_confined;
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

uint32_t lt_process_generation(void)
{
	uint32_t generation = __atomic_load_n(&lt_process->generation, __ATOMIC_RELAXED);
	uint32_t none = 0;

	if (lt_likely(generation))
		return generation;
	/* A process begins with one thread, so two at a time here are a thread and its handler. */
	generation = __atomic_add_fetch(&last_generation, 1, __ATOMIC_RELAXED);
	if (!lt_confined)
		lt_process->pid = (pid_t)LT_RAW1(SYS_getpid, 0);
	lt_debug_forget();
	lt_registry_forget();
	lt_collector = NULL;
	__atomic_compare_exchange_n(&lt_process->generation, &none, generation, false,
				    __ATOMIC_RELAXED, __ATOMIC_RELAXED);
	return none ? none : generation;
}

bool lt_process_is_ours(void)
{
	lt_process_generation();
	return lt_confined || lt_process->pid == (pid_t)LT_RAW1(SYS_getpid, 0);
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
	if (!lt_confined)
		evh_transport_announce(&lt_transport);
	lt_thread_end_arm(thread);
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
	lt_process_generation();
}

/*
 * The first thread's id, which is the pid. libc keeps it, and shows it in the thread's clock id,
 * whose form is the kernel's ABI (~id << 3 | 6): one system call less at each start.
 */
static pid_t first_pid(void)
{
	clockid_t clock;

	if (lt_real.pthread_getcpuclockid &&
	    !lt_real.pthread_getcpuclockid(pthread_self(), &clock) && (clock & 7) == 6)
		return ~(clock >> 3);
	return (pid_t)LT_RAW1(SYS_getpid, 0);
}

int __register_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void), void *dso)
	__attribute__((weak));
extern void *__dso_handle;

void lt_process_init(void)
{
	/* Pages of another size, old kernels, valgrind: fork() alone is noticed then. */
	if (getauxval(AT_PAGESZ) == sizeof(wiped) &&
	    !LT_RAW3(SYS_madvise, &wiped, sizeof(wiped), MADV_WIPEONFORK))
		lt_process = &wiped.process;
	__register_atfork(NULL, NULL, after_fork, __dso_handle);
	lt_process->pid = first_pid();
	lt_process->generation = ++last_generation;
	lt_thread_end_init();
}

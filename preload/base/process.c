/* SPDX-License-Identifier: MIT */
/*
 * Which process and which thread this is: noticing forks, and the last moments of both. Must never
 * trust what a child inherited: its parent's unfinished line is not the child's.
 */
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <time.h>

#include "abort_message.h"
#include "confinement.h"
#include "counters.h"
#include "own_calls.h"
#include "process.h"
#include "raw.h"
#include "real.h"
#include "registry.h"
#include "thread_key.h"

static uint32_t last_generation LT_START_DATA;

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

extern char __libc_single_threaded __attribute__((weak));

bool lt_has_one_thread(void)
{
	return &__libc_single_threaded && __libc_single_threaded;
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
	lt_process->message_seed = 0;
	lt_process->told = 0;
	lt_counters_forget();
	lt_registry_forget();
	lt_abort_message_forget();
	evh_transport_forked(&lt_transport);
	if (lt_collector)
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
		lt_confine_ask();
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

LT_COLD void lt_thread_begin(struct lt_thread *thread)
{
	static uint8_t threads LT_START_DATA;
	uint32_t generation = lt_process_generation();

	thread->home = __atomic_fetch_add(&threads, 1, __ATOMIC_RELAXED);
	thread->used = 0;
	thread->parts.next = 0;
	thread->claim = LT_CLAIM_FREE;
	thread->open = false;
	thread->cut = false;
	thread->held = 0;
	thread->buffers = 0;
	thread->registered = false;
	memset(&thread->lines, 0, sizeof(thread->lines));
	__atomic_store_n(&thread->generation, generation, __ATOMIC_RELAXED);
	/* Here, where the stack is not deep yet: the first event would do it otherwise. */
	if (lt_may(LT_CALL_IDS))
		evh_transport_announce(&lt_transport);
	lt_thread_key_arm(thread);
	if (lt_introduce)
		lt_introduce();
}

/* Of the process image; and how often it called fork(), which tells siblings apart. */
static uint64_t random_bytes[2] LT_START_DATA, forks LT_START_DATA;

/* The finalizer of splitmix64: each bit of the result depends on each one of `x`. */
static uint64_t mix(uint64_t x)
{
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return x ^ x >> 31;
}

/*
 * Without getrandom, which filters know as a call that a program which logs has no need of. The
 * kernel gave each image 16 random bytes; time, pid and forks tell it and its children apart.
 */
static LT_COLD uint64_t message_seed(void)
{
	struct timespec now = { 0 };
	uint64_t seed = mix(random_bytes[0]) ^ random_bytes[1];

	if (lt_may(LT_CALL_CLOCK))
		LT_RAW2(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
	seed = mix(seed ^ (uint64_t)now.tv_sec * 1000000000u ^ (uint64_t)now.tv_nsec);
	seed = mix(seed ^ (uint64_t)lt_process->pid << 32 ^ lt_process_generation());
	return mix(seed ^ forks) | 1;
}

uint64_t lt_message_id(void)
{
	uint64_t seed = __atomic_load_n(&lt_process->message_seed, __ATOMIC_RELAXED);
	uint64_t none = 0;

	if (!seed) {
		seed = message_seed();
		if (!__atomic_compare_exchange_n(&lt_process->message_seed, &none, seed, false,
						 __ATOMIC_RELAXED, __ATOMIC_RELAXED))
			seed = none;
	}
	return seed + __atomic_fetch_add(&lt_process->messages, 1, __ATOMIC_RELAXED);
}

static void before_fork(void)
{
	__atomic_add_fetch(&forks, 1, __ATOMIC_RELAXED);
}

/* fork() itself is noticed at once, before a vfork of the child's could be mistaken for the child.
 */
static void after_fork(void)
{
	lt_process->generation = 0;
	lt_process->proc_pid = 0;
	lt_process_generation();
	if (lt_unlikely(!lt_may(LT_CALL_PROCESS)) && !lt_confine_is_unasked())
		is_ours_by_proc();
}

/*
 * Valgrind's question "who runs me?" (0x1001): instructions that do nothing on a processor, turning
 * a register once around, and that it knows. The result is what was asked for there: 0.
 */
static bool is_emulated(void)
{
	uintptr_t question[6] = { 0x1001 };
	uintptr_t answer = 0;

#if defined(__x86_64__)
	__asm__ volatile("rolq $3, %%rdi\n\trolq $13, %%rdi\n\t"
			 "rolq $61, %%rdi\n\trolq $51, %%rdi\n\txchgq %%rbx, %%rbx"
			 : "+d"(answer)
			 : "a"(question)
			 : "cc", "memory");
#elif defined(__i386__)
	__asm__ volatile("roll $3, %%edi\n\troll $13, %%edi\n\t"
			 "roll $29, %%edi\n\troll $19, %%edi\n\txchgl %%ebx, %%ebx"
			 : "+d"(answer)
			 : "a"(question)
			 : "cc", "memory");
#elif defined(__aarch64__)
	register uintptr_t x3 __asm__("x3") = answer;
	register uintptr_t *x4 __asm__("x4") = question;

	__asm__ volatile("ror x12, x12, #3\n\tror x12, x12, #13\n\t"
			 "ror x12, x12, #51\n\tror x12, x12, #61\n\torr x10, x10, x10"
			 : "+r"(x3)
			 : "r"(x4)
			 : "cc", "memory");
	answer = x3;
#endif
	return answer != 0;
}

int __register_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void), void *dso)
	__attribute__((weak));
extern void *__dso_handle;

void lt_process_notice_children(void)
{
	char *page = lt_own_page();

	/* Pages of another size, old kernels, valgrind: fork() alone is noticed then. */
	if (!lt_may(LT_CALL_START) || getauxval(AT_PAGESZ) != LT_PAGE ||
	    LT_RAW3(SYS_madvise, page, LT_PAGE, MADV_WIPEONFORK))
		return;
	*(struct lt_process *)page = *lt_process;
	lt_process = (struct lt_process *)page;
}

void lt_process_init(void)
{
	lt_emulated = is_emulated();
	__register_atfork(before_fork, NULL, after_fork, __dso_handle);
	if (getauxval(AT_RANDOM))
		memcpy(random_bytes, (const void *)getauxval(AT_RANDOM), sizeof(random_bytes));
	lt_process->pid = (pid_t)lt_process_tid();
	if (!lt_process->pid && lt_may(LT_CALL_PROCESS))
		lt_process->pid = (pid_t)LT_RAW1(SYS_getpid, 0);
	if (!lt_may(LT_CALL_PROCESS) && !lt_confine_is_unasked())
		lt_process->proc_pid = lt_confine_proc_pid();
	lt_process->generation = ++last_generation;
}

/* SPDX-License-Identifier: MIT */
/*
 * raise(), kill() and their relatives, where a process means itself: a program that has dealt with
 * a signal ends by it, once more and by default. What is unfinished is sent before.
 *
 * pthread_kill and pthread_sigqueue are not here: glibc 2.34 has two of each, which answer
 * differently for a thread that has ended, and which one the caller wants nobody tells.
 *
 * Must never change what a signal does, nor take a signal for the end that isn't.
 */
#include "self_signals.h"

#include <signal.h>
#include <sys/syscall.h>

#include "exits.h"
#include "own_calls.h"
#include "process.h"
#include "raw.h"
#include "real.h"

/* As the kernel has it. */
struct action {
	uintptr_t handler; /* 0: SIG_DFL, 1: SIG_IGN */
	unsigned long flags;
	uintptr_t restorer;
	uint64_t mask;
};

#define BIT(signal) (UINT64_C(1) << ((signal)-1))

/* Those that end nothing by default. */
#define HARMLESS                                                                                   \
	(BIT(SIGCHLD) | BIT(SIGCONT) | BIT(SIGURG) | BIT(SIGWINCH) | BIT(SIGSTOP) | BIT(SIGTSTP) | \
	 BIT(SIGTTIN) | BIT(SIGTTOU))

/* The kernel's first real-time signal. */
#define FIRST_QUEUED 32

/* What becomes of the process by a signal that this thread gets. */
enum fate { GOES_ON, IN_DOUBT, ENDS };

static bool is_blocked(int signal)
{
	uint64_t mask = 0;

	return LT_RAW4(SYS_rt_sigprocmask, SIG_BLOCK, NULL, &mask, sizeof(mask)) < 0 ||
	       mask & BIT(signal);
}

static uintptr_t handler_of(int signal)
{
	struct action action = { 0 };

	LT_RAW4(SYS_rt_sigaction, signal, NULL, &action, sizeof(action.mask));
	return action.handler;
}

/*
 * The first process of a namespace need not end, and signals that are queued may find no room. (Who
 * is traced need not either.)
 */
static __attribute__((noinline)) enum fate fate_of(int signal)
{
	if (signal < 1 || signal > 64 || HARMLESS & BIT(signal))
		return GOES_ON;
	if (!lt_may(LT_CALL_FATE) || lt_process->pid == 1)
		return IN_DOUBT;
	if (signal != SIGKILL && handler_of(signal) != (uintptr_t)SIG_DFL)
		return GOES_ON;
	if (signal >= FIRST_QUEUED || (signal != SIGKILL && is_blocked(signal)))
		return IN_DOUBT;
	return ENDS;
}

bool lt_signal_aborts(void)
{
	return lt_may(LT_CALL_FATE) && handler_of(SIGABRT) <= (uintptr_t)SIG_IGN;
}

/* The signal is for this thread, or (sure is false) perhaps for another one, or nobody. */
static LT_COLD void sending(int signal, bool sure)
{
	enum fate fate = lt_process_is_ours() ? fate_of(signal) : GOES_ON;

	if (fate == ENDS && sure)
		lt_leave_for_good();
	else if (fate != GOES_ON)
		lt_leave_perhaps();
}

static void sending_to_process(pid_t pid, int signal)
{
	if (!lt_heard(~0u))
		return;
	lt_process_generation();
	/* 0 is the process's group, which -pid is if the process leads it. */
	if (pid == lt_process->pid || pid == 0)
		sending(signal, true);
	else if (pid == -lt_process->pid)
		sending(signal, false);
}

static void sending_to_thread(pid_t tid, int signal)
{
	if (lt_heard(~0u))
		sending(signal, (uint32_t)tid == lt_process_tid());
}

LT_EXPORT int raise(int signal)
{
	if (lt_heard(~0u))
		sending(signal, true);
	return LT_REAL(raise)(signal);
}

LT_EXPORT int kill(pid_t pid, int signal)
{
	sending_to_process(pid, signal);
	return LT_REAL(kill)(pid, signal);
}

LT_EXPORT int killpg(pid_t group, int signal)
{
	sending_to_process(-group, signal);
	return LT_REAL(killpg)(group, signal);
}

LT_EXPORT int tgkill(pid_t pid, pid_t tid, int signal)
{
	if (pid == lt_process->pid)
		sending_to_thread(tid, signal);
	if (LT_REAL(tgkill))
		return lt_real.tgkill(pid, tid, signal);
	return (int)lt_raw_result(LT_RAW3(SYS_tgkill, pid, tid, signal));
}

LT_EXPORT int sigqueue(pid_t pid, int signal, const union sigval value)
{
	if (pid > 0)
		sending_to_process(pid, signal);
	return LT_REAL(sigqueue)(pid, signal, value);
}

void lt_signal_sending(long number, long a, long b, long c)
{
	pid_t pid = (pid_t)a; /* what stands above means nothing to the kernel */

	if (number == SYS_kill || (number == SYS_rt_sigqueueinfo && pid > 0))
		sending_to_process(pid, (int)b);
	else if (number == SYS_tkill && (uint32_t)pid == lt_process_tid())
		sending_to_thread(pid, (int)b);
	else if ((number == SYS_tgkill || number == SYS_rt_tgsigqueueinfo) &&
		 pid == lt_process->pid)
		sending_to_thread((pid_t)b, (int)c);
}

LT_EXPORT int gsignal(int signal) __attribute__((alias("raise")));

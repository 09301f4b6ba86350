/* SPDX-License-Identifier: MIT */
/*
 * The system calls that this library makes on its own account, in the groups that it can do
 * without. A seccomp filter may end the program for any of them, so that each is made only where
 * lt_may() says so. own_calls.tsv lists them one by one, for people and for a test.
 */
#ifndef LT_OWN_CALLS_H
#define LT_OWN_CALLS_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/filter.h>

#define LT_OWN_CALL_GROUPS(X)                                                                      \
	X(WRITE, "write")	  /* an event to our descriptor; without: capture ends */          \
	X(PIECES, "writev")	  /* an event in pieces; without: refused if no buffer is free */  \
	X(DEBUG, "debug-write")	  /* a line to the open LOGTAP_DEBUG file; without: none */        \
	X(PROCESS, "getpid")	  /* which process; without: /proc/self/stat, or as libc knows */  \
	X(IDS, "thread-ids")	  /* who writes a recording; without: as libc knows, no names */   \
	X(CLOCK, "clock")	  /* the exact time; without: that of the last tick */             \
	X(LIMITS, "file-limit")	  /* RLIMIT_FSIZE; without: as it was */                           \
	X(SIGNALS, "signal-mask") /* holding SIGXFSZ back; without: no event under a limit */      \
	X(FATE, "signal-fate")	  /* is a signal to oneself the end; without: in doubt */          \
	X(PROBE, "probe")	  /* whether memory can be read; without: taken for readable */    \
	X(NUMBERS, "descriptors") /* moving and marking our descriptor; without: it stays */       \
	X(FLAGS, "flags")	  /* whether a descriptor can be written; without: it can */       \
	X(STAT, "stat")		  /* what stands behind a descriptor; without: a file */           \
	X(PEEK, "peek")		  /* memory that may be gone; without: it is simply read */        \
	X(MEMORY, "memory")	  /* long texts; without: one buffer of 64 KiB */                  \
	X(COPIES, "memory-file")  /* what libc writes unseen to fd 2; without: not captured */     \
	X(HOST, "host-name")	  /* whose name heads a log message; without: it stays there */    \
	X(OPEN, "open-read")	  /* /proc, and the recording once more; without: not looked at */ \
	X(LOOK, "look")		  /* the recording and namespaces again; without: as they were */  \
	X(APPEND, "open-append")  /* LOGTAP_DEBUG for each line; without: no line */               \
	X(PROGRAMS, "programs")	  /* what an exec would start; without: not looked at */           \
	X(NEXT, "next-program")	  /* at an exec, what its start needs; without: not preloaded */   \
	X(YIELD, "yield")	  /* waiting for another thread; without: without a rest */        \
	X(THREADS, "threads")	  /* where other threads are; without: they get 10 ms */           \
	X(START, "start")	  /* wiped page, working folder; without: fork() alone is seen */  \
	X(EVENTS, "user-events")  /* finding and registering; without: no capture there */         \
	X(SOCKET, "socket")	  /* an event to a collector's socket; without: capture ends */

enum lt_own_call_group {
#define LT_GROUP_NUMBER(name, word) LT_CALL_NUMBER_##name,
	LT_OWN_CALL_GROUPS(LT_GROUP_NUMBER)
#undef LT_GROUP_NUMBER
		LT_OWN_CALL_GROUP_COUNT
};

enum lt_own_calls {
#define LT_GROUP_BIT(name, word) LT_CALL_##name = 1 << LT_CALL_NUMBER_##name,
	LT_OWN_CALL_GROUPS(LT_GROUP_BIT)
#undef LT_GROUP_BIT
	/*
	 * What a program makes by itself that the loader starts and that writes a line: openat,
	 * read, pread64, close, mmap, munmap, mprotect, brk, write. No filter can be against them
	 * that was there before, or the program would not run without us.
	 */
	LT_CALLS_PLAIN = LT_CALL_WRITE | LT_CALL_DEBUG | LT_CALL_MEMORY | LT_CALL_OPEN |
			 LT_CALL_APPEND | LT_CALL_NEXT,
	LT_CALLS_ALL = (1 << LT_OWN_CALL_GROUP_COUNT) - 1,
};

/* <linux/fcntl.h> of Linux 6.10: whether two descriptors share an open file. */
#ifndef F_DUPFD_QUERY
#	define F_DUPFD_QUERY 1027
#endif

/* The groups that are left out, a bit each. */
extern __attribute__((visibility("hidden"))) uint32_t lt_refused;

/* Whether these calls of ours may be made. */
static inline bool lt_may(uint32_t calls)
{
	return !(__atomic_load_n(&lt_refused, __ATOMIC_RELAXED) & calls);
}

/* Where this library's code is, from which it makes its calls: a filter may look at that. */
struct lt_own_code {
	uintptr_t begin, end;
};

struct lt_own_code lt_own_code(void);

/* The groups as words, for LOGTAP_DEBUG. */
extern const char *const lt_own_call_words[LT_OWN_CALL_GROUP_COUNT];

/*
 * The groups that a filter refuses: those with a call that it answers with anything but
 * SECCOMP_RET_ALLOW (also what is only logged: nobody is to read of a call that the program did not
 * make). fd, debug_fd: where we write, or -1.
 */
uint32_t lt_own_calls_refused(const struct sock_filter *program, unsigned length, int fd,
			      int debug_fd);

#endif

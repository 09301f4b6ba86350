/* SPDX-License-Identifier: MIT */
/*
 * What the files of the preload library share: the state of the process and of the thread, and the
 * question every interposed function asks first. Inside the library only.
 *
 * Everything declared in this library's headers may be called from a signal handler, in a child of
 * fork or vfork, and by several threads at once, never touches errno, takes no lock and allocates
 * nothing, unless its comment says otherwise.
 */
#ifndef LT_SHIM_H
#define LT_SHIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <evh/tracepoint.h>

#include "settings.h"
#include "severity/severity.h"
#include "start_data.h"

#define LT_EXPORT     __attribute__((visibility("default")))
/* For data: without it, the compiler reaches it through the GOT. */
#define LT_HIDDEN     __attribute__((visibility("hidden")))
/*
 * Small variables that every process uses, together on one page with those that are not zero: each
 * page that is written to is a fault, at the start and after each fork.
 */
#define LT_START_DATA EVH_START_DATA
/* Where a call would be one return too much; see user_events_send.h. */
#define LT_INLINE     static inline __attribute__((always_inline))
#define LT_COLD	      __attribute__((cold, noinline))
/* For what keeps a copy on the stack: where nothing is optimised no call is a jump, so that a
 * caller with the copy in its own frame would have it below all that it calls instead. */
#ifdef __OPTIMIZE__
#	define LT_COPYING LT_INLINE
#else
#	define LT_COPYING static __attribute__((noinline))
#endif
#define lt_likely(x)   __builtin_expect(!!(x), 1)
#define lt_unlikely(x) __builtin_expect(!!(x), 0)

/* An address that is kept in a register: the compiler would compute it anew for each use. */
#define lt_keep(address)                                                                           \
	(__extension__({                                                                           \
		__typeof__(address) kept_ = (address);                                             \
                                                                                                   \
		__asm__("" : "+r"(kept_));                                                         \
		kept_;                                                                             \
	}))

/* Bits of the enable word: two per level, syslog then stderr. */
#define LT_WORD_SYSLOG	0x155u
#define LT_WORD_STDERR	0x2aau
/* And one for what is said of the process. */
#define LT_WORD_PROCESS 0x400u

/* The enable word of every tracepoint of ours; 0 until initialised and where capture is off. */
extern LT_HIDDEN uint32_t lt_word;

/* Whether anybody listens to what `mask` names: the one load and branch when nobody does. */
static inline bool lt_heard(uint32_t mask)
{
	return lt_unlikely(__atomic_load_n(&lt_word, __ATOMIC_RELAXED) & mask);
}

/* The same for both, and what exactly is listened to. */
static inline uint32_t lt_heard_word(void)
{
	return __atomic_load_n(&lt_word, __ATOMIC_RELAXED) & (LT_WORD_SYSLOG | LT_WORD_STDERR);
}

/* Read once at initialisation, constant afterwards. */
extern LT_HIDDEN struct lt_settings lt_settings;

/* Where events go; its kind is EVH_TRANSPORT_NONE where capture is off. */
extern LT_HIDDEN struct evh_transport lt_transport;

/* The program's short name, as it goes into the stderr events. */
#define LT_PROGRAM_MAX 256
extern LT_HIDDEN char lt_program[LT_PROGRAM_MAX];

/*
 * The process as the kernel tells processes apart. The struct lies in a page that is zero again in
 * a child that has memory of its own (MADV_WIPEONFORK), whatever made that child; a child of vfork
 * shares it with its parent.
 */
struct lt_process {
	uint32_t generation; /* 0: not looked at since this process began; never the same again */
	pid_t pid;
	uint64_t message_seed; /* 0: no message of several parts was sent yet */
	uint64_t messages;     /* that were */
	uint8_t told;	       /* of itself, 0: nothing; process_event.c */
	pid_t proc_pid; /* what /proc says, for processes that may not ask otherwise; 0: unknown */
};
extern LT_HIDDEN struct lt_process *lt_process;

/*
 * A page of its own, wherever it begins in this room: a variable that is aligned to a page would
 * put the small ones of .bss on another page than those of .data, which each program touches.
 * Struct lt_process lies there in the end; before that it is room for a file of /proc, and left as
 * zeros.
 */
#define LT_PAGE 4096
extern LT_HIDDEN char lt_page_room[2 * LT_PAGE];

static inline char *lt_own_page(void)
{
	return lt_page_room + (-(uintptr_t)lt_page_room & (LT_PAGE - 1));
}

/* The generation of this process, noticing a fork if there was one. */
uint32_t lt_process_generation(void);

/*
 * A number for a message of several parts, which no other message has: the process's own random
 * number and a count. Neither a namespace, nor a fork, nor a handler that comes in between makes
 * two messages one.
 */
uint64_t lt_message_id(void);

/* Tells of the process before its first message; NULL: nothing is told. See process_event.h. */
extern LT_HIDDEN void (*lt_introduce)(void);

/* For what is sent without lt_thread_enter, which does that as well. */
static inline void lt_introduce_process(void)
{
	if (lt_unlikely(!__atomic_load_n(&lt_process->told, __ATOMIC_RELAXED)) && lt_introduce)
		lt_introduce();
}

/* How far a message that travels in parts has come. */
struct lt_parts {
	uint64_t message_id; /* means nothing while `next` is 0 */
	uint32_t next;	     /* number of the next part; 0: none was sent */
};

/*
 * Claims what `owner` guards for the process of that generation, without a lock; whether it was
 * free. What a parent's thread had claimed when it forked is free in the child.
 */
static inline bool lt_claim(uint32_t *owner, uint32_t generation)
{
	uint32_t present = __atomic_load_n(owner, __ATOMIC_RELAXED);

	return present != generation &&
	       __atomic_compare_exchange_n(owner, &present, generation, false, __ATOMIC_ACQUIRE,
					   __ATOMIC_RELAXED);
}

static inline void lt_release(uint32_t *owner)
{
	__atomic_store_n(owner, 0, __ATOMIC_RELEASE);
}

/*
 * Whether the caller's descriptors are those that our tables describe: false in a child of vfork
 * (or of clone with shared memory), whose close and dup2 must not change what the parent knows.
 */
bool lt_process_is_ours(void);

/*
 * The program has installed a seccomp filter, which may know numbers: our descriptor stays where it
 * is. What we may call: lt_may() (own_calls.h).
 */
extern LT_HIDDEN bool lt_confined;

/*
 * The number at which LOGTAP_DEBUG's file is kept open, or -1. The program may do with it what it
 * likes, and has no reason to.
 */
extern LT_HIDDEN int lt_debug_fd;

/*
 * The kernel is valgrind's picture of one, which says something on stderr about a system call that
 * makes no sense, or that it doesn't know: none such is made.
 */
extern LT_HIDDEN bool lt_emulated;

/* The thread that ends the process, and sends what the others have unfinished; NULL before that. */
extern LT_HIDDEN const struct lt_thread *lt_collector;

/* The end of exit() has come: what is unfinished now is sent at once. */
extern LT_HIDDEN bool lt_ending;

/* Bytes of an unfinished line that a thread can keep; longer ones travel as parts. */
#define LT_PIECE_MAX 432

/*
 * Who may touch a thread's unfinished line. The thread claims it for a moment behind its call, so
 * that a handler which finds it claimed knows that it interrupted just this, and makes lines of its
 * own. The thread that ends the process takes the others' lines.
 */
enum lt_claim_state {
	LT_CLAIM_FREE,
	LT_CLAIM_OWN,	 /* the thread itself is at it */
	LT_CLAIM_TAKING, /* the thread that ends the process copies it */
	LT_CLAIM_TAKEN,	 /* and has: what the thread adds to that line has nowhere to go */
};

/*
 * Per thread. With the encoder's own it stays below 512 bytes of initial-exec TLS, which is the
 * room that programs with a hundred libraries have to spare.
 */
struct lt_thread {
	uint32_t generation;   /* of the process that the rest belongs to */
	uint8_t claim;	       /* enum lt_claim_state, of the unfinished line */
	bool open;	       /* there is an unfinished line: used, parts.next or cut */
	bool cut;	       /* its end is not to be shown: the rest was sent for this thread */
	uint8_t held;	       /* copies of what calls that are under way were given */
	uint8_t buffers;       /* of events, that it claimed and did not give back */
	struct lt_parts parts; /* of the unfinished line, that were sent already */
	const char *nested;    /* stack address of the dprintf or syslog under way, or NULL */
	uint16_t used;	       /* bytes of piece */
	int8_t severity;       /* of the unfinished line, once a part of it was sent */
	uint8_t nested_kind;   /* enum lt_nested_kind */
	uint8_t nested_seen;   /* the slot saw a write of the inner call */
	uint8_t home;	       /* the event buffer that it tries first */
	uint8_t exiting;       /* rounds of thread-exit destructors seen */
	bool armed;	       /* the thread-exit destructor will run */
	bool registered;       /* other threads can find this one */
	struct lt_severity_state lines;
	char piece[LT_PIECE_MAX];
};

#define LT_TLS __thread __attribute__((tls_model("initial-exec")))
extern LT_HIDDEN LT_TLS struct lt_thread lt_thread;

void lt_thread_begin(struct lt_thread *thread);

/* Brings the thread's state up to date with the process; to be called before it is used. */
static inline void lt_thread_enter(struct lt_thread *thread)
{
	uint32_t generation = __atomic_load_n(&lt_process->generation, __ATOMIC_RELAXED);

	if (lt_unlikely(!generation || thread->generation != generation))
		lt_thread_begin(thread);
}

#endif

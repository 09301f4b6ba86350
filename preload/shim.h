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

#define LT_EXPORT      __attribute__((visibility("default")))
/* For data: without it, the compiler takes a detour by the table of foreign symbols. */
#define LT_HIDDEN      __attribute__((visibility("hidden")))
/* Where a call would be one return too much; see user_events_send.h. */
#define LT_INLINE      static inline __attribute__((always_inline))
#define LT_COLD	       __attribute__((cold, noinline))
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
#define LT_WORD_SYSLOG 0x155u
#define LT_WORD_STDERR 0x2aau

/* The enable word of every tracepoint of ours; 0 until initialised and where capture is off. */
extern LT_HIDDEN uint32_t lt_word;

/* Whether anybody listens to what `mask` names: the one load and branch when nobody does. */
static inline bool lt_heard(uint32_t mask)
{
	return lt_unlikely(__atomic_load_n(&lt_word, __ATOMIC_RELAXED) & mask);
}

/* Read once at initialisation, constant afterwards. */
extern LT_HIDDEN struct lt_settings lt_settings;

/* Where events go; its kind is EVH_TRANSPORT_NONE where capture is off. */
extern LT_HIDDEN struct evh_transport lt_transport;

/* The program's short name, as it goes into the stderr events. */
extern const char *lt_program;

/*
 * The process as the kernel tells processes apart. The struct lies in a page that is zero again in
 * a child that has memory of its own (MADV_WIPEONFORK), whatever made that child; a child of vfork
 * shares it with its parent.
 */
struct lt_process {
	uint32_t generation; /* 0: not looked at since this process began; never the same again */
	pid_t pid;
};
extern LT_HIDDEN struct lt_process *lt_process;

/* The generation of this process, noticing a fork if there was one. */
uint32_t lt_process_generation(void);

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
 * After this the program may make no system call but a few: nothing but write(2) is used from then
 * on.
 */
extern LT_HIDDEN bool lt_confined;

/* The thread that ends the process, and sends what the others have unfinished; NULL before that. */
extern LT_HIDDEN const struct lt_thread *lt_collector;

/* The end of exit() has come: what is unfinished now is sent at once. */
extern LT_HIDDEN bool lt_ending;

/* Bytes of an unfinished line that a thread can keep; longer ones travel as parts. */
#define LT_PIECE_MAX 432

/*
 * Per thread. With the encoder's own it stays below 512 bytes of initial-exec TLS, which is the
 * room that programs with a hundred libraries have to spare.
 */
struct lt_thread {
	uint32_t generation; /* of the process that the rest belongs to */
	uint32_t part;	     /* parts of the present line that were sent already */
	const char *busy;    /* stack address of the lt_lines_take that is under way, or NULL */
	const char *inner;   /* stack address of the dprintf or syslog that is under way, or NULL */
	uint16_t used;	     /* bytes of piece */
	int8_t severity;     /* of the present line, once a part of it was sent */
	uint8_t inner_kind;  /* enum lt_inner_kind */
	uint8_t inner_seen;  /* the slot saw a write of the inner call */
	uint8_t home;	     /* the event buffer that it tries first */
	uint8_t exiting;     /* rounds of thread-exit destructors seen */
	bool armed;	     /* the thread-exit destructor will run */
	bool registered;     /* other threads can find this one */
	bool collected;	     /* the line that it had when the process ended was sent for it */
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

/*
 * What is to be done before the process ends or becomes another program: send the thread's
 * unfinished line, write the counters to LOGTAP_DEBUG. Nothing in a child of vfork.
 */
void lt_process_leave(void);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The table of stderr descriptors. One byte each, read and written without a lock: two threads that
 * race on one number (one closes it, one copies onto it) race in the program already.
 */
#include "fds.h"

#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "own_calls.h"
#include "raw.h"

uint8_t lt_fds[LT_FDS_TABLE] = { [2] = LT_FD_STDERR };

/* Copies beyond the table are rare (a shell that saves its stderr high up): a short list. */
#define HIGH_MAX 32
static int high[HIGH_MAX];
static uint32_t high_used; /* entries of the list that were ever used; 0 entries are free */

bool lt_fds_has_high(int fd)
{
	uint32_t used = __atomic_load_n(&high_used, __ATOMIC_RELAXED);

	if (fd < 0)
		return false;
	for (uint32_t i = 0; i < used; i++)
		if (__atomic_load_n(&high[i], __ATOMIC_RELAXED) == fd)
			return true;
	return false;
}

static void add_high(int fd)
{
	for (uint32_t i = 0; i < HIGH_MAX; i++) {
		int none = 0;

		if (__atomic_compare_exchange_n(&high[i], &none, fd, false, __ATOMIC_RELAXED,
						__ATOMIC_RELAXED)) {
			uint32_t used = __atomic_load_n(&high_used, __ATOMIC_RELAXED);

			while (used <= i &&
			       !__atomic_compare_exchange_n(&high_used, &used, i + 1, false,
							    __ATOMIC_RELAXED, __ATOMIC_RELAXED))
				;
			return;
		}
	}
}

static void set(int fd, enum lt_fd_state state)
{
	if ((unsigned)fd < LT_FDS_TABLE) {
		/* An unchanged byte is not written: the page stays shared with other processes. */
		if (lt_fds[fd] != state)
			__atomic_store_n(&lt_fds[fd], state, __ATOMIC_RELAXED);
		return;
	}
	for (uint32_t i = 0; i < HIGH_MAX; i++) {
		int entry = fd;

		__atomic_compare_exchange_n(&high[i], &entry, 0, false, __ATOMIC_RELAXED,
					    __ATOMIC_RELAXED);
	}
	if (state != LT_FD_OTHER)
		add_high(fd);
}

void lt_fds_copied(int fd, int copy)
{
	if (fd == copy || (!lt_fds_is_stderr(fd) && !lt_fds_is_stderr(copy)))
		return;
	if (!lt_process_is_ours())
		return;
	if (!lt_fds_is_stderr(fd))
		set(copy, copy == 2 ? LT_FD_STDERR : LT_FD_OTHER);
	else
		set(copy, (unsigned)fd < LT_FDS_TABLE ? lt_fds[fd] : LT_FD_STDERR);
}

void lt_fds_replaced(int fd)
{
	if (lt_fds_is_stderr(fd) && lt_process_is_ours())
		set(fd, fd == 2 ? LT_FD_STDERR : LT_FD_OTHER);
}

void lt_fds_closed(unsigned first, unsigned last)
{
	if (!lt_process_is_ours())
		return;
	for (unsigned fd = first; fd <= last && fd < LT_FDS_TABLE; fd++)
		set((int)fd, fd == 2 ? LT_FD_STDERR : LT_FD_OTHER);
	for (uint32_t i = 0; i < HIGH_MAX; i++) {
		int entry = __atomic_load_n(&high[i], __ATOMIC_RELAXED);

		if (entry && (unsigned)entry >= first && (unsigned)entry <= last)
			set(entry, LT_FD_OTHER);
	}
}

/* Apart, so that its struct is not on every logging thread's stack. */
static __attribute__((noinline)) enum lt_fd_state ask(int fd)
{
	struct stat status = { 0 };

	if (LT_RAW2(SYS_fstat, fd, &status) < 0 || !S_ISCHR(status.st_mode))
		return LT_FD_READS;
	switch (major(status.st_rdev)) {
	case 4:		  /* virtual and serial terminals */
	case 5:		  /* the controlling terminal, the console */
	case 136 ... 143: /* pseudo terminals */
		return LT_FD_READS;
	default:
		return LT_FD_SWALLOWS;
	}
}

/*
 * rt_sigprocmask copies its set from user space before it looks at `how`: with a `how` that does
 * not exist it answers EFAULT or EINVAL and changes nothing, for any pointer, in about 50 ns and
 * without a descriptor.
 */
bool lt_readable(const void *bytes, size_t size)
{
	uintptr_t address = (uintptr_t)bytes & ~(uintptr_t)7;
	uintptr_t end = (uintptr_t)bytes + size;
	const uintptr_t page = 4096;

	if (!size || !lt_may(LT_CALL_PROBE))
		return true;
	/* The kernel takes a NULL set for none and does not look; nothing of a program is that low.
	 */
	if (end < (uintptr_t)bytes || address < page)
		return false;
	for (; address < end; address = (address | (page - 1)) + 1)
		if (LT_RAW4(SYS_rt_sigprocmask, ~0L, address, NULL, 8) == -EFAULT)
			return false;
	return true;
}

bool lt_fds_is_writable(int fd)
{
	long flags;

	if (!lt_may(LT_CALL_FLAGS))
		return true;
	flags = LT_RAW2(SYS_fcntl, fd, F_GETFL);
	return flags >= 0 && (flags & O_ACCMODE) != O_RDONLY && !(flags & O_PATH);
}

/* Where a program's segments don't lie side by side: the others. */
static struct lt_fds_range segments[8];

struct lt_fds_range lt_fds_program;

uintptr_t lt_fds_stack_top;

/*
 * libc's note of the heap's end. What lies between the heap's begin and that is there, also where
 * it was freed, as long as nobody takes the heap back meanwhile; who writes from there holds it.
 */
extern char *__curbrk __attribute__((weak));
static uintptr_t heap_begin;

/* A page that belongs to a segment is there as a whole. */
static bool adjoins(const struct lt_fds_range *range, uintptr_t begin)
{
	const uintptr_t page = 4096;
	uintptr_t end = (range->begin + range->size + page - 1) & -page;

	return range->size && begin >= range->begin && begin <= end;
}

static void add_segment(uintptr_t begin, size_t size)
{
	struct lt_fds_range *range = &lt_fds_program;

	if (adjoins(range, begin) || !range->size) {
		if (!range->size)
			range->begin = begin;
		if (begin + size - range->begin > range->size)
			range->size = begin + size - range->begin;
		return;
	}
	for (range = segments; range < segments + 8; range++) {
		if (range->size)
			continue;
		*range = (struct lt_fds_range){ begin, size };
		return;
	}
}

void lt_fds_init(void)
{
	const ElfW(Phdr) *header = (const void *)getauxval(AT_PHDR);
	size_t count = getauxval(AT_PHNUM);
	uintptr_t base = 0;

	lt_fds_stack_top = getauxval(AT_EXECFN);
	heap_begin = (uintptr_t)LT_RAW1(SYS_brk, 0);
	for (size_t i = 0; header && i < count; i++)
		if (header[i].p_type == PT_PHDR)
			base = (uintptr_t)header - header[i].p_vaddr;
	for (size_t i = 0; header && i < count; i++)
		if (header[i].p_type == PT_LOAD && header[i].p_flags & PF_R)
			add_segment(base + header[i].p_vaddr, header[i].p_memsz);
}

static bool in_heap(uintptr_t begin, size_t size)
{
	uintptr_t end = &__curbrk ? (uintptr_t)__atomic_load_n(&__curbrk, __ATOMIC_RELAXED) : 0;

	return begin >= heap_begin && begin < end && size <= end - begin;
}

/* Whether bytes lie where a bad pointer doesn't: in the program's own segments, or in its heap. */
static bool surely_readable(uintptr_t begin, size_t size)
{
	if (in_heap(begin, size))
		return true;
	for (const struct lt_fds_range *range = segments; range < segments + 8 && range->size;
	     range++)
		if (lt_fds_in(range, begin, size))
			return true;
	return false;
}

bool lt_fds_can_read_slow(int fd, const void *bytes, size_t size)
{
	enum lt_fd_state state =
		(unsigned)fd < LT_FDS_TABLE ? (enum lt_fd_state)lt_fds[fd] : LT_FD_STDERR;

	if (!lt_may(LT_CALL_STAT | LT_CALL_PROBE))
		return true;
	if (state == LT_FD_STDERR) {
		state = ask(fd);
		/* A child of vfork has other files behind the parent's numbers. */
		if ((unsigned)fd < LT_FDS_TABLE && lt_process_is_ours())
			__atomic_store_n(&lt_fds[fd], state, __ATOMIC_RELAXED);
	}
	return state == LT_FD_READS || surely_readable((uintptr_t)bytes, size) ||
	       lt_readable(bytes, size);
}

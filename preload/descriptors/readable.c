/* SPDX-License-Identifier: MIT */
/*
 * Which memory can be read without a fault: the program's own segments, its heap and the frames
 * above ours, as long as the program makes nothing of them unreadable; and by asking the kernel.
 *
 * Must never say yes where a read could fault: a write from there is answered with EFAULT, and with
 * us the program would die of it.
 */
#include "readable.h"

#include <link.h>
#include <sys/auxv.h>
#include <sys/uio.h>
#include <unistd.h>

#include "confinement.h"
#include "own_calls.h"
#include "raw.h"

/*
 * rt_sigprocmask copies its set from user space before it looks at `how`: with a `how` that does
 * not exist it answers EFAULT or EINVAL and changes nothing, for any pointer, in about 50 ns and
 * without a descriptor.
 */
static bool kernel_reads(uintptr_t address)
{
	long answer = LT_RAW4(SYS_rt_sigprocmask, ~0L, address, NULL, 8);

	/* Another answer is that of a filter which nobody saw. */
	if (lt_unlikely(answer != -EINVAL && answer != -EFAULT))
		lt_confine_unseen(false);
	return answer == -EINVAL;
}

/* Valgrind says something of a `how` that does not exist. */
static __attribute__((noinline)) bool emulated_kernel_reads(uintptr_t address)
{
	char byte;
	struct iovec here = { &byte, 1 }, there = { (void *)address, 1 };

	return !lt_may(LT_CALL_PEEK | LT_CALL_PROCESS) ||
	       LT_RAW6(SYS_process_vm_readv, LT_RAW1(SYS_getpid, 0), &here, 1, &there, 1, 0) == 1;
}

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
		if (lt_unlikely(lt_emulated) ? !emulated_kernel_reads(address)
					     : !kernel_reads(address))
			return false;
	return true;
}

/* Where a program's segments don't lie side by side: the others. */
static struct lt_range segments[8] LT_START_DATA;

struct lt_range lt_readable_program LT_START_DATA;

uintptr_t lt_readable_stack_top LT_START_DATA;

/* Bytes of the frames above ours that are taken for readable: the buffers that stdio and programs
 * format into. */
#define FRAMES 16384

uintptr_t lt_readable_frames = FRAMES;

/*
 * libc's note of the heap's end. What lies between the heap's begin and that is there, also where
 * it was freed, as long as nobody takes the heap back meanwhile; who writes from there holds it.
 */
extern char *__curbrk __attribute__((weak));
static uintptr_t heap_begin LT_START_DATA;

/* A page that belongs to a segment is there as a whole. */
static bool adjoins(const struct lt_range *range, uintptr_t begin)
{
	const uintptr_t page = 4096;
	uintptr_t end = (range->begin + range->size + page - 1) & -page;

	return range->size && begin >= range->begin && begin <= end;
}

static void add_segment(uintptr_t begin, size_t size)
{
	struct lt_range *range = &lt_readable_program;

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
		*range = (struct lt_range){ begin, size };
		return;
	}
}

void lt_readable_init(void)
{
	const ElfW(Phdr) *header = (const void *)getauxval(AT_PHDR);
	size_t count = getauxval(AT_PHNUM);
	uintptr_t base = 0;

	lt_readable_stack_top = getauxval(AT_EXECFN);
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

bool lt_surely_readable(uintptr_t begin, size_t size)
{
	if (in_heap(begin, size))
		return true;
	for (const struct lt_range *range = segments; range < segments + 8 && range->size; range++)
		if (lt_readable_in(range, begin, size))
			return true;
	return false;
}

/*
 * How far above the call, on the stack, a page may be that it makes unreadable. Below it none is in
 * use; and on a stack of the program's own (a coroutine's), all that is above may be other memory.
 */
#define STACK_DEPTH ((uintptr_t)1 << 20)

static bool overlaps(uintptr_t begin, uintptr_t end, uintptr_t other, uintptr_t other_end)
{
	return begin < other_end && other < end;
}

/* The largest page that the processor may have: a call takes away whole ones. */
#ifdef __aarch64__
#	define LARGEST_PAGE 65536
#else
#	define LARGEST_PAGE 4096
#endif

LT_COLD void lt_memory_doubted(const void *address, size_t size, const char *here)
{
	const uintptr_t page = LARGEST_PAGE;
	uintptr_t begin = (uintptr_t)address & -page, end = (uintptr_t)address + size;
	uintptr_t frame = (uintptr_t)here, top = lt_readable_top_of_frames(frame);
	uintptr_t heap_end = &__curbrk ? (uintptr_t)__curbrk : 0;

	/* Beyond all addresses: the kernel refuses it. */
	if (end < begin || end > -page)
		return;
	end = (end + page - 1) & -page;
	if (overlaps(begin, end, heap_begin, heap_end))
		__atomic_store_n(&heap_begin, UINTPTR_MAX, __ATOMIC_RELAXED);
	if (top - frame > STACK_DEPTH)
		top = frame + STACK_DEPTH;
	if (overlaps(begin, end, frame, top))
		__atomic_store_n(&lt_readable_frames, 0, __ATOMIC_RELAXED);
	for (struct lt_range *range = segments; range < segments + 8; range++)
		if (overlaps(begin, end, range->begin, range->begin + range->size))
			__atomic_store_n(&segments[0].size, 0, __ATOMIC_RELAXED);
	if (overlaps(begin, end, lt_readable_program.begin,
		     lt_readable_program.begin + lt_readable_program.size))
		__atomic_store_n(&lt_readable_program.size, 0, __ATOMIC_RELAXED);
}

bool lt_readable_slow(const void *bytes, size_t size)
{
	return lt_surely_readable((uintptr_t)bytes, size) ||
	       (lt_may(LT_CALL_PROBE) && !lt_emulated && lt_readable(bytes, size));
}

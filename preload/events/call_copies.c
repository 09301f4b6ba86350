/* SPDX-License-Identifier: MIT */
/*
 * Copies of what calls were given; see call_copies.h. They are held over calls that can block for
 * ever, so that they have memory apart from the buffers of events: a few slots in static memory,
 * and a mapping where a slot is too small. Where none is free the bytes are read after the call.
 *
 * Must never fault, whatever address a program passes, and never keep what a call that was left by
 * a jump had.
 */
#include "call_copies.h"

#include <string.h>

#include "emit.h"
#include "mapping.h"
#include "own_calls.h"
#include "raw.h"

/* Bytes of a call that are copied before it; a MiB takes about as long as its way into a pipe. */
#define COPY_MAX ((size_t)1 << 20)

#define SLOTS	  16
#define SLOT_SIZE 4096

struct lt_copy_slot {
	uint32_t owner;	 /* as of lt_claim */
	uint64_t holder; /* the ticket of the call that it is held over; 0: none */
	struct lt_thread *thread;
	struct lt_mapping mapping; /* size 0: none */
	char front[LT_LINE_FRONT];
	char bytes[SLOT_SIZE];
	char tail[EVH_TAILROOM];
} __attribute__((aligned(64)));

/* 68 KiB; the pages of those that are never used stay untouched. */
static struct lt_copy_slot slots[SLOTS];

static uint64_t tickets;

static struct lt_copy_slot *claim_slot(struct lt_thread *thread)
{
	for (unsigned i = 0; i < SLOTS; i++) {
		struct lt_copy_slot *slot = &slots[(thread->home + i) % SLOTS];

		if (lt_claim(&slot->owner, thread->generation)) {
			slot->mapping.size = 0;
			return slot;
		}
	}
	return NULL;
}

static void free_slot(struct lt_copy_slot *slot)
{
	if (slot->mapping.size)
		lt_mapping_close(&slot->mapping);
	slot->mapping.size = 0;
	lt_release(&slot->owner);
}

size_t lt_copy_read(void *to, const void *from, size_t size)
{
	struct iovec here = { to, size };
	struct iovec there = { (void *)from, size };
	long got;

	if (lt_may(LT_CALL_PEEK | LT_CALL_PROCESS)) {
		got = LT_RAW6(SYS_process_vm_readv, LT_RAW1(SYS_getpid, 0), &here, 1, &there, 1, 0);
		if (got >= 0)
			return (size_t)got;
		if (got == -EFAULT)
			return 0;
	}
	if (!lt_readable(from, size))
		return 0;
	memcpy(to, from, size);
	return size;
}

/*
 * What another thread may unmap, or another process cut off a file that is mapped, the kernel
 * copies, which can't fault. After a filter it can't be asked, and looks alone are left.
 */
static size_t copy_piece(char *to, const void *from, size_t size)
{
	const char *here = __builtin_frame_address(0);

	if (!lt_copy_is_sure(from, size, here)) {
		if (lt_may(LT_CALL_PEEK | LT_CALL_PROCESS))
			return lt_copy_read(to, from, size);
		if (!lt_copy_is_safe(from, size, here))
			return 0;
	}
	memcpy(to, from, size);
	return size;
}

static size_t total_of(const struct iovec *pieces, size_t count)
{
	size_t total = 0;

	for (size_t i = 0; i < count && total < COPY_MAX; i++)
		total += pieces[i].iov_len < COPY_MAX ? pieces[i].iov_len : COPY_MAX;
	return total < COPY_MAX ? total : COPY_MAX;
}

/* Memory for `size` bytes, or for as many as a slot has. */
static size_t find_room(struct lt_copy *copy, size_t size)
{
	struct lt_mapping *mapping = &copy->slot->mapping;
	const size_t around = LT_LINE_FRONT + EVH_TAILROOM;

	copy->bytes = copy->slot->bytes;
	if (size <= SLOT_SIZE)
		return size;
	if (!lt_may(LT_CALL_MEMORY) || lt_mapping_open(mapping, size + around)) {
		mapping->size = 0;
		return SLOT_SIZE;
	}
	copy->bytes = mapping->address + LT_LINE_FRONT;
	return size;
}

void lt_copy_before(struct lt_copy *copy, const struct iovec *pieces, size_t count)
{
	struct lt_thread *thread = &lt_thread;
	size_t room;

	copy->bytes = NULL;
	copy->size = 0;
	copy->slot = NULL;
	/* More pieces than that no call takes. */
	if (!count || count > 1024 ||
	    !lt_copy_is_safe(pieces, count * sizeof(*pieces), __builtin_frame_address(0)))
		return;
	lt_thread_enter(thread);
	copy->slot = claim_slot(thread);
	if (!copy->slot)
		return;
	copy->slot->thread = thread;
	copy->ticket = __atomic_add_fetch(&tickets, 1, __ATOMIC_RELAXED);
	room = find_room(copy, total_of(pieces, count));
	for (size_t i = 0; i < count && copy->size < room; i++) {
		size_t left = room - copy->size;
		size_t size = pieces[i].iov_len < left ? pieces[i].iov_len : left;
		size_t copied =
			size ? copy_piece(copy->bytes + copy->size, pieces[i].iov_base, size) : 0;

		copy->size += copied;
		if (copied < size)
			break;
	}
	thread->held++;
	__atomic_store_n(&copy->slot->holder, copy->ticket, __ATOMIC_RELEASE);
}

/* Whether a slot's holder was still `ticket`, in one step: a handler may jump before and behind. */
static bool let_go(struct lt_copy_slot *slot, uint64_t ticket)
{
	return __atomic_compare_exchange_n(&slot->holder, &ticket, 0, false, __ATOMIC_ACQUIRE,
					   __ATOMIC_RELAXED);
}

size_t lt_copy_after(struct lt_copy *copy)
{
	if (!copy->slot || !copy->ticket)
		return copy->size;
	if (!let_go(copy->slot, copy->ticket)) {
		copy->slot = NULL;
		copy->bytes = NULL;
		copy->size = 0;
		return 0;
	}
	if (lt_thread.held)
		lt_thread.held--;
	copy->ticket = 0;
	return copy->size;
}

void lt_copy_release(struct lt_copy *copy)
{
	lt_copy_after(copy);
	if (copy->slot)
		free_slot(copy->slot);
}

LT_COLD void lt_copy_table_abandon(struct lt_thread *thread)
{
	thread->held = 0;
	for (unsigned i = 0; i < SLOTS; i++) {
		struct lt_copy_slot *slot = &slots[i];
		uint64_t holder = __atomic_load_n(&slot->holder, __ATOMIC_RELAXED);

		if (holder && slot->thread == thread && let_go(slot, holder))
			free_slot(slot);
	}
}

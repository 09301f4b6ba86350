/* SPDX-License-Identifier: MIT */
/*
 * Whether the process's other threads are in this library's code. Between asking whether it may
 * make a call and making it, a thread can lose the processor for long, and what it was told may be
 * wrong by then. The kernel says where a thread that doesn't run was interrupted; one that runs is
 * past those few instructions when it has used the processor for a while.
 *
 * Must never stop or signal another thread, nor wait for one without an end.
 */
#include "other_threads.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>

#include "own_calls.h"
#include "process.h"
#include "raw.h"
#include "shim.h"

/* Of the processor's time: some hundred times what any way through this library takes. */
#define LONG_ENOUGH UINT64_C(1000000) /* ns */

#define TURN  1000000 /* ns */
#define TURNS 500

#define THREADS_MAX 1024

struct thread {
	uint32_t tid;
	uint64_t ran; /* ns, when the waiting began */
};

/* Of whoever has claimed it; untouched, and so not there, until then. */
static struct {
	uint32_t owner;
	size_t count;
	struct thread threads[THREADS_MAX];
	char entries[8192];
} look;

#define TASKS "/proc/self/task"

/* The processor's time of a thread of ours, by the clock that the kernel's ABI gives it. 0: it is
 * gone, or its number is one of another namespace. */
static uint64_t time_of(uint32_t tid)
{
	struct timespec time = { 0 };

	if (LT_RAW2(SYS_clock_gettime, (int)(~tid << 3 | 6), &time) < 0)
		return 0;
	return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static uint32_t number(const char *digits)
{
	uint32_t value = 0;

	for (; *digits >= '0' && *digits <= '9'; digits++)
		value = value * 10 + (uint32_t)(*digits - '0');
	return value;
}

/* Notes the threads of some entries; whether the caller, who is not noted, is among them. */
static bool note(size_t size, uint32_t self)
{
	bool found = false;

	for (size_t at = 0; at < size;) {
		const struct dirent64 *entry = (const void *)(look.entries + at);
		uint32_t tid = number(entry->d_name);

		found |= tid == self;
		if (tid && tid != self && look.count < THREADS_MAX)
			look.threads[look.count++] = (struct thread){ tid, time_of(tid) };
		at += entry->d_reclen;
	}
	return found;
}

static bool list(void)
{
	uint32_t self = lt_process_tid();
	bool found = false;
	long folder, size;

	look.count = 0;
	folder = LT_RAW4(SYS_openat, AT_FDCWD, TASKS, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	if (folder < 0)
		return false;
	while ((size = LT_RAW3(SYS_getdents64, folder, look.entries, sizeof(look.entries))) > 0)
		found |= note((size_t)size, self);
	LT_RAW1(SYS_close, folder);
	return found && self;
}

static void put_path(char *path, uint32_t tid)
{
	char digits[12];
	size_t count = 0;

	memcpy(path, TASKS "/", sizeof(TASKS));
	path += sizeof(TASKS);
	do
		digits[count++] = (char)('0' + tid % 10);
	while (tid /= 10);
	while (count)
		*path++ = digits[--count];
	memcpy(path, "/syscall", sizeof("/syscall"));
}

/* The address of the next instruction stands last: "1 0x2 ... 0x7ffc 0x7f12\n". 0: "running". */
static uintptr_t last_address(const char *text)
{
	const char *digit = strrchr(text, 'x');
	uintptr_t address = 0;

	for (digit = digit ? digit + 1 : ""; *digit && *digit != '\n'; digit++)
		address = address << 4 |
			  (uintptr_t)(*digit <= '9' ? *digit - '0' : *digit - 'a' + 10);
	return address;
}

/* Whether the thread is gone, or waits where no code of ours is: then it asks anew. */
static bool is_elsewhere(uint32_t tid)
{
	const struct lt_own_code code = lt_own_code();
	char path[48], text[160];
	uintptr_t address;
	long fd, size;

	put_path(path, tid);
	fd = LT_RAW4(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
	if (fd < 0)
		return fd == -ENOENT || fd == -ESRCH;
	size = LT_RAW3(SYS_read, fd, text, sizeof(text) - 1);
	LT_RAW1(SYS_close, fd);
	if (size <= 0)
		return size == -ESRCH;
	text[size] = '\0';
	address = last_address(text);
	/* Threads of the kernel's own have none. */
	return strchr(text, 'x') && (address < code.begin || address > code.end);
}

static bool has_left(const struct thread *thread)
{
	uint64_t now = time_of(thread->tid);

	return !now || now - thread->ran >= LONG_ENOUGH || is_elsewhere(thread->tid);
}

static void wait_for_all(void)
{
	const struct timespec turn = { .tv_nsec = TURN };

	for (int i = 0; i < TURNS; i++) {
		for (size_t t = look.count; t-- > 0;)
			if (has_left(&look.threads[t]))
				look.threads[t] = look.threads[--look.count];
		if (!look.count)
			return;
		LT_RAW2(SYS_nanosleep, &turn, NULL);
	}
}

bool lt_other_threads_await(void)
{
	bool listed;

	if (!lt_claim(&look.owner, lt_process_generation()))
		return false;
	listed = list();
	if (listed)
		wait_for_all();
	lt_release(&look.owner);
	return listed;
}

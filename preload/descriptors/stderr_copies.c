/* SPDX-License-Identifier: MIT */
/*
 * The table of stderr descriptors; the rule is in stderr_copies.h. One byte each, read and written
 * without a lock: two threads that race on one number (one closes it, one copies onto it) race in
 * the program already.
 */
#include "stderr_copies.h"

#include <fcntl.h>
#include <unistd.h>

#include "copy_table.h"
#include "open_file.h"
#include "own_calls.h"
#include "process.h"
#include "raw.h"
#include "vfork_copies.h"

int8_t lt_copies[LT_COPIES_NUMBERS] = { [STDERR_FILENO] = LT_FD_STDERR };

/* Of the process, as the table; each byte is written and read by itself. */
static bool is_set(const bool *flag)
{
	return __atomic_load_n(flag, __ATOMIC_RELAXED);
}

static void put(bool *flag, bool value)
{
	__atomic_store_n(flag, value, __ATOMIC_RELAXED);
}

/* The program itself closed its stderr, and number 2 was not seen to be anything else since. */
static bool vacated LT_START_DATA;

/* Number 2 is another open file than at the start. */
static bool repointed LT_START_DATA;

/* LOGTAP_NULL=off: number 2 is stderr, and leads to the null device: nobody is meant to see it. */
static bool muted LT_START_DATA;

/* A copy was made, or a log socket connected: otherwise there is nothing to look for. */
static bool any;

/* The process (its generation) whose threads do not all share one table of descriptors; or 0. */
static uint32_t parted LT_START_DATA;

static bool is_parted(void)
{
	uint32_t generation = __atomic_load_n(&parted, __ATOMIC_RELAXED);

	return lt_unlikely(generation) && generation == lt_process_generation();
}

/* Whether what the caller does to its descriptors says something of all that we know of. */
static bool may_note(void)
{
	return lt_process_is_ours() && !is_parted();
}

/* What is thought to be stderr or a log socket, without a look at the file. */
static bool is_known(int fd)
{
	if (fd == STDERR_FILENO && is_set(&muted))
		return true;
	if ((unsigned)fd < LT_COPIES_NUMBERS)
		return __atomic_load_n(&lt_copies[fd], __ATOMIC_RELAXED) != LT_FD_OTHER;
	return lt_copy_table_get(fd) != 0;
}

static void set(int fd, enum lt_fd_state state)
{
	if (fd == STDERR_FILENO)
		put(&repointed, true);
	if ((unsigned)fd >= LT_COPIES_NUMBERS)
		return;
	/* An unchanged byte is not written: the page stays shared with other processes. */
	if (__atomic_load_n(&lt_copies[fd], __ATOMIC_RELAXED) != state)
		__atomic_store_n(&lt_copies[fd], (int8_t)state, __ATOMIC_RELEASE);
}

static void forget(int fd)
{
	if (fd == STDERR_FILENO)
		put(&muted, false);
	set(fd, LT_FD_OTHER);
	if ((unsigned)fd >= LT_COPIES_NUMBERS)
		lt_copy_table_set(fd, 0);
	else if (fd == STDERR_FILENO)
		put(&vacated, true);
}

/*
 * Whether `fd` and number 2 are one open file: 1 or 0, negative where the kernel (before 6.10)
 * can't tell. Where it can, it may also be one whose fstat makes the next write to a file update
 * its times anew, which costs more than both calls.
 */
static long shares_stderr(int fd)
{
	static bool unknown;
	/* Valgrind says something of a command that it doesn't know. */
	long shares = is_set(&unknown) || lt_emulated
			      ? -EINVAL
			      : LT_RAW3(SYS_fcntl, fd, F_DUPFD_QUERY, STDERR_FILENO);

	if (shares == -EINVAL)
		put(&unknown, true);
	return shares;
}

/*
 * Whether the file is the one that was copied. All of a system open the same null device, so that
 * there it must be the same open file, too, as long as number 2 still is what was copied.
 */
static bool is_same_file(int fd, uint64_t word, long shares)
{
	bool device = false;
	uint64_t file = lt_open_file_identify(fd, &device);

	return file == (word & LT_COPY_FILE) && (!device || (word & LT_COPY_OPENED) ||
						 is_set(&repointed) || is_parted() || shares != 0);
}

static bool is_unchanged(int fd, uint64_t word)
{
	bool is_log = lt_copy_kind(word) != LT_COPY_STDERR;
	long shares;

	if ((word & LT_COPY_FILE) == LT_COPY_UNCHECKED || !lt_may(LT_CALL_STAT))
		return true;
	shares = is_log || is_parted() ? 0 : shares_stderr(fd);
	return (shares == 1 && is_known(STDERR_FILENO)) || is_same_file(fd, word, shares);
}

/* The word of `fd`, where what it says is still so; or 0, and it is forgotten. */
static uint64_t checked_word(int fd)
{
	uint64_t word = fd < 0 ? 0 : lt_copy_table_get(fd);

	if (!word || is_unchanged(fd, word))
		return word;
	/* A child of vfork has other files behind its parent's numbers. */
	if (may_note())
		forget(fd);
	return 0;
}

/* Number 2 is stderr from now on. */
static void set_stderr(void)
{
	bool null = !lt_settings.null && lt_open_file_is_null(STDERR_FILENO);

	put(&muted, null);
	set(STDERR_FILENO, null ? LT_FD_OTHER : LT_FD_STDERR);
}

bool lt_copies_is_null(int fd)
{
	return lt_unlikely(!lt_settings.null) && lt_open_file_is_null(fd);
}

bool lt_copies_is_copy(int fd)
{
	uint64_t word = checked_word(fd);

	return word && lt_copy_kind(word) == LT_COPY_STDERR;
}

bool lt_copies_is_captured_copy(int fd)
{
	uint64_t word = checked_word(fd);

	return word &&
	       lt_heard(lt_copy_kind(word) == LT_COPY_STDERR ? LT_WORD_STDERR : LT_WORD_SYSLOG);
}

enum lt_copy_kind lt_copies_kind_slow(int fd)
{
	return lt_copy_kind(fd < 0 ? 0 : lt_copy_table_get(fd));
}

static void add(int fd, uint64_t word)
{
	if (!word || !lt_copy_table_set(fd, word)) {
		forget(fd);
	} else {
		put(&any, true);
		set(fd, LT_FD_COPY);
	}
}

/* The file behind `fd` as part of a word; 0: there is none. */
static uint64_t file_of(int fd)
{
	bool device;

	return lt_may(LT_CALL_STAT) ? lt_open_file_identify(fd, &device) : LT_COPY_UNCHECKED;
}

/* The word of a copy of what `source` says, 0 being stderr itself; `flags` are added. */
static uint64_t word_of_copy(int copy, uint64_t source, uint64_t flags)
{
	uint64_t file = file_of(copy), before = source & LT_COPY_FILE;

	/* The number it was made from had changed hands. */
	if (!file || (before > LT_COPY_UNCHECKED && file > LT_COPY_UNCHECKED && file != before))
		return 0;
	return file | (source & ~LT_COPY_FILE) | flags;
}

/* A child of vfork copied: what it starts wants to know. */
static LT_COLD void copied_in_child(int fd, int copy)
{
	uint64_t source = 0;
	bool known;
	pid_t pid;

	if (copy == STDERR_FILENO || !lt_may(LT_CALLS_ALL))
		return;
	pid = (pid_t)LT_RAW1(SYS_getpid, 0);
	known = fd == STDERR_FILENO ? is_known(fd) && !is_set(&muted)
				    : lt_vfork_copies_get(pid, fd, &source);
	if (!known && fd >= 0)
		source = lt_copy_table_get(fd);
	lt_vfork_copies_set(pid, copy, known || source ? word_of_copy(copy, source, 0) : 0);
}

/* A copy is compared with its file, whoever writes to its number. */
static LT_COLD void copied_when_parted(int fd, int copy)
{
	uint64_t source = lt_copy_table_get(fd);
	uint64_t word = source && copy != STDERR_FILENO ? word_of_copy(copy, source, 0) : 0;

	if (word)
		add(copy, word);
}

void lt_copies_copied(int fd, int copy)
{
	bool known = is_known(fd);

	/* dup2(2, 2) is how a program ends that wants a log there and finds it there by chance. */
	if (copy != STDERR_FILENO &&
	    (fd == copy || (!known && !is_known(copy) && !lt_vfork_copies_any())))
		return;
	if (!lt_process_is_ours())
		copied_in_child(fd, copy);
	else if (is_parted())
		copied_when_parted(fd, copy);
	else if (copy == STDERR_FILENO)
		set_stderr();
	else if (known && !(fd == STDERR_FILENO && is_set(&muted)))
		add(copy, word_of_copy(copy, fd == STDERR_FILENO ? 0 : lt_copy_table_get(fd), 0));
	else if (is_known(copy))
		forget(copy);
}

void lt_copies_connected(int fd, enum lt_copy_kind kind)
{
	/* What has number 2 is stderr, or nothing of ours. */
	if (fd != STDERR_FILENO && lt_process_is_ours())
		add(fd, word_of_copy(fd, 0, LT_COPY_OF_KIND(kind)));
}

void lt_copies_inherited(int fd, uint64_t word)
{
	if (!(word & LT_COPY_FILE))
		word |= is_known(STDERR_FILENO) ? file_of(STDERR_FILENO) : 0;
	if (fd != STDERR_FILENO && (word & LT_COPY_FILE))
		add(fd, word);
}

static int next_in_table(int first)
{
	for (int fd = first; fd < LT_COPIES_NUMBERS; fd++)
		if (__atomic_load_n(&lt_copies[fd], __ATOMIC_RELAXED) == LT_FD_COPY)
			return fd;
	return lt_copy_table_next((unsigned)first);
}

int lt_copies_next(int first)
{
	int fd = is_set(&any) ? next_in_table(first) : -1, other;

	if (lt_likely(!lt_vfork_copies_any()) || !lt_may(LT_CALL_PROCESS))
		return fd;
	other = lt_vfork_copies_next((pid_t)LT_RAW1(SYS_getpid, 0), first);
	return fd < 0 || (other >= 0 && other < fd) ? other : fd;
}

uint64_t lt_copies_word(int fd)
{
	uint64_t word = fd < 0 || fd == STDERR_FILENO ? 0 : lt_copy_table_get(fd);

	if (fd == STDERR_FILENO)
		word = is_known(fd) ? file_of(fd) : 0;
	else if (lt_vfork_copies_any() && lt_may(LT_CALL_PROCESS) && !lt_process_is_ours())
		lt_vfork_copies_get((pid_t)LT_RAW1(SYS_getpid, 0), fd, &word);
	return word && (fd == STDERR_FILENO || is_unchanged(fd, word)) ? word : 0;
}

void lt_copies_replaced(int fd)
{
	if (is_known(fd) && may_note())
		forget(fd);
}

void lt_copies_ask_for_stderr(void)
{
	if (LT_RAW2(SYS_fcntl, STDERR_FILENO, F_GETFD) == -EBADF)
		lt_copies[STDERR_FILENO] = LT_FD_OTHER;
}

void lt_copies_look_at_null(void)
{
	if (lt_copies_is_null(STDERR_FILENO)) {
		put(&muted, true);
		lt_copies[STDERR_FILENO] = LT_FD_OTHER;
	}
}

void lt_copies_redirected(void)
{
	if (may_note())
		set_stderr();
}

void lt_copies_given_back(void)
{
	if (may_note())
		put(&vacated, false);
}

/* See the rule in stderr_copies.h. */
static bool is_redirection(int flags)
{
	const int examined = O_ACCMODE | O_APPEND | O_EXCL | O_CLOEXEC;

	return (is_set(&vacated) && (flags & examined) == (O_WRONLY | O_APPEND)) ||
	       lt_open_file_is_log_device(STDERR_FILENO);
}

void lt_copies_opened(int fd, int flags, bool names_stderr)
{
	if (fd != STDERR_FILENO) {
		/* A number that was a copy may have been closed where nobody saw it. */
		lt_copies_replaced(fd);
		if (lt_unlikely(names_stderr) && is_known(STDERR_FILENO) && !is_set(&muted) &&
		    may_note())
			add(fd, word_of_copy(fd, 0, LT_COPY_OPENED));
	} else if (may_note()) {
		if (is_redirection(flags))
			set_stderr();
		else
			set(fd, LT_FD_OTHER);
		put(&vacated, false);
	}
}

void lt_copies_closed(unsigned first, unsigned last)
{
	if (!may_note())
		return;
	for (unsigned fd = first; fd <= last && fd < LT_COPIES_NUMBERS; fd++)
		if (is_known((int)fd))
			forget((int)fd);
	lt_copy_table_closed(first, last);
}

/*
 * From then on nothing is forgotten, and number 2 is compared with its file as copies are: what a
 * thread has there may be another one, and is not to be taken for stderr.
 */
void lt_copies_part(void)
{
	uint64_t word;

	if (lt_has_one_thread() || !may_note())
		return;
	if (lt_copies_is_sure(STDERR_FILENO)) {
		word = file_of(STDERR_FILENO);
		__atomic_store_n(&lt_copies[STDERR_FILENO],
				 word && lt_copy_table_set(STDERR_FILENO, word) ? LT_FD_COPY
										: LT_FD_OTHER,
				 __ATOMIC_RELEASE);
	}
	__atomic_store_n(&parted, lt_process_generation(), __ATOMIC_RELEASE);
}

bool lt_copies_is_writable(int fd)
{
	long flags;

	if (!lt_may(LT_CALL_FLAGS))
		return true;
	flags = LT_RAW2(SYS_fcntl, fd, F_GETFL);
	return flags >= 0 && (flags & O_ACCMODE) != O_RDONLY && !(flags & O_PATH);
}

/* SPDX-License-Identifier: MIT */
/*
 * Finding the tracefs mount, and opening the user_events file in it.
 *
 * Must be quick where there is nothing to find: the preload library looks when any program starts.
 * Must never allocate or use stdio; the list of mounts is read in small pieces.
 */
#include <fcntl.h>
#include <string.h>

#include "start_data.h"
#include "syscall.h"
#include "transport.h"

#define DATA_FILE "/user_events_data"

/* The longest folder that is looked into, and what is put behind it. */
#define FOLDER_MAX 256
#define TAIL_MAX   sizeof("/tracing" DATA_FILE)

/* One line of the list as far as it matters; longer words are cut and then match nothing. */
struct mount_line {
	char folder[FOLDER_MAX + TAIL_MAX];
	char type[16];
	unsigned word; /* 0 device, 1 folder, 2 type, 3 the rest */
	size_t used;
};

/* Undoes the \040 with which the kernel writes space, tab, newline and backslash. */
static void decode_octal(char *text)
{
	char *out = text;

	for (const char *in = text; *in; in++) {
		if (in[0] == '\\' && in[1] >= '0' && in[1] <= '3' && in[2] >= '0' && in[2] <= '7' &&
		    in[3] >= '0' && in[3] <= '7') {
			*out++ = (char)((in[1] - '0') << 6 | (in[2] - '0') << 3 | (in[3] - '0'));
			in += 3;
		} else {
			*out++ = *in;
		}
	}
	*out = 0;
}

/* Takes one byte of the list; true when it ended a line. */
static bool mount_line_take(struct mount_line *line, char c)
{
	char *word = line->word == 1 ? line->folder : line->type;
	size_t size = line->word == 1 ? FOLDER_MAX : sizeof(line->type);

	if (c == '\n')
		return true;
	if (c == ' ') {
		line->word++;
		line->used = 0;
	} else if ((line->word == 1 || line->word == 2) && line->used < size - 1) {
		word[line->used++] = c;
		word[line->used] = 0;
	}
	return false;
}

/* Opens `tail` below `folder`, in whose buffer there is room to put it. */
static int open_below(char *folder, const char *tail)
{
	memcpy(folder + strlen(folder), tail, strlen(tail) + 1);
	return evh_open_above_stdio(folder, O_WRONLY);
}

/*
 * One pass over the mounts: the first tracefs that has the file; else the last debugfs, which may
 * mount one inside itself. The descriptor, or the first error that says more than -ENOENT.
 */
static int open_in_mounts(int mounts)
{
	struct mount_line line = { .word = 0 };
	char debugfs[FOLDER_MAX + TAIL_MAX] = "";
	char buffer[256] = { 0 };
	int fd = -ENOENT;
	long got;

	while ((got = EVH_SYSCALL3(SYS_read, mounts, buffer, sizeof(buffer))) > 0) {
		for (long i = 0; i < got; i++) {
			int found = -ENOENT;

			if (!mount_line_take(&line, buffer[i]))
				continue;
			decode_octal(line.folder);
			if (strcmp(line.type, "tracefs") == 0)
				found = open_below(line.folder, DATA_FILE);
			else if (strcmp(line.type, "debugfs") == 0)
				memcpy(debugfs, line.folder, sizeof(debugfs));
			if (found >= 0)
				return found;
			if (fd == -ENOENT)
				fd = found;
			memset(&line, 0, sizeof(line));
		}
	}
	return fd == -ENOENT && *debugfs ? open_below(debugfs, "/tracing" DATA_FILE) : fd;
}

/* By opening it, as the loader opens its files: no filter that the program runs under is against
 * that. */
static bool exists(const char *path)
{
	long fd = evh_open_above_stdio(path, O_RDONLY);

	if (fd >= 0)
		EVH_SYSCALL1(SYS_close, fd);
	return fd != -ENOENT;
}

/*
 * This setting is there exactly when the kernel has user_events (since Linux 6.4). No kernel gets
 * them later: what it said once, where /proc says anything, holds.
 */
bool evh_user_events_known(void)
{
	static bool absent EVH_START_DATA;

	if (!__atomic_load_n(&absent, __ATOMIC_RELAXED) &&
	    !exists("/proc/sys/kernel/user_events_max") && exists("/proc/sys"))
		__atomic_store_n(&absent, true, __ATOMIC_RELAXED);
	return !absent;
}

int evh_user_events_open(void)
{
	int fd = evh_open_above_stdio("/sys/kernel/tracing" DATA_FILE, O_WRONLY);
	int mounts;

	/* Permission is the file system's own: another mount of it would not give more. */
	if (fd != -ENOENT)
		return fd;
	if (!evh_user_events_known())
		return -ENOENT;
	mounts = evh_open_above_stdio("/proc/self/mounts", O_RDONLY);
	if (mounts < 0)
		return -ENOENT;
	fd = open_in_mounts(mounts);
	EVH_SYSCALL1(SYS_close, mounts);
	return fd;
}

/* SPDX-License-Identifier: MIT */
/*
 * The user_events transport: finding the kernel's file, registering with it, writing to it.
 *
 * Must never allocate, lock or call libc for input and output: the preload library runs this
 * before libc's own constructor. The structures are declared here because the distributions'
 * headers (Debian 12) lack <linux/user_events.h>; they are the kernel's ABI and can't change.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>

#include "syscall.h"
#include "transport.h"

struct user_reg {
	uint32_t size;
	uint8_t enable_bit;
	uint8_t enable_size; /* of the enable word, in bytes */
	uint16_t flags;
	uint64_t enable_address;
	uint64_t name_args; /* address of "name field; field; ..." */
	uint32_t write_index;
} __attribute__((packed));

struct user_unreg {
	uint32_t size;
	uint8_t disable_bit;
	uint8_t reserved8;
	uint16_t reserved16;
	uint64_t disable_address;
} __attribute__((packed));

/* The kernel declares these numbers with the pointer's size, not the structure's. */
#define DIAG_IOCSREG   _IOWR('*', 0, struct user_reg *)
#define DIAG_IOCSUNREG _IOW('*', 2, struct user_unreg *)

#define USER_EVENT_REG_PERSIST 1

#define DATA_FILE "/user_events_data"

/* One line of /proc/mounts as far as it matters; longer words are cut and then match nothing. */
struct mount_line {
	char folder[256];
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

/* Takes one byte of the file; true when it ended a line. */
static bool mount_line_take(struct mount_line *line, char c)
{
	char *word = line->word == 1 ? line->folder : line->type;
	size_t size = line->word == 1 ? sizeof(line->folder) : sizeof(line->type);

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

static int open_in(const char *folder, const char *below)
{
	char path[256 + sizeof("/tracing" DATA_FILE)];
	size_t folder_size = strlen(folder) + 1;
	size_t below_size = strlen(below) + 1;

	memcpy(path, folder, folder_size);
	memcpy(path + folder_size - 1, below, below_size);
	return evh_open_above_stdio(path, O_WRONLY);
}

/* Tries each mount of `type`; the descriptor, or the first error that says more than -ENOENT. */
static int open_in_mounts(const char *type, const char *below)
{
	struct mount_line line = { .word = 0 };
	char buffer[256] = { 0 };
	int error = -ENOENT;
	int mounts = evh_open_above_stdio("/proc/self/mounts", O_RDONLY);
	long got;

	if (mounts < 0)
		return -ENOENT;
	while ((got = EVH_SYSCALL3(SYS_read, mounts, buffer, sizeof(buffer))) > 0) {
		for (long i = 0; i < got; i++) {
			int fd;

			if (!mount_line_take(&line, buffer[i]))
				continue;
			fd = -ENOENT;
			if (strcmp(line.type, type) == 0) {
				decode_octal(line.folder);
				fd = open_in(line.folder, below);
			}
			if (fd >= 0) {
				EVH_SYSCALL1(SYS_close, mounts);
				return fd;
			}
			if (error == -ENOENT)
				error = fd;
			memset(&line, 0, sizeof(line));
		}
	}
	EVH_SYSCALL1(SYS_close, mounts);
	return error;
}

int evh_transport_open_user_events(struct evh_transport *transport)
{
	int first, fd;

	memset(transport, 0, sizeof(*transport));
	transport->fd = -1;
	fd = first = open_in("/sys/kernel/tracing", DATA_FILE);
	if (fd < 0)
		fd = open_in_mounts("tracefs", DATA_FILE);
	if (fd < 0 && first == -ENOENT)
		first = fd;
	if (fd < 0)
		fd = open_in_mounts("debugfs", "/tracing" DATA_FILE);
	if (fd < 0)
		return first == -ENOENT ? fd : first;
	transport->kind = EVH_TRANSPORT_USER_EVENTS;
	transport->fd = fd;
	transport->size_max = EVH_SIZE_MAX_FTRACE_ABSOLUTE;
	return 0;
}

int evh_transport_use_user_events(struct evh_transport *transport, int fd)
{
	long flags = EVH_SYSCALL2(SYS_fcntl, fd, F_GETFL);

	memset(transport, 0, sizeof(*transport));
	transport->fd = -1;
	if (flags < 0)
		return (int)flags;
	if ((flags & O_ACCMODE) == O_RDONLY)
		return -EBADF;
	transport->kind = EVH_TRANSPORT_USER_EVENTS;
	transport->fd = fd;
	transport->fd_borrowed = true;
	transport->size_max = EVH_SIZE_MAX_FTRACE_ABSOLUTE;
	return 0;
}

int evh_user_events_register(struct evh_tracepoint *tracepoint, const char *name, unsigned bit,
			     unsigned flags)
{
	char definition[EVH_TRACEPOINT_NAME_MAX + sizeof(EVH_TRACEPOINT_FIELDS)];
	size_t name_size = strlen(name) + 1;
	struct user_reg reg = {
		.size = sizeof(reg),
		.enable_bit = (uint8_t)bit,
		.enable_size = sizeof(uint32_t),
		.flags = flags & EVH_REGISTER_PERSIST ? USER_EVENT_REG_PERSIST : 0,
		.enable_address = (uintptr_t)tracepoint->word,
		.name_args = (uintptr_t)definition,
	};
	long result;
	int dropped = 0;

	memcpy(definition, name, name_size);
	definition[name_size - 1] = ' ';
	memcpy(definition + name_size, EVH_TRACEPOINT_FIELDS, sizeof(EVH_TRACEPOINT_FIELDS));
	result = EVH_SYSCALL3(SYS_ioctl, tracepoint->transport->fd, DIAG_IOCSREG, &reg);
	if (result == -EINVAL && reg.flags) {
		reg.flags = 0;
		dropped = 1;
		result = EVH_SYSCALL3(SYS_ioctl, tracepoint->transport->fd, DIAG_IOCSREG, &reg);
	}
	if (result < 0)
		return (int)result;
	tracepoint->index = reg.write_index;
	return dropped;
}

int evh_user_events_unregister(struct evh_tracepoint *tracepoint, unsigned bit)
{
	struct user_unreg unreg = {
		.size = sizeof(unreg),
		.disable_bit = (uint8_t)bit,
		.disable_address = (uintptr_t)tracepoint->word,
	};

	return (int)EVH_SYSCALL3(SYS_ioctl, tracepoint->transport->fd, DIAG_IOCSUNREG, &unreg);
}

int evh_user_events_send(const struct evh_tracepoint *tracepoint, uint8_t *event, size_t size)
{
	uint8_t *start = event - sizeof(tracepoint->index);
	long result;

	memcpy(start, &tracepoint->index, sizeof(tracepoint->index));
	result = EVH_SYSCALL3(SYS_write, tracepoint->transport->fd, start,
			      size + sizeof(tracepoint->index));
	return result < 0 ? (int)result : 0;
}

int evh_user_events_sendv(const struct evh_tracepoint *tracepoint, struct iovec *iov, int count)
{
	uint8_t *start = (uint8_t *)iov[0].iov_base - sizeof(tracepoint->index);
	long result;

	memcpy(start, &tracepoint->index, sizeof(tracepoint->index));
	iov[0].iov_base = start;
	iov[0].iov_len += sizeof(tracepoint->index);
	result = EVH_SYSCALL3(SYS_writev, tracepoint->transport->fd, iov, count);
	return result < 0 ? (int)result : 0;
}

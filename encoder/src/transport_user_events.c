/* SPDX-License-Identifier: MIT */
/*
 * The user_events transport: registering with the kernel, and writing to it.
 *
 * Must never allocate, lock or call libc for input and output: the preload library runs this
 * before libc's own constructor. The structures are declared here because the distributions'
 * headers (Debian 12) lack <linux/user_events.h>; they are the kernel's ABI and can't change.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>

#include "plain_fields.h"
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

static int begin(struct evh_transport *transport, int fd)
{
	memset(transport, 0, sizeof(*transport));
	transport->fd = -1;
	if (fd < 0)
		return transport->open_error = fd;
	transport->kind = EVH_TRANSPORT_USER_EVENTS;
	transport->fd = fd;
	transport->size_max = EVH_SIZE_MAX_FTRACE_ABSOLUTE;
	return 0;
}

int evh_transport_open_user_events(struct evh_transport *transport)
{
	return begin(transport, evh_user_events_open());
}

int evh_transport_open_user_events_at(struct evh_transport *transport, const char *path)
{
	return begin(transport, evh_open_above_stdio(path, O_WRONLY));
}

int evh_transport_use_user_events(struct evh_transport *transport, int fd)
{
	long flags = EVH_SYSCALL2(SYS_fcntl, fd, F_GETFL);

	memset(transport, 0, sizeof(*transport));
	transport->fd = -1;
	if (flags < 0)
		return transport->open_error = (int)flags;
	if ((flags & O_ACCMODE) == O_RDONLY)
		return transport->open_error = -EBADF;
	transport->kind = EVH_TRANSPORT_USER_EVENTS;
	transport->fd = fd;
	transport->fd_borrowed = true;
	transport->size_max = EVH_SIZE_MAX_FTRACE_ABSOLUTE;
	return 0;
}

int evh_user_events_register(struct evh_tracepoint *tracepoint, const char *name,
			     const char *fields, unsigned bit, unsigned flags)
{
	char definition[PLAIN_DEFINITION_MAX];
	struct user_reg reg = {
		.size = sizeof(reg),
		.enable_bit = (uint8_t)bit,
		.enable_size = sizeof(uint32_t),
		.flags = flags & EVH_REGISTER_PERSIST ? USER_EVENT_REG_PERSIST : 0,
		.enable_address = (uintptr_t)tracepoint->word,
		.name_args = (uintptr_t)definition,
	};
	long result = evh_plain_definition(definition, name, fields);
	int dropped = 0;

	if (result < 0)
		return (int)result;
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

int evh_user_events_sendv(const struct evh_tracepoint *tracepoint, struct iovec *iov, int count)
{
	uint8_t *start = (uint8_t *)iov[0].iov_base - sizeof(tracepoint->index);
	long result;

	memcpy(start, &tracepoint->index, sizeof(tracepoint->index));
	iov[0].iov_base = start;
	iov[0].iov_len += sizeof(tracepoint->index);
	result = EVH_SYSCALL3(SYS_writev,
			      __atomic_load_n(&tracepoint->transport->fd, __ATOMIC_RELAXED), iov,
			      count);
	return result < 0 ? (int)result : 0;
}

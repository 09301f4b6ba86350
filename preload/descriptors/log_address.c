/* SPDX-License-Identifier: MIT */
/*
 * The log's sockets by their names, as connect() was given them: a chrooted daemon's "/dev/log" is
 * its own, and what stands at the path is not asked for. Any path that ends in "/dev/log" is such a
 * root's. On the loopback interface, datagrams to port 514 are messages as well.
 */
#include "log_address.h"

#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/un.h>

static const struct {
	const char *path;
	enum lt_copy_kind kind;
} sockets[] = {
	{ "/dev/log", LT_COPY_SYSLOG },
	{ "/run/systemd/journal/dev-log", LT_COPY_SYSLOG },
	{ "/run/systemd/journal/socket", LT_COPY_JOURNAL },
	{ "/run/systemd/journal/stdout", LT_COPY_STREAM },
};

#define PORT 514

static enum lt_copy_kind kind_of_path(const char *path, size_t size)
{
	const char *device = sockets[0].path;
	size_t device_size = strlen(device);

	for (size_t i = 0; i < sizeof(sockets) / sizeof(*sockets); i++)
		if (strlen(sockets[i].path) == size && !memcmp(sockets[i].path, path, size))
			return sockets[i].kind;
	if (size > device_size && *path == '/' &&
	    !memcmp(path + size - device_size, device, device_size))
		return LT_COPY_SYSLOG;
	return LT_COPY_STDERR;
}

static bool is_loopback_port(const void *address, socklen_t length)
{
	struct sockaddr_in inet;
	struct sockaddr_in6 inet6;
	static const struct in6_addr loopback = IN6ADDR_LOOPBACK_INIT;

	memcpy(&inet, address, length < sizeof(inet) ? length : sizeof(inet));
	if (inet.sin_family == AF_INET && length >= sizeof(inet))
		return inet.sin_port == htons(PORT) && ntohl(inet.sin_addr.s_addr) >> 24 == 127;
	if (inet.sin_family != AF_INET6 || length < sizeof(inet6))
		return false;
	memcpy(&inet6, address, sizeof(inet6));
	return inet6.sin6_port == htons(PORT) &&
	       !memcmp(&inet6.sin6_addr, &loopback, sizeof(loopback));
}

enum lt_copy_kind lt_log_address_kind(const void *address, socklen_t length)
{
	const struct sockaddr_un *local = address;
	sa_family_t family;

	if (length < sizeof(family) + 1)
		return LT_COPY_STDERR;
	memcpy(&family, address, sizeof(family));
	if (family == AF_UNIX) {
		size_t size = length - offsetof(struct sockaddr_un, sun_path);

		return kind_of_path(local->sun_path, strnlen(local->sun_path, size));
	}
	return is_loopback_port(address, length) ? LT_COPY_SYSLOG : LT_COPY_STDERR;
}

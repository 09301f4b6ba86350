/* SPDX-License-Identifier: MIT */
/*
 * Any file as a recording's head: opening and registering never read beyond what is there, and end;
 * what was accepted can be appended to, and grows by whole records.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <evh/recording.h>

#include "check.h"

static off_t size_of(int fd)
{
	struct stat status;

	check(fstat(fd, &status) == 0, "the file has a size");
	return status.st_size;
}

static void append_one(struct evh_transport *transport, int fd)
{
	struct {
		uint8_t head[EVH_HEADROOM];
		uint8_t event[14 + EVH_TAILROOM];
	} spaced = { .event = { 7, 0, 0, 0, 0, 0, 0, 4, 2, 0, 1, 0, 'e' } };
	struct evh_tracepoint tracepoint;
	uint32_t word = 0;
	int error = evh_tracepoint_register(&tracepoint, transport, "logtap_L4K2", &word, 0);
	off_t size = size_of(fd);

	check(error == 0 || error == -ENOENT || error == -EINVAL, "found, not found, or no head");
	check(evh_tracepoint_enabled(&tracepoint) == !error, "enabled when it is registered");
	if (error)
		return;
	check(evh_tracepoint_send(&tracepoint, spaced.event, 14) == 0, "an event can be appended");
	check(size_of(fd) - size == 72, "a record of 52 + 14 bytes, padded to a multiple of 8");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct evh_transport transport;
	char path[] = "/dev/shm/fuzz-recording-XXXXXX";
	int error, fd = mkstemp(path);

	check(fd >= 0 && write(fd, data, size) == (ssize_t)size, "a file in memory");
	error = evh_transport_open_file(&transport, path);
	check(error == 0 || error == -EINVAL, "a recording or none");
	if (!error) {
		append_one(&transport, fd);
		append_one(&transport, fd);
		evh_transport_close(&transport);
	}
	unlink(path);
	close(fd);
	return 0;
}

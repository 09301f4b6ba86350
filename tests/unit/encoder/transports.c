/* SPDX-License-Identifier: MIT */
/* Transports: limits, errors, errno left alone, descriptors that are not the program's. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <criterion/criterion.h>
#include <evh/recording.h>

/* An event with the room around it that every sender leaves. */
struct spaced_event {
	uint8_t head[EVH_HEADROOM];
	uint8_t event[70000];
	uint8_t tail[EVH_TAILROOM];
};

static struct spaced_event spaced;
static uint8_t memory[70000];
static uint32_t word;
static struct evh_transport transport;
static struct evh_tracepoint tracepoint;

static void use_memory(size_t size)
{
	evh_transport_use_memory(&transport, memory, size);
	cr_assert_eq(evh_tracepoint_register(&tracepoint, &transport, "P_L1K1", &word, 7), 0);
}

Test(transports, enable_word)
{
	struct evh_tracepoint other;

	use_memory(100);
	cr_assert_eq(word, 0x80);
	cr_assert(evh_tracepoint_enabled(&tracepoint));
	cr_assert_eq(evh_tracepoint_register(&other, &transport, "P_L1K2", &word, 31), 0);
	cr_assert_eq(word, 0x80000080);
	cr_assert_eq(evh_tracepoint_unregister(&tracepoint), 0);
	cr_assert_eq(word, 0x80000000);
	cr_assert_not(evh_tracepoint_enabled(&tracepoint));
	cr_assert_eq(evh_tracepoint_unregister(&tracepoint), 0);
	cr_assert_eq(evh_tracepoint_register(&other, &transport, "P_L1K2", &word, 32), -EINVAL);
	cr_assert_eq(evh_tracepoint_register(&other, &transport, "P_L1K2 ", &word, 1), -EINVAL);
	cr_assert_not(evh_tracepoint_enabled(&other));
	cr_assert_eq(evh_tracepoint_send(&other, spaced.event, 8), 0,
		     "an unregistered tracepoint of memory still sends what it is told to");
}

Test(transports, memory_limit)
{
	use_memory(100);
	cr_assert_eq(evh_tracepoint_send(&tracepoint, spaced.event, 100), 0);
	cr_assert_eq(transport.memory_used, 100);
	cr_assert_eq(evh_tracepoint_send(&tracepoint, spaced.event, 101), -E2BIG);
	cr_assert_eq(evh_transport_set_size_max(&transport, 101), -EINVAL);
	cr_assert_eq(evh_transport_set_size_max(&transport, 0), -EINVAL);
	cr_assert_eq(evh_transport_set_size_max(&transport, 10), 0);
	cr_assert_eq(evh_tracepoint_send(&tracepoint, spaced.event, 11), -E2BIG);
	cr_assert_eq(transport.memory_sent, 1);
}

Test(transports, pieces)
{
	struct iovec pieces[EVH_PIECES_MAX + 1];

	use_memory(100);
	for (int i = 0; i <= EVH_PIECES_MAX; i++)
		pieces[i] = (struct iovec){ &"abcdefghijklmnopq"[i], 1 };
	memcpy(spaced.event, "EVENT", 5);
	pieces[0] = (struct iovec){ spaced.event, 5 };
	cr_assert_eq(evh_tracepoint_sendv(&tracepoint, pieces, EVH_PIECES_MAX), 0);
	cr_assert_eq(transport.memory_used, 20);
	cr_assert_eq(memcmp(memory, "EVENTbcdefghijklmnop", 20), 0);
	cr_assert_eq(evh_tracepoint_sendv(&tracepoint, pieces, EVH_PIECES_MAX + 1), -EINVAL);
	cr_assert_eq(evh_tracepoint_sendv(&tracepoint, pieces, 0), -EINVAL);
	pieces[1].iov_len = 96;
	cr_assert_eq(evh_tracepoint_sendv(&tracepoint, pieces, 2), -E2BIG);
	pieces[1].iov_len = SIZE_MAX;
	pieces[2].iov_len = 2;
	cr_assert_eq(evh_tracepoint_sendv(&tracepoint, pieces, 3), -E2BIG);
	cr_assert_eq(transport.memory_sent, 1);
}

Test(transports, closed)
{
	struct evh_transport closed = { 0 };

	cr_assert_eq(evh_tracepoint_register(&tracepoint, &closed, "P_L1K1", &word, 0), -EBADF);
	cr_assert_not(evh_tracepoint_enabled(&tracepoint));
	cr_assert_eq(evh_tracepoint_send(&tracepoint, spaced.event, 8), -EBADF);
	evh_transport_close(&closed);
	cr_assert_eq(closed.fd, -1);
}

/* What a write to user_events looks like: the index, then the event, in one write. */
Test(transports, user_events_write)
{
	int pipe_fds[2];
	uint8_t got[64];
	struct iovec pieces[2] = { { spaced.event, 5 }, { "tail", 4 } };

	cr_assert_eq(pipe2(pipe_fds, O_DIRECT), 0);
	cr_assert_eq(evh_transport_use_user_events(&transport, pipe_fds[1]), 0);
	tracepoint = (struct evh_tracepoint){
		.transport = &transport, .word = &word, .mask = 1, .index = 0x04030201
	};
	memcpy(spaced.event, "EVENT", 5);
	errno = ERANGE;
	cr_assert_eq(evh_tracepoint_send(&tracepoint, spaced.event, 5), 0);
	cr_assert_eq(evh_tracepoint_sendv(&tracepoint, pieces, 2), 0);
	/* a pipe of packets hands out what was one write in one read */
	cr_assert_eq(read(pipe_fds[0], got, sizeof(got)), 9);
	cr_assert_eq(memcmp(got, "\1\2\3\4EVENT", 9), 0);
	cr_assert_eq(read(pipe_fds[0], got, sizeof(got)), 13);
	cr_assert_eq(memcmp(got, "\1\2\3\4EVENTtail", 13), 0);
	evh_transport_close(&transport);
	cr_assert_neq(fcntl(pipe_fds[1], F_GETFD), -1, "a borrowed descriptor stays open");
}

Test(transports, user_events_limits)
{
	int null = open("/dev/null", O_WRONLY);

	cr_assert_eq(evh_transport_use_user_events(&transport, null), 0);
	tracepoint = (struct evh_tracepoint){ .transport = &transport, .word = &word, .mask = 1 };
	cr_assert_eq(evh_tracepoint_send(&tracepoint, spaced.event, 4048), 0);
	cr_assert_eq(evh_tracepoint_send(&tracepoint, spaced.event, 4049), -E2BIG);
	cr_assert_eq(evh_transport_set_size_max(&transport, 8184), 0);
	cr_assert_eq(evh_tracepoint_send(&tracepoint, spaced.event, 8184), 0);
	cr_assert_eq(evh_tracepoint_send(&tracepoint, spaced.event, 8185), -E2BIG);
	cr_assert_eq(evh_transport_set_size_max(&transport, 8185), -EINVAL);
}

Test(transports, errno_is_untouched)
{
	int null = open("/dev/null", O_WRONLY);

	cr_assert_eq(evh_transport_use_user_events(&transport, null), 0);
	errno = 4711;
	/* a file that is no user_events */
	cr_assert_eq(evh_tracepoint_register(&tracepoint, &transport, "P_L1K1", &word, 0), -ENOTTY);
	cr_assert_eq(evh_transport_open_file(&transport, "/nonexistent/file"), -ENOENT);
	cr_assert_eq(evh_transport_use_user_events(&transport, 12345), -EBADF);
	cr_assert_eq(evh_transport_use_user_events(&transport, null), 0);
	close(null);
	errno = 4711;
	tracepoint = (struct evh_tracepoint){ .transport = &transport, .word = &word, .mask = 1 };
	cr_assert_eq(evh_tracepoint_send(&tracepoint, spaced.event, 8), -EBADF);
	cr_assert_eq(errno, 4711);
}

Test(transports, user_events_descriptor_must_be_writable)
{
	int null = open("/dev/null", O_RDONLY);

	cr_assert_eq(evh_transport_use_user_events(&transport, null), -EBADF);
	cr_assert_eq(transport.kind, EVH_TRANSPORT_NONE);
}

/* With or without the kernel's support: an answer, and a transport that can be used safely. */
Test(transports, default_transport)
{
	struct evh_transport *process = evh_transport_default();
	int error = evh_tracepoint_register(&tracepoint, process, "evh_test_L1K1", &word, 0);

	cr_assert_eq(evh_transport_default(), process);
	if (process->kind == EVH_TRANSPORT_NONE) {
		cr_assert(error == -ENOENT || error == -EACCES, "%d", error);
		cr_assert_eq(evh_tracepoint_send(&tracepoint, spaced.event, 8), -EBADF);
	} else {
		cr_assert_eq(error, 0);
		cr_assert_gt(process->fd, 2);
	}
	cr_assert_eq(evh_tracepoint_unregister(&tracepoint), 0);
}

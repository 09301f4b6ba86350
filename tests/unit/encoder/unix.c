/* SPDX-License-Identifier: MIT */
/*
 * The unix transport against a collector of the test's own: what arrives, from whom, what is
 * counted when it can't, and how a collector that comes back is found.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <criterion/criterion.h>
#include <evh/packet.h>
#include <evh/tracepoint.h>

/* Of our own, as it stands in a connection's first packet. */
#define PROGRAM_SIZE (strnlen(program_invocation_short_name, EVH_PACKET_PROGRAM_MAX - 1) + 1)

static struct evh_transport transport;
static struct evh_tracepoint tracepoint;
static uint32_t word;
static char path[64];
static int listener = -1;

static struct {
	uint8_t head[EVH_HEADROOM];
	char event[70000];
	uint8_t tail[EVH_TAILROOM];
} spaced;

/* One packet as a collector gets it. */
struct received {
	ssize_t size; /* 0: the sender left; -1: nothing there */
	struct evh_packet packet;
	char content[70000];
	struct ucred who;
};

static void listen_there(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int on = 1;

	strcpy(address.sun_path, path);
	unlink(path);
	listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	cr_assert_geq(listener, 0);
	cr_assert_eq(setsockopt(listener, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)), 0);
	cr_assert_eq(bind(listener, (struct sockaddr *)&address, sizeof(address)), 0);
	cr_assert_eq(listen(listener, 16), 0);
}

static void begin(void)
{
	snprintf(path, sizeof(path), "/tmp/logtap-unix-%d", getpid());
	listen_there();
}

static void end(void)
{
	evh_transport_close(&transport);
	close(listener);
	unlink(path);
}

static struct received receive(int connection)
{
	static struct received got;
	char control[CMSG_SPACE(sizeof(struct ucred))];
	struct iovec iov[2] = { { &got.packet, sizeof(got.packet) },
				{ got.content, sizeof(got.content) } };
	struct msghdr message = { .msg_iov = iov,
				  .msg_iovlen = 2,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };

	memset(&got, 0, sizeof(got));
	got.size = recvmsg(connection, &message, MSG_DONTWAIT);
	if (got.size > 0)
		memcpy(&got.who, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(got.who));
	return got;
}

/* A transport with one tracepoint, and the collector's end of it, behind what introduces it. */
static int open_connected(void)
{
	struct timespec now;
	struct received got;
	uint64_t wall;
	int connection;

	cr_assert_eq(evh_transport_open_unix(&transport, path), 0);
	cr_assert_gt(transport.fd, STDERR_FILENO);
	cr_assert_eq(evh_tracepoint_register(&tracepoint, &transport, "P_L4K2", &word, 3), 0);
	cr_assert(evh_tracepoint_enabled(&tracepoint));
	cr_assert_eq(poll(&(struct pollfd){ listener, POLLIN, 0 }, 1, 0), 0, "nothing was sent");
	cr_assert_eq(evh_transport_announce(&transport), 0);
	connection = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	cr_assert_geq(connection, 0);
	got = receive(connection);
	cr_assert_eq(got.packet.version, EVH_PACKET_VERSION);
	cr_assert_eq(got.packet.kind, EVH_PACKET_HELLO);
	cr_assert_eq(got.size, sizeof(got.packet) + sizeof(wall) + PROGRAM_SIZE + sizeof("P_L4K2"));
	memcpy(&wall, got.content, sizeof(wall));
	clock_gettime(CLOCK_REALTIME, &now);
	cr_assert_lt((uint64_t)now.tv_sec - wall / 1000000000, 5);
	cr_assert_eq(tracepoint.index, 0);
	cr_assert_eq(strncmp(got.content + sizeof(wall), program_invocation_short_name,
			     PROGRAM_SIZE - 1),
		     0);
	cr_assert_eq(got.content[sizeof(wall) + PROGRAM_SIZE - 1], '\0');
	cr_assert_str_eq(got.content + sizeof(wall) + PROGRAM_SIZE, "P_L4K2");
	return connection;
}

static int send_text(const char *text)
{
	strcpy(spaced.event, text);
	return evh_tracepoint_send(&tracepoint, spaced.event, strlen(text));
}

Test(unix_transport, sends, .init = begin, .fini = end)
{
	int connection = open_connected();
	char a[EVH_HEADROOM + 3] = { 0 }, b[] = "def";
	struct iovec pieces[] = { { a + EVH_HEADROOM, 3 }, { b, 3 } };
	struct received got;

	errno = 77;
	cr_assert_eq(send_text("event"), 0);
	got = receive(connection);
	cr_assert_eq(got.size, sizeof(got.packet) + 5);
	cr_assert_str_eq(got.content, "event");
	cr_assert_eq(got.packet.kind, EVH_PACKET_EVENT);
	cr_assert_eq(got.packet.tid, getpid());
	cr_assert_eq(got.packet.lost, 0);
	cr_assert_eq(got.who.pid, getpid());
	cr_assert_eq(got.who.uid, getuid());
	memcpy(a + EVH_HEADROOM, "abc", 3);
	cr_assert_eq(evh_tracepoint_sendv(&tracepoint, pieces, 2), 0);
	cr_assert_str_eq(receive(connection).content, "abcdef");
	cr_assert_eq(evh_tracepoint_send(&tracepoint, spaced.event, EVH_SIZE_MAX_FILE), 0);
	cr_assert_eq(receive(connection).size, sizeof(got.packet) + EVH_SIZE_MAX_FILE);
	cr_assert_eq(evh_tracepoint_send(&tracepoint, spaced.event, EVH_SIZE_MAX_FILE + 1), -E2BIG);
	cr_assert_eq(receive(connection).size, -1);
	cr_assert_eq(errno, EAGAIN);
}

/* Never waits, and what was refused stands in the next packet. */
Test(unix_transport, counts_what_is_refused, .init = begin, .fini = end)
{
	int connection = open_connected();
	struct received got;
	uint32_t taken = 0, refused = 0;
	int error;

	errno = 77;
	while ((error = send_text("x")) == 0)
		taken++;
	cr_assert_eq(error, -EAGAIN);
	refused++;
	for (; refused < 10; refused++)
		cr_assert_eq(send_text("y"), -EAGAIN);
	cr_assert_eq(errno, 77);
	while (receive(connection).size > 0)
		taken--;
	cr_assert_eq(taken, 0);
	cr_assert_eq(send_text("z"), 0);
	got = receive(connection);
	cr_assert_eq(got.packet.lost, refused);
	cr_assert_str_eq(got.content, "z");
	cr_assert_eq(send_text("z"), 0);
	cr_assert_eq(receive(connection).packet.lost, 0);
	evh_transport_report_lost(&transport);
	cr_assert_eq(receive(connection).size, -1, "nothing is said of nothing");
	while (send_text("x") == 0)
		;
	while (receive(connection).size > 0)
		;
	evh_transport_report_lost(&transport);
	got = receive(connection);
	cr_assert_eq(got.packet.kind, EVH_PACKET_LOST);
	cr_assert_eq(got.packet.lost, 1);
}

static pid_t send_from_child(void)
{
	pid_t child = fork();
	int status;

	if (child == 0)
		_exit(send_text("child") ? 1 : 0);
	cr_assert_eq(waitpid(child, &status, 0), child);
	cr_assert_eq(status, 0);
	return child;
}

static void receive_child(int connection, pid_t child)
{
	struct received got = receive(connection);

	cr_assert_eq(got.who.pid, child);
	cr_assert_eq(got.packet.tid, child);
	cr_assert_eq(got.packet.lost, 0);
	cr_assert_str_eq(got.content, "child");
}

static void fill_and_drain(int connection)
{
	while (send_text("x") == 0)
		;
	while (receive(connection).size > 0)
		;
}

/* The parent's is full; and what the parent lost is not the child's. */
Test(unix_transport, child_has_its_own_connection, .init = begin, .fini = end)
{
	int connection = open_connected(), other;
	struct received got;
	pid_t child;

	while (send_text("x") == 0)
		;
	child = send_from_child();
	other = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	cr_assert_geq(other, 0);
	got = receive(other);
	cr_assert_eq(got.packet.kind, EVH_PACKET_HELLO);
	cr_assert_eq(got.who.pid, child);
	receive_child(other, child);
	while (receive(connection).size > 0)
		;
	cr_assert_eq(send_text("parent"), 0);
	got = receive(connection);
	cr_assert_eq(got.who.pid, getpid());
	cr_assert_eq(got.packet.lost, 1);
}

/* The kernel says who it is. */
Test(unix_transport, child_sends_by_its_parents_connection, .init = begin, .fini = end)
{
	int connection = open_connected();
	struct received got;

	fill_and_drain(connection);
	unlink(path);
	receive_child(connection, send_from_child());
	transport.confined = EVH_CONFINED_IDS;
	transport.confined_pid = (uint32_t)getpid();
	listen_there();
	evh_transport_forked(&transport);
	cr_assert_eq(send_text("confined"), 0);
	got = receive(connection);
	cr_assert_str_eq(got.content, "confined");
	cr_assert_eq(poll(&(struct pollfd){ listener, POLLIN, 0 }, 1, 0), 0);
}

/* All have the same socket, which nobody has connected yet. */
Test(unix_transport, children_before_the_first_event, .init = begin, .fini = end)
{
	cr_assert_eq(evh_transport_open_unix(&transport, path), 0);
	cr_assert_eq(evh_tracepoint_register(&tracepoint, &transport, "P_L4K2", &word, 3), 0);
	for (int i = 0; i < 3; i++) {
		pid_t child = send_from_child();
		int connection = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

		cr_assert_geq(connection, 0);
		cr_assert_eq(receive(connection).packet.kind, EVH_PACKET_HELLO);
		receive_child(connection, child);
		close(connection);
	}
}

/* No SIGPIPE; looked for once a second; then all names again, and the number of what was missed. */
Test(unix_transport, finds_a_collector_again, .init = begin, .fini = end, .timeout = 20)
{
	const struct timespec pause = { .tv_nsec = 20000000 };
	int connection = open_connected();
	int number = transport.fd;
	struct received got;
	uint32_t lost = 0;

	close(connection);
	close(listener);
	cr_assert_eq(send_text("gone"), -EPIPE);
	cr_assert_eq(send_text("gone"), -ENOTCONN, "the next look is not due yet");
	lost = 2;
	listen_there();
	while (send_text("back") != 0) {
		lost++;
		nanosleep(&pause, NULL);
	}
	cr_assert_gt(lost, 10);
	cr_assert_eq(transport.fd, number);
	connection = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	got = receive(connection);
	cr_assert_eq(got.packet.kind, EVH_PACKET_HELLO);
	cr_assert_str_eq(got.content + sizeof(uint64_t) + PROGRAM_SIZE, "P_L4K2");
	got = receive(connection);
	cr_assert_str_eq(got.content, "back");
	cr_assert_eq(got.packet.lost, lost);
}

/* A collector that reads nothing: what it was not given is told as the last of all. */
Test(unix_transport, tells_the_loss_at_the_end, .init = begin, .fini = end)
{
	static const size_t sizes[] = { 1, 100, 5000, 60000 };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		int connection = open_connected();
		unsigned sent = 0, arrived = 0, lost = 0;
		struct received got;

		for (; lost < 3; sent++)
			lost += evh_tracepoint_send(&tracepoint, spaced.event, sizes[i]) != 0;
		evh_transport_report_lost(&transport);
		for (got = receive(connection); got.packet.kind == EVH_PACKET_EVENT;
		     got = receive(connection))
			arrived++;
		cr_expect_eq(got.packet.kind, EVH_PACKET_LOST, "%zu bytes", sizes[i]);
		cr_expect_eq(got.packet.lost, lost);
		cr_expect_eq(arrived + lost, sent);
		evh_tracepoint_unregister(&tracepoint);
		evh_transport_close(&transport);
		close(connection);
	}
}

Test(unix_transport, many_names, .init = begin, .fini = end)
{
	struct evh_tracepoint points[EVH_PACKET_NAMES_MAX + 1];
	char name[32];
	int connection = open_connected();
	struct received got;

	for (unsigned i = 1; i < EVH_PACKET_NAMES_MAX; i++) {
		snprintf(name, sizeof(name), "P%u_L1K1", i);
		cr_assert_eq(evh_tracepoint_register(&points[i], &transport, name, &word, 0), 0);
		cr_assert_eq(points[i].index, i);
		got = receive(connection);
		cr_assert_str_eq(got.content, name);
		cr_assert_eq(got.packet.tracepoint, i);
	}
	cr_assert_eq(evh_tracepoint_register(&points[0], &transport, "Q_L1K1", &word, 1), -EUSERS);
	cr_assert_eq(evh_tracepoint_register(&points[0], &transport, "P5_L1K1", &word, 1), 0);
	cr_assert_eq(points[0].index, 5, "a name has one number");
	cr_assert_eq(receive(connection).size, -1);
}

static void expect_answer(const char *at, int error)
{
	cr_assert_eq(evh_transport_open_unix(&transport, at), 0);
	cr_assert_eq(evh_transport_announce(&transport), error);
	evh_transport_close(&transport);
}

Test(unix_transport, refuses, .init = begin, .fini = end)
{
	static char longest[200];
	int other = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	memset(longest, 'x', sizeof(longest) - 1);
	*longest = '/';
	cr_assert_eq(evh_transport_open_unix(&transport, longest), -ENAMETOOLONG);
	cr_assert_eq(evh_transport_open_unix(&transport, ""), -EINVAL);
	cr_assert_eq(transport.open_error, -EINVAL);
	cr_assert_eq(evh_tracepoint_register(&tracepoint, &transport, "P_L1K1", &word, 0), -EINVAL);
	expect_answer("/nowhere/socket", -ENOENT);
	expect_answer("@logtap-no-such-name", -ECONNREFUSED);
	close(listener);
	expect_answer(path, -ECONNREFUSED);
	unlink(path);
	strcpy(address.sun_path, path);
	cr_assert_eq(bind(other, (struct sockaddr *)&address, sizeof(address)), 0);
	cr_assert_eq(listen(other, 1), 0);
	expect_answer(path, -EPROTOTYPE);
	close(other);
}

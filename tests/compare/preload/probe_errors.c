/* SPDX-License-Identifier: MIT */
/* Results and errno of what is interposed: errors, partial writes, bad pointers. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <syslog.h>
#include <unistd.h>

#include "probe.h"

#define BAD ((void *)8)

static void each_function(void)
{
	struct iovec pieces[2] = { { "a", 1 }, { "b\n", 2 } };
	struct msghdr message = { .msg_iov = pieces, .msg_iovlen = 2 };
	struct mmsghdr messages[2] = { { .msg_hdr = message }, { .msg_hdr = message } };

	errno = EPROTO;
	say("write", write(2, "w\n", 2));
	say("writev", writev(2, pieces, 2));
	say("writev of none", writev(2, pieces, 0));
	say("writev of minus one", writev(2, pieces, -1));
	say("writev of too many", writev(2, pieces, IOV_MAX + 1));
	say("pwrite", pwrite(2, "p\n", 2, 0));
	say("pwrite64", pwrite64(2, "p\n", 2, 0));
	say("pwritev", pwritev(2, pieces, 2, 0));
	say("pwritev2", pwritev2(2, pieces, 2, -1, 0));
	say("pwritev2 with a bad flag", pwritev2(2, pieces, 2, -1, 1 << 30));
	say("pwritev64v2", pwritev64v2(2, pieces, 2, -1, 0));
	say("send", send(2, "s\n", 2, 0));
	say("sendto", sendto(2, "s\n", 2, 0, NULL, 0));
	say("sendmsg", sendmsg(2, &message, 0));
	say("sendmmsg", sendmmsg(2, messages, 2, 0));
	say("dprintf", dprintf(2, "%s%d\n", "d", 1));
	say("dprintf of nothing", dprintf(2, "%s", ""));
	say("syscall(write)", syscall(SYS_write, 2, "y\n", 2));
	say("syscall(writev)", syscall(SYS_writev, 2, pieces, 2));
	say("syscall(unknown)", syscall(4000, 1, 2, 3));
	say("syscall(getpid)", syscall(SYS_getpid) == getpid());
	say("nothing", write(2, "", 0));
	say("nothing from nowhere", write(2, BAD, 0));
	errno = EPROTO;
	put("kept\n");
	note("errno %s\n", strerrorname_np(errno));
}

static void sockets(void)
{
	struct iovec pieces[2] = { { "one ", 4 }, { "two\n", 4 } };
	struct msghdr message = { .msg_iov = pieces, .msg_iovlen = 2 };
	struct mmsghdr messages[2] = { { .msg_hdr = message }, { .msg_hdr = message } };
	int pair[2], keep = dup(2);
	char buffer[200];
	ssize_t size;

	socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
	dup2(pair[1], 2);
	say("send", send(2, "send\n", 5, MSG_NOSIGNAL));
	say("sendto", sendto(2, "sendto\n", 7, 0, NULL, 0));
	say("sendmsg", sendmsg(2, &message, 0));
	say("sendmmsg", sendmmsg(2, messages, 2, 0));
	size = read(pair[0], buffer, sizeof(buffer));
	shutdown(pair[0], SHUT_RD);
	say("after shutdown", send(2, "lost\n", 5, MSG_NOSIGNAL));
	dup2(keep, 2);
	if (write(1, buffer, (size_t)size) != size)
		abort();
}

static void closed(void)
{
	close(2);
	say_write("write", 2, "x\n", 2);
	say("dprintf", dprintf(2, "x\n"));
	say("writev", writev(2, &(struct iovec){ "x\n", 2 }, 1));
	say("fputs", fputs("x\n", stderr));
	say("syscall", syscall(SYS_write, 2, "x\n", 2));
	say("close", close(2));
}

static void broken_pipe(void)
{
	int ends[2];

	signal(SIGPIPE, SIG_IGN);
	if (pipe(ends))
		abort();
	dup2(ends[1], 2);
	close(ends[0]);
	say_write("write", 2, "x\n", 2);
	say("dprintf", dprintf(2, "x\n"));
	say("fprintf", fprintf(stderr, "x\n"));
}

static void full_pipe(void)
{
	static char big[200000];
	int ends[2];
	ssize_t first;

	memset(big, 'x', sizeof(big));
	for (size_t i = 99; i < sizeof(big); i += 100)
		big[i] = '\n';
	if (pipe2(ends, O_NONBLOCK))
		abort();
	dup2(ends[1], 2);
	first = write(2, big, sizeof(big));
	say("write", first);
	say_write("again", 2, "x\n", 2);
	say("dprintf", dprintf(2, "x\n"));
	errno = 0;
	say("fputs", fputs("lost\n", stderr));
	say("writev", writev(2, &(struct iovec){ "x\n", 2 }, 1));
	if (read(ends[0], big, 5000) != 5000)
		abort();
	say("partial writev",
	    writev(2, (struct iovec[]){ { big, 4000 }, { big + 4000, 4000 } }, 2));
}

static void on_alarm(int signal)
{
	(void)signal;
}

static void interrupted(void)
{
	static char big[300000];
	struct sigaction action = { .sa_handler = on_alarm };
	const struct itimerval every_second = { { .tv_sec = 1 }, { .tv_sec = 1 } };
	const struct itimerval never = { 0 };
	int ends[2];

	memset(big, '\n', sizeof(big));
	if (pipe(ends))
		abort();
	dup2(ends[1], 2);
	sigaction(SIGALRM, &action, NULL);
	/* Again and again: the first may come before the write, where the machine is busy. */
	setitimer(ITIMER_REAL, &every_second, NULL);
	say("partial", write(2, big, sizeof(big)));
	say_write("nothing", 2, "x\n", 2);
	setitimer(ITIMER_REAL, &never, NULL);
}

static void bad_pointers(void)
{
	struct iovec pieces[2] = { { "good\n", 5 }, { BAD, 5 } };
	struct iovec whole[2] = { { BAD, 5 }, { "good\n", 5 } };

	say_write("write", 2, BAD, 10);
	say_write("write of too much", 2, BAD, (size_t)-1);
	say("writev", writev(2, BAD, 2));
	say("writev, first bad", writev(2, whole, 2));
	say("writev, second bad", writev(2, pieces, 2));
	say("sendmsg", sendmsg(2, BAD, 0));
	say("syscall", syscall(SYS_write, 2, BAD, 5));
}

static void bad_pointers_null(void)
{
	struct iovec pieces[2] = { { "good\n", 5 }, { BAD, 5 } };
	char *edge = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int null = open("/dev/null", O_WRONLY), keep = dup(2);

	put("before\n");
	dup2(null, 2);
	munmap(edge + 4096, 4096);
	memset(edge, '\n', 4096);
	say_write("write", 2, BAD, 10);
	say_write("NULL", 2, NULL, 10);
	say_write("nearly NULL", 2, (char *)1, 10);
	say_write("over the edge", 2, edge + 4000, 200);
	say_write("unreadable", 2, mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
		  99);
	say("huge", write(2, edge, SSIZE_MAX) > 0);
	say("writev", writev(2, pieces, 2));
	say("syscall", syscall(SYS_write, 2, BAD, 5));
	put("good, too\n");
	dup2(keep, 2);
	put("after\n");
}

static void full_device(void)
{
	dup2(open("/dev/full", O_WRONLY), 2);
	say_write("write", 2, "x\n", 2);
	say("dprintf", dprintf(2, "x\n"));
	say("fputs", fputs("x\n", stderr));
}

static void formats(void)
{
	char text[6000];
	int n = 0, m = 0;

	memset(text, 'f', sizeof(text));
	text[5999] = 0;
	errno = ENOENT;
	say("%m", dprintf(2, "%m\n"));
	say("%n", dprintf(2, "four%n %s%n\n", &n, "more", &m));
	note("n %d m %d\n", n, m);
	for (int size = 200; size < 300; size += 9)
		say("sizes", dprintf(2, "%.*s\n", size, text));
	say("long", dprintf(2, "%s\n", text));
	say("nul", dprintf(2, "a%cb\n", 0));
	say("bad wide", dprintf(2, "before %ls after\n", L"\xdddd"));
	say("positions", dprintf(2, "%2$s %1$d\n", 1, "x"));
}

__attribute__((format(printf, 2, 3))) static void log_by_list(int priority, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsyslog(priority, format, arguments);
	va_end(arguments);
}

static void logs(void)
{
	char text[9000];
	int n = 0;

	openlog("probe", LOG_NDELAY, LOG_USER);
	memset(text, 's', sizeof(text));
	text[8999] = 0;
	errno = EISDIR;
	syslog(LOG_ERR, "%m%n", &n);
	note("%d %s\n", n, strerrorname_np(errno));
	errno = EISDIR;
	syslog(LOG_ERR, "%s", text);
	log_by_list(LOG_INFO, "%d %s", 7, "list");
	syslog(LOG_ERR, "nul %c behind", 0);
	syslog(LOG_ERR, "wide %ls", L"\xdddd");
	syslog(-1, "priority %d", -1);
	note("mask %d\n", setlogmask(LOG_MASK(LOG_ERR)));
	syslog(LOG_INFO, "not let through");
	note("mask %d\n", setlogmask(0));
	closelog();
}

/* One line by each way in. */
static void mechanisms(void)
{
	fputs("by stdio\n", stderr);
	put("by write\n");
	dprintf(2, "by %s\n", "dprintf");
	errno = 0;
	perror("by perror");
}

const struct probe probe_errors[] = {
	{ "mechanisms", mechanisms },
	{ "each-function", each_function },
	{ "sockets", sockets },
	{ "closed", closed },
	{ "broken-pipe", broken_pipe },
	{ "full-pipe", full_pipe },
	{ "interrupted", interrupted },
	{ "bad-pointers", bad_pointers },
	{ "bad-pointers-null", bad_pointers_null },
	{ "full-device", full_device },
	{ "formats", formats },
	{ "logs", logs },
	{ NULL, NULL },
};

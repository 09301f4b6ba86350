/* SPDX-License-Identifier: MIT */
/*
 * Numbers that change hands: what gets number 2 after the program closed its stderr, and what gets
 * the number of a copy that was closed where nobody sees it. Bytes that were not meant for stderr
 * must not be captured, and those that were must be.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include "probe.h"

static char folder[] = "/tmp/probe-numbers-XXXXXX";

static const char *path_of(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static void begin(void)
{
	if (!mkdtemp(folder))
		exit(98);
}

static void end(void)
{
	static const char *const names[] = { "data", "log", "stdio", "socket" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		unlink(path_of(names[i]));
	rmdir(folder);
}

/* Each returns a number that can be written to; the other end, where there is one, is in `peer`. */
static int peer = -1;

static int make_socketpair(void)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
		return -1;
	peer = ends[1];
	return ends[0];
}

/* Out of the way, so that the lowest free number stays free. */
static int moved_up(int fd)
{
	int high = fcntl(fd, F_DUPFD, 40);

	close(fd);
	return high;
}

static int make_accept(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int listener = moved_up(socket(AF_UNIX, SOCK_STREAM, 0)), accepted;

	strcpy(address.sun_path, path_of("socket"));
	bind(listener, (struct sockaddr *)&address, sizeof(address));
	listen(listener, 1);
	peer = moved_up(socket(AF_UNIX, SOCK_STREAM, 0));
	if (connect(peer, (struct sockaddr *)&address, sizeof(address)))
		return -1;
	accepted = accept(listener, NULL, NULL);
	close(listener);
	unlink(address.sun_path);
	return accepted;
}

/* The writing end is to have the number, so that the reading end needs a lower one. */
static int make_pipe(void)
{
	int input = fcntl(0, F_DUPFD, 60), ends[2];

	close(0);
	if (pipe(ends))
		return -1;
	peer = fcntl(0, F_DUPFD, 40);
	dup2(input, 0);
	close(input);
	return ends[1];
}

static int make_memory(void)
{
	return memfd_create("data", 0);
}

static int make_event(void)
{
	return eventfd(0, EFD_NONBLOCK);
}

static int make_database(void)
{
	return open(path_of("data"), O_RDWR | O_CREAT, 0600);
}

static int make_journal(void)
{
	return open(path_of("data"), O_RDWR | O_CREAT | O_APPEND, 0600);
}

static int make_output(void)
{
	return open(path_of("data"), O_WRONLY | O_CREAT | O_TRUNC, 0600);
}

static int make_private_journal(void)
{
	return open(path_of("data"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static int make_spool(void)
{
	unlink(path_of("data"));
	return openat(AT_FDCWD, path_of("data"), O_WRONLY | O_CREAT | O_APPEND | O_EXCL, 0600);
}

static int make_creat(void)
{
	return creat(path_of("data"), 0600);
}

static int make_temporary(void)
{
	char name[] = "/tmp/probe-data-XXXXXX";
	int fd = mkstemp(name);

	unlink(name);
	return fd;
}

static int make_stdio(void)
{
	return fileno(fopen(path_of("stdio"), "w+"));
}

static int make_stdio_temporary(void)
{
	return fileno(tmpfile());
}

static int make_raw_open(void)
{
	return (int)syscall(SYS_openat, AT_FDCWD, path_of("data"), O_WRONLY | O_CREAT | O_APPEND,
			    0600);
}

static int make_passed(void)
{
	union {
		struct cmsghdr head;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = { .head = { CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS } };
	char byte = 'x';
	struct iovec piece = { &byte, 1 };
	struct msghdr message = { .msg_iov = &piece,
				  .msg_iovlen = 1,
				  .msg_control = &control,
				  .msg_controllen = sizeof(control.bytes) };
	int ends[2], far = moved_up(memfd_create("passed", 0)), fd;

	socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
	dup2(ends[0], 50);
	dup2(ends[1], 51);
	close(ends[0]);
	close(ends[1]);
	memcpy(CMSG_DATA(&control.head), &far, sizeof(far));
	sendmsg(50, &message, 0);
	recvmsg(51, &message, 0);
	memcpy(&fd, CMSG_DATA(&control.head), sizeof(fd));
	close(far);
	close(50);
	close(51);
	return fd;
}

static const struct {
	const char *name;
	int (*make)(void);
} members[] = {
	{ "socketpair", make_socketpair },
	{ "accept", make_accept },
	{ "pipe", make_pipe },
	{ "memory", make_memory },
	{ "event", make_event },
	{ "database", make_database },
	{ "journal", make_journal },
	{ "output", make_output },
	{ "private journal", make_private_journal },
	{ "spool", make_spool },
	{ "creat", make_creat },
	{ "temporary", make_temporary },
	{ "stdio", make_stdio },
	{ "stdio temporary", make_stdio_temporary },
	{ "raw open", make_raw_open },
	{ "passed", make_passed },
};

#define MEMBERS (sizeof(members) / sizeof(*members))

/* In as many ways as there are roads to the table. */
static void write_data(int fd)
{
	struct iovec pieces[2] = { { (void *)"not ", 4 }, { (void *)"stderr\n", 7 } };

	if (write(fd, "secret!\n", 8) != 8)
		note("write: %s\n", strerrorname_np(errno));
	if (writev(fd, pieces, 2) < 0 && errno != EINVAL)
		note("writev: %s\n", strerrorname_np(errno));
	syscall(SYS_write, fd, "secret.\n", 8);
	send(fd, "secret?\n", 8, 0);
}

static void drop(int fd)
{
	close(fd);
	if (peer >= 0)
		close(peer);
	peer = -1;
}

static int close_by_range(int fd)
{
	return close_range((unsigned)fd, (unsigned)fd, 0);
}

static int close_by_number(int fd)
{
	return (int)syscall(SYS_close, fd);
}

/* stderr is closed by the program in each way, and another file gets its number. */
static void foreign_two(void)
{
	static int (*const ways[])(int) = { close, close_by_range, close_by_number };
	int saved = fcntl(2, F_DUPFD, 100);

	begin();
	for (size_t i = 0; i < MEMBERS; i++) {
		int fd;

		ways[i % 3](2);
		fd = members[i].make();
		note("%s: %d\n", members[i].name, fd);
		write_data(fd);
		if (i % 3 == 0)
			dprintf(fd, "%s\n", "dprintf");
		drop(fd);
		dup2(saved, 2);
		dprintf(2, "after %s\n", members[i].name);
	}
	end();
}

/* The copy's number goes to another file by the instruction: nobody sees that. */
static void foreign_copies_from(int lowest)
{
	begin();
	for (size_t i = 0; i < MEMBERS; i++) {
		int copy = fcntl(2, F_DUPFD, lowest), made = members[i].make();

		dprintf(copy, "a copy before %s\n", members[i].name);
		syscall_instruction(SYS_close, copy, 0, 0);
		syscall_instruction(SYS_dup3, made, copy, 0);
		/* A copy of it isn't one of stderr either, nor is the number the next time. */
		if (i % 2)
			write_data(dup2(copy, copy + 1));
		write_data(copy);
		dprintf(copy, "not stderr\n");
		write_data(dup2(copy, copy + 1));
		close(copy + 1);
		close(copy);
		drop(made);
	}
	end();
}

static void foreign_copies(void)
{
	foreign_copies_from(20);
}

static int highest(void)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	return (int)limit.rlim_cur - 1;
}

static void foreign_copies_high(void)
{
	foreign_copies_from(highest() - 20);
}

/* The child's number is another file than the parent's, whose table it shares. */
static void foreign_vfork(void)
{
	int copy = fcntl(2, F_DUPFD, 20), data;
	pid_t child;

	begin();
	data = make_database();
	child = vfork(); /* NOLINT(clang-analyzer-security.insecureAPI.vfork): the point */
	if (!child) {
		dup2(data, copy);
		if (write(copy, "not stderr\n", 11) != 11)
			_exit(1);
		_exit(0);
	}
	reap(child);
	dprintf(copy, "still a copy\n");
	end();
}

/* Where stderr is the null device, as behaviour.py has it, so is every other opening of it. */
static void foreign_null(void)
{
	int null = open("/dev/null", O_WRONLY), named = open("/dev/stderr", O_WRONLY);
	int copy = dup(2), again = dup(named);

	dprintf(copy, "a copy\n");
	dprintf(named, "by its name\n");
	dprintf(again, "a copy of that\n");
	syscall_instruction(SYS_close, copy, 0, 0);
	syscall_instruction(SYS_dup3, null, copy, 0);
	dprintf(copy, "not stderr\n");
	dprintf(dup(copy), "not stderr\n");
	copy = dup(2);
	dup2(null, 2);
	put("pointed at another opening\n");
	dprintf(copy, "still a copy\n");
}

/* More copies than any short list holds, at the highest numbers there are. */
static void many_copies(void)
{
	int top = highest(), count = 0;

	for (int fd = top - 200; fd <= top; fd++)
		count += dup2(2, fd) == fd;
	for (int fd = top - 200; fd <= top; fd++)
		dprintf(fd, "copy %d\n", fd - top);
	for (int fd = top - 200; fd <= top; fd += 2)
		close(fd);
	for (int fd = top - 200; fd <= top; fd++)
		dprintf(fd, "left %d\n", fd - top);
	close_range((unsigned)top - 100, (unsigned)top, 0);
	for (int fd = top - 200; fd <= top; fd++)
		dprintf(fd, "rest %d\n", fd - top);
	closefrom(3);
	for (int fd = top - 200; fd <= top; fd++)
		dup2(0, fd);
	for (int fd = top - 200; fd <= top; fd++)
		dprintf(fd, "nothing\n");
	note("%d copies\n", count);
}

static int null_device(void)
{
	return open("/dev/null", O_RDWR);
}

static int log_opened(void)
{
	return open(path_of("log"), O_WRONLY | O_CREAT | O_APPEND, 0600);
}

static int log_copied(void)
{
	int fd = fcntl(make_output(), F_DUPFD, 60);

	close(2);
	return dup(fd);
}

static int log_copied_to(void)
{
	return dup2(open(path_of("log"), O_RDWR | O_CREAT | O_CLOEXEC, 0600), 2);
}

static int log_by_fcntl(void)
{
	int fd = fcntl(make_output(), F_DUPFD, 60);

	close(2);
	return fcntl(fd, F_DUPFD, 2);
}

static int log_closed_twice(void)
{
	close(2);
	close_by_range(2);
	return log_opened();
}

static int log_stdio(void)
{
	return fileno(fopen(path_of("log"), "a"));
}

/* Number 2 is stderr again in each of these; a file that the program truncates is for stdio alone.
 */
static void redirected(void)
{
	static int (*const ways[])(void) = { null_device,   log_opened,	  log_copied,
					     log_copied_to, log_by_fcntl, log_closed_twice,
					     log_stdio };
	int saved = fcntl(2, F_DUPFD, 100);

	begin();
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		close(2);
		note("%d\n", ways[i]());
		dprintf(2, "redirected %zu\n", i);
	}
	note("%d\n", freopen(path_of("log"), "w", stderr) == stderr);
	put("reopened\n");
	close(2);
	make_output();
	put("not stderr\n");
	fputs("by the FILE\n", stderr);
	errno = 0;
	perror("by the FILE");
	dup2(saved, 2);
	fclose(stderr);
	stderr = fopen(path_of("data"), "w");
	note("%d\n", fileno(stderr));
	setvbuf(stderr, NULL, _IONBF, 0);
	put("not stderr\n");
	fputs("by another FILE\n", stderr);
	dup2(saved, 2);
	put("end\n");
	end();
}

static void first_file_inside(void)
{
	int fd;

	begin();
	fd = log_opened();
	note("%d\n", fd);
	write_data(fd);
	close(fd);
	fd = make_output();
	write_data(fd);
	end();
}

/* Started without a stderr: what the program opens first has its number. */
static void first_file(void)
{
	close(2);
	execl("/proc/self/exe", "probe", "first-file-inside", (char *)NULL);
}

static int is_number(const char *name)
{
	return name[0] >= '0' && name[0] <= '9';
}

/* Closes what is listed, as programs do that start others, and complains as they do. */
static void close_listed(const char *path, DIR *list)
{
	struct dirent *entry;
	int refused = 0, leaked = 0;

	while (list && (entry = readdir(list))) {
		int fd = atoi(entry->d_name);

		if (!is_number(entry->d_name) || fd <= 2 || fd == dirfd(list))
			continue;
		/* (The one of /proc/self is the program's own.) */
		leaked += fcntl(fd, F_GETFD) >= 0;
		refused += close(fd) != 0;
		if (close(fd) == 0)
			note("%d could be closed twice\n", fd);
	}
	note("%s: %d refused, %d leaked\n", path, refused, leaked);
	if (list)
		closedir(list);
	put("after\n");
}

static void listed(void)
{
	static const char *const paths[] = { "/proc/self/fd", "/proc/self/fd/", "/dev/fd",
					     "/proc/thread-self/fd" };
	int process;

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		if (i % 2)
			close_listed(paths[i], fdopendir(open(paths[i], O_RDONLY | O_DIRECTORY)));
		else
			close_listed(paths[i], opendir(paths[i]));
	}
	process = open("/proc/self", O_PATH | O_DIRECTORY);
	close_listed("fd", fdopendir(openat(process, "fd", O_RDONLY)));
}

const struct probe probe_numbers[] = {
	{ "foreign-two", foreign_two },
	{ "foreign-copies", foreign_copies },
	{ "foreign-copies-high", foreign_copies_high },
	{ "foreign-vfork", foreign_vfork },
	{ "foreign-null", foreign_null },
	{ "many-copies", many_copies },
	{ "redirected", redirected },
	{ "first-file", first_file },
	{ "first-file-inside", first_file_inside },
	{ "listed", listed },
	{ NULL, NULL },
};

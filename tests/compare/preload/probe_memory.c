/* SPDX-License-Identifier: MIT */
/*
 * Memory of the program's own that it made unreadable: its data, its constants, its heap, its
 * stacks. What is written from there is answered with EFAULT, and nothing else happens.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "probe.h"

#define PAGE ((size_t)4096)

static char data[3 * PAGE] __attribute__((aligned(PAGE)));
static const char constants[3 * PAGE] __attribute__((aligned(PAGE))) = "constants";

/* Lines up to its end. */
static void fill(char *page)
{
	memset(page, 'x', PAGE);
	for (size_t i = 9; i < PAGE; i += 10)
		page[i] = '\n';
	page[PAGE - 1] = '\n';
}

static void write_from(const char *what, const char *bytes, size_t size)
{
	struct iovec pieces[2] = { { "in front\n", 9 }, { (void *)bytes, size } };
	struct msghdr message = { .msg_iov = pieces, .msg_iovlen = 2 };

	note("%s\n", what);
	say_write("write", 2, bytes, size);
	say("syscall", syscall(SYS_write, 2, bytes, size));
	say("writev", writev(2, pieces, 2));
	say("writev of", writev(2, (const struct iovec *)bytes, 2));
	say("sendmsg", sendmsg(2, &message, 0));
	say("sendmsg of", sendmsg(2, (const struct msghdr *)bytes, 0));
	setvbuf(stderr, NULL, _IONBF, 0);
	say("fwrite", (long)fwrite(bytes, 1, size, stderr));
}

static void protect(char *page)
{
	mprotect(page, PAGE, PROT_NONE);
}

static void protect_by_number(char *page)
{
	syscall(SYS_mprotect, page, PAGE, PROT_NONE);
}

static void protect_by_key(char *page)
{
	int key = pkey_alloc(0, PKEY_DISABLE_ACCESS);

	if (key < 0)
		protect(page);
	else
		pkey_mprotect(page, PAGE, PROT_READ | PROT_WRITE, key);
}

static void unmap(char *page)
{
	munmap(page, PAGE);
}

static void map_nothing(char *page)
{
	(void)mmap(page, PAGE, PROT_NONE, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

/* Behind the file's end a read is answered with SIGBUS. */
static void map_empty_file(char *page)
{
	int fd = memfd_create("empty", 0);

	(void)mmap64(page, PAGE, PROT_READ, MAP_FIXED | MAP_SHARED, fd, 0);
}

static void move_over(char *page)
{
	void *nothing = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)mremap(nothing, PAGE, PAGE, MREMAP_FIXED | MREMAP_MAYMOVE, page);
}

/* The child of a fork has not got the page. */
static void keep_from_child(char *page)
{
	int child;

	madvise(page, PAGE, MADV_DONTFORK);
	child = fork();
	if (child) {
		reap(child);
		_exit(0);
	}
}

static const struct {
	const char *name;
	void (*take)(char *page);
	bool of_a_stack; /* the stack grows into what is not there at all */
} ways[] = {
	{ "protect", protect, true },
	{ "protect by number", protect_by_number, true },
	{ "protect by key", protect_by_key, true },
	{ "unmap", unmap, false },
	{ "map nothing", map_nothing, true },
	{ "map an empty file", map_empty_file, true },
	{ "move over", move_over, true },
	{ "keep from a child", keep_from_child, false },
};

/* Each way in a child of its own: what it took away is there again for the next. */
static void try_all(char *page, bool on_stack)
{
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		int child;

		if (on_stack && !ways[i].of_a_stack)
			continue;
		child = fork();
		if (!child) {
			note("%s\n", ways[i].name);
			ways[i].take(page);
			write_from("inside", page + 100, 64);
			write_from("across", page - 30, 64);
			_exit(0);
		}
		reap(child);
	}
}

static void of_data(void)
{
	fill(data);
	try_all(data + PAGE, false);
}

static void of_constants(void)
{
	mprotect((char *)constants, PAGE, PROT_READ | PROT_WRITE);
	fill((char *)constants);
	try_all((char *)constants + PAGE, false);
}

static void of_heap(void)
{
	uintptr_t heap = (uintptr_t)malloc(4 * PAGE);
	char *page = (char *)((heap + PAGE - 1) & -(uintptr_t)PAGE);

	fill(page);
	try_all(page + PAGE, false);
}

static void *of_this_stack(void *nothing)
{
	char buffer[4 * PAGE];
	char *page = (char *)(((uintptr_t)buffer + PAGE - 1) & -(uintptr_t)PAGE);

	fill(page);
	try_all(page + PAGE, true);
	return nothing;
}

static void of_stack(void)
{
	of_this_stack(NULL);
}

static void of_thread(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, of_this_stack, NULL);
	pthread_join(thread, NULL);
}

/* The null device takes it without a look. */
static void to_null(void)
{
	int keep = dup(2);

	dup2(open("/dev/null", O_WRONLY), 2);
	of_data();
	of_heap();
	of_stack();
	dup2(keep, 2);
}

/* Arguments and environments that can't be read: the line that was begun goes on. */
static void exec_of(const char *what, char *const argv[], char *const envp[])
{
	put("be");
	say(what, execve("/bin/true", argv, envp));
	say("by number", syscall(SYS_execve, "/bin/true", argv, envp));
	say("by folder", execveat(AT_FDCWD, "/bin/true", argv, envp, 0));
	/* libc itself counts a spawn's arguments. */
	if (strcmp(what, "arguments") != 0)
		note("spawn -> %s\n", strerrorname_np(posix_spawn(&(pid_t){ 0 }, "/bin/true", NULL,
								  NULL, argv, envp)));
	environ = (char **)envp;
	say("of environ", execv("/bin/true", argv));
	put("gun\n");
}

static void execs(void)
{
	char *page =
		mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *bad = (char *)8, *no_end = page + PAGE - 16;
	char *good[] = { "true", NULL };
	char *lists[][3] = { { "A=b", bad, NULL }, { no_end, NULL }, { "A=b", (char *)-1, NULL } };
	char **cut = (char **)(page + PAGE - 24);

	memset(page, 'x', PAGE);
	cut[0] = "A=b";
	munmap(page + PAGE, PAGE);
	for (int i = 0; i < 3; i++) {
		exec_of("argument", lists[i], good);
		exec_of("variable", good, lists[i]);
	}
	exec_of("arguments", (char **)bad, good);
	exec_of("variables", good, (char **)bad);
	exec_of("arguments", cut, good);
	exec_of("variables that are cut", good, cut);
	exec_of("negative", good, (char **)-1);
	put("be");
	say("path", execve(bad, good, good));
	put("gun\n");
}

const struct probe probe_memory[] = {
	{ "memory-data", of_data },	{ "memory-constants", of_constants },
	{ "memory-heap", of_heap },	{ "memory-stack", of_stack },
	{ "memory-thread", of_thread }, { "memory-null", to_null },
	{ "memory-execs", execs },	{ NULL, NULL },
};

/* SPDX-License-Identifier: MIT */
/*
 * Watches enable words that it shares with the kernel, and says on stdout what it sees, one change
 * per line: "NAME ready", then "NAME 1" and "NAME 0". Ends at the end of stdin.
 *
 * usage: words watch TRACEPOINT       registers and watches
 *        words fork TRACEPOINT        parent and child watch one registration each by fork
 *        words exec TRACEPOINT        registers, then becomes `sleep`
 *        words threads TRACEPOINT     threads from before and after the registration come and go;
 *                                     then watches
 *        words late TRACEPOINT        a thread from before any registration registers and ends;
 *                                     then watches
 *        words unload LIBRARY         loads a library that registers a provider, unloads it on a
 *                                     line on stdin, puts a page in its place, watches that page
 */
#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <evh/tracepoint.h>

static uint32_t word __attribute__((aligned(8)));
static struct evh_transport transport;
static struct evh_tracepoint tracepoint;

static void say(const char *who, const char *what)
{
	char line[64];
	int length = snprintf(line, sizeof(line), "%s %s\n", who, what);

	if (write(1, line, (size_t)length) != length)
		exit(3);
}

static bool stdin_ended(int timeout)
{
	struct pollfd input = { .fd = 0, .events = POLLIN };

	return poll(&input, 1, timeout) > 0;
}

static void watch(const char *who)
{
	bool last = evh_tracepoint_enabled(&tracepoint);

	say(who, "ready");
	if (last)
		say(who, "1");
	while (!stdin_ended(1)) {
		if (evh_tracepoint_enabled(&tracepoint) == last)
			continue;
		last = !last;
		say(who, last ? "1" : "0");
	}
}

static void must_register(const char *name)
{
	int result = evh_transport_open_user_events(&transport);

	if (result == 0)
		result = evh_tracepoint_register(&tracepoint, &transport, name, &word, 5);
	if (result == 0)
		return;
	fprintf(stderr, "words: %s: %s\n", name, strerror(-result));
	exit(2);
}

static void *sleep_until_told(void *flag)
{
	while (!__atomic_load_n((int *)flag, __ATOMIC_ACQUIRE))
		usleep(1000);
	return NULL;
}

static void *register_and_end(void *arguments)
{
	void **argument = arguments;

	sleep_until_told(argument[0]);
	must_register(argument[1]);
	return NULL;
}

static int do_fork(const char *name)
{
	pid_t child;

	must_register(name);
	child = fork();
	watch(child ? "parent" : "child");
	if (child)
		waitpid(child, NULL, 0);
	return 0;
}

static int do_exec(const char *name)
{
	must_register(name);
	execlp("sleep", "sleep", "60", NULL);
	return 1;
}

static int do_threads(const char *name)
{
	pthread_t before;
	pthread_t after;
	int go = 0;

	pthread_create(&before, NULL, sleep_until_told, &go);
	must_register(name);
	pthread_create(&after, NULL, sleep_until_told, &go);
	__atomic_store_n(&go, 1, __ATOMIC_RELEASE);
	pthread_join(before, NULL);
	pthread_join(after, NULL);
	watch("main");
	return 0;
}

static int do_late(char *name)
{
	pthread_t thread;
	int go = 0;
	void *arguments[] = { &go, name };

	pthread_create(&thread, NULL, register_and_end, arguments);
	__atomic_store_n(&go, 1, __ATOMIC_RELEASE);
	pthread_join(thread, NULL);
	watch("main");
	return 0;
}

static int do_unload(const char *path)
{
	void *library = dlopen(path, RTLD_NOW);
	void *(*place)(void) = library ? (void *(*)(void))dlsym(library, "unload_place") : NULL;
	size_t size = (size_t)sysconf(_SC_PAGESIZE);
	unsigned char *page;
	char line[16];

	if (!place) {
		fprintf(stderr, "words: %s\n", dlerror());
		return 2;
	}
	page = (unsigned char *)((uintptr_t)place() & ~(size - 1));
	say("library", "ready");
	if (!fgets(line, sizeof(line), stdin))
		return 2;
	dlclose(library);
	/* Where the enable word was. -EEXIST: the library is still there. */
	if (mmap(page, size, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) != page) {
		fprintf(stderr, "words: the library is still loaded: %s\n", strerror(errno));
		return 2;
	}
	memset(page, 0, size);
	say("library", "gone");
	while (!stdin_ended(1))
		;
	for (size_t i = 0; i < size; i++) {
		if (page[i])
			say("library", "touched");
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc != 3)
		return 2;
	if (strcmp(argv[1], "fork") == 0)
		return do_fork(argv[2]);
	if (strcmp(argv[1], "exec") == 0)
		return do_exec(argv[2]);
	if (strcmp(argv[1], "threads") == 0)
		return do_threads(argv[2]);
	if (strcmp(argv[1], "late") == 0)
		return do_late(argv[2]);
	if (strcmp(argv[1], "unload") == 0)
		return do_unload(argv[2]);
	must_register(argv[2]);
	watch("main");
	return 0;
}

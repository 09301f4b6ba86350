/* SPDX-License-Identifier: MIT */
/*
 * Writes a recording from every kind of task there is, and says on stdout who wrote what: one line
 * "number pid tid ppid comm" per event, `number` being the event's id. For perf_script.py.
 *
 *	recording_writer create FILE		an empty recording
 *	recording_writer tasks FILE OTHER	one event from each kind of task; OTHER is a copy of
 *						this program under another name
 *	recording_writer event FILE NUMBER	one event
 *	recording_writer many FILE PROCESSES EVENTS	so many processes, each with so many
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <evh/recording.h>

static struct evh_transport transport;
static struct evh_tracepoint tracepoint;
static uint32_t word;
static const char *file;

static void fail(const char *what, int error)
{
	fprintf(stderr, "recording_writer: %s: %s\n", what, strerror(-error));
	_exit(1);
}

static void say(int number)
{
	char comm[16], line[128];
	int length;

	prctl(PR_GET_NAME, comm);
	length = snprintf(line, sizeof(line), "%d %d %d %d %s\n", number, getpid(), gettid(),
			  getppid(), comm);
	if (write(1, line, (size_t)length) != length)
		_exit(1);
}

static void send_event(int number)
{
	struct {
		uint8_t head[EVH_HEADROOM];
		struct evh_header header;
		struct evh_extension extension;
		char name[2];
		uint8_t tail[EVH_TAILROOM];
	} event = {
		.header = { .flags = EVH_FLAGS_NATIVE, .id = (uint16_t)number, .level = 4 },
		.extension = { .size = 2, .kind = EVH_EXTENSION_METADATA },
		.name = "e",
	};
	int error;

	error = evh_tracepoint_send(&tracepoint, &event.header, 14);
	if (error)
		fail("send", error);
}

static void say_and_send(int number)
{
	say(number);
	send_event(number);
}

static void *thread_main(void *argument)
{
	prctl(PR_SET_NAME, "worker");
	say_and_send((int)(intptr_t)argument);
	return NULL;
}

static void *forking_thread_main(void *argument)
{
	pid_t child = fork();

	if (child == 0) {
		say_and_send((int)(intptr_t)argument);
		_exit(0);
	}
	waitpid(child, NULL, 0);
	return NULL;
}

static void in_thread(void *(*function)(void *), int number)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, function, (void *)(intptr_t)number))
		fail("pthread_create", -1);
	pthread_join(thread, NULL);
}

static int clone_main(void *argument)
{
	say_and_send((int)(intptr_t)argument);
	return 0;
}

static void wait_for(pid_t child)
{
	int status;

	if (waitpid(child, &status, 0) < 0 || status)
		fail("child", -1);
}

static void tasks(char *other)
{
	static char stack[65536] __attribute__((aligned(16)));
	char number[] = "8";
	int alive[2];
	char byte;
	pid_t child;

	say_and_send(1);
	in_thread(thread_main, 2);
	child = fork();
	if (child == 0) {
		say_and_send(3);
		in_thread(thread_main, 4);
		_exit(0);
	}
	wait_for(child);
	child = vfork(); /* NOLINT(clang-analyzer-security.insecureAPI.vfork) */
	if (child == 0) {
		say_and_send(5); /* NOLINT(clang-analyzer-unix.Vfork): that is what is tried */
		_exit(0);
	}
	wait_for(child);
	say_and_send(6);
	/* a process that shares this memory, the thread's own variables included */
	wait_for(clone(clone_main, stack + sizeof(stack), CLONE_VM | SIGCHLD, (void *)7));
	child = fork();
	if (child == 0) {
		execl(other, other, "event", file, number, (char *)NULL);
		_exit(1);
	}
	wait_for(child);
	in_thread(forking_thread_main, 9);
	/* a grandchild whose parent, which never wrote, is gone */
	if (pipe(alive) != 0)
		fail("pipe", -errno);
	child = fork();
	if (child == 0) {
		pid_t parent = getpid();

		child = fork();
		if (child == 0) {
			while (getppid() == parent)
				usleep(1000);
			say_and_send(10);
		}
		_exit(0);
	}
	wait_for(child);
	/* The grandchild has the other end until it ends. */
	close(alive[1]);
	if (read(alive[0], &byte, 1) != 0)
		fail("the grandchild", -errno);
	say_and_send(11);
}

static void many(int processes, int events)
{
	for (int i = 0; i < processes; i++) {
		pid_t child = fork();

		if (child == 0) {
			for (int number = 0; number < events; number++)
				send_event(number);
			_exit(0);
		}
	}
	for (int i = 0; i < processes; i++)
		wait_for(-1);
}

static void open_recording(void)
{
	int error = evh_transport_open_file(&transport, file);

	if (error)
		fail(file, error);
	error = evh_tracepoint_register(&tracepoint, &transport, "logtap_L4K2", &word, 0);
	if (error)
		fail("register", error);
}

int main(int argc, char **argv)
{
	static const char *const names[] = { "logtap_L4K1", "logtap_L4K2" };

	if (argc < 3)
		fail("usage", -22);
	file = argv[2];
	if (strcmp(argv[1], "create") == 0) {
		int error = evh_recording_create(file, names, 2);

		if (error)
			fail("create", error);
		return 0;
	}
	open_recording();
	if (strcmp(argv[1], "tasks") == 0)
		tasks(argv[3]);
	else if (strcmp(argv[1], "event") == 0)
		say_and_send(atoi(argv[3]));
	else if (strcmp(argv[1], "many") == 0)
		many(atoi(argv[3]), atoi(argv[4]));
	else
		fail("usage", -22);
	return 0;
}

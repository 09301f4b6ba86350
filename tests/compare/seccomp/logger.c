/* SPDX-License-Identifier: MIT */
/*
 * Programs that log, for filters that were there before them:
 *
 *     logger plain     writes lines, nothing else
 *     logger threads   ends while another thread has an unfinished line
 *     logger forks     logs in children of fork and in a thread of one
 *     logger copies    makes copies of stderr, and closes them
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void say(const char *text)
{
	errno = 77;
	if (write(2, text, strlen(text)) < 0 || errno != 77)
		_exit(3);
}

static int plain(void)
{
	char line[3000];

	memset(line, 'l', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\n';
	say("one\n");
	say("a line ");
	say("of pieces\n");
	if (write(2, line, sizeof(line)) != sizeof(line))
		return 4;
	fprintf(stderr, "by %s\n", "stdio");
	say("last, without an end");
	return 0;
}

static void *unfinished(void *ready)
{
	say("worker: connecting ... ");
	pthread_barrier_wait(ready);
	pause();
	return NULL;
}

static int threads(void)
{
	pthread_barrier_t ready;
	pthread_t thread;

	pthread_barrier_init(&ready, NULL, 2);
	if (pthread_create(&thread, NULL, unfinished, &ready))
		return 5;
	pthread_barrier_wait(&ready);
	say("main: done\n");
	return 0;
}

static void *from_thread(void *text)
{
	say(text);
	return NULL;
}

static int forks(void)
{
	static char text[] = "thread of the child\n";
	pthread_t thread;
	int status;
	pid_t child = fork();

	if (child < 0)
		return 6;
	if (!child) {
		say("child\n");
		if (!pthread_create(&thread, NULL, from_thread, text))
			pthread_join(thread, NULL);
		_exit(0);
	}
	if (waitpid(child, &status, 0) != child)
		status = 0;
	say("parent\n");
	return status ? 7 : 0;
}

static int copies(void)
{
	int copy = dup(2), other;

	if (copy < 0)
		return 8;
	if (write(copy, "by a copy\n", 10) != 10)
		return 9;
	close(copy);
	/* What a shell does with numbers, also with the one that may be ours. */
	for (other = 3; other < 12; other++)
		if (dup2(2, other) != other || write(other, "by a number\n", 12) != 12)
			return 10;
	for (other = 3; other < 12; other++)
		close(other);
	say("still here\n");
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (!strcmp(what, "plain"))
		return plain();
	if (!strcmp(what, "threads"))
		return threads();
	if (!strcmp(what, "forks"))
		return forks();
	if (!strcmp(what, "copies"))
		return copies();
	return 2;
}

/* SPDX-License-Identifier: MIT */
/* Trial runs; see trial.h. */
#include "trial.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "preload_text.h"
#include "root_files.h"

#define TRIAL_SECONDS 20

/* What a program of the root must do, whichever library is in it. */
struct expected {
	const char *argv[4];
	int status;
	const char *out;
	const char *err; /* NULL: one line, whatever it says */
};

static const struct expected PROGRAMS[] = {
	{ { "/bin/true" }, 0, "", "" },
	{ { "/bin/sh", "-c", "echo a trial; echo logtap: a trial line >&2; exit 3" },
	  3,
	  "a trial\n",
	  "logtap: a trial line\n" },
	{ { "/bin/cat", "/nonexistent/logtap" }, 1, "", NULL }, /* through stdio */
};

/* One of the two streams of a program. */
struct stream {
	char text[512];
	size_t size;
	int fd;
};

struct outcome {
	int error;  /* why it was not started */
	int status; /* as wait(2) has it */
	bool late;
	struct stream out, err;
};

static bool is_same_root(int root)
{
	struct stat one, other;

	return fstat(root, &one) == 0 && stat("/", &other) == 0 && one.st_dev == other.st_dev &&
	       one.st_ino == other.st_ino;
}

/*
 * As systemd does it for a service with a root of its own: a /run that is empty but for one file.
 * Only this process and its children see it.
 */
static int bind_file(const struct trial *trial)
{
	const char *inner = trial->preload + 1; /* "run/FOLDER/NAME" */
	const char *name = strrchr(inner, '/');
	char folder[64];
	int file;

	snprintf(folder, sizeof(folder), "%.*s", (int)(name - inner), inner);
	if (fchdir(trial->root) != 0 || unshare(CLONE_NEWNS) != 0 ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
	    mount("tmpfs", "run", "tmpfs", 0, "mode=755") != 0 || mkdir(folder, 0755) != 0)
		return -errno;
	file = open(inner, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	if (file < 0)
		return -errno;
	close(file);
	return mount(trial->bound, inner, NULL, MS_BIND, NULL) == 0 ? 0 : -errno;
}

/* The child: as a program of the root would be, with a clean environment. */
static int become(const struct trial *trial, int program, const char *const *argv, int out, int err)
{
	static char path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
	static char locale[] = "LC_ALL=C";
	const struct rlimit none = { 0, 0 };
	char preload[256];
	char *envp[] = { path, locale, trial->preload ? preload : NULL, NULL };
	int null = open("/dev/null", O_RDONLY);
	sigset_t empty;

	if (null < 0 || dup2(null, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0)
		return errno;
	/* With its mounts: what the descriptor leads to has none of them. */
	if (trial->bound && trial->preload ? bind_file(trial) != 0 : fchdir(trial->root) != 0)
		return errno;
	if (!is_same_root(trial->root) && (chroot(".") != 0 || chdir("/") != 0))
		return errno;
	snprintf(preload, sizeof(preload), "LD_PRELOAD=%s", trial->preload ? trial->preload : "");
	setrlimit(RLIMIT_CORE, &none);
	signal(SIGPIPE, SIG_DFL);
	sigemptyset(&empty);
	sigprocmask(SIG_SETMASK, &empty, NULL);
	if (program >= 0)
		fexecve(program, (char *const *)argv, envp);
	else
		execve(argv[0], (char *const *)argv, envp);
	return errno;
}

static void take(struct stream *stream)
{
	char rest[256];
	size_t room = sizeof(stream->text) - 1 - stream->size;
	ssize_t got = room ? read(stream->fd, stream->text + stream->size, room)
			   : read(stream->fd, rest, sizeof(rest));

	if (got > 0 && room)
		stream->size += (size_t)got;
	if (got == 0 || (got < 0 && errno != EINTR)) {
		close(stream->fd);
		stream->fd = -1;
	}
}

/* What the loader says of libraries of others was said before, too. */
static void drop_complaints_of_others(struct stream *stream)
{
	static const char BEGIN[] = "ERROR: ld.so: object '";
	char *line = stream->text;

	stream->text[stream->size] = '\0';
	while (*line) {
		size_t size = strcspn(line, "\n");
		size_t all = size + (line[size] == '\n');
		const char *ours = strstr(line, PRELOAD_LIBRARY);

		if (strncmp(line, BEGIN, sizeof(BEGIN) - 1) == 0 && (!ours || ours > line + size))
			memmove(line, line + all, strlen(line + all) + 1);
		else
			line += all;
	}
	stream->size = (size_t)(line - stream->text);
}

static long seconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

/* Reads both to their ends; a program that takes too long is ended. */
static void listen_to(struct outcome *outcome, pid_t child)
{
	long deadline = seconds_now() + TRIAL_SECONDS;

	while (outcome->out.fd >= 0 || outcome->err.fd >= 0) {
		struct pollfd ends[] = { { outcome->out.fd, POLLIN, 0 },
					 { outcome->err.fd, POLLIN, 0 } };

		if (seconds_now() >= deadline) {
			outcome->late = true;
			kill(child, SIGKILL);
			break;
		}
		if (poll(ends, 2, 1000) <= 0)
			continue;
		if (ends[0].revents)
			take(&outcome->out);
		if (ends[1].revents)
			take(&outcome->err);
	}
	while (waitpid(child, &outcome->status, 0) < 0 && errno == EINTR)
		;
}

static void run(const struct trial *trial, int program, const char *const *argv,
		struct outcome *outcome)
{
	int out[2] = { -1, -1 }, err[2] = { -1, -1 }, failed[2] = { -1, -1 };
	pid_t child = -1;

	memset(outcome, 0, sizeof(*outcome));
	if (pipe2(out, O_CLOEXEC) == 0 && pipe2(err, O_CLOEXEC) == 0 &&
	    pipe2(failed, O_CLOEXEC) == 0)
		child = fork();
	if (child == 0) {
		int error = become(trial, program, argv, out[1], err[1]);

		_exit(write(failed[1], &error, sizeof(error)) < 0);
	}
	if (child < 0)
		outcome->error = errno;
	close(out[1]);
	close(err[1]);
	close(failed[1]);
	outcome->out.fd = out[0];
	outcome->err.fd = err[0];
	if (child > 0) {
		if (read(failed[0], &outcome->error, sizeof(outcome->error)) < 0)
			outcome->error = errno;
		listen_to(outcome, child);
		drop_complaints_of_others(&outcome->err);
	}
	close(failed[0]);
	if (outcome->out.fd >= 0)
		close(outcome->out.fd);
	if (outcome->err.fd >= 0)
		close(outcome->err.fd);
}

static int fails(struct trial *trial, const char *name, const struct outcome *outcome, int status)
{
	const char *said = outcome->err.text;

	if (outcome->late)
		snprintf(trial->why, sizeof(trial->why), "%s did not end in %d seconds", name,
			 TRIAL_SECONDS);
	else if (WIFSIGNALED(outcome->status))
		snprintf(trial->why, sizeof(trial->why), "%s was killed by signal %d (%s)", name,
			 WTERMSIG(outcome->status), strsignal(WTERMSIG(outcome->status)));
	else if (WEXITSTATUS(outcome->status) != status)
		snprintf(trial->why, sizeof(trial->why), "%s ended with status %d%s%.*s", name,
			 WEXITSTATUS(outcome->status), *said ? ": " : "", (int)strcspn(said, "\n"),
			 said);
	else
		snprintf(trial->why, sizeof(trial->why), "%s said something else than alone%s%.*s",
			 name, *said ? ": " : "", (int)strcspn(said, "\n"), said);
	return -EINVAL;
}

int trial_made(struct trial *trial, const void *program, size_t size)
{
	static const char *const ARGV[] = { "logtap-trial", NULL };
	int file = memfd_create("logtap-trial", MFD_CLOEXEC);
	struct outcome outcome;
	int result = 0;

	if (file < 0 || write(file, program, size) != (ssize_t)size) {
		snprintf(trial->why, sizeof(trial->why), "no program could be made: %s",
			 strerror(errno));
		result = -EINVAL;
	} else {
		run(trial, file, ARGV, &outcome);
		if (outcome.error == ENOEXEC) {
			result = -ENOEXEC;
		} else if (outcome.error) {
			snprintf(trial->why, sizeof(trial->why), "no program could be started: %s",
				 strerror(outcome.error));
			result = -EINVAL;
		} else if (outcome.late || outcome.status != 0 || outcome.out.size ||
			   outcome.err.size) {
			result = fails(trial, "a program that does nothing", &outcome, 0);
		}
	}
	if (file >= 0)
		close(file);
	return result;
}

static bool is_as_expected(const struct outcome *outcome, const struct expected *expected)
{
	const struct stream *err = &outcome->err;

	if (outcome->late || !WIFEXITED(outcome->status) ||
	    WEXITSTATUS(outcome->status) != expected->status ||
	    strcmp(outcome->out.text, expected->out) != 0)
		return false;
	if (expected->err)
		return strcmp(err->text, expected->err) == 0;
	return err->size && memchr(err->text, '\n', err->size) == err->text + err->size - 1;
}

int trial_programs(struct trial *trial)
{
	int count = 0;

	for (size_t i = 0; i < sizeof(PROGRAMS) / sizeof(*PROGRAMS); i++) {
		const struct expected *expected = &PROGRAMS[i];
		struct outcome outcome;

		if (root_exists(trial->root, expected->argv[0]) != 0)
			continue;
		run(trial, -1, expected->argv, &outcome);
		if (outcome.error) {
			snprintf(trial->why, sizeof(trial->why), "%s could not be started: %s",
				 expected->argv[0], strerror(outcome.error));
			return -EINVAL;
		}
		if (!is_as_expected(&outcome, expected))
			return fails(trial, expected->argv[0], &outcome, expected->status);
		count++;
	}
	if (count)
		return count;
	snprintf(trial->why, sizeof(trial->why), "there is no program to try it on");
	return -EINVAL;
}

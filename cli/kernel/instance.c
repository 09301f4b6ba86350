/* SPDX-License-Identifier: MIT */
/*
 * Makes a tracefs instance and sees to it that it doesn't outlive its owner: a small second
 * process, the warden, waits for the owner's end and removes the folder, also after kill -9. Must
 * never remove an instance that is in use; the kernel refuses that (EBUSY) and is relied on.
 */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <tracefs.h>
#include <unistd.h>

#include "instance.h"

#define NAME_PREFIX "logtap-"

/* The owner's descriptors are closed one after the other while it dies; meanwhile rmdir fails. */
#define REMOVE_TRIES	500
#define REMOVE_PAUSE_MS 10

static void remove_stubbornly(const char *path)
{
	const struct timespec pause = { .tv_nsec = REMOVE_PAUSE_MS * 1000000L };

	for (int i = 0; i < REMOVE_TRIES; i++) {
		if (rmdir(path) == 0 || errno != EBUSY)
			return;
		nanosleep(&pause, NULL);
	}
}

static _Noreturn void stand_guard(int lifeline, const char *path)
{
	static const int SIGNALS[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE };
	char byte;

	/* Out of the terminal's reach, and holding nothing that somebody waits for the end of. */
	setsid();
	for (size_t i = 0; i < sizeof(SIGNALS) / sizeof(SIGNALS[0]); i++)
		signal(SIGNALS[i], SIG_IGN);
	prctl(PR_SET_NAME, "logtap-warden");
	dup2(lifeline, 0);
	close_range(1, UINT_MAX, 0);
	while (read(0, &byte, 1) < 0 && errno == EINTR)
		;
	remove_stubbornly(path);
	_exit(0);
}

static int post_warden(struct instance *instance)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		return -errno;
	instance->warden = fork();
	if (instance->warden < 0) {
		int error = errno;

		close(ends[0]);
		close(ends[1]);
		instance->warden = 0;
		return -error;
	}
	if (instance->warden == 0) {
		close(ends[1]);
		stand_guard(ends[0], instance->path);
	}
	close(ends[0]);
	instance->lifeline = ends[1];
	return 0;
}

/* Those whose process is gone, and a leftover under our own number. */
static void remove_stale(const struct tracefs_place *place)
{
	char path[PATH_MAX];
	char victim[PATH_MAX];
	DIR *folder;
	struct dirent *entry;

	if (tracefs_place_path(place, "instances", path, sizeof(path)) < 0)
		return;
	folder = opendir(path);
	while (folder && (entry = readdir(folder))) {
		int pid;
		char rest;

		if (sscanf(entry->d_name, NAME_PREFIX "%d%c", &pid, &rest) != 1 || pid <= 0)
			continue;
		if (pid != getpid() && (kill(pid, 0) == 0 || errno != ESRCH))
			continue;
		if ((size_t)snprintf(victim, sizeof(victim), "%s/%s", path, entry->d_name) <
		    sizeof(victim))
			rmdir(victim);
	}
	if (folder)
		closedir(folder);
}

static int set_up(struct instance *instance, unsigned long buffer_kib)
{
	char number[32];

	/* perf's and the encoder's clock; it relates to the time of day by a plain difference. */
	if (tracefs_instance_file_write(instance->tracefs, "trace_clock", "mono") < 0)
		return errno ? -errno : -EIO;
	/* 0: wake the reader for every event, not only for every half-full buffer. */
	tracefs_instance_file_write(instance->tracefs, "buffer_percent", "0");
	/* Remembers which process a thread belonged to after it is gone. */
	tracefs_instance_file_write(instance->tracefs, "options/record-tgid", "1");
	if (buffer_kib > 0) {
		snprintf(number, sizeof(number), "%lu", buffer_kib);
		if (tracefs_instance_file_write(instance->tracefs, "buffer_size_kb", number) < 0)
			return errno ? -errno : -EIO;
	}
	return 0;
}

int instance_create(struct instance *instance, const struct tracefs_place *place,
		    unsigned long buffer_kib)
{
	char folder[PATH_MAX];
	char name[64];
	int result;

	memset(instance, 0, sizeof(*instance));
	instance->lifeline = -1;
	snprintf(name, sizeof(name), NAME_PREFIX "%d", (int)getpid());
	snprintf(folder, sizeof(folder), "%s", place->path);
	if ((size_t)snprintf(instance->path, sizeof(instance->path), "%s/instances/%s", place->path,
			     name) >= sizeof(instance->path))
		return -ENAMETOOLONG;
	if (tracefs_set_tracing_dir(folder) != 0)
		return -ENOMEM;
	remove_stale(place);
	errno = 0;
	instance->tracefs = tracefs_instance_create(name);
	if (!instance->tracefs)
		return errno ? -errno : -EIO;
	result = post_warden(instance);
	if (result == 0)
		result = set_up(instance, buffer_kib);
	else
		rmdir(instance->path);
	if (result < 0)
		instance_remove(instance);
	return result;
}

void instance_remove(struct instance *instance)
{
	if (instance->tracefs)
		tracefs_instance_free(instance->tracefs);
	instance->tracefs = NULL;
	if (instance->warden <= 0)
		return;
	close(instance->lifeline);
	while (waitpid(instance->warden, NULL, 0) < 0 && errno == EINTR)
		;
	instance->warden = 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * `logtap cat PROGRAM`: this process becomes the program; its stderr, and stdout if wanted, lead to
 * readers. Must leave the program nothing else: no child, no descriptor, no variable of ours.
 */
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cat.h"
#include "cli.h"
#include "events.h"
#include "first_process.h"

char **cat_keep_environment(void)
{
	size_t count = 0;
	char **copy;

	while (environ[count])
		count++;
	copy = calloc(count + 1, sizeof(*copy));
	if (!copy)
		cli_error("cannot keep the environment: out of memory");
	else
		memcpy(copy, environ, count * sizeof(*copy));
	return copy;
}

static int is_shim(struct dl_phdr_info *object, size_t size, void *found)
{
	const char *slash = strrchr(object->dlpi_name, '/');

	(void)size;
	if (slash && strcmp(slash, "/liblogtap.so") == 0)
		*(bool *)found = true;
	return 0;
}

/*
 * The program's own environment. Where the preload library is to be in it as well (below `logtap
 * record`), what it writes would be taken twice: there, the library leaves stderr to us.
 */
static int restore_environment(struct cat *cat)
{
	bool preloaded = false;
	const char *capture;

	environ = cat->environment;
	dl_iterate_phdr(is_shim, &preloaded);
	if (!preloaded)
		return 0;
	capture = getenv("LOGTAP_CAPTURE");
	if (capture && *capture && !strstr(capture, "syslog"))
		return setenv("LOGTAP_DISABLE", "1", 1);
	return setenv("LOGTAP_CAPTURE", "syslog", 1);
}

static void read_channel(const struct channel *channel, int process)
{
	const int keep[] = { channel->place, channel->outer, process, events_descriptor() };
	int moved;

	relay_keep_only(keep, sizeof(keep) / sizeof(*keep));
	relay_ignore_signals();
	/* Not to hold a file system that somebody wants to unmount; if it may not, it does. */
	moved = chdir("/");
	(void)moved;
	relay(channel, process);
	events_end();
	_exit(0);
}

/* Starts the reader of one channel. 0, or a negative errno; never returns in the reader. */
static int start_reader(const struct channel *channel)
{
	pid_t program = getpid();
	int process = channel->on_tty ? (int)syscall(SYS_pidfd_open, program, 0) : -1;
	int result = relay_detach();

	if (result == 0) {
		events_of_process(program);
		read_channel(channel, process);
	}
	close(channel->outer);
	if (process >= 0)
		close(process);
	return result < 0 ? result : 0;
}

/* The channels of stderr and, where it leads elsewhere, stdout. How many, or a negative errno. */
static int open_channels(const struct cat *cat, struct channel channels[2])
{
	bool both = cat->with_stdout && !channel_is_shared(STDOUT_FILENO, STDERR_FILENO);
	int error = channel_open(&channels[0], STDERR_FILENO);

	if (error == 0 && both)
		error = channel_open(&channels[1], STDOUT_FILENO);
	return error ? error : 1 + both;
}

static int fail(struct cat *cat, const char *what, int error)
{
	cli_error("%s: %s", what, strerror(-error));
	if (cat->output)
		recording_undo(&cat->recording);
	return CLI_OWN_ERROR;
}

int cat_program(struct cat *cat)
{
	struct channel channels[2];
	int error = first_process_start(), count, status;

	if (error != 0)
		return fail(cat, "cannot start a process", error);
	count = open_channels(cat, channels);
	if (count < 0)
		return fail(cat, "cannot make a pipe for the program", count);
	for (int i = 0; i < count && error == 0; i++)
		error = start_reader(&channels[i]);
	if (error != 0)
		return fail(cat, "cannot start a reader", error);
	if (restore_environment(cat) != 0)
		return fail(cat, "cannot set up the environment", -ENOMEM);
	dup2(channels[0].inner, STDERR_FILENO);
	if (cat->with_stdout)
		dup2(channels[count - 1].inner, STDOUT_FILENO);
	execvp(cat->launch.argv[0], cat->launch.argv);
	error = errno;
	dup2(channels[0].place, STDERR_FILENO);
	status = launch_report_exec(&cat->launch, error);
	if (cat->output)
		recording_undo(&cat->recording);
	return status;
}

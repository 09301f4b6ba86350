/* SPDX-License-Identifier: MIT */
/*
 * Checks the sinks that the shim would only pass over in silence: an inherited descriptor that is
 * not user_events', a file that is no recording. Must not create anything.
 */
#include "sink_check.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "cli.h"
#include "tracepoint_check.h"

static int is_of_tracefs(int fd)
{
	struct statfs system;

	return fstatfs(fd, &system) == 0 && system.f_type == TRACEFS_MAGIC;
}

/* Any file of that file system can be open for writing: the name tells, where there is a /proc. */
static int is_user_events(int fd)
{
	char link[64];
	char path[PATH_MAX];
	ssize_t size;

	if (!is_of_tracefs(fd))
		return 0;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	size = readlink(link, path, sizeof(path) - 1);
	if (size < 0)
		return 1;
	path[size] = '\0';
	return strstr(path, "/user_events_data") != NULL;
}

static int check_descriptor(const struct lt_settings *settings, bool quiet)
{
	struct evh_transport transport;
	int fd = settings->sink_fd;
	int error = evh_transport_use_user_events(&transport, fd);
	int flags = fcntl(fd, F_GETFD);

	if (flags < 0)
		cli_error("--sink=user_events:%d: descriptor %d is not open", fd, fd);
	else if (error != 0)
		cli_error("--sink=user_events:%d: descriptor %d is not open for writing", fd, fd);
	else if (!is_user_events(fd))
		cli_error("--sink=user_events:%d: descriptor %d is not the kernel's "
			  "user_events_data",
			  fd, fd);
	else if (flags & FD_CLOEXEC)
		cli_error("--sink=user_events:%d: descriptor %d is closed when a program starts",
			  fd, fd);
	else
		return tracepoint_check(&transport, settings, NULL, quiet, false);
	return CLI_OWN_ERROR;
}

/* Its head lists the names that can be recorded there, and there is no adding to it. */
static int lists(struct evh_transport *transport, const char *provider)
{
	struct evh_tracepoint tracepoint;
	uint32_t word = 0;
	char name[EVH_TRACEPOINT_NAME_MAX];
	int result;

	snprintf(name, sizeof(name), "%s_L4K2", provider);
	result = evh_tracepoint_register(&tracepoint, transport, name, &word, 0);
	if (result == 0)
		evh_tracepoint_unregister(&tracepoint);
	return result != -ENOENT;
}

static int check_file(const struct lt_settings *settings)
{
	struct evh_transport transport;
	int error = evh_transport_open_file(&transport, settings->sink_path);
	int status = CLI_OWN_ERROR;

	if (error == -EINVAL)
		cli_error("--sink=file:%s: it is no recording of logtap's (`logtap record -o FILE` "
			  "makes one)",
			  settings->sink_path);
	else if (error == -ESTALE)
		cli_error("--sink=file:%s: another recording is there by now", settings->sink_path);
	else if (error == -EPERM)
		cli_error("--sink=file:%s: it belongs to another user", settings->sink_path);
	else if (error == -ELOOP)
		cli_error("--sink=file:%s: it is a symbolic link; name the recording itself",
			  settings->sink_path);
	else if (error != 0)
		cli_error("--sink=file:%s: cannot write to it: %s%s", settings->sink_path,
			  strerror(-error),
			  error == -ENOENT ? " (`logtap record -o FILE` makes one)" : "");
	else if (settings->provider && !lists(&transport, settings->provider))
		cli_error("--sink=file:%s: the recording was not made for the provider '%s'",
			  settings->sink_path, settings->provider);
	else
		status = 0;
	evh_transport_close(&transport);
	return status;
}

void sink_report_user_events(int error, const char *instead)
{
	if (error == -EACCES || error == -EPERM)
		cli_error("no permission to write the kernel's user_events; run it as root "
			  "(logtap run --user=NAME keeps the program's rights), or use: %s",
			  instead);
	else if (error == -ENOENT)
		cli_error("no user_events here (it takes Linux 6.4 with CONFIG_USER_EVENTS and a "
			  "mounted tracefs; logtap doctor says more); use: %s",
			  instead);
	else
		cli_error("cannot open the kernel's user_events: %s; use: %s", strerror(-error),
			  instead);
}

static int check_user_events_at(const struct lt_settings *settings, bool quiet)
{
	const char *path = settings->sink_path;
	struct evh_transport transport;
	int error = evh_transport_open_user_events_at(&transport, path);
	int status = CLI_OWN_ERROR;

	if (error != 0)
		cli_error("--sink=user_events:%s: cannot write to it: %s", path, strerror(-error));
	else if (!is_of_tracefs(transport.fd)) /* a bind mount has a name of its own */
		cli_error("--sink=user_events:%s: it is not the kernel's user_events_data", path);
	else
		status = tracepoint_check(&transport, settings, NULL, quiet, false);
	evh_transport_close(&transport);
	return status;
}

int sink_check_user_events(const struct lt_settings *settings, const char *program)
{
	struct evh_transport transport;
	int status = 0;

	if (evh_transport_open_user_events(&transport) == 0)
		status = tracepoint_check(&transport, settings, program, false, false);
	evh_transport_close(&transport);
	return status;
}

/* What a collector's socket answers. */
static int try_socket(const char *path)
{
	struct evh_transport transport;
	int error = evh_transport_open_unix(&transport, path);

	if (error == 0)
		error = evh_transport_announce(&transport);
	evh_transport_close(&transport);
	return error;
}

/* Whether nobody listens yet: somebody may, later. */
static int is_absent(int error)
{
	return error == -ENOENT || error == -ECONNREFUSED || error == -EAGAIN;
}

static int check_socket(const char *path, bool quiet)
{
	int error = try_socket(path);

	if (is_absent(error) && !quiet)
		cli_error("nobody listens at %s; what is logged before `logtap collect unix:%s` "
			  "does is not sent",
			  path, path);
	if (error == 0 || is_absent(error))
		return 0;
	if (error == -EPROTOTYPE)
		cli_error("--sink=unix:%s: it is another kind of socket than `logtap collect` has",
			  path);
	else
		cli_error("--sink=unix:%s: cannot send to it: %s", path, strerror(-error));
	return CLI_OWN_ERROR;
}

int sink_check(const struct lt_settings *settings, bool quiet)
{
	if (settings->sink == LT_SINK_UNIX)
		return check_socket(settings->sink_path, quiet);
	if (settings->sink == LT_SINK_USER_EVENTS_AT)
		return check_user_events_at(settings, quiet);
	if (settings->sink == LT_SINK_USER_EVENTS_FD)
		return check_descriptor(settings, quiet);
	return settings->sink == LT_SINK_FILE ? check_file(settings) : 0;
}

const char *sink_pin(const struct lt_settings *settings, const char *sink, char *pinned)
{
	char identity[EVH_RECORDING_IDENTITY_SIZE];

	/* A path with an identity behind it names no file. */
	if (settings->sink != LT_SINK_FILE ||
	    evh_recording_identify(settings->sink_path, identity) != 0)
		return sink;
	snprintf(pinned, SINK_MAX, "%s%s", sink, identity);
	return pinned;
}

/* SPDX-License-Identifier: MIT */
/*
 * `logtap enable --unit`: for each service, what is known of it, a drop-in that fits, and one line
 * that says what became of it. A service is never restarted unasked, and nothing is written where
 * nothing would be captured.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture.h"
#include "cli.h"
#include "enable.h"
#include "recording.h"
#include "root_files.h"
#include "system_files.h"
#include "tracefs_place.h"
#include "trial.h"
#include "unit_dropin.h"
#include "unit_source.h"

struct units {
	const struct enable_request *request;
	char library[PATH_MAX];
	char *settings[32]; /* LOGTAP_X=value */
	bool has_user_events;
	bool changed;
};

/* One service. */
struct service {
	const char *unit;
	struct unit_facts facts;
	struct dropin dropin;
	struct recording recording;
	char folder[PATH_MAX], path[PATH_MAX];
	struct root_text present; /* the drop-in that is there */
};

static FILE *open_table(int root, const char *path)
{
	int fd = root_open_file(root, path, O_RDONLY);

	return fd < 0 ? NULL : fdopen(fd, "r");
}

static bool is_named(char *const *names, const char *name)
{
	for (; *names; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

/* Whether a user is a member of the group that may write user_events. */
static bool has_right(const struct enable_request *request, const char *user)
{
	const struct group *group = request->is_here ? getgrnam("tracers") : NULL;
	FILE *table = group ? NULL : open_table(request->root, "/etc/group");
	bool found = group && is_named(group->gr_mem, user);

	while (table && !found && (group = fgetgrent(table)))
		found = strcmp(group->gr_name, "tracers") == 0 && is_named(group->gr_mem, user);
	if (table)
		fclose(table);
	return found;
}

/* The recording belongs to the service's user. */
static int find_user(const struct enable_request *request, const char *name, uid_t *uid, gid_t *gid)
{
	const struct passwd *user = request->is_here ? getpwnam(name) : NULL;
	FILE *table = user ? NULL : open_table(request->root, "/etc/passwd");
	bool found = user != NULL;

	while (table && !found && (user = fgetpwent(table)))
		found = strcmp(user->pw_name, name) == 0;
	if (found) {
		*uid = user->pw_uid;
		*gid = user->pw_gid;
	}
	if (table)
		fclose(table);
	return found ? 0 : -ENOENT;
}

static void look_at_machine(struct units *units)
{
	const struct enable_request *request = units->request;
	struct tracefs_place place;

	/* Of another root, nobody knows the kernel. */
	units->has_user_events = !request->is_here || (tracefs_place_find(&place) == 0 &&
						       access(UNIT_USER_EVENTS, F_OK) == 0);
}

#define SETTINGS_MAX (sizeof(((struct units *)0)->settings) / sizeof(char *) - 1)

/* As the environment has them now: a recording decides what its provider is. */
static void collect_settings(struct units *units)
{
	size_t count = 0;

	for (size_t i = 0; units->settings[i]; i++)
		free(units->settings[i]);
	for (size_t i = 0; i < lt_setting_count && count < SETTINGS_MAX; i++) {
		const char *variable = lt_setting_table[i].variable, *value = getenv(variable);
		char *assignment;

		if (value && asprintf(&assignment, "%s=%s", variable, value) > 0)
			units->settings[count++] = assignment;
	}
	units->settings[count] = NULL;
}

static int refuse(const struct service *service, const char *why)
{
	cli_error("%s is not enabled: %s", service->unit, why);
	return CLI_FAILURE;
}

/* The program that is started, as far as it can be seen. */
static int judge_program(const struct units *units, const struct service *service)
{
	struct capture *capture;
	char path[3 * PATH_MAX], why[512];
	const char *obstacle;
	int status = 0;

	if (service->facts.exec[0] != '/' || strchr(service->facts.exec, '%'))
		return 0;
	capture = calloc(1, sizeof(*capture));
	if (!capture)
		return refuse(service, strerror(ENOMEM));
	snprintf(path, sizeof(path), "%s%s%s",
		 units->request->is_here ? "" : units->request->root_path, service->facts.root,
		 service->facts.exec);
	if (strlen(path) < PATH_MAX) {
		capture_judge(capture, path);
		obstacle = capture_obstacle(capture);
		if (obstacle) {
			snprintf(why, sizeof(why), "%.200s %s", service->facts.exec, obstacle);
			status = refuse(service, why);
		}
	}
	free(capture);
	return status;
}

/* In a root of its own, the library may meet another libc. */
static int try_library(const struct units *units, const struct service *service)
{
	struct trial trial = { .root = units->request->root, .preload = units->library };
	char inner[2 * PATH_MAX], library[2 * PATH_MAX], why[640];
	int result;

	if (service->facts.root[0]) {
		snprintf(inner, sizeof(inner), "%s%s",
			 units->request->is_here ? "" : units->request->root_path,
			 service->facts.root);
		trial.preload = UNIT_INNER "/" PRELOAD_LIBRARY;
		snprintf(library, sizeof(library), "%s%s",
			 units->request->is_here ? "" : units->request->root_path, units->library);
		trial.bound = library;
		trial.root = root_open(inner);
		if (trial.root < 0)
			return refuse(service, "its root is not there");
	}
	result = trial_programs(&trial);
	if (trial.bound)
		close(trial.root);
	if (result >= 0)
		return 0;
	snprintf(why, sizeof(why), "in a trial run with the library, %s", trial.why);
	return refuse(service, why);
}

/* The recording that the service writes to; made here, because the service could not. */
static int make_recording(const struct units *units, struct service *service)
{
	const struct recording_options options = { .append = true };
	const struct enable_request *request = units->request;
	const char *slash = strrchr(service->facts.exec, '/');
	char path[2 * PATH_MAX];
	struct lt_settings settings;
	uid_t uid;
	gid_t gid;
	int status;

	snprintf(path, sizeof(path), "%s%s", request->is_here ? "" : request->root_path,
		 request->file);
	lt_settings_from_environment(&settings, environ);
	status = recording_begin(&service->recording, path, &options, &settings,
				 slash ? slash + 1 : service->unit);
	if (status)
		return CLI_FAILURE;
	/* As the service sees it. */
	snprintf(service->recording.sink, sizeof(service->recording.sink), "file:%s%s",
		 request->file, service->recording.identity);
	if (!service->facts.user[0])
		return 0;
	if (find_user(request, service->facts.user, &uid, &gid) != 0)
		return refuse(service, "its user is not known");
	if (chown(path, uid, gid) == 0)
		return 0;
	return refuse(service, strerror(errno));
}

static int make_text(struct units *units, struct service *service)
{
	const struct enable_request *request = units->request;
	char when[32], who[128];
	struct dropin_wish wish = {
		.unit = service->unit,
		.library = units->library,
		.who = who,
		.when = when,
		.file = request->file,
		.sink = request->file ? service->recording.sink : NULL,
		.settings = (const char *const *)units->settings,
		.has_right = has_right(request, service->facts.user),
		.has_user_events = units->has_user_events,
	};

	collect_settings(units);
	enable_when(when);
	enable_who(who, sizeof(who));
	wish.made_folder = service->present.bytes
				   ? strstr(service->present.bytes, UNIT_MADE_FOLDER) != NULL
				   : root_exists(request->root, service->folder) != 0;
	unit_dropin_make(&service->dropin, &service->facts, &wish);
	return *service->dropin.obstacle ? refuse(service, service->dropin.obstacle) : 0;
}

static int find_out(const struct units *units, struct service *service)
{
	const struct enable_request *request = units->request;
	const char *file;
	char why[320];
	int error = unit_source_read(&service->facts, request, service->unit);

	if (error)
		return refuse(service,
			      error == -ENOENT ? "there is no such service" : strerror(-error));
	error = root_read(request->root, service->path, &service->present);
	if (error && error != -ENOENT && error != -ENOTDIR)
		return refuse(service, strerror(-error));
	if (service->present.bytes && !system_is_ours(service->present.bytes))
		return refuse(service, "a drop-in of that name is somebody else's");
	file = unit_source_overrides(&service->facts, request);
	if (file) {
		snprintf(why, sizeof(why),
			 "%s sets LD_PRELOAD, and has the last word; name the library there", file);
		return refuse(service, why);
	}
	return 0;
}

static int write_dropin(const struct units *units, const struct service *service)
{
	int root = units->request->root;
	sigset_t before;
	int error;

	root_hold_signals(&before);
	error = root_exists(root, service->folder) == 0 ? 0
							: root_make_folder(root, service->folder);
	if (!error || error == -EEXIST)
		error = root_replace(root, service->path, service->dropin.text,
				     strlen(service->dropin.text), NULL, 0644);
	root_take_signals(&before);
	return error ? refuse(service, strerror(-error)) : 0;
}

static int enable_service(struct units *units, struct service *service)
{
	const struct enable_request *request = units->request;
	int status = find_out(units, service);

	/* First without a recording, which is made only where there is something for it. */
	if (!status && request->file)
		snprintf(service->recording.sink, sizeof(service->recording.sink), "file:%s",
			 request->file);
	if (!status)
		status = make_text(units, service);
	if (!status)
		status = judge_program(units, service);
	if (!status)
		status = try_library(units, service);
	if (!status && request->file && !request->dry) {
		status = make_recording(units, service);
		if (!status)
			status = make_text(units, service);
	}
	if (status)
		return status;
	if (service->present.bytes &&
	    unit_dropin_is_same(service->present.bytes, service->dropin.text)) {
		printf("%s: already enabled\n", service->unit);
		return 0;
	}
	if (request->dry) {
		printf("%s: would be enabled by %s:\n%s", service->unit, service->path,
		       service->dropin.text);
		return 0;
	}
	status = write_dropin(units, service);
	units->changed |= !status;
	if (!status)
		printf("%s: enabled by %s%s\n", service->unit, service->path,
		       request->restart ? "" : ", from its next start");
	return status;
}

static int enable_one(struct units *units, const char *unit)
{
	struct service *service = calloc(1, sizeof(*service));
	int status = CLI_FAILURE;

	if (!service) {
		cli_error("out of memory");
		return status;
	}
	service->unit = unit;
	snprintf(service->folder, sizeof(service->folder), "%s/%s.d", UNIT_DROPINS, unit);
	snprintf(service->path, sizeof(service->path), "%s/%s.d/%s", UNIT_DROPINS, unit,
		 UNIT_DROPIN);
	status = enable_service(units, service);
	free(service->present.bytes);
	free(service);
	return status;
}

static int check_request(const struct enable_request *request)
{
	if (request->file && (request->file[0] != '/' || strpbrk(request->file, " \t:?"))) {
		cli_error("--file: '%s' is no absolute path without blanks, colons and question "
			  "marks, as a service needs it",
			  request->file);
		return CLI_USAGE;
	}
	return 0;
}

int enable_units(const struct enable_request *request)
{
	static const char *const RELOAD[] = { "systemctl", "daemon-reload", NULL };
	struct units units = { .request = request };
	int lock, status = check_request(request);

	if (!status)
		status = enable_find_library(request, units.library);
	if (status)
		return status;
	if (root_exists(request->root, SYSTEM_DISABLED) == 0)
		cli_error("%s switches the library off; to have it on again: rm %s",
			  SYSTEM_DISABLED, SYSTEM_DISABLED);
	if (root_lock(request->root, 60, &lock) != 0) {
		cli_error("cannot have %s/etc for itself: another logtap enable is at work",
			  request->root_path);
		return CLI_FAILURE;
	}
	look_at_machine(&units);
	for (size_t i = 0; i < request->unit_count; i++)
		status |= enable_one(&units, request->units[i]);
	close(lock);
	if (units.changed && enable_has_manager(request))
		status |= enable_systemctl(RELOAD) ? CLI_FAILURE : 0;
	if (!request->dry && request->restart && enable_has_manager(request))
		status |= enable_restart(request);
	return cli_finish_output() ? CLI_FAILURE : status;
}

/* SPDX-License-Identifier: MIT */
/*
 * What AppArmor and SELinux refused that is ours: the kernel's messages and the audit log, where
 * this user may read them. Says which could not be read; must never wait for a message.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "preload_text.h"
#include "status.h"

/* A refusal, and one of ours. */
static bool is_denial(const char *line)
{
	static const char *const REFUSED[] = { "apparmor=\"DENIED\"", "avc:  denied", "denied  {" };
	static const char *const OURS[] = { PRELOAD_LIBRARY, "ld.so.preload", "logtap",
					    "user_events_data" };
	bool refused = false, ours = false;

	for (size_t i = 0; i < sizeof(REFUSED) / sizeof(*REFUSED); i++)
		refused |= strstr(line, REFUSED[i]) != NULL;
	for (size_t i = 0; i < sizeof(OURS) / sizeof(*OURS); i++)
		ours |= strstr(line, OURS[i]) != NULL;
	return refused && ours;
}

/* The last ones are kept. */
static void note(struct status_denials *denials, const char *line)
{
	char *to;

	if (!is_denial(line))
		return;
	to = denials->lines[denials->count++ % STATUS_DENIALS_MAX];
	snprintf(to, sizeof(denials->lines[0]), "%.*s", (int)strcspn(line, "\n"), line);
}

static void say_unread(struct status_denials *denials, const char *what, int error)
{
	size_t size = strlen(denials->unread);

	snprintf(denials->unread + size, sizeof(denials->unread) - size, "%s%s: %s",
		 size ? "; " : "", what, strerror(error));
}

/* Each read gives one message: "priority,number,time,...;text". */
static void read_kernel(struct status_denials *denials)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	char message[8192];

	if (fd < 0) {
		say_unread(denials, "/dev/kmsg", errno);
		return;
	}
	for (;;) {
		ssize_t size = read(fd, message, sizeof(message) - 1);
		const char *text;

		if (size < 0 && (errno == EPIPE || errno == EINTR))
			continue; /* overwritten meanwhile: the next one */
		if (size < 0 && errno != EAGAIN)
			say_unread(denials, "/dev/kmsg", errno);
		if (size <= 0)
			break;
		message[size] = '\0';
		text = strchr(message, ';');
		note(denials, text ? text + 1 : message);
	}
	close(fd);
}

static void read_audit(struct status_denials *denials)
{
	static const char PATH[] = "/var/log/audit/audit.log";
	FILE *file = fopen(PATH, "re");
	char *line = NULL;
	size_t room = 0;

	if (!file) {
		if (errno != ENOENT) /* without auditd, the kernel's messages have them */
			say_unread(denials, PATH, errno);
		return;
	}
	while (getline(&line, &room, file) > 0)
		note(denials, line);
	free(line);
	fclose(file);
}

void status_find_denials(struct status_denials *denials)
{
	read_kernel(denials);
	read_audit(denials);
}

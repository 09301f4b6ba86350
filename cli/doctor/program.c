/* SPDX-License-Identifier: MIT */
/*
 * The doctor's check of one program: whether the library can be loaded into it and would see what
 * it writes. Reads the file, never starts it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "capture.h"
#include "doctor.h"

/* Programs that start another one where the library doesn't get along: with another environment, or
 * in another root. It would be in them, but not in what they start. */
static const struct {
	const char *name;
	bool root;	     /* another root: there the library's path may lead nowhere */
	const char *instead; /* how to put logtap behind it */
} STARTERS[] = {
	{ "sudo", false, "sudo logtap run PROGRAM" },
	{ "doas", false, "doas logtap run PROGRAM" },
	{ "su", false, "su -c 'logtap run PROGRAM' USER   # or: logtap run --user USER PROGRAM" },
	{ "pkexec", false, "pkexec logtap run PROGRAM" },
	{ "runuser", false, "logtap run --user USER PROGRAM" },
	{ "ssh", false, "ssh HOST logtap run PROGRAM" },
	{ "systemd-run", false, "systemd-run logtap run PROGRAM" },
	{ "docker", false, "docker run ... IMAGE logtap run PROGRAM" },
	{ "podman", false, "podman run ... IMAGE logtap run PROGRAM" },
	{ "flatpak", false, NULL },
	{ "snap", false, NULL },
	{ "chroot", true, NULL },
	{ "bwrap", true, NULL },
	{ "nsenter", true, NULL },
	{ "pivot_root", true, NULL },
	{ "schroot", true, NULL },
	{ "systemd-nspawn", true, NULL },
	{ "unshare", true, NULL },
};

static bool starts_elsewhere(const struct doctor *doctor, struct finding *finding)
{
	const char *path = doctor->program_path;
	const char *base = strrchr(path, '/');
	size_t i = 0;

	base = base ? base + 1 : path;
	while (i < sizeof(STARTERS) / sizeof(*STARTERS) && strcmp(base, STARTERS[i].name) != 0)
		i++;
	if (i == sizeof(STARTERS) / sizeof(*STARTERS))
		return false;
	if (STARTERS[i].root) {
		finding_problem(finding,
				"%s may start programs in another root: they are captured only "
				"where %s, and the sink, are there as well",
				path, doctor->library);
		finding_fix(finding, "cp %s ROOT%s", doctor->library, doctor->library);
	} else {
		finding_problem(finding,
				"%s starts programs without the loader's environment: "
				"only its own output would be seen",
				path);
	}
	if (STARTERS[i].instead)
		finding_fix(finding, "%s", STARTERS[i].instead);
	return true;
}

/* Whether the shell would take it: execvp(3) hands it what the kernel doesn't know, and so does
 * logtap. Rather a guess than a rule, as with file(1). */
static bool looks_like_text(const char *path)
{
	char bytes[256];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t got = fd < 0 ? -1 : read(fd, bytes, sizeof(bytes));

	if (fd >= 0)
		close(fd);
	return got > 0 && !memchr(bytes, '\0', (size_t)got);
}

static void judge_other(const char *path, struct finding *finding)
{
	char line[2] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	bool script = fd >= 0 && read(fd, line, 2) == 2 && line[0] == '#' && line[1] == '!';

	if (fd >= 0)
		close(fd);
	if (script)
		finding_problem(finding, "%s is a script whose interpreter is not there", path);
	else if (looks_like_text(path))
		finding_ok(finding, "%s can be captured (text without a #! line; /bin/sh runs it)",
			   path);
	else
		finding_problem(finding, "%s is neither an ELF file nor a script", path);
}

static void judge_image(const char *program_path, const struct capture *capture,
			struct finding *finding)
{
	const char *obstacle = capture_obstacle(capture);

	if (capture->error < 0) {
		finding_unknown(finding, "%s is not readable: %s", capture->path,
				strerror(-capture->error));
	} else if (obstacle) {
		finding_problem(finding, "%s %s", capture->path, obstacle);
		finding_fix(finding, "logtap cat %s   # reads what it writes through a pipe",
			    program_path);
	} else if (!capture->head.elf_class) {
		judge_other(capture->path, finding);
	} else if (capture->head.kind == LT_HEAD_OTHER) {
		finding_problem(finding, "%s is an ELF file that can't be executed", capture->path);
	} else if (strcmp(program_path, capture->path) != 0) {
		finding_ok(finding, "%s can be captured (a script; %s runs it)", program_path,
			   capture->path);
	} else {
		finding_ok(finding, "%s can be captured", capture->path);
	}
}

void doctor_program(const struct doctor *doctor, struct finding *finding)
{
	struct capture capture;

	if (doctor->program_error != 0) {
		finding_problem(finding, "%s: %s", doctor->program,
				doctor->program_error == -EACCES ? "is not an executable file"
								 : "not found");
		return;
	}
	capture_judge(&capture, doctor->program_path);
	if (capture.rights) {
		finding_problem(finding, "%s is %s: the loader ignores LD_PRELOAD for it",
				capture.path, capture.rights);
		finding_fix(finding, "sudo logtap run %s   # as the user whose rights it takes",
			    doctor->program_path);
		finding_fix(finding, "logtap cat %s   # reads what it writes through a pipe",
			    doctor->program_path);
		return;
	}
	if (!starts_elsewhere(doctor, finding))
		judge_image(doctor->program_path, &capture, finding);
}

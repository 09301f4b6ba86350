/* SPDX-License-Identifier: MIT */
/*
 * The doctor's check of one program: whether the library can be loaded into it and would see what
 * it writes. Reads the file, never starts it.
 */
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "doctor.h"
#include "program.h"

#define SCRIPT_DEPTH 5 /* as the kernel follows them */

/*
 * Programs that start another one with a cleaned environment, or elsewhere: the library would be
 * in them, but not in what they start.
 */
static const struct {
	const char *name;
	const char *instead; /* how to put logtap behind it */
} CLEANERS[] = {
	{ "sudo", "sudo logtap run PROGRAM" },
	{ "doas", "doas logtap run PROGRAM" },
	{ "su", "su -c 'logtap run PROGRAM' USER   # or: logtap run --user USER PROGRAM" },
	{ "pkexec", "pkexec logtap run PROGRAM" },
	{ "runuser", "logtap run --user USER PROGRAM" },
	{ "ssh", "ssh HOST logtap run PROGRAM" },
	{ "systemd-run", "systemd-run logtap run PROGRAM" },
	{ "docker", "docker run ... IMAGE logtap run PROGRAM" },
	{ "podman", "podman run ... IMAGE logtap run PROGRAM" },
	{ "flatpak", NULL },
	{ "snap", NULL },
	{ "bwrap", "bwrap ... logtap run PROGRAM" },
};

/* What of an ELF file decides. */
struct image {
	int class; /* ELFCLASS64 */
	int machine;
	bool dynamic;	       /* has a loader */
	bool go;	       /* made by the Go compiler */
	char loader[PATH_MAX]; /* PT_INTERP */
};

static void read_segments(Elf *elf, struct image *image)
{
	size_t count = 0;
	size_t file_size = 0;
	const char *file = elf_rawfile(elf, &file_size);
	GElf_Phdr segment;

	elf_getphdrnum(elf, &count);
	for (size_t i = 0; i < count && gelf_getphdr(elf, (int)i, &segment); i++) {
		size_t size = segment.p_filesz;

		if (segment.p_type != PT_INTERP)
			continue;
		image->dynamic = true;
		/* Nothing in the file is trusted, nor that the name ends. */
		if (file && segment.p_offset < file_size && size <= file_size - segment.p_offset &&
		    size < sizeof(image->loader))
			memcpy(image->loader, file + segment.p_offset, size);
	}
}

static void read_sections(Elf *elf, struct image *image)
{
	Elf_Scn *section = NULL;
	size_t names;

	if (elf_getshdrstrndx(elf, &names) != 0)
		return;
	while ((section = elf_nextscn(elf, section))) {
		GElf_Shdr header;
		const char *name;

		if (!gelf_getshdr(section, &header))
			continue;
		name = elf_strptr(elf, names, header.sh_name);
		if (name &&
		    (strcmp(name, ".note.go.buildid") == 0 || strcmp(name, ".gopclntab") == 0))
			image->go = true;
	}
}

static int read_image(const char *path, struct image *image)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	GElf_Ehdr header;
	Elf *elf;
	int result = -ENOEXEC;

	if (fd < 0)
		return -errno;
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	if (elf && elf_kind(elf) == ELF_K_ELF && gelf_getehdr(elf, &header)) {
		image->class = gelf_getclass(elf);
		image->machine = header.e_machine;
		read_segments(elf, image);
		read_sections(elf, image);
		result = 0;
	}
	elf_end(elf);
	close(fd);
	return result;
}

/* The kernel raises rights only where the caller doesn't have them, and not on a nosuid mount. */
static const char *raised_rights(const char *path)
{
	struct stat status;
	struct statvfs mount;

	if (stat(path, &status) != 0 || (statvfs(path, &mount) == 0 && (mount.f_flag & ST_NOSUID)))
		return NULL;
	if ((status.st_mode & S_ISUID) && status.st_uid != geteuid())
		return "setuid";
	if ((status.st_mode & S_ISGID) && (status.st_mode & S_IXGRP) && status.st_gid != getegid())
		return "setgid";
	if (geteuid() != 0 && getxattr(path, "security.capability", NULL, 0) > 0)
		return "given file capabilities";
	return NULL;
}

static bool starts_elsewhere(const char *path, struct finding *finding)
{
	const char *base = strrchr(path, '/');

	base = base ? base + 1 : path;
	for (size_t i = 0; i < sizeof(CLEANERS) / sizeof(CLEANERS[0]); i++) {
		if (strcmp(base, CLEANERS[i].name) != 0)
			continue;
		finding_problem(finding,
				"%s starts programs without the loader's environment: "
				"only its own output would be seen",
				path);
		if (CLEANERS[i].instead)
			finding_fix(finding, "%s", CLEANERS[i].instead);
		return true;
	}
	return false;
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

/* `path` is what the kernel starts for `program`: itself, or the interpreter of a script. */
static void judge_image(const char *program_path, const char *path, const char *library,
			struct finding *finding)
{
	struct image program = { 0 };
	struct image ours = { 0 };
	int result = read_image(path, &program);

	if (result == -ENOEXEC) {
		judge_other(path, finding);
	} else if (result < 0) {
		finding_unknown(finding, "%s is not readable: %s", path, strerror(-result));
	} else if (read_image(library, &ours) == 0 &&
		   (program.class != ours.class || program.machine != ours.machine)) {
		finding_problem(finding,
				"%s is made for another architecture than the library "
				"(%s-bit, machine %d)",
				path, program.class == ELFCLASS64 ? "64" : "32", program.machine);
	} else if (program.go) {
		finding_problem(finding,
				"%s is a Go program: it writes with system calls of its "
				"own, past every library",
				path);
	} else if (!program.dynamic) {
		finding_problem(finding,
				"%s is statically linked: no library can be loaded into "
				"it",
				path);
	} else if (strstr(program.loader, "musl")) {
		finding_problem(finding,
				"%s uses musl's loader (%s); the library is made for "
				"glibc",
				path, program.loader);
	} else if (strcmp(program_path, path) != 0) {
		finding_ok(finding, "%s can be captured (a script; %s runs it)", program_path,
			   path);
	} else {
		finding_ok(finding, "%s can be captured", path);
	}
}

void doctor_program(const struct doctor *doctor, struct finding *finding)
{
	char path[PATH_MAX];
	char next[PATH_MAX];
	const char *rights;

	if (doctor->program_error != 0) {
		finding_problem(finding, "%s: %s", doctor->program,
				doctor->program_error == -EACCES ? "is not an executable file"
								 : "not found");
		return;
	}
	rights = raised_rights(doctor->program_path);
	if (rights) {
		finding_problem(finding, "%s is %s: the loader ignores LD_PRELOAD for it",
				doctor->program_path, rights);
		finding_fix(finding, "sudo logtap run %s   # as the user whose rights it takes",
			    doctor->program_path);
		return;
	}
	if (starts_elsewhere(doctor->program_path, finding))
		return;
	/* What runs a script is its interpreter; the script's own rights count for nothing. */
	strcpy(path, doctor->program_path);
	for (int depth = 0; depth < SCRIPT_DEPTH; depth++) {
		if (program_interpreter(path, next, sizeof(next)) != 0)
			break;
		strcpy(path, next);
	}
	judge_image(doctor->program_path, path, doctor->library, finding);
}

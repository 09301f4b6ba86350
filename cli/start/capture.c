/* SPDX-License-Identifier: MIT */
/*
 * Whether a program can be captured. The heads of files are judged by the shim's own code, so that
 * what is promised here is what an exec under the shim finds.
 */
#include "capture.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "program.h"

#define SCRIPT_DEPTH 5 /* as the kernel follows them */

static long read_file(void *file, void *bytes, size_t size, uint64_t offset)
{
	return pread(*(int *)file, bytes, size, (off_t)offset);
}

/* 0 or why the file can't be read; its head says LT_HEAD_UNREADABLE then. */
static int judge_file(struct lt_head *head, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	head->kind = LT_HEAD_UNREADABLE;
	if (fd < 0)
		return -errno;
	lt_head_judge(head, read_file, &fd);
	close(fd);
	return 0;
}

void capture_head(struct lt_head *head, const char *path)
{
	char next[LT_HEAD_NAME_MAX];

	judge_file(head, path);
	for (int depth = 0; head->kind == LT_HEAD_SCRIPT && depth < SCRIPT_DEPTH; depth++) {
		strcpy(next, head->name);
		judge_file(head, next);
	}
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

/* A section of the Go linker's own; libelf checks every offset in the file. */
static bool is_go(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	Elf_Scn *section = NULL;
	bool found = false;
	size_t names;
	Elf *elf;

	if (fd < 0)
		return false;
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	if (elf && elf_getshdrstrndx(elf, &names) == 0) {
		while (!found && (section = elf_nextscn(elf, section))) {
			GElf_Shdr header;
			const char *name = NULL;

			if (gelf_getshdr(section, &header))
				name = elf_strptr(elf, names, header.sh_name);
			found = name && (strcmp(name, ".note.go.buildid") == 0 ||
					 strcmp(name, ".gopclntab") == 0);
		}
	}
	elf_end(elf);
	close(fd);
	return found;
}

void capture_judge(struct capture *capture, const char *path)
{
	char next[PATH_MAX];

	memset(capture, 0, sizeof(*capture));
	/* What runs a script is its interpreter; the script's own rights count for nothing. */
	strcpy(capture->path, path);
	for (int depth = 0; depth < SCRIPT_DEPTH; depth++) {
		if (program_interpreter(capture->path, next, sizeof(next)) != 0)
			break;
		strcpy(capture->path, next);
	}
	capture->error = judge_file(&capture->head, capture->path);
	capture->rights = raised_rights(capture->path);
	capture->go = capture->head.elf_class && is_go(capture->path);
}

const char *capture_obstacle(const struct capture *capture)
{
	if (capture->rights)
		return "takes other rights: the loader ignores LD_PRELOAD for it";
	/* Of another machine, but static: the loader that would complain is not there. */
	if (capture->head.kind == LT_HEAD_FOREIGN)
		return capture->head.elf_class == 1
			       ? "is made for another architecture than the library (32-bit)"
			       : "is made for another architecture than the library";
	if (capture->go)
		return "is a Go program: it writes with system calls of its own, past every "
		       "library";
	switch (capture->head.kind) {
	case LT_HEAD_STATIC:
		return "is statically linked: no library can be loaded into it";
	case LT_HEAD_MUSL:
		return "is a program of musl; the library is made for glibc";
	case LT_HEAD_REFUSES:
		return "is no program of glibc, for which the library is made";
	default:
		return NULL;
	}
}

static bool unsets(const char *variable)
{
	return variable && strcmp(variable, "LD_PRELOAD") == 0;
}

/* One option of env's; whether it takes LD_PRELOAD away. *argv moves on to its value. */
static bool option_cleans(char *const **argv)
{
	const char *option = **argv;

	if (strcmp(option, "-") == 0 || strcmp(option, "--ignore-environment") == 0)
		return true;
	if (strncmp(option, "--", 2) == 0)
		return strncmp(option, "--unset=", 8) == 0 && unsets(option + 8);
	for (const char *letter = option + 1; *letter; letter++) {
		const char *value = letter + 1;

		if (*letter == 'i')
			return true;
		if (!strchr("uCS", *letter))
			continue;
		if (!*value)
			value = *++*argv;
		return *letter == 'u' && unsets(value);
	}
	return false;
}

bool capture_is_cleaned(char *const argv[])
{
	const char *slash = argv[0] ? strrchr(argv[0], '/') : NULL;

	if (!argv[0] || strcmp(slash ? slash + 1 : argv[0], "env") != 0)
		return false;
	for (argv++; *argv && **argv == '-'; argv++) {
		if (option_cleans(&argv))
			return true;
		if (!*argv || strcmp(*argv, "--") == 0)
			break;
	}
	return false;
}

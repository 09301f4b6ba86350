/* SPDX-License-Identifier: MIT */
/*
 * Which running processes have which build of the library mapped, by /proc/PID/maps. A build is a
 * file: the one that was there before an upgrade has no name any more, but its number and, through
 * /proc/PID/map_files, its build id. Must never stop or touch a process.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "preload_text.h"
#include "process_name.h"
#include "status.h"

#define BUILD_ID 3 /* NT_GNU_BUILD_ID */

static void write_hex(char *text, size_t size, const unsigned char *bytes, size_t count)
{
	for (size_t i = 0; i < count && 2 * i + 2 < size; i++)
		snprintf(text + 2 * i, 3, "%02x", bytes[i]);
}

/* The note that ld puts into each file. */
static void find_id(Elf_Data *notes, char *id, size_t size)
{
	size_t at = 0, name, value;
	GElf_Nhdr head;

	while (notes && (at = gelf_getnote(notes, at, &head, &name, &value)) > 0)
		if (head.n_type == BUILD_ID && head.n_namesz == 4)
			write_hex(id, size, (unsigned char *)notes->d_buf + value, head.n_descsz);
}

static void read_id(const char *path, char *id, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	size_t count = 0;
	Elf *elf;

	if (fd < 0)
		return;
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	if (elf)
		elf_getphdrnum(elf, &count);
	for (size_t i = 0; i < count && !*id; i++) {
		GElf_Phdr segment;

		if (gelf_getphdr(elf, (int)i, &segment) && segment.p_type == PT_NOTE)
			find_id(elf_getdata_rawchunk(elf, (int64_t)segment.p_offset,
						     segment.p_filesz, ELF_T_NHDR),
				id, size);
	}
	elf_end(elf);
	close(fd);
}

/* One line of maps that is our library. */
struct mapping {
	unsigned long start, end, inode;
	unsigned major, minor;
	const char *path;
	bool deleted;
};

static bool parse_mapping(struct mapping *mapping, char *line)
{
	static const char DELETED[] = " (deleted)";
	size_t size;
	int at = 0;
	char *name;

	line[strcspn(line, "\n")] = '\0';
	if (sscanf(line, "%lx-%lx %*s %*s %x:%x %lu %n", &mapping->start, &mapping->end,
		   &mapping->major, &mapping->minor, &mapping->inode, &at) < 5 ||
	    !at || line[at] != '/')
		return false;
	size = strlen(line);
	mapping->deleted =
		size > sizeof(DELETED) && strcmp(line + size - (sizeof(DELETED) - 1), DELETED) == 0;
	if (mapping->deleted)
		line[size - (sizeof(DELETED) - 1)] = '\0';
	mapping->path = line + at;
	name = strrchr(line + at, '/') + 1;
	/* What an installation renames away keeps the name, and something behind it. */
	return strncmp(name, PRELOAD_LIBRARY, sizeof(PRELOAD_LIBRARY) - 1) == 0;
}

static struct status_build *find_build(struct status_processes *processes,
				       const struct mapping *mapping, pid_t pid)
{
	dev_t device = makedev(mapping->major, mapping->minor);
	char path[96];

	for (size_t i = 0; i < processes->build_count; i++) {
		struct status_build *build = &processes->builds[i];

		if (build->device == device && build->inode == mapping->inode)
			return build;
	}
	if (processes->build_count == STATUS_BUILDS_MAX)
		return NULL;

	struct status_build *build = &processes->builds[processes->build_count++];

	build->device = device;
	build->inode = mapping->inode;
	build->deleted = mapping->deleted;
	snprintf(build->path, sizeof(build->path), "%s", mapping->path);
	snprintf(path, sizeof(path), "/proc/%d/map_files/%lx-%lx", (int)pid, mapping->start,
		 mapping->end);
	read_id(path, build->id, sizeof(build->id));
	if (!*build->id && !mapping->deleted)
		read_id(mapping->path, build->id, sizeof(build->id));
	return build;
}

/* Each process once for each build: a library has several mappings. */
static void note_process(struct status_build *build, pid_t pid)
{
	if (build->count < STATUS_PROCESSES_MAX) {
		build->processes[build->count] = pid;
		process_name((uint32_t)pid, build->names[build->count], sizeof(build->names[0]));
	}
	build->count++;
}

static void look_at_process(struct status_processes *processes, pid_t pid)
{
	struct status_build *last = NULL;
	char path[64], *line = NULL;
	size_t room = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
	file = fopen(path, "re");
	if (!file) {
		processes->hidden += errno != ENOENT && errno != ESRCH;
		return;
	}
	processes->seen++;
	while (getline(&line, &room, file) > 0) {
		struct status_build *build;
		struct mapping mapping;

		if (!strstr(line, PRELOAD_LIBRARY) || !parse_mapping(&mapping, line))
			continue;
		build = find_build(processes, &mapping, pid);
		if (build && build != last)
			note_process(build, pid);
		last = build;
	}
	free(line);
	fclose(file);
}

void status_find_processes(struct status_processes *processes, const char *current)
{
	DIR *list = opendir("/proc");
	struct dirent *entry;
	char id[sizeof(processes->builds[0].id)] = "";

	if (current)
		read_id(current, id, sizeof(id));
	while (list && (entry = readdir(list))) {
		char *end;
		long pid = strtol(entry->d_name, &end, 10);

		if (pid > 0 && !*end)
			look_at_process(processes, (pid_t)pid);
	}
	if (list)
		closedir(list);
	for (size_t i = 0; i < processes->build_count; i++)
		processes->builds[i].current = *id && strcmp(processes->builds[i].id, id) == 0;
}

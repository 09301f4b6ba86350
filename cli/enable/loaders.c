/* SPDX-License-Identifier: MIT */
/* The loaders of a root; see loaders.h. */
#include "loaders.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "root_files.h"
#include "system_files.h"
#include "trial.h"

/* Where programs say that their loader is. */
static const char *const FOLDERS[] = { "/lib64", "/lib", "/lib32", "/libx32" };
static const char *const NAMES[] = { "ld-linux*.so.[0-9]*", "ld64.so.[0-9]*", "ld.so.1",
				     "ld-musl-*.so.1" };

/* What $LIB is known to be, below any root: Debian's folder of the ABI, then what others say. */
static const char *const LIBS[] = {
	"lib/x86_64-linux-gnu",
	"lib/i386-linux-gnu",
	"lib/x86_64-linux-gnux32",
	"lib/aarch64-linux-gnu",
	"lib/arm-linux-gnueabihf",
	"lib/arm-linux-gnueabi",
	"lib/riscv64-linux-gnu",
	"lib64",
	"lib",
	"lib32",
	"libx32",
};

static int read_abi(int root, const char *path, struct elf_abi *abi, struct stat *status)
{
	unsigned char bytes[64];
	int fd = root_open_file(root, path, O_RDONLY | O_NONBLOCK);
	ssize_t size;

	if (fd < 0)
		return fd;
	size = fstat(fd, status) == 0 ? pread(fd, bytes, sizeof(bytes), 0) : -1;
	close(fd);
	return size > 0 && elf_abi_read(abi, bytes, (size_t)size) ? 0 : -EINVAL;
}

static bool is_same_abi(const struct elf_abi *one, const struct elf_abi *other)
{
	return one->machine == other->machine && one->elf_class == other->elf_class;
}

static bool is_musl(const char *path)
{
	return strstr(path, "/ld-musl-") != NULL;
}

/* One file by several names (merged /usr, links for old programs) is one loader. */
static bool is_known(const struct loaders *loaders, const struct stat *status)
{
	for (size_t i = 0; i < loaders->count; i++) {
		struct elf_abi abi;
		struct stat other;

		if (read_abi(loaders->root, loaders->list[i].path, &abi, &other) == 0 &&
		    other.st_dev == status->st_dev && other.st_ino == status->st_ino)
			return true;
	}
	return false;
}

static void add_loader(struct loaders *loaders, const char *folder, const char *name,
		       const struct elf_abi *ours)
{
	struct loader loader = { 0 };
	struct stat status;
	int size = snprintf(loader.path, sizeof(loader.path), "%s/%s", folder, name);

	if ((size_t)size >= sizeof(loader.path) || loaders->count == LOADERS_MAX ||
	    read_abi(loaders->root, loader.path, &loader.abi, &status) != 0 ||
	    is_known(loaders, &status))
		return;
	if (is_musl(loader.path))
		loader.kind = LOADER_UNCONCERNED;
	else if (!elf_abi_is_known(&loader.abi))
		loader.kind = LOADER_UNKNOWN;
	else
		loader.kind = is_same_abi(&loader.abi, ours) ? LOADER_OURS : LOADER_OTHER;
	loaders->list[loaders->count++] = loader;
}

static void look_into(struct loaders *loaders, const char *folder, const struct elf_abi *ours)
{
	int fd = root_open_file(loaders->root, folder, O_RDONLY | O_DIRECTORY);
	DIR *list = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (!list) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while ((entry = readdir(list)))
		for (size_t i = 0; i < sizeof(NAMES) / sizeof(*NAMES); i++)
			if (fnmatch(NAMES[i], entry->d_name, 0) == 0)
				add_loader(loaders, folder, entry->d_name, ours);
	closedir(list);
}

int loaders_find(struct loaders *loaders, const char *library)
{
	struct elf_abi ours;
	struct stat status;
	bool found = false;

	if (read_abi(loaders->root, library, &ours, &status) != 0) {
		snprintf(loaders->why, sizeof(loaders->why), "%s is no library of this machine",
			 library);
		return -EINVAL;
	}
	for (size_t i = 0; i < sizeof(FOLDERS) / sizeof(*FOLDERS); i++)
		look_into(loaders, FOLDERS[i], &ours);
	for (size_t i = 0; i < loaders->count; i++)
		found |= loaders->list[i].kind == LOADER_OURS;
	if (found)
		return 0;
	snprintf(loaders->why, sizeof(loaders->why),
		 "no loader here reads /etc/ld.so.preload and takes %s", library);
	return -EINVAL;
}

static int make_folders(int root, const char *path)
{
	char folder[PATH_MAX];
	int error;

	for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		memcpy(folder, path, (size_t)(slash - path));
		folder[slash - path] = '\0';
		if (root_exists(root, folder) == 0)
			continue;
		error = root_make_folder(root, folder);
		if (error && error != -EEXIST)
			return error;
	}
	return 0;
}

static int put_empty(int root, const char *path, const struct elf_abi *abi)
{
	unsigned char bytes[ELF_MADE_ROOM];
	size_t size = elf_make_library(abi, bytes);

	return root_replace(root, path, bytes, size, NULL, 0644);
}

static int put_library(int root, const char *place, const struct loader *loader,
		       const char *library)
{
	char path[PATH_MAX];
	int error;

	snprintf(path, sizeof(path), "%s/%s/" PRELOAD_LIBRARY, place, loader->lib);
	error = make_folders(root, path);
	if (error)
		return error;
	return library ? root_link(root, path, library) : put_empty(root, path, &loader->abi);
}

static int try_made(struct loaders *loaders, const struct loader *loader, const char *preload,
		    char *why, size_t size)
{
	struct trial trial = { .root = loaders->root, .preload = preload };
	unsigned char program[ELF_MADE_ROOM];
	size_t length = elf_make_program(&loader->abi, loader->path, program);
	int result = trial_made(&trial, program, length);

	snprintf(why, size, "%s", trial.why);
	return result;
}

/* Finds what $LIB is, by an empty library in each folder that it may mean. */
static int find_lib(struct loaders *loaders, struct loader *loader)
{
	char why[512];
	int result = try_made(loaders, loader, NULL, why, sizeof(why));

	if (result == -ENOEXEC) {
		loader->kind = LOADER_UNRUNNABLE;
		return 0;
	}
	for (size_t i = 0; !result && i < sizeof(LIBS) / sizeof(*LIBS); i++) {
		strcpy(loader->lib, LIBS[i]);
		result = put_library(loaders->root, SYSTEM_PLACE_TRIAL, loader, NULL);
		if (result) {
			snprintf(why, sizeof(why), "%s", strerror(-result));
			break;
		}
		if (try_made(loaders, loader, SYSTEM_ENTRY(SYSTEM_PLACE_TRIAL), why, sizeof(why)) ==
		    0)
			return 0;
		root_remove_tree(loaders->root, SYSTEM_PLACE_TRIAL);
	}
	snprintf(loaders->why, sizeof(loaders->why), "with %s, %s", loader->path, why);
	return -EINVAL;
}

static int try_ours(struct loaders *loaders, const struct loader *loader, const char *library)
{
	struct trial trial = { .root = loaders->root, .preload = SYSTEM_ENTRY(SYSTEM_PLACE_TRIAL) };
	char why[512];
	int result = put_library(loaders->root, SYSTEM_PLACE_TRIAL, loader, library);

	if (result)
		snprintf(trial.why, sizeof(trial.why), "%s", strerror(-result));
	else if ((result = try_made(loaders, loader, trial.preload, why, sizeof(why))) != 0)
		snprintf(trial.why, sizeof(trial.why), "%s", why);
	else
		result = trial_programs(&trial);
	if (result < 0)
		snprintf(loaders->why, sizeof(loaders->why), "in a trial run with the library, %s",
			 trial.why);
	return result < 0 ? -EINVAL : 0;
}

int loaders_try(struct loaders *loaders, const char *library)
{
	int result = 0;

	root_remove_tree(loaders->root, SYSTEM_PLACE_TRIAL);
	for (size_t i = 0; !result && i < loaders->count; i++) {
		struct loader *loader = &loaders->list[i];

		if (loader->kind != LOADER_OURS && loader->kind != LOADER_OTHER)
			continue;
		result = find_lib(loaders, loader);
		if (!result && loader->kind == LOADER_OURS)
			result = try_ours(loaders, loader, library);
		root_remove_tree(loaders->root, SYSTEM_PLACE_TRIAL);
	}
	return result;
}

int loaders_try_list(struct loaders *loaders)
{
	struct trial trial = { .root = loaders->root };
	char why[512] = "";
	int result = trial_programs(&trial);

	if (result < 0)
		snprintf(why, sizeof(why), "%s", trial.why);
	for (size_t i = 0; result >= 0 && i < loaders->count; i++)
		if (loaders->list[i].kind == LOADER_OURS || loaders->list[i].kind == LOADER_OTHER)
			result = try_made(loaders, &loaders->list[i], NULL, why, sizeof(why));
	if (result < 0)
		snprintf(loaders->why, sizeof(loaders->why), "with the entry in %s, %s",
			 SYSTEM_LIST, why);
	return result < 0 ? -EINVAL : 0;
}

/* Whether what should stand there does. */
static bool is_made(int root, const char *place, const struct loader *loader, const char *library)
{
	unsigned char bytes[ELF_MADE_ROOM];
	char path[PATH_MAX], target[PATH_MAX];
	struct root_text text;
	bool same;

	snprintf(path, sizeof(path), "%s/%s/" PRELOAD_LIBRARY, place, loader->lib);
	if (loader->kind == LOADER_OURS) {
		int fd = root_open_file(root, path, O_PATH | O_NOFOLLOW);
		ssize_t size = fd < 0 ? -1 : readlinkat(fd, "", target, sizeof(target));

		if (fd >= 0)
			close(fd);
		return size == (ssize_t)strlen(library) &&
		       memcmp(target, library, (size_t)size) == 0;
	}
	if (root_read(root, path, &text) != 0)
		return false;
	same = text.size == elf_make_library(&loader->abi, bytes) &&
	       memcmp(text.bytes, bytes, text.size) == 0 && (text.status.st_mode & 0777) == 0644;
	free(text.bytes);
	return same;
}

int loaders_make_place(const struct loaders *loaders, const char *place, const char *library,
		       bool dry, bool *changed)
{
	int error = 0;

	for (size_t i = 0; !error && i < loaders->count; i++) {
		const struct loader *loader = &loaders->list[i];

		if ((loader->kind != LOADER_OURS && loader->kind != LOADER_OTHER) ||
		    is_made(loaders->root, place, loader, library))
			continue;
		*changed = true;
		if (!dry)
			error = put_library(loaders->root, place, loader,
					    loader->kind == LOADER_OURS ? library : NULL);
	}
	return error;
}

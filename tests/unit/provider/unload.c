/* SPDX-License-Identifier: MIT */
/*
 * A program that loads and unloads libraries with registered providers, again and again. Nothing
 * may crash, stay mapped, or leak a descriptor. The library is PLUGIN, given by the build.
 */
#include <criterion/criterion.h>
#include <dirent.h>
#include <dlfcn.h>
#include <evh/tracepoint.h>
#include <stdio.h>
#include <string.h>

typedef int write_function(struct evh_transport *transport, bool *mapped);

static unsigned count_descriptors(void)
{
	DIR *folder = opendir("/proc/self/fd");
	unsigned count = 0;

	cr_assert_not_null(folder);
	while (readdir(folder))
		count++;
	closedir(folder);
	return count;
}

static bool is_mapped(const char *path)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	char line[512];
	bool found = false;

	cr_assert_not_null(maps);
	while (fgets(line, sizeof(line), maps))
		found = found || strstr(line, path);
	fclose(maps);
	return found;
}

static void load_and_unload(const char *path, struct evh_transport *transport)
{
	void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	write_function *write_event;
	bool called = false;

	cr_assert_not_null(library, "%s", dlerror());
	write_event = (write_function *)dlsym(library, "write_event");
	cr_assert_not_null(write_event);
	cr_assert_eq(write_event(transport, &called), 0);
	cr_assert(called);
	cr_assert(is_mapped(path));
	cr_assert_eq(dlclose(library), 0);
	cr_assert_not(is_mapped(path), "%s can't be unloaded", path);
	/* It brought the shared libevh, which stays: its descriptor of user_events is not leaked.
	 */
	cr_assert(is_mapped("/libevh.so"));
}

static void repeat(const char *path)
{
	static uint8_t bytes[1000];
	struct evh_transport memory;
	unsigned before;

	evh_transport_use_memory(&memory, bytes, sizeof(bytes));
	/* the first time may open what stays: the process's user_events */
	load_and_unload(path, NULL);
	before = count_descriptors();
	for (int i = 0; i < 20; i++) {
		load_and_unload(path, &memory);
		load_and_unload(path, NULL);
	}
	cr_assert_eq(memory.memory_sent, 40);
	cr_assert_eq(count_descriptors(), before);
}

Test(unload, c_library)
{
	repeat(PLUGIN_C);
}

Test(unload, cxx_library)
{
	repeat(PLUGIN_CXX);
}

/* Both at once: each has its own provider, although the symbols have one name. */
Test(unload, two_libraries)
{
	static uint8_t bytes[2][1000];
	struct evh_transport memory[2];
	void *library = dlopen(PLUGIN_C, RTLD_NOW | RTLD_GLOBAL);
	write_function *write_event;
	bool called;

	cr_assert_not_null(library);
	write_event = (write_function *)dlsym(library, "write_event");
	evh_transport_use_memory(&memory[0], bytes[0], sizeof(bytes[0]));
	evh_transport_use_memory(&memory[1], bytes[1], sizeof(bytes[1]));
	cr_assert_eq(write_event(&memory[0], &called), 0);
	load_and_unload(PLUGIN_CXX, &memory[1]);
	cr_assert_eq(write_event(&memory[0], &called), 0);
	cr_assert_eq(memory[0].memory_sent, 4);
	cr_assert_eq(memory[1].memory_sent, 2);
	cr_assert_eq(dlclose(library), 0);
}

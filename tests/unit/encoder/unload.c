/* SPDX-License-Identifier: MIT */
/*
 * unload MODULE RECORDING: loads and unloads a plug-in with registered providers, again and again,
 * also from a thread that ends later. Status 0 when the program survives and every event arrived.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <evh/recording.h>

#define ROUNDS 20

static const char *module, *recording;

static void fail(const char *what, const char *why)
{
	fprintf(stderr, "unload: %s: %s\n", what, why);
	exit(1);
}

static void round_trip(void)
{
	void *library = dlopen(module, RTLD_NOW | RTLD_LOCAL);
	int (*run)(const char *) =
		library ? (int (*)(const char *))dlsym(library, "module_run") : NULL;
	int error;

	if (!run)
		fail(module, dlerror());
	error = run(recording);
	if (error)
		fail("plug-in", strerror(-error));
	dlclose(library);
	if (dlopen(module, RTLD_NOW | RTLD_NOLOAD))
		fail(module, "is still loaded: this test would prove nothing");
}

static void *thread_main(void *argument)
{
	(void)argument;
	round_trip();
	usleep(1000);
	return NULL;
}

static long size_of(const char *path)
{
	struct stat status;

	return stat(path, &status) ? -1 : (long)status.st_size;
}

int main(int argc, char **argv)
{
	static const char *const names[] = { "plugin_L2K1" };
	long before;
	int error;

	if (argc != 3)
		fail("usage", "unload MODULE RECORDING");
	module = argv[1];
	recording = argv[2];
	error = evh_recording_create(recording, names, 1);
	if (error)
		fail(recording, strerror(-error));
	before = size_of(recording);
	for (int i = 0; i < ROUNDS; i++) {
		pthread_t thread;

		round_trip();
		if (pthread_create(&thread, NULL, thread_main, NULL))
			fail("pthread_create", "failed");
		pthread_join(thread, NULL);
	}
	/* each event: 52 + 8 + 4 + 15 bytes, padded to 80; and what announces processes, threads */
	if (size_of(recording) - before < 2L * ROUNDS * 80)
		fail(recording, "events are missing");
	unlink(recording);
	return 0;
}

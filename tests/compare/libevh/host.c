/* SPDX-License-Identifier: MIT */
/* Loads the events as a plug-in, twice one behind the other, and has them print: host MODULE. */
#include <dlfcn.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	int result = 1;

	for (int i = 0; i < 2 && argc > 1; i++) {
		void *module = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
		int (*builds_main)(void) =
			module ? (int (*)(void))dlsym(module, "builds_main") : NULL;

		if (!builds_main) {
			fprintf(stderr, "%s\n", dlerror());
			return 1;
		}
		/* Only the second time's lines count. */
		if (i == 1)
			printf("--\n");
		result = builds_main();
		dlclose(module);
	}
	return result;
}

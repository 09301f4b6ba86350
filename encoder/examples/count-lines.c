/* SPDX-License-Identifier: MIT */
/*
 * Counts the lines of files, and traces what it does with compile-time events: one event when it
 * starts, one for each file or failure, one when it stops, all of one activity.
 *
 *	cc count-lines.c -o count-lines $(pkg-config --cflags --libs evh)
 *	perf record -e 'user_events:ExampleLines_*' ./count-lines /etc/passwd
 *
 * The tracepoints must exist when perf starts: run it once before, or `logtap register` them. Where
 * the kernel has no user_events, `--record FILE` writes the same events into FILE, for `perf script
 * -i FILE` and `logtap view FILE`.
 */
#include <errno.h>
#include <evh/provider.h>
#include <evh/recording.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

EVH_PROVIDER_DEFINE(example, "ExampleLines");

/* What the bits of a keyword mean is up to the provider. */
enum { KEYWORD_RUN = 0x1, KEYWORD_FILE = 0x2 };

/* All tracepoints of this program; only a recording has to be told. */
static const char *const tracepoints[] = { "ExampleLines_L4K1", "ExampleLines_L5K2",
					   "ExampleLines_L2K2" };

static struct evh_transport recording;

static int register_events(const char *file)
{
	int error;

	if (!file)
		return evh_provider_register(&example);
	error = evh_recording_create(file, tracepoints,
				     sizeof(tracepoints) / sizeof(tracepoints[0]));
	if (!error)
		error = evh_transport_open_file(&recording, file);
	return error ? error : evh_provider_register_to(&example, &recording);
}

/* Counts newlines and bytes. 0 or a negative errno. */
static int count(const char *path, uint64_t *lines, uint64_t *bytes)
{
	FILE *file = fopen(path, "re");
	int error, c;

	if (!file)
		return -errno;
	errno = 0;
	while ((c = getc(file)) != EOF) {
		++*bytes;
		*lines += c == '\n';
	}
	error = ferror(file) ? -errno : 0;
	fclose(file);
	return error;
}

static int count_and_trace(const char *path, const uint8_t *activity)
{
	uint64_t lines = 0, bytes = 0;
	int error = count(path, &lines, &bytes);

	if (error) {
		fprintf(stderr, "count-lines: %s: %s\n", path, strerror(-error));
		EVH_WRITE(example, "Failed", EVH_LEVEL(EVH_LEVEL_ERROR), EVH_KEYWORD(KEYWORD_FILE),
			  EVH_ACTIVITY(activity), EVH_STR8("path", path, strlen(path)),
			  EVH_ERRNO("error", -error));
		return 1;
	}
	printf("%8llu %s\n", (unsigned long long)lines, path);
	EVH_WRITE(example, "Counted", EVH_LEVEL(EVH_LEVEL_VERBOSE), EVH_KEYWORD(KEYWORD_FILE),
		  EVH_ACTIVITY(activity), EVH_STR8("path", path, strlen(path)),
		  EVH_STRUCT("result", EVH_U64("lines", lines), EVH_U64("bytes", bytes)));
	return 0;
}

int main(int argc, char **argv)
{
	const char *file = NULL;
	uint8_t activity[16] = { 0 };
	int first = 1, failed = 0, error;

	if (argc > 2 && strcmp(argv[1], "--record") == 0) {
		file = argv[2];
		first = 3;
	}
	error = register_events(file);
	if (error && file) {
		fprintf(stderr, "count-lines: can't record into %s: %s\n", file, strerror(-error));
		return 2;
	}
	/* Without a recording nobody asked for events: that there can't be any is no failure. */
	if (EVH_ENABLED(example, EVH_LEVEL_INFORMATION, KEYWORD_RUN))
		getrandom(activity, sizeof(activity), 0);

	EVH_WRITE(example, "Start", EVH_LEVEL(EVH_LEVEL_INFORMATION), EVH_KEYWORD(KEYWORD_RUN),
		  EVH_OPCODE(EVH_OPCODE_ACTIVITY_START), EVH_ACTIVITY(activity),
		  EVH_I32("files", argc - first));
	for (int i = first; i < argc; i++)
		failed |= count_and_trace(argv[i], activity);
	EVH_WRITE(example, "Stop", EVH_LEVEL(EVH_LEVEL_INFORMATION), EVH_KEYWORD(KEYWORD_RUN),
		  EVH_OPCODE(EVH_OPCODE_ACTIVITY_STOP), EVH_ACTIVITY(activity),
		  EVH_BOOL8("failed", failed));

	evh_provider_unregister(&example);
	evh_transport_close(&recording);
	return failed;
}

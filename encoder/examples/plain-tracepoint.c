/* SPDX-License-Identifier: MIT */
/*
 * Reports the sizes of files as events of a plain tracepoint, whose fields ftrace's filters, bpf
 * and old tools understand.
 *
 *	cc plain-tracepoint.c -o plain-tracepoint $(pkg-config --cflags --libs evh)
 *	./plain-tracepoint /etc/passwd		once, so that the tracepoint has been there
 *	perf record -e user_events:example_sizes --filter 'size > 1000' ./plain-tracepoint
 * /etc/[a-h]*
 *
 * Where the kernel has no user_events, `--record FILE` writes the same events into FILE, for `perf
 * script -i FILE` and `logtap view FILE`.
 */
#include <errno.h>
#include <evh/plain.h>
#include <evh/recording.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define FIELDS "u64 size; s32 error; char kind[8]; __rel_loc char[] path"

static struct evh_transport recording;

static int open_tracepoint(struct evh_plain **sizes, const char *file)
{
	static const char *const names[] = { "example_sizes " FIELDS };
	int error;

	if (!file)
		return evh_plain_open(sizes, "example_sizes", FIELDS, NULL);
	error = evh_recording_create(file, names, 1);
	if (!error)
		error = evh_transport_open_file(&recording, file);
	return error ? error : evh_plain_open(sizes, "example_sizes", FIELDS, &recording);
}

static const char *kind_of(const struct stat *status)
{
	return S_ISREG(status->st_mode) ? "file" : S_ISDIR(status->st_mode) ? "folder" : "other";
}

int main(int argc, char **argv)
{
	struct evh_plain *sizes = NULL;
	const char *file = NULL;
	int first = 1, error;

	if (argc > 2 && strcmp(argv[1], "--record") == 0) {
		file = argv[2];
		first = 3;
	}
	error = open_tracepoint(&sizes, file);
	if (error && file) {
		fprintf(stderr, "plain-tracepoint: can't record into %s: %s\n", file,
			strerror(-error));
		return 2;
	}
	for (int i = first; i < argc; i++) {
		struct stat status;

		error = stat(argv[i], &status) ? -errno : 0;
		memset(&status, 0, error ? sizeof(status) : 0);
		printf("%8llu %s\n", (unsigned long long)status.st_size, argv[i]);
		if (evh_plain_enabled(sizes))
			EVH_PLAIN_WRITE(sizes, evh_plain_uint((uint64_t)status.st_size),
					evh_plain_int(error),
					evh_plain_text(error ? "" : kind_of(&status)),
					evh_plain_text(argv[i]));
	}
	evh_plain_close(sizes);
	evh_transport_close(&recording);
	return 0;
}

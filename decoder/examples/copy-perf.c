/* SPDX-License-Identifier: MIT */
/*
 * Copies a perf.data record by record into the other form: a seekable file becomes a stream, a
 * stream a seekable file. Lists what it copies on stderr.
 *
 *	cc copy-perf.c -o copy-perf $(pkg-config --cflags --libs evh-decode)
 *	./copy-perf perf.data copy.data && perf script -i copy.data
 */
#include <evh/perfdata.h>
#include <evh/trace.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Only the other form has it, or it speaks of what that form has in another place. */
static int is_left_out(const struct evh_perfdata_record *record)
{
	return record->type == EVH_PERFDATA_AUXTRACE || record->type == 68 /* FINISHED_ROUND */;
}

static int take(struct evh_perfdata_writer *writer, const struct evh_perfdata_record *record)
{
	if (record->type == EVH_PERFDATA_ATTR)
		return evh_perfdata_writer_attr(writer, record->data, record->size,
						(const uint64_t *)(const void *)record->extra,
						record->extra_size / 8);
	if (record->type == EVH_PERFDATA_TRACING_DATA)
		return evh_perfdata_writer_feature(writer, 1, record->data, record->size);
	if (record->type == EVH_PERFDATA_FEATURE)
		return evh_perfdata_writer_feature(writer, record->feature, record->data,
						   record->size);
	return evh_perfdata_writer_record(writer, record->type, record->misc, record->data,
					  record->size);
}

static int copy(const void *bytes, size_t size, int out)
{
	struct evh_perfdata file;
	struct evh_perfdata_record record;
	struct evh_perfdata_writer *writer;
	int result = evh_perfdata_open(&file, bytes, size), error;

	if (result < 0)
		return result;
	error = evh_perfdata_writer_create(
		&writer, out,
		file.form == EVH_PERFDATA_SEEKABLE ? EVH_PERFDATA_STREAM : EVH_PERFDATA_SEEKABLE);
	if (error)
		return error;
	while ((result = evh_perfdata_next(&file, &record)) > 0) {
		fprintf(stderr, "%s%s%s %zu\n", evh_perfdata_type_name(record.type),
			record.feature ? " " : "",
			record.feature ? evh_perfdata_feature_name(record.feature) : "",
			record.size);
		if (!is_left_out(&record))
			take(writer, &record);
	}
	error = evh_perfdata_writer_finish(writer);
	return result < 0 ? result : error;
}

int main(int argc, char **argv)
{
	int in = argc == 3 ? open(argv[1], O_RDONLY | O_CLOEXEC) : -1;
	int out = in < 0 ? -1 : open(argv[2], O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	struct stat status;
	void *bytes = MAP_FAILED;
	int error;

	if (argc != 3) {
		fputs("usage: copy-perf FROM TO\n", stderr);
		return 2;
	}
	if (out >= 0 && fstat(in, &status) == 0)
		bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, in, 0);
	if (bytes == MAP_FAILED) {
		fprintf(stderr, "copy-perf: %s: %s\n", in < 0 ? argv[1] : argv[2], strerror(errno));
		return 1;
	}
	error = copy(bytes, (size_t)status.st_size, out);
	if (error)
		fprintf(stderr, "copy-perf: %s: %s\n", argv[1], evh_trace_strerror(error));
	return error ? 1 : 0;
}

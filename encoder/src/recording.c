/* SPDX-License-Identifier: MIT */
/*
 * Creating a recording: the head of a perf.data stream, in the order that perf's own reader needs
 * (attributes, features, tracing data). Events are appended by transport_file.c.
 *
 * The file must never be seen half-written under its name: a reader or a writer that opens it finds
 * the whole head or no file.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <evh/recording.h>
#include <evh/uuid.h>

#include "namespaces.h"
#include "recording_mark.h"
#include "syscall.h"

/* perf_event_attr's flags are bit-fields: counted from the other end on a big-endian machine. */
#define ATTR_FLAG(n)	   (UINT64_C(1) << (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? (n) : 63 - (n)))
#define ATTR_SAMPLE_ID_ALL ATTR_FLAG(18)
#define ATTR_USE_CLOCKID   ATTR_FLAG(25)

/*
 * What the kernel's events/header_page and header_event say. perf reads from them how wide a long
 * is and where a page's data begins; there are no raw pages here.
 */
static const char header_page[] = "\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n"
				  "\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;\n"
				  "\tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;\n"
				  "\tfield: char data;\toffset:16;\tsize:4080;\tsigned:0;\n";

static const char header_event[] = "# compressed entry header\n"
				   "\ttype_len    :    5 bits\n"
				   "\ttime_delta  :   27 bits\n"
				   "\tarray       :   32 bits\n"
				   "\n"
				   "\tpadding     : type == 29\n"
				   "\ttime_extend : type == 30\n"
				   "\ttime_stamp : type == 31\n"
				   "\tdata max type_len  == 28\n";

/* The kernel's format file of a tracepoint with EVH_TRACEPOINT_FIELDS. */
static const char format_text[] =
	"name: %s\n"
	"ID: %u\n"
	"format:\n"
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
	"\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n"
	"\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n"
	"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n"
	"\n"
	"\tfield:u8 eventheader_flags;\toffset:8;\tsize:1;\tsigned:0;\n"
	"\tfield:u8 version;\toffset:9;\tsize:1;\tsigned:0;\n"
	"\tfield:u16 id;\toffset:10;\tsize:2;\tsigned:0;\n"
	"\tfield:u16 tag;\toffset:12;\tsize:2;\tsigned:0;\n"
	"\tfield:u8 opcode;\toffset:14;\tsize:1;\tsigned:0;\n"
	"\tfield:u8 level;\toffset:15;\tsize:1;\tsigned:0;\n"
	"\n"
	"print fmt: \"eventheader_flags=%%u version=%%u id=%%u tag=%%u opcode=%%u level=%%u\", "
	"REC->eventheader_flags, REC->version, REC->id, REC->tag, REC->opcode, REC->level\n";

static void put(FILE *out, const void *bytes, size_t size)
{
	fwrite(bytes, 1, size, out);
}

static void put_u8(FILE *out, uint8_t value)
{
	put(out, &value, sizeof(value));
}

static void put_u32(FILE *out, uint32_t value)
{
	put(out, &value, sizeof(value));
}

static void put_u64(FILE *out, uint64_t value)
{
	put(out, &value, sizeof(value));
}

static void put_sized(FILE *out, const char *text, size_t size)
{
	put_u64(out, size);
	put(out, text, size);
}

static void put_record(FILE *out, enum perf_record_type type, size_t size)
{
	struct perf_record_header header = { .type = type, .size = (uint16_t)size };

	put(out, &header, sizeof(header));
}

static void put_feature(FILE *out, enum perf_feature feature, const void *bytes, size_t size)
{
	put_record(out, PERF_RECORD_HEADER_FEATURE,
		   sizeof(struct perf_record_header) + sizeof(uint64_t) + size);
	put_u64(out, feature);
	put(out, bytes, size);
}

static struct perf_attr make_attr(uint32_t id)
{
	return (struct perf_attr){
		.type = PERF_TYPE_TRACEPOINT,
		.size = sizeof(struct perf_attr),
		.config = id,
		.sample_period = 1,
		.sample_type = RECORDING_SAMPLE_TYPE,
		.flags = ATTR_SAMPLE_ID_ALL | ATTR_USE_CLOCKID,
		.clockid = CLOCK_MONOTONIC,
	};
}

static void put_attrs(FILE *out, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct perf_attr_record record = {
			.header = { .type = PERF_RECORD_HEADER_ATTR, .size = sizeof(record) },
			.attr = make_attr((uint32_t)(RECORDING_FIRST_ID + i)),
			.id = RECORDING_FIRST_ID + i,
		};

		put(out, &record, sizeof(record));
	}
}

/* The wall clock at a moment of the monotonic one. */
static void put_clocks(FILE *out, const struct recording_mark *mark)
{
	uint64_t resolution = 1;
	struct {
		uint32_t version;
		uint32_t clockid;
		uint64_t wall;
		uint64_t clock;
	} data = {
		.version = 1, .clockid = CLOCK_MONOTONIC, .wall = mark->wall, .clock = mark->clock
	};

	put_feature(out, PERF_FEATURE_CLOCKID, &resolution, sizeof(resolution));
	put_feature(out, PERF_FEATURE_CLOCK_DATA, &data, sizeof(data));
}

static size_t mark_size(const char *const names[], size_t count)
{
	size_t size = sizeof(struct recording_mark);

	for (size_t i = 0; i < count; i++)
		size += strlen(names[i]) + 1;
	return (size + 7) & ~(size_t)7;
}

static int make_mark(struct recording_mark *mark, const char *const names[], size_t count)
{
	*mark = (struct recording_mark){
		.header = { .type = PERF_RECORD_HEADER_FEATURE,
			    .size = (uint16_t)mark_size(names, count) },
		.feature = PERF_FEATURE_STAT,
		.magic = RECORDING_MAGIC,
		.first_id = RECORDING_FIRST_ID,
		.count = (uint16_t)count,
		.keywords = (uint16_t)evh_names_keywords(names, count),
	};
	evh_note_creator(mark);
	return evh_uuid_random(mark->id);
}

static void put_mark(FILE *out, const struct recording_mark *mark, const char *const names[])
{
	static const char zeros[8];
	size_t size = sizeof(*mark);

	put(out, mark, sizeof(*mark));
	for (size_t i = 0; i < mark->count; i++) {
		put(out, names[i], strlen(names[i]) + 1);
		size += strlen(names[i]) + 1;
	}
	put(out, zeros, mark->header.size - size);
}

/* Bytes of a name in EVENT_DESC: with its terminator, padded to 8. */
static size_t desc_name_size(const char *name)
{
	return (sizeof(RECORDING_SYSTEM) + strlen(name) + 7) & ~(size_t)7;
}

static size_t event_desc_size(const char *const names[], size_t count)
{
	size_t size = sizeof(struct perf_record_header) + sizeof(uint64_t) + 2 * sizeof(uint32_t);

	for (size_t i = 0; i < count; i++)
		size += sizeof(struct perf_event_desc) + desc_name_size(names[i]) +
			sizeof(uint64_t);
	return size;
}

static void put_event_desc(FILE *out, const char *const names[], size_t count)
{
	static const char zeros[8];

	put_record(out, PERF_RECORD_HEADER_FEATURE, event_desc_size(names, count));
	put_u64(out, PERF_FEATURE_EVENT_DESC);
	put_u32(out, (uint32_t)count);
	put_u32(out, sizeof(struct perf_attr));
	for (size_t i = 0; i < count; i++) {
		struct perf_event_desc desc = {
			.attr = make_attr((uint32_t)(RECORDING_FIRST_ID + i)),
			.id_count = 1,
			.name_size = (uint32_t)desc_name_size(names[i]),
		};
		size_t used = sizeof(RECORDING_SYSTEM) - 1 + strlen(names[i]);

		put(out, &desc, sizeof(desc));
		fputs(RECORDING_SYSTEM, out);
		fputs(names[i], out);
		put(out, zeros, desc.name_size - used);
		put_u64(out, RECORDING_FIRST_ID + i);
	}
}

static void put_format(FILE *out, const char *name, uint32_t id)
{
	char text[sizeof(format_text) + EVH_TRACEPOINT_NAME_MAX + 16];
	int size = snprintf(text, sizeof(text), format_text, name, id);

	put_sized(out, text, (size_t)size);
}

static void put_tracing_body(FILE *out, const char *const names[], size_t count)
{
	put(out, "\027\010\104tracing", 10);
	put(out, "0.6", 4);
	put_u8(out, __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
	put_u8(out, sizeof(long));
	put_u32(out, (uint32_t)sysconf(_SC_PAGESIZE));
	put(out, "header_page", sizeof("header_page"));
	put_sized(out, header_page, sizeof(header_page) - 1);
	put(out, "header_event", sizeof("header_event"));
	put_sized(out, header_event, sizeof(header_event) - 1);
	put_u32(out, 0); /* formats of ftrace's own events */
	put_u32(out, 1); /* systems */
	put(out, "user_events", sizeof("user_events"));
	put_u32(out, (uint32_t)count);
	for (size_t i = 0; i < count; i++)
		put_format(out, names[i], (uint32_t)(RECORDING_FIRST_ID + i));
	put_u32(out, 0); /* kallsyms */
	put_u32(out, 0); /* printk formats */
	put_u64(out, 0); /* saved command lines */
}

/* The one record whose data stands behind it, with a length of its own. */
static int put_tracing_data(FILE *out, const char *const names[], size_t count)
{
	char *body = NULL;
	size_t size = 0;
	FILE *memory = open_memstream(&body, &size);

	if (!memory)
		return -ENOMEM;
	put_tracing_body(memory, names, count);
	while (ftell(memory) % 8)
		put_u8(memory, 0);
	if (fclose(memory)) {
		free(body);
		return -ENOMEM;
	}
	put_record(out, PERF_RECORD_HEADER_TRACING_DATA, sizeof(struct perf_record_header) + 4);
	put_u32(out, (uint32_t)size);
	put(out, body, size);
	free(body);
	return 0;
}

static int put_head(FILE *out, const struct recording_mark *mark, const char *const names[])
{
	struct perf_file_header header = { .magic = PERF_MAGIC, .size = sizeof(header) };
	size_t count = mark->count;
	int error;

	put(out, &header, sizeof(header));
	put_mark(out, mark, names);
	put_attrs(out, count);
	put_clocks(out, mark);
	put_event_desc(out, names, count);
	error = put_tracing_data(out, names, count);
	put_record(out, PERF_RECORD_FINISHED_INIT, sizeof(struct perf_record_header));
	return error;
}

static int check_names(const char *const names[], size_t count)
{
	if (count == 0)
		return -EINVAL;
	if (count > UINT16_MAX || event_desc_size(names, count) > UINT16_MAX ||
	    mark_size(names, count) > UINT16_MAX)
		return -E2BIG;
	for (size_t i = 0; i < count; i++) {
		int error = evh_tracepoint_name_check(names[i]);

		if (error)
			return error;
		for (size_t j = 0; j < i; j++)
			if (strcmp(names[i], names[j]) == 0)
				return -EINVAL;
	}
	return 0;
}

/* What the identity says of the file beyond its mark. */
static int identify(int fd, const struct recording_mark *mark, struct recording_identity *identity)
{
	struct stat status;
	int error = evh_fstat(fd, &status);

	*identity = (struct recording_identity){
		.owner = status.st_uid,
		.inode = status.st_ino,
		.keywords = mark->keywords,
		.offset = mark->wall - mark->clock,
	};
	memcpy(identity->id, mark->id, sizeof(identity->id));
	return error;
}

/* Writes the head under a name of its own (a template), so that `path` always has a whole one. */
static int write_new(char *fresh, const char *const names[], size_t count,
		     struct recording_identity *identity)
{
	struct recording_mark mark;
	int error = make_mark(&mark, names, count);
	int fd = error ? -1 : mkostemp(fresh, O_CLOEXEC); /* with mode 0600 */
	FILE *out = fd < 0 ? NULL : fdopen(fd, "w");

	if (!out) {
		error = error ? error : -errno;
		if (fd >= 0) {
			close(fd);
			unlink(fresh);
		}
		return error;
	}
	errno = 0;
	error = identify(fd, &mark, identity);
	if (!error)
		error = put_head(out, &mark, names);
	if (!error && ferror(out))
		error = errno ? -errno : -EIO;
	if (fclose(out) && !error)
		error = -errno;
	if (error)
		unlink(fresh);
	return error;
}

/* Moves what is at `path` out of the way; 0 also when nothing is there. */
static int keep_old(const char *path)
{
	struct stat status;
	char *old;
	int error = 0;

	if (lstat(path, &status))
		return errno == ENOENT ? 0 : -errno;
	if (S_ISDIR(status.st_mode))
		return -EISDIR;
	if (!S_ISREG(status.st_mode) && !S_ISLNK(status.st_mode))
		return -EEXIST;
	if (asprintf(&old, "%s.old", path) < 0)
		return -ENOMEM;
	if (rename(path, old))
		error = -errno;
	free(old);
	return error;
}

/*
 * Gives the new file its name, where no other is by then: another recording may be begun at the
 * same moment, and its programs are writing already.
 */
static int take_path(const char *fresh, const char *path)
{
	/* The kernel has it since 3.15, but not for every file system. */
	for (int attempt = 0; attempt < 100; attempt++) {
		int error = keep_old(path);

		if (error)
			return error;
		if (!renameat2(AT_FDCWD, fresh, AT_FDCWD, path, RENAME_NOREPLACE))
			return 0;
		if (errno != EEXIST)
			break;
	}
	return rename(fresh, path) ? -errno : 0;
}

int evh_recording_create_identified(const char *path, const char *const names[], size_t count,
				    char text[EVH_RECORDING_IDENTITY_SIZE])
{
	struct recording_identity identity;
	char *fresh;
	int error = check_names(names, count);

	if (error)
		return error;
	if (asprintf(&fresh, "%s.XXXXXX", path) < 0)
		return -ENOMEM;
	error = write_new(fresh, names, count, &identity);
	if (!error) {
		error = take_path(fresh, path);
		if (error)
			unlink(fresh);
	}
	free(fresh);
	if (!error)
		evh_identity_format(&identity, text);
	return error;
}

int evh_recording_create(const char *path, const char *const names[], size_t count)
{
	char identity[EVH_RECORDING_IDENTITY_SIZE];

	return evh_recording_create_identified(path, names, count, identity);
}

/* SPDX-License-Identifier: MIT */
/*
 * A recording's identity as text and as a record; see recording_mark.h. Must never trust the bytes
 * of a mark: they may be any file's.
 */
#include "recording_mark.h"

#include <errno.h>
#include <string.h>

#include <evh/tracepoint.h>

#include "put_hex.h"
#include "syscall.h"

#define MARKER	    "?id="
#define MARKER_SIZE (sizeof(MARKER) - 1)
#define ID_DIGITS   32
#define LEVELS	    5

static const char digits[] = "0123456789abcdef";

static int digit_value(char c)
{
	const char *place = c ? strchr(digits, c) : NULL;

	return place ? (int)(place - digits) : -1;
}

/* A number and the `end` behind it; false when that is not what stands there. */
static bool take_hex(const char **text, char end, uint64_t *value)
{
	const char *c = *text;
	int count = 0;

	for (*value = 0; digit_value(*c) >= 0 && count < 16; c++, count++)
		*value = *value << 4 | (uint64_t)digit_value(*c);
	if (!count || *c != end)
		return false;
	*text = end ? c + 1 : c;
	return true;
}

/* struct statx of <linux/stat.h>, up to what is used: musl 1.2.3 has none. */
struct file_status {
	uint32_t mask, blksize;
	uint64_t attributes;
	uint32_t nlink, uid, gid;
	uint16_t mode, spare;
	uint64_t inode, size, blocks, attributes_mask;
	struct {
		int64_t sec;
		uint32_t nsec;
		int32_t reserved;
	} atime, btime, ctime, mtime;
	uint64_t rest[16];
};

_Static_assert(sizeof(struct file_status) == 256, "the kernel's own");

enum { STATUS_BASIC = 0x7ff, STATUS_BIRTH = 0x800 };

uint64_t evh_file_number(int fd)
{
	struct file_status status = { 0 };
	uint64_t birth;

	if (EVH_SYSCALL6(SYS_statx, fd, "", AT_EMPTY_PATH, STATUS_BASIC | STATUS_BIRTH, &status, 0))
		return 0;
	birth = (uint64_t)status.btime.sec * 1000000000 + status.btime.nsec;
	return status.mask & STATUS_BIRTH ? status.inode ^ birth : 0;
}

int evh_identity_of(const struct recording_mark *mark, int fd, struct recording_identity *identity)
{
	struct stat status = { 0 };
	int error = evh_fstat(fd, &status);

	*identity = (struct recording_identity){
		.owner = status.st_uid,
		.file = evh_file_number(fd),
		.keywords = mark->keywords,
		.offset = mark->wall - mark->clock,
	};
	memcpy(identity->id, mark->id, sizeof(identity->id));
	return error;
}

void evh_identity_format(const struct recording_identity *identity,
			 char text[EVH_RECORDING_IDENTITY_SIZE])
{
	const uint64_t numbers[] = { identity->owner, identity->file, identity->keywords,
				     identity->offset };
	char *out = text + MARKER_SIZE;

	memcpy(text, MARKER, MARKER_SIZE);
	for (size_t i = 0; i < sizeof(identity->id); i++) {
		*out++ = digits[identity->id[i] >> 4];
		*out++ = digits[identity->id[i] & 15];
	}
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		*out++ = '.';
		out = evh_put_hex(out, numbers[i]);
	}
	*out = '\0';
}

static bool parse(const char *text, struct recording_identity *identity)
{
	uint64_t owner, keywords;

	for (int i = 0; i < ID_DIGITS; i++)
		if (digit_value(text[i]) < 0)
			return false;
	for (size_t i = 0; i < sizeof(identity->id); i++)
		identity->id[i] =
			(uint8_t)(digit_value(text[2 * i]) << 4 | digit_value(text[2 * i + 1]));
	text += ID_DIGITS;
	if (*text++ != '.' || !take_hex(&text, '.', &owner) ||
	    !take_hex(&text, '.', &identity->file) || !take_hex(&text, '.', &keywords) ||
	    !take_hex(&text, '\0', &identity->offset) || owner > UINT32_MAX ||
	    keywords > RECORDING_KEYWORDS_MAX)
		return false;
	identity->owner = (uint32_t)owner;
	identity->keywords = (uint32_t)keywords;
	return true;
}

size_t evh_identity_parse(const char *text, struct recording_identity *identity, bool *found)
{
	const char *marker = NULL;

	*found = false;
	/* The last one: the path may hold anything, also another identity. */
	for (const char *next = strstr(text, MARKER); next; next = strstr(next + 1, MARKER))
		marker = next;
	if (!marker || !parse(marker + MARKER_SIZE, identity))
		return strlen(text);
	*found = true;
	return (size_t)(marker - text);
}

bool evh_mark_check(const struct recording_mark *mark, size_t size)
{
	const char *name = evh_mark_names(mark), *end;

	if (size < sizeof(*mark) || mark->header.type != PERF_RECORD_HEADER_FEATURE ||
	    mark->feature != PERF_FEATURE_STAT || mark->header.size < sizeof(*mark) ||
	    mark->header.size > size ||
	    memcmp(mark->magic, RECORDING_MAGIC, sizeof(mark->magic)) != 0 ||
	    mark->first_id + (uint64_t)mark->count > UINT16_MAX)
		return false;
	end = (const char *)mark + mark->header.size;
	for (uint32_t i = 0; i < mark->count; i++) {
		size_t length = strnlen(name, (size_t)(end - name));

		if (length == (size_t)(end - name))
			return false;
		name += length + 1;
	}
	return true;
}

const struct recording_mark *evh_mark_find(const void *bytes, size_t size)
{
	for (size_t at = 0; at + sizeof(struct recording_mark) <= size; at += 8) {
		const void *mark = (const char *)bytes + at;

		if (evh_mark_check(mark, size - at))
			return mark;
	}
	return NULL;
}

struct recording_segment *evh_mark_segment(struct recording_mark *mark)
{
	const char *name = evh_mark_names(mark);
	size_t size;

	for (uint32_t i = 0; i < mark->count; i++)
		name += strlen(name) + 1;
	size = ((size_t)(name - (const char *)mark) + 7) & ~(size_t)7;
	if (size + sizeof(struct recording_segment) > mark->header.size)
		return NULL;
	return (struct recording_segment *)((char *)mark + size);
}

const uint8_t *evh_mark_boot(const struct recording_mark *mark, size_t size)
{
	size_t place = mark->header.size + sizeof(struct recording_account);
	const struct recording_boot *boot =
		(const struct recording_boot *)((const char *)mark + place);

	if (place % 8 || size < place + sizeof(*boot) || boot->feature != PERF_FEATURE_STAT ||
	    boot->header.size != sizeof(*boot) ||
	    memcmp(boot->magic, RECORDING_BOOT_MAGIC, sizeof(boot->magic)) != 0)
		return NULL;
	return boot->id;
}

/* `<provider>_L<level>K<keyword>`, one digit each: the place behind the provider, or NULL. */
static const char *find_level(const char *name)
{
	size_t size = strlen(name);
	const char *tail = size > 5 ? name + size - 5 : NULL;

	if (!tail || tail[0] != '_' || tail[1] != 'L' || tail[3] != 'K' || tail[2] < '1' ||
	    tail[2] >= '1' + LEVELS)
		return NULL;
	return tail;
}

int evh_names_index(const char *name, uint32_t keywords)
{
	const char *tail = find_level(name);

	for (uint32_t i = 0; tail && i < keywords && i < RECORDING_KEYWORDS_MAX; i++)
		if (tail[4] == '0' + (1 << i))
			return (int)((uint32_t)(tail[2] - '1') * keywords + i);
	return -ENOENT;
}

uint32_t evh_names_keywords(const char *const names[], size_t count)
{
	uint32_t keywords = (uint32_t)(count / LEVELS);
	const char *tail = find_level(names[0]);

	if (!tail || count % LEVELS || keywords < 1 || keywords > RECORDING_KEYWORDS_MAX)
		return 0;
	for (size_t i = 0; i < count; i++)
		if (evh_names_index(names[i], keywords) != (int)i ||
		    strncmp(names[i], names[0], (size_t)(tail - names[0]) + 1) != 0)
			return 0;
	return keywords;
}

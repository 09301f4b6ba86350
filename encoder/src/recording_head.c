/* SPDX-License-Identifier: MIT */
/*
 * A recording's head: that of a perf.data stream, in the order that perf's own reader needs
 * (the mark, the account, attributes, features, tracing data). All of it follows from the mark.
 *
 * Also written within other programs, behind what a truncation left of their recording: must never
 * allocate, and never call stdio.
 */
#include "recording_head.h"

#include <string.h>
#include <sys/auxv.h>
#include <time.h>

#include "plain_fields.h"

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

/*
 * The kernel's format file of a tracepoint, behind `name: NAME` and `ID: NUMBER`: what all begin
 * with, and the fields of one with EVH_TRACEPOINT_FIELDS.
 */
static const char format_common[] =
	"\nformat:\n"
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
	"\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n"
	"\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n"
	"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n"
	"\n";

static const char format_fields[] =
	"\tfield:u8 eventheader_flags;\toffset:8;\tsize:1;\tsigned:0;\n"
	"\tfield:u8 version;\toffset:9;\tsize:1;\tsigned:0;\n"
	"\tfield:u16 id;\toffset:10;\tsize:2;\tsigned:0;\n"
	"\tfield:u16 tag;\toffset:12;\tsize:2;\tsigned:0;\n"
	"\tfield:u8 opcode;\toffset:14;\tsize:1;\tsigned:0;\n"
	"\tfield:u8 level;\toffset:15;\tsize:1;\tsigned:0;\n"
	"\n"
	"print fmt: \"eventheader_flags=%u version=%u id=%u tag=%u opcode=%u level=%u\", "
	"REC->eventheader_flags, REC->version, REC->id, REC->tag, REC->opcode, REC->level\n";

/* Where the head is put together; what has no room is counted, and not written. */
struct out {
	uint8_t *bytes;
	size_t used, room;
};

static void put(struct out *out, const void *bytes, size_t size)
{
	if (out->used + size <= out->room)
		memcpy(out->bytes + out->used, bytes, size);
	out->used += size;
}

static void put_u8(struct out *out, uint8_t value)
{
	put(out, &value, sizeof(value));
}

static void put_u32(struct out *out, uint32_t value)
{
	put(out, &value, sizeof(value));
}

static void put_u64(struct out *out, uint64_t value)
{
	put(out, &value, sizeof(value));
}

static void put_text(struct out *out, const char *text)
{
	put(out, text, strlen(text));
}

static void put_sized(struct out *out, const char *text, size_t size)
{
	put_u64(out, size);
	put(out, text, size);
}

static void put_record(struct out *out, enum perf_record_type type, size_t size)
{
	struct perf_record_header header = { .type = type, .size = (uint16_t)size };

	put(out, &header, sizeof(header));
}

static void put_feature(struct out *out, enum perf_feature feature, const void *bytes, size_t size)
{
	put_record(out, PERF_RECORD_HEADER_FEATURE,
		   sizeof(struct perf_record_header) + sizeof(uint64_t) + size);
	put_u64(out, feature);
	put(out, bytes, size);
}

/* Nothing is lost yet. */
static void put_account(struct out *out)
{
	const struct recording_account account = {
		.header = { .type = PERF_RECORD_HEADER_FEATURE, .size = sizeof(account) },
		.feature = PERF_FEATURE_STAT,
		.magic = RECORDING_ACCOUNT_MAGIC,
	};

	put(out, &account, sizeof(account));
}

static void put_boot(struct out *out, const uint8_t *id)
{
	struct recording_boot boot = {
		.header = { .type = PERF_RECORD_HEADER_FEATURE, .size = sizeof(boot) },
		.feature = PERF_FEATURE_STAT,
		.magic = RECORDING_BOOT_MAGIC,
	};

	memcpy(boot.id, id, sizeof(boot.id));
	put(out, &boot, sizeof(boot));
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

static void put_attrs(struct out *out, const struct recording_mark *mark)
{
	for (uint32_t i = 0; i < mark->count; i++) {
		struct perf_attr_record record = {
			.header = { .type = PERF_RECORD_HEADER_ATTR, .size = sizeof(record) },
			.attr = make_attr(mark->first_id + i),
			.id = mark->first_id + i,
		};

		put(out, &record, sizeof(record));
	}
}

/* The wall clock at a moment of the monotonic one. */
static void put_clocks(struct out *out, const struct recording_mark *mark)
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

/* Bytes of a name in EVENT_DESC: with its terminator, padded to 8. */
static size_t desc_name_size(const char *name)
{
	return (sizeof(RECORDING_SYSTEM) + strcspn(name, " ") + 7) & ~(size_t)7;
}

static size_t event_desc_size(const struct recording_mark *mark)
{
	size_t size = sizeof(struct perf_record_header) + sizeof(uint64_t) + 2 * sizeof(uint32_t);
	const char *name = evh_mark_names(mark);

	for (uint32_t i = 0; i < mark->count; i++, name += strlen(name) + 1)
		size += sizeof(struct perf_event_desc) + desc_name_size(name) + sizeof(uint64_t);
	return size;
}

static void put_event_desc(struct out *out, const struct recording_mark *mark)
{
	static const uint8_t zeros[8];
	const char *name = evh_mark_names(mark);

	put_record(out, PERF_RECORD_HEADER_FEATURE, event_desc_size(mark));
	put_u64(out, PERF_FEATURE_EVENT_DESC);
	put_u32(out, mark->count);
	put_u32(out, sizeof(struct perf_attr));
	for (uint32_t i = 0; i < mark->count; i++, name += strlen(name) + 1) {
		struct perf_event_desc desc = {
			.attr = make_attr(mark->first_id + i),
			.id_count = 1,
			.name_size = (uint32_t)desc_name_size(name),
		};

		put(out, &desc, sizeof(desc));
		put_text(out, RECORDING_SYSTEM);
		put(out, name, strcspn(name, " "));
		put(out, zeros,
		    desc.name_size - (sizeof(RECORDING_SYSTEM) - 1) - strcspn(name, " "));
		put_u64(out, mark->first_id + i);
	}
}

static void put_decimal(struct out *out, uint32_t number)
{
	for (uint32_t unit = 10000; unit; unit /= 10) /* 16 bits */
		if (number >= unit || unit == 1)
			put_u8(out, (uint8_t)('0' + number / unit % 10));
}

/* `field:char kind[8];	offset:8;	size:8;	signed:1;` */
static void put_plain_field(struct out *out, const struct plain_field *field)
{
	put_text(out, "\tfield:");
	put(out, field->type, field->type_length);
	if (field->kind == PLAIN_DATA_LOC || field->kind == PLAIN_REL_LOC)
		put_text(out, "[]");
	put_text(out, " ");
	put(out, field->name, field->name_length);
	if (field->kind == PLAIN_ARRAY) {
		put_text(out, "[");
		put_decimal(out, field->size);
		put_text(out, "]");
	}
	put_text(out, ";\toffset:");
	put_decimal(out, field->offset);
	put_text(out, ";\tsize:");
	put_decimal(out, field->size);
	put_text(out, field->is_signed ? ";\tsigned:1;\n" : ";\tsigned:0;\n");
}

/* What perf prints a field by; NULL: not at all. */
static const char *print_form(const struct plain_field *field)
{
	if (field->kind == PLAIN_INTEGER && field->size == 8)
		return field->is_signed ? "%lld" : "%llu";
	if (field->kind == PLAIN_INTEGER)
		return field->is_signed ? "%d" : "%u";
	return field->kind != PLAIN_STRUCT && field->text ? "%s" : NULL;
}

static void put_print_forms(struct out *out, const char *fields)
{
	struct plain_list list = { .text = fields };
	struct plain_field field;
	bool first = true;

	while (evh_plain_next(&list, &field) > 0) {
		if (!print_form(&field))
			continue;
		put_text(out, first ? "" : " ");
		put(out, field.name, field.name_length);
		put_text(out, "=");
		put_text(out, print_form(&field));
		first = false;
	}
}

static void put_print_arguments(struct out *out, const char *fields)
{
	static const char *const befores[] = {
		[PLAIN_INTEGER] = ", REC->",
		[PLAIN_ARRAY] = ", REC->",
		[PLAIN_DATA_LOC] = ", __get_str(",
		[PLAIN_REL_LOC] = ", __get_rel_str(",
	};
	struct plain_list list = { .text = fields };
	struct plain_field field;

	while (evh_plain_next(&list, &field) > 0) {
		if (!print_form(&field))
			continue;
		put_text(out, befores[field.kind]);
		put(out, field.name, field.name_length);
		put_text(out, field.kind >= PLAIN_DATA_LOC ? ")" : "");
	}
}

static void put_plain_fields(struct out *out, const char *fields)
{
	struct plain_list list = { .text = fields };
	struct plain_field field;

	while (evh_plain_next(&list, &field) > 0)
		put_plain_field(out, &field);
	put_text(out, "\nprint fmt: \"");
	put_print_forms(out, fields);
	put_text(out, "\"");
	put_print_arguments(out, fields);
	put_text(out, "\n");
}

static void put_format(struct out *out, const char *name, uint32_t id)
{
	size_t name_length = strcspn(name, " ");
	uint64_t size;
	size_t begin = out->used;

	put_u64(out, 0); /* the text's size, which is known behind it */
	put_text(out, "name: ");
	put(out, name, name_length);
	put_text(out, "\nID: ");
	put_decimal(out, id);
	put_text(out, format_common);
	if (name[name_length])
		put_plain_fields(out, name + name_length + 1);
	else
		put_text(out, format_fields);
	size = out->used - begin - sizeof(size);
	if (out->used <= out->room)
		memcpy(out->bytes + begin, &size, sizeof(size));
}

static void put_tracing_body(struct out *out, const struct recording_mark *mark)
{
	const char *name = evh_mark_names(mark);

	put(out, "\027\010\104tracing", 10);
	put(out, "0.6", 4);
	put_u8(out, __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
	put_u8(out, sizeof(long));
	put_u32(out, (uint32_t)getauxval(AT_PAGESZ));
	put(out, "header_page", sizeof("header_page"));
	put_sized(out, header_page, sizeof(header_page) - 1);
	put(out, "header_event", sizeof("header_event"));
	put_sized(out, header_event, sizeof(header_event) - 1);
	put_u32(out, 0); /* formats of ftrace's own events */
	put_u32(out, 1); /* systems */
	put(out, "user_events", sizeof("user_events"));
	put_u32(out, mark->count);
	for (uint32_t i = 0; i < mark->count; i++, name += strlen(name) + 1)
		put_format(out, name, mark->first_id + i);
	put_u32(out, 0); /* kallsyms */
	put_u32(out, 0); /* printk formats */
	put_u64(out, 0); /* saved command lines */
}

/* The one record whose data stands behind it, with a length of its own. */
static void put_tracing_data(struct out *out, const struct recording_mark *mark)
{
	uint32_t size = 0;
	size_t begin;

	put_record(out, PERF_RECORD_HEADER_TRACING_DATA,
		   sizeof(struct perf_record_header) + sizeof(size));
	put_u32(out, 0); /* the size */
	begin = out->used;
	put_tracing_body(out, mark);
	while ((out->used - begin) % 8)
		put_u8(out, 0);
	size = (uint32_t)(out->used - begin);
	if (out->used <= out->room)
		memcpy(out->bytes + begin - sizeof(size), &size, sizeof(size));
}

static size_t make(const struct recording_mark *mark, const uint8_t *boot_id, uint8_t *bytes,
		   size_t size)
{
	struct perf_file_header header = { .magic = PERF_MAGIC, .size = sizeof(header) };
	struct out out = { .bytes = bytes, .room = size };

	put(&out, &header, sizeof(header));
	put(&out, mark, mark->header.size);
	put_account(&out);
	put_boot(&out, boot_id);
	put_attrs(&out, mark);
	put_clocks(&out, mark);
	put_event_desc(&out, mark);
	put_tracing_data(&out, mark);
	put_record(&out, PERF_RECORD_FINISHED_INIT, sizeof(struct perf_record_header));
	return out.used;
}

size_t evh_head_size(const struct recording_mark *mark)
{
	static const uint8_t any[16];

	return event_desc_size(mark) > UINT16_MAX ? 0 : make(mark, any, NULL, 0);
}

size_t evh_head_make(const struct recording_mark *mark, const uint8_t *boot_id, uint8_t *bytes,
		     size_t size)
{
	size_t used = make(mark, boot_id, bytes, size);

	return used <= size ? used : 0;
}

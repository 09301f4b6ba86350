/* SPDX-License-Identifier: MIT */
/* The builder's errors, limits and buffers: nothing half-built is ever sent, nothing overrun. */
#include <evh/recording.h>
#include <pthread.h>
#include <unistd.h>

#include "bytes.h"

BENCH_SUITE(builder);

/* The error is remembered whatever follows, is what write returns, and nothing is sent. */
static void expect_error(int error)
{
	evh_builder_add_u8(b, "later", 1, 0, 0);
	evh_builder_add_string(b, "later still", "text", 0, 0);
	evh_builder_add_raw_data(b, "x", 1);
	evh_builder_add_array(b, "array", EVH_ENCODING_VALUE8, "x", 1, 0, 0);
	/* other errors: the first one stays */
	evh_builder_add_string8(b, "too long", bench.memory, 65536, 0, 0);
	evh_builder_add_struct(b, "no fields", 0, 0);
	cr_assert_eq(evh_builder_error(b), error, "remembered %d instead of %d",
		     evh_builder_error(b), error);
	cr_assert_eq(evh_builder_write(b, bench.set, NULL, NULL), error);
	cr_assert_eq(bench.transport.memory_sent, 0);
	/* and reset is a fresh start */
	evh_builder_reset(b, "e", 0);
	cr_assert_eq(evh_builder_error(b), 0);
	bench_expect(&bench, "07 00 0000 0000 00 05  0200 0100 'e'00");
	bench.transport.memory_sent = 0;
	evh_builder_reset(b, "e", 0);
}

/* What only the walk at the end can see. */
static void expect_refused(void)
{
	cr_assert_eq(evh_builder_write(b, bench.set, NULL, NULL), -EINVAL);
	cr_assert_eq(bench.transport.memory_sent, 0);
	evh_builder_reset(b, "e", 0);
}

Test(builder, empty_event_name)
{
	evh_builder_reset(b, "", 0);
	expect_error(-EINVAL);
}

Test(builder, no_event_yet)
{
	struct evh_builder fresh;

	cr_assert_eq(evh_builder_init(&fresh, NULL, 0), 0);
	evh_builder_add_u8(&fresh, "f", 1, 0, 0);
	cr_assert_eq(evh_builder_write(&fresh, bench.set, NULL, NULL), -EINVAL);
	evh_builder_destroy(&fresh);
	cr_assert_eq(evh_builder_write(&fresh, bench.set, NULL, NULL), -EINVAL);
	cr_assert_eq(bench.transport.memory_sent, 0);
}

Test(builder, bad_formats)
{
	evh_builder_add_u8(b, "f", 1, 128, 0);
	expect_error(-EINVAL);
	evh_builder_add_u8(b, "f", 1, 256, 0);
	expect_error(-EINVAL);
	evh_builder_add_u32(b, "f", 1, EVH_FORMAT_IP_ADDRESS_OLD, 0);
	expect_error(-EINVAL);
	evh_builder_add_string(b, "f", "x", 200, 0);
	expect_error(-EINVAL);
	evh_builder_add_array(b, "f", EVH_ENCODING_VALUE8, "x", 1, 128, 0);
	expect_error(-EINVAL);
}

Test(builder, bad_encodings)
{
	evh_builder_add_value(b, "f", EVH_ENCODING_STRING_CHAR8, "x", 0, 0);
	expect_error(-EINVAL);
	evh_builder_add_value(b, "f", EVH_ENCODING_INVALID, "x", 0, 0);
	expect_error(-EINVAL);
	evh_builder_add_array(b, "f", EVH_ENCODING_STRUCT, "x", 1, 0, 0);
	expect_error(-EINVAL);
	evh_builder_add_constant_array(b, "f", EVH_ENCODING_BINARY, "x", 1, 0, 0);
	expect_error(-EINVAL);
	evh_builder_add_units_array(b, "f", EVH_ENCODING_VALUE8, NULL, 0, 0, 0);
	expect_error(-EINVAL);
	evh_builder_add_units_array(b, "f", 31, NULL, 0, 0, 0);
	expect_error(-EINVAL);
	evh_builder_add_raw_data(b, NULL, 1);
	expect_error(-EINVAL);
}

Test(builder, too_many_units)
{
	static const uint8_t zeros[65536 * 4];
	const struct evh_units long_one = { zeros, 65536 };

	evh_builder_add_string8(b, "f", zeros, 65536, 0, 0);
	expect_error(-E2BIG);
	evh_builder_add_binary(b, "f", zeros, 65536, 0, 0);
	expect_error(-E2BIG);
	evh_builder_add_string8(b, "f", zeros, SIZE_MAX, 0, 0);
	expect_error(-E2BIG);
	evh_builder_add_string32(b, "f", zeros, SIZE_MAX / 2, 0, 0);
	expect_error(-E2BIG);
	evh_builder_add_array(b, "f", EVH_ENCODING_VALUE8, zeros, 65536, 0, 0);
	expect_error(-E2BIG);
	evh_builder_add_constant_array(b, "f", EVH_ENCODING_VALUE32, zeros, 65536, 0, 0);
	expect_error(-E2BIG);
	evh_builder_add_units_array(b, "f", EVH_ENCODING_STRING_CHAR8, &long_one, 1, 0, 0);
	expect_error(-E2BIG);
	evh_builder_add_units_array(b, "f", EVH_ENCODING_STRING_CHAR8, &long_one, 65536, 0, 0);
	expect_error(-E2BIG);
	evh_builder_add_string32(b, "f", zeros, 65535, 0, 0);
	expect_error(-E2BIG);
}

Test(builder, too_much_metadata)
{
	char name[200];

	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = 0;
	for (int i = 0; i < 400; i++)
		evh_builder_add_struct(b, name, 1, 0);
	expect_error(-E2BIG);
}

Test(builder, constant_array_of_none)
{
	evh_builder_add_constant_array(b, "f", EVH_ENCODING_VALUE8, "x", 0, 0, 0);
	expect_error(-EINVAL);
}

Test(builder, struct_counts)
{
	size_t bookmark;

	evh_builder_add_struct(b, "s", 0, 0);
	expect_error(-EINVAL);
	evh_builder_add_struct(b, "s", 128, 0);
	expect_error(-EINVAL);
	evh_builder_add_struct_with_bookmark(b, "s", 1, 0, &bookmark);
	evh_builder_set_struct_field_count(b, bookmark, 0);
	expect_error(-EINVAL);
	evh_builder_add_struct_with_bookmark(b, "s", 1, 0, &bookmark);
	evh_builder_set_struct_field_count(b, bookmark, 128);
	expect_error(-EINVAL);
	evh_builder_set_struct_field_count(b, 1000, 1);
	expect_error(-EINVAL);
}

Test(builder, struct_lacks_fields)
{
	size_t bookmark;

	evh_builder_add_struct(b, "s", 2, 0);
	evh_builder_add_u8(b, "x", 1, 0, 0);
	expect_refused();
	evh_builder_add_struct_with_bookmark(b, "s", 0, 0, &bookmark);
	evh_builder_add_u8(b, "x", 1, 0, 0);
	expect_refused();
}

Test(builder, struct_of_127_fields)
{
	evh_builder_add_struct(b, "s", 127, 0);
	for (int i = 0; i < 126; i++)
		evh_builder_add_u8(b, "x", 1, 0, 0);
	cr_assert_eq(evh_builder_write(b, bench.set, NULL, NULL), -EINVAL);
	evh_builder_add_u8(b, "x", 1, 0, 0);
	cr_assert_eq(evh_builder_write(b, bench.set, NULL, NULL), 0);
}

Test(builder, bookmark_that_is_none)
{
	evh_builder_add_u8(b, "x", 1, 0, 0);
	/* the terminator of the event's name */
	evh_builder_set_struct_field_count(b, 1, 1);
	expect_refused();
}

Test(builder, attributes_that_are_none)
{
	static const char *const bad[] = {
		"e;", "e;a", "e;=v", "e;a=v;", "e;a=v;b", "e;;a=b", ";"
	};
	static const char *const good[] = { "e;a=", "e;a=v", "e;a=v;;w;b=c", ";a=b", "e;a==" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		evh_builder_reset(b, bad[i], 0);
		cr_assert_eq(evh_builder_write(b, bench.set, NULL, NULL), -EINVAL, "%s", bad[i]);
		evh_builder_reset(b, "e", 0);
		evh_builder_add_string(b, bad[i], "x", 0, 0);
		cr_assert_eq(evh_builder_write(b, bench.set, NULL, NULL), -EINVAL, "%s", bad[i]);
		evh_builder_reset(b, "e", 0);
		evh_builder_add_array(b, bad[i], EVH_ENCODING_VALUE8, "x", 1, 0, 0);
		cr_assert_eq(evh_builder_write(b, bench.set, NULL, NULL), -EINVAL, "%s", bad[i]);
	}
	cr_assert_eq(bench.transport.memory_sent, 0);
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		evh_builder_reset(b, good[i], 0);
		evh_builder_add_u8(b, good[i], 1, 0, 0);
		cr_assert_eq(evh_builder_write(b, bench.set, NULL, NULL), 0, "%s", good[i]);
	}
}

/* The transport's limit is exact, and the builder remains usable. */
Test(builder, event_size_limit)
{
	static const char text[4096];

	cr_assert_eq(evh_transport_set_size_max(&bench.transport, 100), 0);
	/* 8 header, 4 extension, 2 + 3 metadata, 2 length: 19 */
	evh_builder_add_string8(b, "f", text, 82, 0, 0);
	cr_assert_eq(evh_builder_write(b, bench.set, NULL, NULL), -E2BIG);
	cr_assert_eq(bench.transport.memory_sent, 0);
	evh_builder_reset(b, "e", 0);
	evh_builder_add_string8(b, "f", text, 81, 0, 0);
	cr_assert_eq(evh_builder_write(b, bench.set, NULL, NULL), 0);
	cr_assert_eq(bench.transport.memory_used, 100);
	cr_assert_eq(evh_builder_write(b, bench.set, (const uint8_t *)text, NULL), -E2BIG);
}

static void add_byte_and_text(struct evh_builder *builder, unsigned size)
{
	static const char text[] =
		"sixty-three characters, which are enough to fill the buffers ..";

	evh_builder_reset(builder, "e", 0);
	evh_builder_add_u8(builder, "byte", 0xbb, 0, 0x1111);
	evh_builder_add_string8(builder, "text", text, size, EVH_FORMAT_STRING8, 0x2222);
}

/* What was sent last, against a builder that has all the room it wants. */
static void expect_same_as_growing(unsigned text)
{
	static uint8_t sent[4096];
	size_t size = bench.transport.memory_used;

	memcpy(sent, bench.memory, size);
	add_byte_and_text(b, text);
	cr_assert_eq(evh_builder_write(b, bench.set, NULL, NULL), 0);
	cr_assert_eq(bench.transport.memory_used, size);
	cr_assert_arr_eq(bench.memory, sent, size);
}

/* A caller's buffer: full is an error, and no byte beyond it is touched. */
Test(builder, callers_buffer)
{
	uint8_t guarded[EVH_BUILDER_OVERHEAD + 64 + 32];
	struct evh_builder small;

	for (size_t size = EVH_BUILDER_OVERHEAD + 1; size <= EVH_BUILDER_OVERHEAD + 64; size++) {
		bool sent = false;

		memset(guarded, 0xa5, sizeof(guarded));
		cr_assert_eq(evh_builder_init(&small, guarded + 16, size), 0);
		for (unsigned text = 0; text < 64; text++) {
			int error;

			add_byte_and_text(&small, text);
			error = evh_builder_write(&small, bench.set, NULL, NULL);
			cr_assert(error == 0 || error == -ENOBUFS);
			sent |= !error;
			/* 2 + 9 + 9 of metadata, 1 + 2 + text of payload; up to 8 may stay unused
			 */
			if (text + 23 > size - EVH_BUILDER_OVERHEAD)
				cr_assert_eq(error, -ENOBUFS);
			if (text + 23 + 8 <= size - EVH_BUILDER_OVERHEAD)
				cr_assert_eq(error, 0, "size %zu text %u", size, text);
			if (!error)
				expect_same_as_growing(text);
		}
		cr_assert(sent || size < EVH_BUILDER_OVERHEAD + 31);
		for (size_t i = 0; i < 16; i++)
			cr_assert(guarded[i] == 0xa5 && guarded[16 + size + i] == 0xa5);
	}
}

Test(builder, buffer_too_small)
{
	uint8_t buffer[EVH_BUILDER_OVERHEAD];
	struct evh_builder small;

	cr_assert_eq(evh_builder_init(&small, buffer, sizeof(buffer)), -ENOBUFS);
	evh_builder_reset(&small, "e", 0);
	evh_builder_add_u8(&small, "f", 1, 0, 0);
	cr_assert_eq(evh_builder_write(&small, bench.set, NULL, NULL), -ENOBUFS);
	evh_builder_destroy(&small);
}

/* Growing: whatever the order in which names and values come, the bytes are the same. */
Test(builder, growing)
{
	static uint8_t expected[65536], value[5000];
	struct evh_builder growing;
	size_t size;

	for (size_t i = 0; i < sizeof(value); i++)
		value[i] = (uint8_t)(i * 7);
	for (size_t first = 1; first < 400; first += 13) {
		cr_assert_eq(evh_builder_init(&growing, NULL, first), 0);
		evh_builder_reset(&growing, "grow", 0);
		for (unsigned i = 0; i < 60; i++) {
			evh_builder_add_u32(&growing, "a_number_with_a_name", i, 0, 0);
			evh_builder_add_binary(&growing, "bytes", value, (size_t)i * 13, 0, 0);
		}
		cr_assert_eq(evh_builder_write(&growing, bench.set, NULL, NULL), 0);
		size = bench.transport.memory_used;
		/* 8 + 4 + 5 + 60 * (22 + 7) metadata; 60 * (4 + 2) + 13 * (59 * 60 / 2) payload */
		cr_assert_eq(size, 17 + 60 * 29 + 360 + (size_t)13 * 1770);
		if (first == 1)
			memcpy(expected, bench.memory, size);
		cr_assert_eq(memcmp(expected, bench.memory, size), 0);
		evh_builder_destroy(&growing);
	}
}

/* The largest event that any transport takes, and one byte more. */
Test(builder, largest_event)
{
	static const uint8_t bytes[65536];
	size_t size = EVH_SIZE_MAX_FILE - 8 - 4 - 2 - 3 - 2;

	cr_assert_eq(evh_transport_set_size_max(&bench.transport, EVH_SIZE_MAX_FILE), 0);
	evh_builder_add_binary(b, "f", bytes, size, 0, 0);
	cr_assert_eq(evh_builder_write(b, bench.set, NULL, NULL), 0);
	cr_assert_eq(bench.transport.memory_used, EVH_SIZE_MAX_FILE);
	evh_builder_reset(b, "e", 0);
	evh_builder_add_binary(b, "f", bytes, size + 1, 0, 0);
	cr_assert_eq(evh_builder_write(b, bench.set, NULL, NULL), -E2BIG);
}

/* Different events in turn: what one leaves in the buffer never shows in the next. */
Test(builder, alternating_events)
{
	for (int round = 0; round < 3; round++) {
		evh_builder_reset(b, "a", 0);
		bench_expect(&bench, "07 00 0000 0000 00 05  0200 0100 'a'00");
		evh_builder_reset(b, "longer", 0);
		evh_builder_add_u64(b, "number", 1, 0, 0);
		evh_builder_add_string(b, "text", "tttttttttttttttttttt", 0, 0);
		bench_expect(&bench, "07 00 0000 0000 00 05  1500 0100 'longer'00 'number'00 05"
				     "'text'00 0a  0100000000000000 1400 'tttttttttttttttttttt'");
		evh_builder_reset(b, "b", 0);
		evh_builder_add_u8(b, "x", 1, 0, 0);
		bench_expect(&bench, "07 00 0000 0000 00 05  0500 0100 'b'00 'x'00 02  01");
	}
}

Test(builder, fields_after_a_write)
{
	evh_builder_add_u8(b, "x", 1, 0, 0);
	bench_expect(&bench, "07 00 0000 0000 00 05  0500 0100 'e'00 'x'00 02  01");
	bench_expect(&bench, "07 00 0000 0000 00 05  0500 0100 'e'00 'x'00 02  01");
	evh_builder_add_string(b, "y", "z", 0, 0);
	bench_expect(&bench,
		     "07 00 0000 0000 00 05  0800 0100 'e'00 'x'00 02 'y'00 0a  01 0100 'z'");
}

Test(builder, nobody_listens)
{
	struct evh_event_set *off =
		evh_dynamic_provider_create_unregistered(bench.provider, 1, 2, false);

	cr_assert_eq(evh_builder_write(b, off, NULL, NULL), -EBADF);
	cr_assert_eq(evh_builder_write(b, NULL, NULL, NULL), -EBADF);
	cr_assert_eq(bench.transport.memory_sent, 0);
}

/* No allocation once the buffers are warm: a builder whose heap is exhausted goes on. */
Test(builder, warm_builder_keeps_its_buffer)
{
	uint8_t *buffer;

	for (int i = 0; i < 100; i++) {
		evh_builder_reset(b, "event", 0);
		for (int j = 0; j < 40; j++)
			evh_builder_add_string(b, "field", "some text of thirty-five characters", 0,
					       0);
		cr_assert_eq(evh_builder_write(b, bench.set, NULL, NULL), 0);
		if (i == 0)
			buffer = b->buffer;
		cr_assert_eq(b->buffer, buffer);
	}
}

struct writer {
	struct evh_event_set *set;
	unsigned number;
	int error;
};

static void *write_many(void *argument)
{
	struct writer *writer = argument;
	uint8_t buffer[512];
	struct evh_builder mine;

	evh_builder_init(&mine, buffer, sizeof(buffer));
	for (unsigned i = 0; i < 2000 && !writer->error; i++) {
		evh_builder_reset(&mine, "thread", 0);
		evh_builder_add_u32(&mine, "number", writer->number, 0, 0);
		evh_builder_add_u32(&mine, "i", i, 0, 0);
		writer->error = evh_builder_write(&mine, writer->set, NULL, NULL);
	}
	return NULL;
}

/* Several builders in several threads write to one set, into one recording; all arrive. */
Test(builder, threads)
{
	char path[] = "/tmp/evh-threads-XXXXXX";
	const char *names[] = { "P_L5K1" };
	struct evh_transport file;
	struct evh_dynamic_provider *provider;
	struct writer writers[4];
	pthread_t threads[4];
	long records = 0;
	uint8_t header[8];
	FILE *in;

	close(mkstemp(path));
	unlink(path);
	cr_assert_eq(evh_recording_create(path, names, 1), 0);
	cr_assert_eq(evh_transport_open_file(&file, path), 0);
	cr_assert_eq(evh_dynamic_provider_create(&provider, "P", NULL, &file), 0);
	for (unsigned i = 0; i < 4; i++) {
		writers[i] = (struct writer){ .number = i };
		writers[i].set = evh_dynamic_provider_register_set(provider, 5, 1);
		cr_assert_eq(pthread_create(&threads[i], NULL, write_many, &writers[i]), 0);
	}
	for (unsigned i = 0; i < 4; i++) {
		pthread_join(threads[i], NULL);
		cr_assert_eq(writers[i].error, 0);
	}
	evh_dynamic_provider_destroy(provider);
	evh_transport_close(&file);
	/* every record in the file is whole, and 8,000 of them are samples (type 9) */
	in = fopen(path, "rb");
	cr_assert_not_null(in);
	fseek(in, 16, SEEK_SET);
	while (fread(header, 1, sizeof(header), in) == sizeof(header)) {
		uint16_t size;
		uint32_t type, more;

		memcpy(&type, header, 4);
		memcpy(&size, header + 6, 2);
		records += type == 9;
		fseek(in, size - 8, SEEK_CUR);
		if (type == 66) {
			fseek(in, -4, SEEK_CUR);
			cr_assert_eq(fread(&more, 1, 4, in), 4);
			fseek(in, more, SEEK_CUR);
		}
	}
	fclose(in);
	unlink(path);
	cr_assert_eq(records, 8000);
}

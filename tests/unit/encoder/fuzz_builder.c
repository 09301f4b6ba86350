/* SPDX-License-Identifier: MIT */
/*
 * The builder under any sequence of calls: never a byte beyond its buffer (a heap block of exact
 * size, which AddressSanitizer watches), never an event that the decoder rejects or that has
 * payload left over, nothing sent when write reports an error, and the same calls in a growing
 * builder and in a caller's buffer give the same bytes.
 */
#include <stdlib.h>
#include <string.h>

#include <evh/builder.h>
#include <evh/decode.h>

#include "check.h"

#define EVENT_MAX 65536

/* The input, taken from the front; zeros when it is used up. */
struct input {
	const uint8_t *at, *end;
};

static unsigned take(struct input *input)
{
	return input->at < input->end ? *input->at++ : 0;
}

static unsigned take16(struct input *input)
{
	return take(input) | take(input) << 8;
}

/* Mostly small, sometimes at and around the limits of counts and sizes. */
static size_t take_count(struct input *input)
{
	static const size_t special[] = { 127, 128, 4096, 32767, 65534, 65535, 65536, SIZE_MAX };
	unsigned kind = take(input);

	return kind < 240 ? kind % 24 : special[kind % 8];
}

/* A name from the input: any bytes but NUL, or a ready one with attributes. */
static const char *take_name(struct input *input, char *buffer)
{
	static const char *const ready[] = { "f",	   "field;a=b",
					     "a;b=;;;c=d", "no attribute;",
					     "x;=",	   "a_name_of_more_than_16_bytes" };
	unsigned kind = take(input);
	size_t length = 0;

	if (kind < 128)
		return ready[kind % 6];
	for (unsigned i = 0; i < kind % 40; i++) {
		char c = (char)take(input);

		if (c)
			buffer[length++] = c;
	}
	buffer[length] = 0;
	return buffer;
}

/* Bytes that any count of values may be read from. */
static const uint8_t *content(void)
{
	static uint8_t bytes[65536 * 16 + 64];

	if (!bytes[1])
		for (size_t i = 0; i < sizeof(bytes); i++)
			bytes[i] = (uint8_t)(i % 251);
	return bytes;
}

/* What `content` can serve for units of `size` bytes; a larger count must be refused unread. */
static size_t readable(size_t count, size_t size)
{
	return count <= 65535 ? count * size : 0;
}

static void add_units_array(struct evh_builder *builder, struct input *input, const char *name)
{
	struct evh_units elements[8];
	unsigned encoding = take(input) % 16, format = take(input), tag = take16(input);
	size_t count = take(input) % 8;

	for (size_t i = 0; i < count; i++)
		elements[i] = (struct evh_units){ content() + take(input), take(input) % 64 };
	evh_builder_add_units_array(builder, name, encoding, elements, count, format % 140,
				    (uint16_t)tag);
}

static void add_scalar(struct evh_builder *builder, struct input *input, const char *name,
		       unsigned format, uint16_t tag)
{
	switch (take(input) % 8) {
	case 0:
		evh_builder_add_u8(builder, name, (uint8_t)take(input), format, tag);
		break;
	case 1:
		evh_builder_add_i16(builder, name, (int16_t)take16(input), format, tag);
		break;
	case 2:
		evh_builder_add_u32(builder, name, take16(input), format, tag);
		break;
	case 3:
		evh_builder_add_i64(builder, name, -1, format, tag);
		break;
	case 4:
		evh_builder_add_f64(builder, name, 0.5, format, tag);
		break;
	case 5:
		evh_builder_add_bool32(builder, name, take(input), format, tag);
		break;
	default:
		evh_builder_add_value(builder, name, take(input) % 16, content(), format, tag);
		break;
	}
}

static void add_string(struct evh_builder *builder, struct input *input, const char *name,
		       unsigned format, uint16_t tag)
{
	unsigned kind = take(input) % 7;
	size_t count = take_count(input);
	const uint8_t *units = content() + take(input);

	switch (kind) {
	case 0:
		evh_builder_add_string8(builder, name, units, count, format, tag);
		break;
	case 1:
		evh_builder_add_string16(builder, name, units, count, format, tag);
		break;
	case 2:
		evh_builder_add_string32(builder, name, units, count, format, tag);
		break;
	case 3:
		evh_builder_add_binary(builder, name, units, count, format, tag);
		break;
	case 4:
		evh_builder_add_zstring8(builder, name, units, count, format, tag);
		break;
	case 5:
		evh_builder_add_zstring16(builder, name, units, readable(count, 2) / 2, format,
					  tag);
		break;
	default:
		evh_builder_add_zstring32(builder, name, units, readable(count, 4) / 4, format,
					  tag);
		break;
	}
}

static void add_array(struct evh_builder *builder, struct input *input, const char *name,
		      unsigned format, uint16_t tag)
{
	unsigned encoding = take(input) % 16;
	size_t count = take_count(input);

	if (take(input) & 1)
		evh_builder_add_array(builder, name, encoding, content(), count, format, tag);
	else
		evh_builder_add_constant_array(builder, name, encoding, content(), count, format,
					       tag);
}

static void one_call(struct evh_builder *builder, struct input *input, size_t *bookmark)
{
	char buffer[64];
	unsigned call = take(input) % 16;
	const char *name = take_name(input, buffer);
	unsigned format = take(input) % 4 ? 0 : take(input);
	uint16_t tag = take(input) % 4 ? 0 : (uint16_t)take16(input);

	switch (call) {
	case 0:
		evh_builder_set_id(builder, (uint16_t)take16(input), (uint8_t)take(input));
		evh_builder_set_opcode(builder, (uint8_t)take(input));
		break;
	case 1:
	case 2:
	case 3:
		add_scalar(builder, input, name, format, tag);
		break;
	case 4:
	case 5:
	case 6:
		add_string(builder, input, name, format, tag);
		break;
	case 7:
	case 8:
		add_array(builder, input, name, format, tag);
		break;
	case 9:
		add_units_array(builder, input, name);
		break;
	case 10:
		evh_builder_add_struct(builder, name, take(input) % 6, tag);
		break;
	case 11:
		evh_builder_add_struct_with_bookmark(builder, name, take(input) % 130, tag,
						     bookmark);
		break;
	case 12:
		evh_builder_set_struct_field_count(
			builder, take(input) % 8 ? *bookmark : take16(input), take(input) % 6);
		break;
	case 13:
		evh_builder_add_raw_meta(builder, name, take(input), format,
					 take(input) % 4 ? 0 : (uint16_t)take(input), tag);
		break;
	case 14:
		evh_builder_add_raw_data(builder, content() + take(input), take(input) % 64);
		break;
	default:
		evh_builder_add_nullable(builder, name, take(input) & 1 ? content() : NULL,
					 take(input) % 20, format, tag);
		break;
	}
}

/* The decoder reads the whole event, and all its payload. */
static void check_event(const uint8_t *event, size_t size)
{
	struct evh_reader reader;
	struct evh_item item;
	int result = evh_reader_open(&reader, event, size);

	check(result == 0, "the decoder opens the event");
	while ((result = evh_reader_next(&reader, &item)) > 0)
		;
	check(result == 0, "the decoder reads the event to its end");
	check(reader.payload == event + size, "the fields take all of the payload");
}

struct outcome {
	int error;
	size_t size;
	uint8_t *bytes;
};

static void play(struct evh_builder *builder, struct input input, struct evh_event_set *set,
		 struct evh_transport *transport, struct outcome *outcome)
{
	char buffer[64];
	size_t bookmark = 0;
	unsigned ids = take(&input) % 4;
	uint64_t sent = transport->memory_sent;

	/* without an event first, now and then */
	if (take(&input) % 16)
		evh_builder_reset(builder, take_name(&input, buffer), (uint16_t)take16(&input));
	while (input.at < input.end)
		one_call(builder, &input, &bookmark);
	outcome->error = evh_builder_write(builder, set, ids & 1 ? content() : NULL,
					   ids & 2 ? content() + 16 : NULL);
	check(transport->memory_sent == sent + !outcome->error, "sent exactly when write says so");
	outcome->size = outcome->error ? 0 : transport->memory_used;
	if (outcome->error)
		return;
	memcpy(outcome->bytes, transport->memory, outcome->size);
	check_event(outcome->bytes, outcome->size);
	/* again, from the same builder */
	check(evh_builder_write(builder, set, ids & 1 ? content() : NULL,
				ids & 2 ? content() + 16 : NULL) == 0 &&
		      transport->memory_used == outcome->size &&
		      memcmp(transport->memory, outcome->bytes, outcome->size) == 0,
	      "a second write is the same event");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t memory[EVENT_MAX], first_bytes[EVENT_MAX], second_bytes[EVENT_MAX];
	static struct evh_builder warm; /* with what earlier inputs left in it */
	static struct evh_dynamic_provider *provider;
	static struct evh_transport transport;
	struct input input = { data, data + size };
	struct outcome growing = { .bytes = first_bytes }, fixed = { .bytes = second_bytes };
	struct evh_builder builder;
	struct evh_event_set *set;
	size_t room;
	uint8_t *block;

	if (!provider) {
		evh_transport_use_memory(&transport, memory, sizeof(memory));
		check(evh_dynamic_provider_create(&provider, "P", NULL, &transport) == 0 &&
			      evh_builder_init(&warm, NULL, 1) == 0,
		      "memory");
	}
	room = EVH_BUILDER_OVERHEAD + 1 + take16(&input) % 1024;
	set = evh_dynamic_provider_register_set(provider, (uint8_t)(1 + take(&input) % 5), 1);
	play(&warm, input, set, &transport, &growing);

	block = malloc(room);
	if (!block)
		return 0;
	check(evh_builder_init(&builder, block, room) == 0, "a buffer that is large enough");
	play(&builder, input, set, &transport, &fixed);
	/* the warm builder may still hold the last input's event when this one begins none */
	if (!fixed.error)
		check(growing.error == 0 && growing.size == fixed.size &&
			      memcmp(first_bytes, second_bytes, fixed.size) == 0,
		      "both builders make the same event");
	evh_builder_destroy(&builder);
	free(block);
	return 0;
}

/* SPDX-License-Identifier: MIT */
/* evh/builder.h, each function once, as it is called. Compiled by the tests. */
#include <errno.h>
#include <evh/builder.h>
#include <stdio.h>

struct evh_event_set *start(struct evh_dynamic_provider **provider, struct evh_transport *transport)
{
	struct evh_event_set *set;
	int error = evh_dynamic_provider_create(provider, "MyCo_App", "mygroup", transport);

	if (error)
		return NULL;
	set = evh_dynamic_provider_register_set(*provider, EVH_LEVEL_ERROR, 0x1);
	printf("%s%s: %d\n", evh_dynamic_provider_name(*provider),
	       evh_dynamic_provider_options(*provider), evh_event_set_error(set));
	return set;
}

void stop(struct evh_dynamic_provider *provider)
{
	printf("%llu lost\n", (unsigned long long)evh_dynamic_provider_lost(provider));
	evh_dynamic_provider_unregister(provider); /* sets stay valid, and disabled */
	evh_dynamic_provider_destroy(provider);
}

/* For a test of code that builds events: enabled, and registered nowhere. */
struct evh_event_set *for_tests(struct evh_dynamic_provider *provider)
{
	struct evh_event_set *there = evh_dynamic_provider_find_set(provider, EVH_LEVEL_ERROR, 1);

	return there ? there
		     : evh_dynamic_provider_create_unregistered(provider, EVH_LEVEL_ERROR, 1, true);
}

int whole_event(const struct evh_event_set *set, const char *path, const uint8_t activity[16])
{
	struct evh_builder builder;
	char why[EVH_BUILDER_ERROR_TEXT_SIZE];
	int error;

	if (!evh_event_set_enabled(set))
		return 0;
	evh_builder_init(&builder, NULL, 0); /* grows as needed; or in a buffer of one's own */
	evh_builder_reset(&builder, "OpenFailed", 0);
	evh_builder_set_id(&builder, 7, 1);
	evh_builder_set_opcode(&builder, EVH_OPCODE_INFO);
	evh_builder_add_string(&builder, "path", path, EVH_FORMAT_DEFAULT, 0);
	if (evh_builder_error(&builder) == -E2BIG)
		evh_builder_reset(&builder, "OpenFailed", 0);
	error = evh_builder_write(&builder, set, activity, NULL);
	if (error)
		puts(evh_builder_error_text(&builder, why, sizeof(why)));
	evh_builder_destroy(&builder);
	return error;
}

void values(struct evh_builder *builder, const void *address, const uint8_t uuid[16])
{
	evh_builder_add_u8(builder, "u8", 1, EVH_FORMAT_DEFAULT, 0);
	evh_builder_add_u16(builder, "port", 0x5000, EVH_FORMAT_PORT, 0);
	evh_builder_add_u32(builder, "mask", 0xff, EVH_FORMAT_HEX_INT, 0);
	evh_builder_add_u64(builder, "u64", 1, EVH_FORMAT_DEFAULT, 0);
	evh_builder_add_i8(builder, "i8", -1, EVH_FORMAT_DEFAULT, 0);
	evh_builder_add_i16(builder, "i16", -1, EVH_FORMAT_DEFAULT, 0);
	evh_builder_add_i32(builder, "error", 2, EVH_FORMAT_ERRNO, 0);
	evh_builder_add_i64(builder, "time", 1000000000, EVH_FORMAT_TIME, 0);
	evh_builder_add_f32(builder, "f32", 0.5f, EVH_FORMAT_DEFAULT, 0);
	evh_builder_add_f64(builder, "f64", 0.5, EVH_FORMAT_DEFAULT, 0);
	evh_builder_add_size(builder, "size", 1, EVH_FORMAT_DEFAULT, 0);
	evh_builder_add_ssize(builder, "ssize", -1, EVH_FORMAT_DEFAULT, 0);
	evh_builder_add_pointer(builder, "address", address, EVH_FORMAT_DEFAULT, 0);
	evh_builder_add_bool8(builder, "ok", true, EVH_FORMAT_DEFAULT, 0);
	evh_builder_add_bool32(builder, "found", true, EVH_FORMAT_DEFAULT, 0);
	evh_builder_add_value(builder, "id", EVH_ENCODING_VALUE128, uuid, EVH_FORMAT_UUID, 0);
	evh_builder_add_nullable(builder, "maybe", NULL, 4, EVH_FORMAT_UNSIGNED_INT, 0);
}

void text_and_bytes(struct evh_builder *builder, const char *text, size_t size,
		    const uint16_t *wide, const uint32_t *wider)
{
	const struct evh_units lines[] = { { "one", 3 }, { "three", 5 } };

	evh_builder_add_string8(builder, "json", text, size, EVH_FORMAT_STRING_JSON, 0);
	evh_builder_add_string16(builder, "wide", wide, size, EVH_FORMAT_DEFAULT, 0);
	evh_builder_add_string32(builder, "wider", wider, size, EVH_FORMAT_DEFAULT, 0);
	evh_builder_add_zstring8(builder, "z8", text, SIZE_MAX, EVH_FORMAT_DEFAULT, 0);
	evh_builder_add_zstring16(builder, "z16", wide, size, EVH_FORMAT_DEFAULT, 0);
	evh_builder_add_zstring32(builder, "z32", wider, size, EVH_FORMAT_DEFAULT, 0);
	evh_builder_add_binary(builder, "bytes", text, size, EVH_FORMAT_DEFAULT, 0);
	evh_builder_add_units_array(builder, "lines", EVH_ENCODING_STRING_CHAR8, lines, 2,
				    EVH_FORMAT_DEFAULT, 0);
}

void arrays(struct evh_builder *builder, const uint32_t *numbers, size_t count)
{
	evh_builder_add_array(builder, "numbers", EVH_ENCODING_VALUE32, numbers, count,
			      EVH_FORMAT_DEFAULT, 0);
	evh_builder_add_constant_array(builder, "four", EVH_ENCODING_VALUE32, numbers, 4,
				       EVH_FORMAT_HEX_INT, 0);
}

void structs(struct evh_builder *builder, size_t words, const char *const *word)
{
	size_t bookmark;

	evh_builder_add_struct(builder, "size", 2, 0);
	evh_builder_add_u32(builder, "lines", 1, EVH_FORMAT_DEFAULT, 0);
	evh_builder_add_u32(builder, "bytes", 80, EVH_FORMAT_DEFAULT, 0);
	/* How many it has is not known yet. */
	evh_builder_add_struct_with_bookmark(builder, "words", 0, 0, &bookmark);
	for (size_t i = 0; i < words; i++)
		evh_builder_add_string(builder, "word", word[i], EVH_FORMAT_DEFAULT, 0);
	evh_builder_set_struct_field_count(builder, bookmark, (unsigned)words);
}

/* An array of two structs of one number each. */
void raw(struct evh_builder *builder)
{
	static const uint32_t payload[] = { 1, 2 };

	evh_builder_add_raw_meta(builder, "points", EVH_ENCODING_STRUCT | EVH_ENCODING_CARRAY, 1, 2,
				 0);
	evh_builder_add_raw_meta(builder, "x", EVH_ENCODING_VALUE32, EVH_FORMAT_DEFAULT, 0, 0);
	evh_builder_add_raw_data(builder, payload, sizeof(payload));
}

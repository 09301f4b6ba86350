/* SPDX-License-Identifier: MIT */
/*
 * Events of every kind, by macros and by builder, into memory; prints each as `NAME BYTES` in hex.
 * builds.py compares what every way of building it prints. Compiled as C and as C++ (with evh.hpp
 * then, under the same names). `width` marks events whose bytes depend on the size of a pointer.
 */
#include <arpa/inet.h>
#include <evh/builder.h>
#include <evh/plain.h>
#include <evh/provider.h>
#include <evh/uuid.h>
#include <stdio.h>
#include <string.h>
#ifdef __cplusplus
#	include <evh/evh.hpp>
#endif

/* A 16-bit count in bytes, as this machine has it. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#	define COUNT(number) number "\0"
#else
#	define COUNT(number) "\0" number
#endif

EVH_PROVIDER_DEFINE(builds_provider, "Builds", "group");

static uint8_t memory[70000];
static struct evh_transport transport;

static void say(const char *name, int result)
{
	if (result) {
		printf("%s error %d\n", name, result);
		return;
	}
	printf("%s ", name);
	for (size_t i = 0; i < transport.memory_used; i++)
		printf("%02x", memory[i]);
	printf("\n");
}

static const uint8_t id[16] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };
static const uint16_t wide[] = { 'w', 'i', 'd', 'e', 0 };
static const uint32_t wider[] = { 'w', 'i', 'd', 'e', 0 };
static const uint32_t numbers[] = { 1, 2, 0xffffffff };
static const double doubles[] = { 0.5, -1e300 };

static void by_macros(void)
{
	struct timespec time = { 1000000000, 5 };
	char text[600];
	int size = -3;

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = 0;
	say("plain", EVH_WRITE(builds_provider, "E"));
	say("options",
	    EVH_WRITE(builds_provider, "E", EVH_LEVEL(2), EVH_KEYWORD(0x10), EVH_TAG(7),
		      EVH_ID(5, 6), EVH_OPCODE(EVH_OPCODE_REPLY), EVH_ACTIVITY_RELATED(id, id)));
	say("integers",
	    EVH_WRITE(builds_provider, "E", EVH_U8("a", 200), EVH_I8("b", -2), EVH_U16("c", 60000),
		      EVH_I16("d", -300), EVH_U32("e", 4000000000U), EVH_I32("f", size),
		      EVH_U64("g", UINT64_MAX), EVH_I64("h", -5),
		      EVH_HEX64("i", 0x123456789abcdef0)));
	say("others",
	    EVH_WRITE(builds_provider, "E", EVH_F32("a", 0.1f), EVH_F64("b", 1e-300),
		      EVH_BOOL8("c", true), EVH_BOOL32("d", 2), EVH_GUID("e", id),
		      EVH_IPV4("f", htonl(0x7f000001)), EVH_IPV6("g", id), EVH_PORT("h", htons(80)),
		      EVH_ERRNO("i", 2), EVH_PID("j", 3), EVH_TIME32("k", 4), EVH_TIME64("l", 5),
		      EVH_SYSTEMTIME("m", time), EVH_CHAR8("n", 'x'), EVH_CHAR16("o", 0x20ac),
		      EVH_CHAR32("p", 0x1f600)));
	say("text",
	    EVH_WRITE(builds_provider, "E", EVH_STR8("a", "abc", 2), EVH_ZSTR8("b", "abc"),
		      EVH_STR16("c", wide, 4), EVH_ZSTR16("d", wide), EVH_STR32("e", wider, 4),
		      EVH_ZSTR32("f", wider), EVH_STR8_JSON("g", "{}", 2, EVH_TAG(9)),
		      EVH_BINARY("h", id, 16, EVH_FORMAT(EVH_FORMAT_UUID))));
	say("long", EVH_WRITE(builds_provider, "E", EVH_ZSTR8("a", text), EVH_U8("b", 1),
			      EVH_STR8("c", text, 500), EVH_STR8("d", text, 17)));
	say("arrays", EVH_WRITE(builds_provider, "E", EVH_U32_ARRAY("a", numbers, 3),
				EVH_U32_VARRAY("b", numbers, 2), EVH_F64_VARRAY("c", doubles, 2),
				EVH_U16_VARRAY("d", wide, 0)));
	say("structs", EVH_WRITE(builds_provider, "E",
				 EVH_STRUCT("s", EVH_U8("a", 1),
					    EVH_STRUCT("t", EVH_ZSTR8("b", "x")), EVH_TAG(3)),
				 EVH_U8("c", 2)));
	say("raw",
	    EVH_WRITE(builds_provider, "E", EVH_RAW_STRUCT_VARRAY("s", 1),
		      EVH_RAW_META("a", EVH_ENCODING_VALUE8), EVH_RAW_DATA(COUNT("\2") "ab", 4),
		      EVH_RAW_FIELD("b", EVH_ENCODING_BINARY, COUNT("\1") "c", 3)));
	say("deduced", EVH_WRITE(builds_provider, "E", EVH_VAR(size), EVH_VALUE("b", 1.5),
				 EVH_VALUE("c", (const char *)text), EVH_VALUE("d", (bool)1)));
	say("width", EVH_WRITE(builds_provider, "E", EVH_SIZE("a", 5), EVH_SSIZE("b", -5),
			       EVH_POINTER("c", (void *)0x1000), EVH_HEXSIZE("d", 255)));
}

static void by_builder(struct evh_builder *builder, const struct evh_event_set *set)
{
	const struct evh_units units[] = { { "one", 3 }, { "", 0 } };

	evh_builder_reset(builder, "E", 5);
	evh_builder_set_id(builder, 3, 4);
	evh_builder_add_i16(builder, "a", -300, EVH_FORMAT_DEFAULT, 0);
	evh_builder_add_f64(builder, "b", 0.1, EVH_FORMAT_DEFAULT, 7);
	evh_builder_add_string(builder, "c;x=y", "text", EVH_FORMAT_STRING_JSON, 0);
	evh_builder_add_zstring16(builder, "d", wide, SIZE_MAX, EVH_FORMAT_DEFAULT, 0);
	evh_builder_add_array(builder, "e", EVH_ENCODING_VALUE32, numbers, 3, EVH_FORMAT_HEX_INT,
			      0);
	evh_builder_add_constant_array(builder, "f", EVH_ENCODING_VALUE64, doubles, 2,
				       EVH_FORMAT_FLOAT, 0);
	evh_builder_add_units_array(builder, "g", EVH_ENCODING_STRING_CHAR8, units, 2, 0, 0);
	evh_builder_add_struct(builder, "s", 1, 3);
	evh_builder_add_nullable(builder, "h", NULL, 4, EVH_FORMAT_UNSIGNED_INT, 0);
	evh_builder_add_value(builder, "i", EVH_ENCODING_VALUE128, id, EVH_FORMAT_UUID, 0);
	say("builder", evh_builder_write(builder, set, id, NULL));
	evh_builder_reset(builder, "E", 0);
	evh_builder_add_size(builder, "a", 5, EVH_FORMAT_DEFAULT, 0);
	say("builder-width", evh_builder_write(builder, set, NULL, NULL));
}

/* The same event by C++'s own interface, where there is C++. */
static void by_objects(struct evh_builder *builder, const struct evh_event_set *set)
{
#ifdef __cplusplus
	evh::event event("E");

	(void)builder;
	event.add("a", static_cast<int16_t>(-300))
		.add("b", "text")
		.add("c", std::u16string(u"wide"));
	event.add("d", std::vector<uint32_t>(numbers, numbers + 3));
	event.add_struct("s", [](evh::event &inner) { inner.add("t", true).add("u", 0.5f); });
	say("objects", event.write(evh::event_set(set), evh::uuid(id)));
#else
	evh_builder_reset(builder, "E", 0);
	evh_builder_add_i16(builder, "a", -300, EVH_FORMAT_DEFAULT, 0);
	evh_builder_add_string(builder, "b", "text", EVH_FORMAT_DEFAULT, 0);
	evh_builder_add_string16(builder, "c", wide, 4, EVH_FORMAT_DEFAULT, 0);
	evh_builder_add_array(builder, "d", EVH_ENCODING_VALUE32, numbers, 3, EVH_FORMAT_DEFAULT,
			      0);
	evh_builder_add_struct(builder, "s", 2, 0);
	evh_builder_add_bool8(builder, "t", true, EVH_FORMAT_DEFAULT, 0);
	evh_builder_add_f32(builder, "u", 0.5f, EVH_FORMAT_DEFAULT, 0);
	say("objects", evh_builder_write(builder, set, id, NULL));
#endif
}

static void by_fields(void)
{
	struct evh_plain *plain;
	int error = evh_plain_open(&plain, "builds_plain",
				   "u32 a; s16 b; char c[8]; __rel_loc char[] d; __data_loc u8[] e",
				   &transport);

	if (!error)
		error = EVH_PLAIN_WRITE(plain, evh_plain_uint(4000000000U), evh_plain_int(-300),
					evh_plain_text("text"), evh_plain_text("longer"),
					evh_plain_bytes(id, 5));
	say("fields", error);
	evh_plain_close(plain);
}

static void by_names(void)
{
	uint8_t uuid[16];

	evh_uuid_from_name(uuid, "na\xc3\xafve");
	memcpy(memory, uuid, sizeof(uuid));
	transport.memory_used = sizeof(uuid);
	say("uuid", 0);
}

#ifdef __cplusplus
extern "C"
#endif
	__attribute__((visibility("default"))) int
	builds_main(void);

int builds_main(void)
{
	struct evh_dynamic_provider *provider;
	struct evh_event_set *set;
	struct evh_builder builder;

	evh_transport_use_memory(&transport, memory, sizeof(memory));
	if (evh_provider_register_to(&builds_provider, &transport) ||
	    evh_dynamic_provider_create(&provider, "Builds", NULL, &transport) ||
	    evh_builder_init(&builder, NULL, 0))
		return 1;
	set = evh_dynamic_provider_register_set(provider, EVH_LEVEL_ERROR, 1);
	by_macros();
	by_builder(&builder, set);
	by_objects(&builder, set);
	by_fields();
	by_names();
	evh_builder_destroy(&builder);
	evh_dynamic_provider_destroy(provider);
	evh_provider_unregister(&builds_provider);
	return fflush(stdout) ? 1 : 0;
}

#ifndef BUILDS_MODULE
int main(void)
{
	return builds_main();
}
#endif

/* SPDX-License-Identifier: MIT */
/*
 * evh/provider.h and evh/fields.h, each macro and function once, as it is called. Compiled by the
 * tests; whole programs stand in the folder above.
 */
#include <evh/provider.h>
#include <stdio.h>
#include <sys/socket.h>

/* In one file; EVH_PROVIDER_DEFINE(my_provider, "MyCo_App") without a group. */
EVH_PROVIDER_DEFINE(my_provider, "MyCo_App", "mygroup");

/* In a header, for the other files. */
EVH_PROVIDER_DECLARE(my_provider);

int start_tracing(struct evh_transport *recording)
{
	int error = recording ? evh_provider_register_to(&my_provider, recording)
			      : evh_provider_register(&my_provider);

	printf("%s, group %s, options %s: %d\n", evh_provider_name(&my_provider),
	       evh_provider_group(&my_provider), evh_provider_options(&my_provider), error);
	return error;
}

void stop_tracing(void)
{
	printf("%llu events were lost\n", (unsigned long long)evh_provider_lost(&my_provider));
	evh_provider_unregister(&my_provider);
}

int options(const uint8_t activity[16], const uint8_t related[16])
{
	EVH_WRITE(my_provider, "Started", EVH_LEVEL(EVH_LEVEL_INFORMATION), EVH_KEYWORD(0x2),
		  EVH_OPCODE(EVH_OPCODE_ACTIVITY_START), EVH_ACTIVITY_RELATED(activity, related));
	return EVH_WRITE(my_provider, "Stopped", EVH_LEVEL(EVH_LEVEL_INFORMATION), EVH_TAG(0x10),
			 EVH_ID(7, 1), EVH_ACTIVITY(activity));
}

/* Where the values are dear. */
int dear(uint64_t (*measure)(void))
{
	if (!EVH_ENABLED(my_provider, EVH_LEVEL_VERBOSE, 0x1))
		return 0;
	return EVH_WRITE(my_provider, "Measured", EVH_U64("nanoseconds", measure()));
}

int values(const void *address, const uint8_t uuid[16], struct timespec now)
{
	EVH_WRITE(my_provider, "Unsigned", EVH_U8("a", 1), EVH_U16("b", 2), EVH_U32("c", 3),
		  EVH_U64("d", 4), EVH_SIZE("size", sizeof(now)));
	EVH_WRITE(my_provider, "Signed", EVH_I8("a", -1), EVH_I16("b", -2), EVH_I32("c", -3),
		  EVH_I64("d", -4), EVH_SSIZE("result", -1));
	EVH_WRITE(my_provider, "Hex", EVH_HEX8("a", 1), EVH_HEX16("b", 2), EVH_HEX32("c", 3),
		  EVH_HEX64("d", 4), EVH_HEXSIZE("mask", 0xff), EVH_POINTER("at", address),
		  EVH_CODE_POINTER("caller", address));
	EVH_WRITE(my_provider, "Others", EVH_F32("ratio", 0.5f), EVH_F64("seconds", 1.5),
		  EVH_BOOL8("ok", true), EVH_BOOL32("found", 1), EVH_CHAR8("letter", 'x'),
		  EVH_CHAR16("unit", 0x20ac), EVH_CHAR32("character", 0x1f600));
	EVH_WRITE(my_provider, "Network", EVH_GUID("id", uuid), EVH_IPV4("from", 0x0100007f),
		  EVH_IPV6("to", uuid), EVH_PORT("port", 0x5000));
	return EVH_WRITE(my_provider, "System", EVH_ERRNO("error", 2), EVH_PID("pid", 1),
			 EVH_TID("tid", 1), EVH_TIME32("seen", 1000000000),
			 EVH_TIME64("changed", 1000000000), EVH_SYSTEMTIME("now", now));
}

/* The compiler finds the field. */
int deduced(int attempt, const char *path, double ratio)
{
	return EVH_WRITE(my_provider, "Deduced", EVH_VAR(attempt), EVH_VAR(path),
			 EVH_VALUE("percent", ratio * 100, EVH_TAG(5)));
}

int text(const char *bytes, size_t size, const uint16_t *wide, const uint32_t *wider)
{
	EVH_WRITE(my_provider, "Counted", EVH_STR8("a", bytes, size), EVH_STR16("b", wide, size),
		  EVH_STR32("c", wider, size));
	EVH_WRITE(my_provider, "CountedOf", EVH_STR8_LATIN1("a", bytes, size),
		  EVH_STR8_XML("b", bytes, size), EVH_STR8_JSON("c", bytes, size),
		  EVH_STR16_LATIN1("d", wide, size), EVH_STR16_XML("e", wide, size),
		  EVH_STR16_JSON("f", wide, size), EVH_STR32_LATIN1("g", wider, size),
		  EVH_STR32_XML("h", wider, size), EVH_STR32_JSON("i", wider, size));
	EVH_WRITE(my_provider, "Terminated", EVH_ZSTR8("a", bytes), EVH_ZSTR16("b", wide),
		  EVH_ZSTR32("c", wider));
	return EVH_WRITE(my_provider, "TerminatedOf", EVH_ZSTR8_LATIN1("a", bytes),
			 EVH_ZSTR8_XML("b", bytes), EVH_ZSTR8_JSON("c", bytes),
			 EVH_ZSTR16_LATIN1("d", wide), EVH_ZSTR16_XML("e", wide),
			 EVH_ZSTR16_JSON("f", wide), EVH_ZSTR32_LATIN1("g", wider),
			 EVH_ZSTR32_XML("h", wider), EVH_ZSTR32_JSON("i", wider));
}

int bytes(const void *data, size_t size, const struct sockaddr *address, socklen_t length)
{
	return EVH_WRITE(my_provider, "Bytes", EVH_BINARY("packet", data, size),
			 EVH_BINARY("peer", data, 16, EVH_FORMAT(EVH_FORMAT_IP_ADDRESS)),
			 EVH_SOCKADDR("address", address, length));
}

int structs(uint32_t lines, const char *name)
{
	return EVH_WRITE(my_provider, "Structs",
			 EVH_STRUCT("file", EVH_ZSTR8("name", name), EVH_U32("lines", lines),
				    EVH_STRUCT("owner", EVH_U32("uid", 0), EVH_U32("gid", 0))));
}

/* What the others can't say: an array of two structs, and one whose length is known late. */
int raw(const uint8_t *payload, size_t size)
{
	EVH_WRITE(my_provider, "Points", EVH_RAW_STRUCT_ARRAY("points", 2, 2),
		  EVH_RAW_META("x", EVH_ENCODING_VALUE32), EVH_RAW_META("y", EVH_ENCODING_VALUE32),
		  EVH_RAW_DATA(payload, 16));
	EVH_WRITE(my_provider, "Lines", EVH_RAW_STRUCT_VARRAY("lines", 1),
		  EVH_RAW_META("text", EVH_ENCODING_STRING_CHAR8), EVH_RAW_DATA(payload, size));
	EVH_WRITE(my_provider, "One", EVH_RAW_STRUCT("one", 1),
		  EVH_RAW_META_ARRAY("bytes", EVH_ENCODING_VALUE8, 4), EVH_RAW_DATA(payload, 4));
	return EVH_WRITE(my_provider, "Field",
			 EVH_RAW_FIELD("strings", EVH_ENCODING_STRING_CHAR8 | EVH_ENCODING_VARRAY,
				       payload, size));
}

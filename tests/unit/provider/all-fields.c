/* SPDX-License-Identifier: MIT */
/*
 * Records events with every kind of field into the recording that is named, for decode.py to read
 * back. usage: all-fields RECORDING
 */
#include <arpa/inet.h>
#include <evh/provider.h>
#include <evh/recording.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

EVH_PROVIDER_DEFINE(fields, "AllFields", "grp");

static const char *const tracepoints[] = { "AllFields_L5K1Ggrp" };

static const uint8_t guid[2][16] = {
	{ 0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee,
	  0xff },
	{ 1 },
};

static int write_integers(void)
{
	return EVH_WRITE(
		fields, "Integers", EVH_U8("u8", 255), EVH_U16("u16", 65535),
		EVH_U32("u32", UINT32_MAX), EVH_U64("u64", UINT64_MAX), EVH_I8("i8", -128),
		EVH_I16("i16", -32768), EVH_I32("i32", INT32_MIN), EVH_I64("i64", INT64_MIN),
		EVH_HEX8("hex8", 0xab), EVH_HEX16("hex16", 0xab), EVH_HEX32("hex32", 0xab),
		EVH_HEX64("hex64", 0xab), EVH_SIZE("size", (size_t)7),
		EVH_SSIZE("ssize", (ssize_t)-7), EVH_HEXSIZE("hexsize", (size_t)7),
		EVH_POINTER("pointer", (void *)0x1000), EVH_CODE_POINTER("code", (void *)0x2000));
}

static int write_others(void)
{
	return EVH_WRITE(fields, "Others", EVH_F32("f32", 1.5f), EVH_F64("f64", -0.25),
			 EVH_BOOL8("yes", true), EVH_BOOL32("no", false), EVH_CHAR8("char8", 'A'),
			 EVH_CHAR16("char16", 0x20ac), EVH_CHAR32("char32", 0x1f600),
			 EVH_GUID("guid", guid[0]), EVH_IPV4("ipv4", htonl(0x7f000001)),
			 EVH_IPV6("ipv6", &in6addr_loopback), EVH_PORT("port", htons(443)),
			 EVH_PID("pid", 1234), EVH_TID("tid", 1235), EVH_TIME32("time32", 86400),
			 EVH_TIME64("time64", 86400));
}

static int write_arrays(void)
{
	static const int16_t numbers[] = { -1, 0, 1 };
	static const float floats[] = { 0.5f, 2 };

	return EVH_WRITE(fields, "Arrays", EVH_I16_ARRAY("constant", numbers, 3),
			 EVH_I16_VARRAY("variable", numbers, 2),
			 EVH_F32_VARRAY("floats", floats, 2),
			 EVH_U64_VARRAY("none", (const uint64_t *)NULL, 0),
			 EVH_GUID_ARRAY("guids", guid, 2));
}

static int write_strings(void)
{
	static const uint16_t wide[] = { 'w', 0x20ac, 0 };
	static const uint32_t wider[] = { 'w', 0x1f600, 0 };

	return EVH_WRITE(fields, "Strings", EVH_STR8("str8", "\xc3\xa9", 2),
			 EVH_STR8_LATIN1("latin1", "\xe9", 1), EVH_STR16("str16", wide, 2),
			 EVH_STR32("str32", wider, 2), EVH_ZSTR8("zstr8", "z"),
			 EVH_ZSTR16("zstr16", wide), EVH_ZSTR32("zstr32", wider),
			 EVH_STR8_XML("xml", "<x/>", 4), EVH_BINARY("binary", guid[0], 3),
			 EVH_BINARY("uuid", guid[0], 16, EVH_FORMAT(EVH_FORMAT_UUID)));
}

static int write_structs(void)
{
	static const uint8_t elements[] = { 2, 0, 1, 1, 0, 'a', 2, 2, 0, 'b', 'c' };

	return EVH_WRITE(fields, "Structs", EVH_ID(7, 2), EVH_TAG(0x1234),
			 EVH_OPCODE(EVH_OPCODE_REPLY), EVH_ACTIVITY_RELATED(guid[0], guid[1]),
			 EVH_STRUCT("outer", EVH_TAG(3), EVH_U8("first", 1),
				    EVH_STRUCT("inner", EVH_U8("second", 2)), EVH_U8("third", 3)),
			 EVH_RAW_STRUCT_VARRAY("list", 2), EVH_RAW_META("n", EVH_ENCODING_VALUE8),
			 EVH_RAW_META("s", EVH_ENCODING_STRING_CHAR8), EVH_RAW_DATA(elements, 11),
			 EVH_U8("last", 9));
}

int main(int argc, char **argv)
{
	struct evh_transport recording;
	int error = argc == 2 ? evh_recording_create(argv[1], tracepoints, 1) : -EINVAL;

	if (!error)
		error = evh_transport_open_file(&recording, argv[1]);
	if (!error)
		error = evh_provider_register_to(&fields, &recording);
	if (error || write_integers() || write_others() || write_arrays() || write_strings() ||
	    write_structs()) {
		fprintf(stderr, "all-fields: %s\n", strerror(-error));
		return 1;
	}
	evh_transport_close(&recording);
	return 0;
}

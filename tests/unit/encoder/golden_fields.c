/* SPDX-License-Identifier: MIT */
/*
 * Golden bytes of every kind of field that the builder makes. Each event is called "e" and has one
 * field "f"; its bytes are written out from the format's description:
 *
 *	header		07 00 0000 0000 00 05	64-bit, little-endian, with extension; level 5
 *	extension	size(2) 0100		metadata, the last extension
 *	metadata	'e' 00 'f' 00 encoding [format] [tag] [count]
 *	payload
 */
#include "bytes.h"

#define HEADER "07 00 0000 0000 00 05  "

#define GOLDEN(name, bytes, ...)                                                                   \
	Test(golden_fields, name)                                                                  \
	{                                                                                          \
		static struct bench bench;                                                         \
		struct evh_builder *b = &bench.builder;                                            \
                                                                                                   \
		bench_start(&bench);                                                               \
		__VA_ARGS__;                                                                       \
		bench_expect(&bench, HEADER bytes);                                                \
		bench_stop(&bench);                                                                \
	}

/* NULL is nothing, whatever the count: empty, or zeros where the size is part of the type. */
GOLDEN(null_string, "0500 0100 'e'00 'f'00 0a  0000", evh_builder_add_string(b, "f", NULL, 0, 0))
GOLDEN(null_string8, "0500 0100 'e'00 'f'00 0a  0000",
       evh_builder_add_string8(b, "f", NULL, 7, 0, 0))
GOLDEN(null_string16, "0500 0100 'e'00 'f'00 0b  0000",
       evh_builder_add_string16(b, "f", NULL, 7, 0, 0))
GOLDEN(null_zstring8, "0500 0100 'e'00 'f'00 07  00",
       evh_builder_add_zstring8(b, "f", NULL, 7, 0, 0))
GOLDEN(null_zstring32, "0500 0100 'e'00 'f'00 09  00000000",
       evh_builder_add_zstring32(b, "f", NULL, 7, 0, 0))
GOLDEN(null_binary, "0500 0100 'e'00 'f'00 0d  0000", evh_builder_add_binary(b, "f", NULL, 7, 0, 0))
GOLDEN(null_value, "0500 0100 'e'00 'f'00 03  0000",
       evh_builder_add_value(b, "f", EVH_ENCODING_VALUE16, NULL, 0, 0))
GOLDEN(null_array, "0500 0100 'e'00 'f'00 43  0000",
       evh_builder_add_array(b, "f", EVH_ENCODING_VALUE16, NULL, 7, 0, 0))
GOLDEN(null_constant_array, "0700 0100 'e'00 'f'00 23 0200  00000000",
       evh_builder_add_constant_array(b, "f", EVH_ENCODING_VALUE16, NULL, 2, 0, 0))
GOLDEN(null_elements, "0500 0100 'e'00 'f'00 4a  0200 0000 0100 'x'",
       evh_builder_add_units_array(b, "f", EVH_ENCODING_STRING_CHAR8,
				   (struct evh_units[]){ { NULL, 7 }, { "x", 1 } }, 2, 0, 0))

/* Single values: the encoding says the size; a format follows where the default is not meant. */
GOLDEN(u8, "0500 0100 'e'00 'f'00 02  fe", evh_builder_add_u8(b, "f", 254, 0, 0))
GOLDEN(u16, "0500 0100 'e'00 'f'00 03  feff", evh_builder_add_u16(b, "f", 65534, 0, 0))
GOLDEN(u32, "0500 0100 'e'00 'f'00 04  feffffff", evh_builder_add_u32(b, "f", 4294967294, 0, 0))
GOLDEN(u64, "0500 0100 'e'00 'f'00 05  0807060504030201",
       evh_builder_add_u64(b, "f", 0x0102030405060708, 0, 0))
GOLDEN(i8, "0600 0100 'e'00 'f'00 82 02  80", evh_builder_add_i8(b, "f", -128, 0, 0))
GOLDEN(i16, "0600 0100 'e'00 'f'00 83 02  feff", evh_builder_add_i16(b, "f", -2, 0, 0))
GOLDEN(i32, "0600 0100 'e'00 'f'00 84 02  00000080", evh_builder_add_i32(b, "f", INT32_MIN, 0, 0))
GOLDEN(i64, "0600 0100 'e'00 'f'00 85 02  ffffffffffffffff", evh_builder_add_i64(b, "f", -1, 0, 0))
GOLDEN(f32, "0600 0100 'e'00 'f'00 84 08  0000c03f", evh_builder_add_f32(b, "f", 1.5F, 0, 0))
GOLDEN(f64, "0600 0100 'e'00 'f'00 85 08  00000000000004c0",
       evh_builder_add_f64(b, "f", -2.5, 0, 0))
GOLDEN(bool8, "0600 0100 'e'00 'f'00 82 07  01", evh_builder_add_bool8(b, "f", 1, 0, 0))
GOLDEN(bool8_of_more, "0600 0100 'e'00 'f'00 82 07  01", evh_builder_add_bool8(b, "f", 0x100, 0, 0))
GOLDEN(bool32_of_more, "0600 0100 'e'00 'f'00 84 07  01000000",
       evh_builder_add_bool32(b, "f", 0x100, 0, 0))
GOLDEN(bool32, "0600 0100 'e'00 'f'00 84 07  01000000", evh_builder_add_bool32(b, "f", 1, 0, 0))

GOLDEN(size, "0500 0100 'e'00 'f'00 05  0100000000000000", evh_builder_add_size(b, "f", 1, 0, 0))
GOLDEN(ssize, "0600 0100 'e'00 'f'00 85 02  ffffffffffffffff",
       evh_builder_add_ssize(b, "f", -1, 0, 0))
GOLDEN(pointer, "0600 0100 'e'00 'f'00 85 03  efbeadde00000000",
       evh_builder_add_pointer(b, "f", (const void *)0xdeadbeef, 0, 0))

/* Formats. */
GOLDEN(hex8, "0600 0100 'e'00 'f'00 82 03  fe",
       evh_builder_add_u8(b, "f", 254, EVH_FORMAT_HEX_INT, 0))
GOLDEN(hex64, "0600 0100 'e'00 'f'00 85 03  0100000000000000",
       evh_builder_add_u64(b, "f", 1, EVH_FORMAT_HEX_INT, 0))
GOLDEN(unsigned_said, "0600 0100 'e'00 'f'00 84 01  ffffffff",
       evh_builder_add_i32(b, "f", -1, EVH_FORMAT_UNSIGNED_INT, 0))
GOLDEN(errno_value, "0600 0100 'e'00 'f'00 84 04  02000000",
       evh_builder_add_i32(b, "f", 2, EVH_FORMAT_ERRNO, 0))
GOLDEN(pid, "0600 0100 'e'00 'f'00 84 05  d2040000",
       evh_builder_add_i32(b, "f", 1234, EVH_FORMAT_PID, 0))
GOLDEN(time32, "0600 0100 'e'00 'f'00 84 06  00000000",
       evh_builder_add_i32(b, "f", 0, EVH_FORMAT_TIME, 0))
GOLDEN(time64, "0600 0100 'e'00 'f'00 85 06  00e1f50500000000",
       evh_builder_add_i64(b, "f", 100000000, EVH_FORMAT_TIME, 0))
GOLDEN(char8, "0600 0100 'e'00 'f'00 82 0a  e9",
       evh_builder_add_u8(b, "f", 0xe9, EVH_FORMAT_STRING8, 0))
GOLDEN(char16, "0600 0100 'e'00 'f'00 83 0b  ac20",
       evh_builder_add_u16(b, "f", 0x20ac, EVH_FORMAT_STRING_UTF, 0))
GOLDEN(char32, "0600 0100 'e'00 'f'00 84 0b  00f60100",
       evh_builder_add_u32(b, "f", 0x1f600, EVH_FORMAT_STRING_UTF, 0))
GOLDEN(hex_bytes, "0600 0100 'e'00 'f'00 84 09  01020304",
       evh_builder_add_value(b, "f", EVH_ENCODING_VALUE32, "\1\2\3\4", EVH_FORMAT_HEX_BYTES, 0))
GOLDEN(port, "0600 0100 'e'00 'f'00 83 10  01bb",
       evh_builder_add_value(b, "f", EVH_ENCODING_VALUE16, "\x01\xbb", EVH_FORMAT_PORT, 0))
GOLDEN(ipv4, "0600 0100 'e'00 'f'00 84 11  7f000001",
       evh_builder_add_value(b, "f", EVH_ENCODING_VALUE32, "\x7f\0\0\1", EVH_FORMAT_IP_ADDRESS, 0))
GOLDEN(ipv6, "0600 0100 'e'00 'f'00 86 11  20010db8 00000000 00000000 00000001",
       evh_builder_add_value(b, "f", EVH_ENCODING_VALUE128,
			     "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1", EVH_FORMAT_IP_ADDRESS, 0))
GOLDEN(uuid, "0600 0100 'e'00 'f'00 86 0f  00112233 44556677 8899aabb ccddeeff",
       evh_builder_add_value(b, "f", EVH_ENCODING_VALUE128,
			     "\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff",
			     EVH_FORMAT_UUID, 0))
GOLDEN(value128, "0500 0100 'e'00 'f'00 06  000102030405060708090a0b0c0d0e0f",
       evh_builder_add_value(b, "f", EVH_ENCODING_VALUE128,
			     "\0\1\2\3\4\5\6\7\x8\x9\xa\xb\xc\xd\xe\xf", 0, 0))
GOLDEN(value8, "0500 0100 'e'00 'f'00 02  61",
       evh_builder_add_value(b, "f", EVH_ENCODING_VALUE8, "a", 0, 0))
GOLDEN(value64, "0500 0100 'e'00 'f'00 05  'abcdefgh'",
       evh_builder_add_value(b, "f", EVH_ENCODING_VALUE64, "abcdefgh", 0, 0))

/* A tag brings the format byte with it, also when the format is the default. */
GOLDEN(tag_alone, "0800 0100 'e'00 'f'00 82 80 3412  07", evh_builder_add_u8(b, "f", 7, 0, 0x1234))
GOLDEN(tag_and_format, "0800 0100 'e'00 'f'00 84 83 ffff  07000000",
       evh_builder_add_u32(b, "f", 7, EVH_FORMAT_HEX_INT, 0xffff))
GOLDEN(tag_on_string, "0800 0100 'e'00 'f'00 8a 8e 0100  0200 '{}'",
       evh_builder_add_string(b, "f", "{}", EVH_FORMAT_STRING_JSON, 1))

/* Counted strings: the number of units, then the units. */
GOLDEN(string8, "0500 0100 'e'00 'f'00 0a  0200 'hi'", evh_builder_add_string(b, "f", "hi", 0, 0))
GOLDEN(string8_empty, "0500 0100 'e'00 'f'00 0a  0000", evh_builder_add_string(b, "f", "", 0, 0))
GOLDEN(string8_zeros, "0500 0100 'e'00 'f'00 0a  0300 'a' 00 'b'",
       evh_builder_add_string8(b, "f", "a\0b", 3, 0, 0))
GOLDEN(string8_no_units, "0500 0100 'e'00 'f'00 0a  0000",
       evh_builder_add_string8(b, "f", NULL, 0, 0, 0))
GOLDEN(string8_latin1, "0600 0100 'e'00 'f'00 8a 0a  0100 e9",
       evh_builder_add_string8(b, "f", "\xe9", 1, EVH_FORMAT_STRING8, 0))
GOLDEN(string8_xml, "0600 0100 'e'00 'f'00 8a 0d  0400 '<a/>'",
       evh_builder_add_string(b, "f", "<a/>", EVH_FORMAT_STRING_XML, 0))
GOLDEN(string8_bom, "0600 0100 'e'00 'f'00 8a 0c  0400 efbbbf 'a'",
       evh_builder_add_string(b, "f",
			      "\xef\xbb\xbf"
			      "a",
			      EVH_FORMAT_STRING_UTF_BOM, 0))
GOLDEN(string8_seventeen, "0500 0100 'e'00 'f'00 0a  1100 'seventeen letters'",
       evh_builder_add_string(b, "f", "seventeen letters", 0, 0))
GOLDEN(string16, "0500 0100 'e'00 'f'00 0b  0200 4100 ac20",
       evh_builder_add_string16(b, "f", u"A\u20ac", 2, 0, 0))
GOLDEN(string16_json, "0600 0100 'e'00 'f'00 8b 0e  0100 3100",
       evh_builder_add_string16(b, "f", u"1", 1, EVH_FORMAT_STRING_JSON, 0))
GOLDEN(string32, "0500 0100 'e'00 'f'00 0c  0200 41000000 00f60100",
       evh_builder_add_string32(b, "f", U"A\U0001f600", 2, 0, 0))

/* Zero-terminated strings: no count, a zero of the unit's size. */
GOLDEN(zstring8, "0500 0100 'e'00 'f'00 07  'hi' 00",
       evh_builder_add_zstring8(b, "f", "hi", SIZE_MAX, 0, 0))
GOLDEN(zstring8_limit, "0500 0100 'e'00 'f'00 07  'h' 00",
       evh_builder_add_zstring8(b, "f", "hi", 1, 0, 0))
GOLDEN(zstring8_stops_at_zero, "0500 0100 'e'00 'f'00 07  'a' 00",
       evh_builder_add_zstring8(b, "f", "a\0b", 3, 0, 0))
GOLDEN(zstring8_empty, "0500 0100 'e'00 'f'00 07  00",
       evh_builder_add_zstring8(b, "f", "", SIZE_MAX, 0, 0))
GOLDEN(zstring16, "0600 0100 'e'00 'f'00 88 0e  6800 6900 0000",
       evh_builder_add_zstring16(b, "f", u"hi", SIZE_MAX, EVH_FORMAT_STRING_JSON, 0))
GOLDEN(zstring16_high_byte_zero, "0500 0100 'e'00 'f'00 08  0001 0100 0000",
       evh_builder_add_zstring16(b, "f", u"\u0100\x0001", SIZE_MAX, 0, 0))
GOLDEN(zstring32, "0500 0100 'e'00 'f'00 09  68000000 00000000",
       evh_builder_add_zstring32(b, "f", U"hi", 1, 0, 0))

/* Binary, and the nullable form of values. */
GOLDEN(binary, "0500 0100 'e'00 'f'00 0d  0300 000102",
       evh_builder_add_binary(b, "f", "\0\1\2", 3, 0, 0))
GOLDEN(binary_ipv4, "0600 0100 'e'00 'f'00 8d 11  0400 7f000001",
       evh_builder_add_binary(b, "f", "\x7f\0\0\1", 4, EVH_FORMAT_IP_ADDRESS, 0))
GOLDEN(nullable_value, "0600 0100 'e'00 'f'00 8d 01  0400 05000000",
       evh_builder_add_nullable(b, "f", "\5\0\0\0", 4, EVH_FORMAT_UNSIGNED_INT, 0))
GOLDEN(nullable_null, "0600 0100 'e'00 'f'00 8d 01  0000",
       evh_builder_add_nullable(b, "f", NULL, 4, EVH_FORMAT_UNSIGNED_INT, 0))

/* Arrays of values: 0x40 and a count in the payload, or 0x20 and the count in the metadata. */
GOLDEN(array8, "0500 0100 'e'00 'f'00 42  0300 010203",
       evh_builder_add_array(b, "f", EVH_ENCODING_VALUE8, "\1\2\3", 3, 0, 0))
GOLDEN(array16, "0600 0100 'e'00 'f'00 c3 03  0200 0100 0200",
       evh_builder_add_array(b, "f", EVH_ENCODING_VALUE16, (const uint16_t[]){ 1, 2 }, 2,
			     EVH_FORMAT_HEX_INT, 0))
GOLDEN(array32_empty, "0500 0100 'e'00 'f'00 44  0000",
       evh_builder_add_array(b, "f", EVH_ENCODING_VALUE32, NULL, 0, 0, 0))
GOLDEN(array64, "0800 0100 'e'00 'f'00 c5 88 0500  0100 000000000000f03f",
       evh_builder_add_array(b, "f", EVH_ENCODING_VALUE64, (const double[]){ 1.0 }, 1,
			     EVH_FORMAT_FLOAT, 5))
GOLDEN(array128, "0600 0100 'e'00 'f'00 c6 0f  0100 '0123456789abcdef'",
       evh_builder_add_array(b, "f", EVH_ENCODING_VALUE128, "0123456789abcdef", 1, EVH_FORMAT_UUID,
			     0))
GOLDEN(constant_array8, "0700 0100 'e'00 'f'00 22 0300  010203",
       evh_builder_add_constant_array(b, "f", EVH_ENCODING_VALUE8, "\1\2\3", 3, 0, 0))
GOLDEN(constant_array32, "0a00 0100 'e'00 'f'00 a4 84 0700 0200  01000000 02000000",
       evh_builder_add_constant_array(b, "f", EVH_ENCODING_VALUE32, (const uint32_t[]){ 1, 2 }, 2,
				      EVH_FORMAT_ERRNO, 7))
GOLDEN(constant_array64, "0800 0100 'e'00 'f'00 a5 03 0100  0100000000000000",
       evh_builder_add_constant_array(b, "f", EVH_ENCODING_VALUE64, (const uint64_t[]){ 1 }, 1,
				      EVH_FORMAT_HEX_INT, 0))

/* Arrays of strings and of binaries. */
static const struct evh_units two8[] = { { "ab", 2 }, { "", 0 } };
static const struct evh_units two16[] = { { u"a", 1 }, { u"bc", 2 } };
static const struct evh_units two32[] = { { U"a", 1 }, { U"b", 1 } };

GOLDEN(array_string8, "0500 0100 'e'00 'f'00 4a  0200 0200 'ab' 0000",
       evh_builder_add_units_array(b, "f", EVH_ENCODING_STRING_CHAR8, two8, 2, 0, 0))
GOLDEN(array_string16, "0500 0100 'e'00 'f'00 4b  0200 0100 6100 0200 6200 6300",
       evh_builder_add_units_array(b, "f", EVH_ENCODING_STRING_CHAR16, two16, 2, 0, 0))
GOLDEN(array_string32, "0500 0100 'e'00 'f'00 4c  0200 0100 61000000 0100 62000000",
       evh_builder_add_units_array(b, "f", EVH_ENCODING_STRING_CHAR32, two32, 2, 0, 0))
GOLDEN(array_zstring8, "0600 0100 'e'00 'f'00 c7 0a  0200 'ab' 00 00",
       evh_builder_add_units_array(b, "f", EVH_ENCODING_ZSTRING_CHAR8, two8, 2, EVH_FORMAT_STRING8,
				   0))
GOLDEN(array_zstring16, "0500 0100 'e'00 'f'00 48  0200 6100 0000 6200 6300 0000",
       evh_builder_add_units_array(b, "f", EVH_ENCODING_ZSTRING_CHAR16, two16, 2, 0, 0))
GOLDEN(array_zstring32, "0500 0100 'e'00 'f'00 49  0100 61000000 00000000",
       evh_builder_add_units_array(b, "f", EVH_ENCODING_ZSTRING_CHAR32, two32, 1, 0, 0))
GOLDEN(array_binary, "0800 0100 'e'00 'f'00 cd 91 0900  0200 0200 'ab' 0000",
       evh_builder_add_units_array(b, "f", EVH_ENCODING_BINARY, two8, 2, EVH_FORMAT_IP_ADDRESS, 9))
GOLDEN(array_string_empty, "0500 0100 'e'00 'f'00 4a  0000",
       evh_builder_add_units_array(b, "f", EVH_ENCODING_STRING_CHAR8, NULL, 0, 0, 0))

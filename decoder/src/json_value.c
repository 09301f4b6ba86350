/* SPDX-License-Identifier: MIT */
/*
 * One value as JSON: any, by what it is; and for those whose kind and size are known beforehand, a
 * writer that asks nothing more. Must give the same bytes either way.
 */
#include "event.h"
#include "json_put.h"

static bool kind_is_quoted(enum evh_value_kind kind, const uint8_t *data, size_t size,
			   bool big_endian)
{
	switch (kind) {
	case EVH_VALUE_HEX:
	case EVH_VALUE_ERRNO:
	case EVH_VALUE_TIME:
	case EVH_VALUE_BYTES:
	case EVH_VALUE_UUID:
	case EVH_VALUE_IPV4:
	case EVH_VALUE_IPV6:
		return true;
	case EVH_VALUE_FLOAT: /* JSON has no number for what isn't finite: all exponent bits */
		if (size == 4)
			return (load32(data, big_endian) >> 23 & 0xff) == 0xff;
		return (load64(data, big_endian) >> 52 & 0x7ff) == 0x7ff;
	default:
		return kind_is_text(kind);
	}
}

char *put_json_value(char *out, enum evh_value_kind kind, const uint8_t *data, size_t size,
		     bool big_endian)
{
	bool quoted = kind_is_quoted(kind, data, size, big_endian);

	if (quoted)
		*out++ = '"';
	if (kind_is_text(kind))
		out = put_text(out, kind, data, size, big_endian, PUT_JSON);
	else
		out = put_scalar(out, kind, data, size, big_endian);
	if (quoted)
		*out++ = '"';
	return out;
}

/* The machine's own byte order: the other one is rare, and goes the plain way. */
#define OWN_ORDER HOST_BIG_ENDIAN

#define WRITER(name, written)                                                                      \
	static char *name(char *out, const uint8_t *data, size_t size)                             \
	{                                                                                          \
		(void)size;                                                                        \
		return written;                                                                    \
	}

WRITER(write_u8, put_u64(out, *data))
WRITER(write_u16, put_u64(out, load16(data, OWN_ORDER)))
WRITER(write_u32, put_u64(out, load32(data, OWN_ORDER)))
WRITER(write_u64, put_u64(out, load64(data, OWN_ORDER)))
WRITER(write_i8, put_i64(out, (int8_t)*data))
WRITER(write_i16, put_i64(out, (int16_t)load16(data, OWN_ORDER)))
WRITER(write_i32, put_i64(out, (int32_t)load32(data, OWN_ORDER)))
WRITER(write_i64, put_i64(out, (int64_t)load64(data, OWN_ORDER)))
WRITER(write_x8, put_hex(out, *data))
WRITER(write_x16, put_hex(out, load16(data, OWN_ORDER)))
WRITER(write_x32, put_hex(out, load32(data, OWN_ORDER)))
WRITER(write_x64, put_hex(out, load64(data, OWN_ORDER)))
WRITER(write_time32, put_time(out, (int32_t)load32(data, OWN_ORDER)))
WRITER(write_time64, put_time(out, (int64_t)load64(data, OWN_ORDER)))
WRITER(write_port, put_u64(out, load16(data, true)))
WRITER(write_uuid, put_uuid(out, data))
WRITER(write_errno, put_scalar(out, EVH_VALUE_ERRNO, data, 4, OWN_ORDER))
WRITER(write_ipv4, put_scalar(out, EVH_VALUE_IPV4, data, 4, OWN_ORDER))
WRITER(write_ipv6, put_scalar(out, EVH_VALUE_IPV6, data, 16, OWN_ORDER))
WRITER(write_float32, put_json_value(out, EVH_VALUE_FLOAT, data, 4, OWN_ORDER))
WRITER(write_float64, put_json_value(out, EVH_VALUE_FLOAT, data, 8, OWN_ORDER))
WRITER(write_boolean, put_scalar(out, EVH_VALUE_BOOLEAN, data, size, OWN_ORDER))
WRITER(write_bytes, put_scalar(out, EVH_VALUE_BYTES, data, size, OWN_ORDER))
WRITER(write_latin1, put_text(out, EVH_VALUE_LATIN1, data, size, OWN_ORDER, PUT_JSON))
WRITER(write_utf16, put_text(out, EVH_VALUE_UTF16, data, size, OWN_ORDER, PUT_JSON))
WRITER(write_utf32, put_text(out, EVH_VALUE_UTF32, data, size, OWN_ORDER, PUT_JSON))

/* By the kind, and the bytes of a unit: 1, 2, 4, 8, 16. */
static const struct {
	json_writer *write[5];
	bool quoted;
} WRITERS[] = {
	[EVH_VALUE_UNSIGNED] = { { write_u8, write_u16, write_u32, write_u64 }, false },
	[EVH_VALUE_SIGNED] = { { write_i8, write_i16, write_i32, write_i64 }, false },
	[EVH_VALUE_HEX] = { { write_x8, write_x16, write_x32, write_x64 }, true },
	[EVH_VALUE_ERRNO] = { { NULL, NULL, write_errno }, true },
	[EVH_VALUE_PID] = { { NULL, NULL, write_i32 }, false },
	[EVH_VALUE_TIME] = { { NULL, NULL, write_time32, write_time64 }, true },
	[EVH_VALUE_BOOLEAN] = { { write_boolean, write_boolean, write_boolean }, false },
	[EVH_VALUE_FLOAT] = { { NULL, NULL, write_float32, write_float64 }, false },
	[EVH_VALUE_BYTES] = { { write_bytes, write_bytes, write_bytes, write_bytes, write_bytes },
			      true },
	[EVH_VALUE_UUID] = { { NULL, NULL, NULL, NULL, write_uuid }, true },
	[EVH_VALUE_PORT] = { { NULL, write_port }, false },
	[EVH_VALUE_IPV4] = { { NULL, NULL, write_ipv4 }, true },
	[EVH_VALUE_IPV6] = { { NULL, NULL, NULL, NULL, write_ipv6 }, true },
	[EVH_VALUE_LATIN1] = { { write_latin1 }, true },
	[EVH_VALUE_UTF8] = { { put_json_text }, true },
	[EVH_VALUE_UTF16] = { { NULL, write_utf16 }, true },
	[EVH_VALUE_UTF32] = { { NULL, NULL, write_utf32 }, true },
};

json_writer *json_writer_of(const struct evh_item *field, enum evh_value_kind kind, bool *quoted)
{
	unsigned unit = evh_encoding_unit[field->encoding];

	if (field->big_endian != OWN_ORDER || unit == 0 ||
	    kind >= sizeof(WRITERS) / sizeof(WRITERS[0]))
		return NULL;
	*quoted = WRITERS[kind].quoted;
	return WRITERS[kind].write[__builtin_ctz(unit)];
}

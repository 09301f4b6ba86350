/* SPDX-License-Identifier: MIT */
/*
 * The arrays of evh/fields.h: of constant length, which is part of the event's schema, and of any.
 * Compiled by the tests.
 */
#include <evh/provider.h>

EVH_PROVIDER_DEFINE(arrays_provider, "MyCo_Arrays");

int of_uint8(const uint8_t *values, size_t count)
{
	return EVH_WRITE(arrays_provider, "of_uint8", EVH_U8_ARRAY("u84", values, 4),
			 EVH_U8_VARRAY("u8", values, count), EVH_HEX8_ARRAY("hex84", values, 4),
			 EVH_HEX8_VARRAY("hex8", values, count));
}

int of_uint16(const uint16_t *values, size_t count)
{
	return EVH_WRITE(
		arrays_provider, "of_uint16", EVH_U16_ARRAY("u164", values, 4),
		EVH_U16_VARRAY("u16", values, count), EVH_HEX16_ARRAY("hex164", values, 4),
		EVH_HEX16_VARRAY("hex16", values, count), EVH_CHAR16_ARRAY("char164", values, 4),
		EVH_CHAR16_VARRAY("char16", values, count), EVH_PORT_ARRAY("port4", values, 4),
		EVH_PORT_VARRAY("port", values, count));
}

int of_uint32(const uint32_t *values, size_t count)
{
	return EVH_WRITE(
		arrays_provider, "of_uint32", EVH_U32_ARRAY("u324", values, 4),
		EVH_U32_VARRAY("u32", values, count), EVH_HEX32_ARRAY("hex324", values, 4),
		EVH_HEX32_VARRAY("hex32", values, count), EVH_CHAR32_ARRAY("char324", values, 4),
		EVH_CHAR32_VARRAY("char32", values, count), EVH_IPV4_ARRAY("ipv44", values, 4),
		EVH_IPV4_VARRAY("ipv4", values, count));
}

int of_uint64(const uint64_t *values, size_t count)
{
	return EVH_WRITE(arrays_provider, "of_uint64", EVH_U64_ARRAY("u644", values, 4),
			 EVH_U64_VARRAY("u64", values, count), EVH_HEX64_ARRAY("hex644", values, 4),
			 EVH_HEX64_VARRAY("hex64", values, count));
}

int of_int8(const int8_t *values, size_t count)
{
	return EVH_WRITE(arrays_provider, "of_int8", EVH_I8_ARRAY("i84", values, 4),
			 EVH_I8_VARRAY("i8", values, count));
}

int of_int16(const int16_t *values, size_t count)
{
	return EVH_WRITE(arrays_provider, "of_int16", EVH_I16_ARRAY("i164", values, 4),
			 EVH_I16_VARRAY("i16", values, count));
}

int of_int32(const int32_t *values, size_t count)
{
	return EVH_WRITE(
		arrays_provider, "of_int32", EVH_I32_ARRAY("i324", values, 4),
		EVH_I32_VARRAY("i32", values, count), EVH_BOOL32_ARRAY("bool324", values, 4),
		EVH_BOOL32_VARRAY("bool32", values, count), EVH_TIME32_ARRAY("time324", values, 4),
		EVH_TIME32_VARRAY("time32", values, count));
}

int of_int64(const int64_t *values, size_t count)
{
	return EVH_WRITE(arrays_provider, "of_int64", EVH_I64_ARRAY("i644", values, 4),
			 EVH_I64_VARRAY("i64", values, count),
			 EVH_TIME64_ARRAY("time644", values, 4),
			 EVH_TIME64_VARRAY("time64", values, count));
}

int of_size(const size_t *values, size_t count)
{
	return EVH_WRITE(arrays_provider, "of_size", EVH_SIZE_ARRAY("size4", values, 4),
			 EVH_SIZE_VARRAY("size", values, count),
			 EVH_HEXSIZE_ARRAY("hexsize4", values, 4),
			 EVH_HEXSIZE_VARRAY("hexsize", values, count));
}

int of_ssize(const ssize_t *values, size_t count)
{
	return EVH_WRITE(arrays_provider, "of_ssize", EVH_SSIZE_ARRAY("ssize4", values, 4),
			 EVH_SSIZE_VARRAY("ssize", values, count));
}

int of_pointers(void *const *values, size_t count)
{
	return EVH_WRITE(arrays_provider, "of_pointers", EVH_POINTER_ARRAY("pointer4", values, 4),
			 EVH_POINTER_VARRAY("pointer", values, count),
			 EVH_CODE_POINTER_ARRAY("code_pointer4", values, 4),
			 EVH_CODE_POINTER_VARRAY("code_pointer", values, count));
}

int of_float(const float *values, size_t count)
{
	return EVH_WRITE(arrays_provider, "of_float", EVH_F32_ARRAY("f324", values, 4),
			 EVH_F32_VARRAY("f32", values, count));
}

int of_double(const double *values, size_t count)
{
	return EVH_WRITE(arrays_provider, "of_double", EVH_F64_ARRAY("f644", values, 4),
			 EVH_F64_VARRAY("f64", values, count));
}

int of_bool(const bool *values, size_t count)
{
	return EVH_WRITE(arrays_provider, "of_bool", EVH_BOOL8_ARRAY("bool84", values, 4),
			 EVH_BOOL8_VARRAY("bool8", values, count));
}

int of_char(const char *values, size_t count)
{
	return EVH_WRITE(arrays_provider, "of_char", EVH_CHAR8_ARRAY("char84", values, 4),
			 EVH_CHAR8_VARRAY("char8", values, count));
}

int of_16_bytes(const uint8_t (*values)[16], size_t count)
{
	return EVH_WRITE(arrays_provider, "of_16_bytes", EVH_GUID_ARRAY("guid4", values, 4),
			 EVH_GUID_VARRAY("guid", values, count), EVH_IPV6_ARRAY("ipv64", values, 4),
			 EVH_IPV6_VARRAY("ipv6", values, count));
}

int of_int(const int *values, size_t count)
{
	return EVH_WRITE(arrays_provider, "of_int", EVH_ERRNO_ARRAY("errno4", values, 4),
			 EVH_ERRNO_VARRAY("errno", values, count));
}

int of_pid(const pid_t *values, size_t count)
{
	return EVH_WRITE(arrays_provider, "of_pid", EVH_PID_ARRAY("pid4", values, 4),
			 EVH_PID_VARRAY("pid", values, count), EVH_TID_ARRAY("tid4", values, 4),
			 EVH_TID_VARRAY("tid", values, count));
}

/* SPDX-License-Identifier: MIT */
/*
 * EVH_VALUE and EVH_VAR: the field that belongs to the type of a value. Everything here is decided
 * by the compiler; what has no field is told in a sentence.
 *
 * EVHI_DEDUCED(value) is a constant: encoding, format << 8, the step that puts the value behind the
 * metadata << 16 (its kind; its shift << 24), << 32 what the value adds to an event's fixed size,
 * and
 * << 40 the size of what its site stores. EVHI_PUT_DEDUCED(stored, value) stores it.
 */
#ifndef EVH_DETAIL_DEDUCE_H
#define EVH_DETAIL_DEDUCE_H

/* A mistake in an event is then shown where the event is, without a trail through these files. */
#ifndef EVH_SHOW_INNER_WARNINGS
#	pragma GCC system_header
#endif

#include <stdint.h>
#include <string.h>

#include <evh/detail/check.h>
#include <evh/detail/values.h>
#include <evh/format.h>

#define EVHI_SAY_DEDUCED                                                                           \
	"EVH_VALUE knows integers, numbers, booleans, char strings and pointers; for this type "   \
	"use the macro of a field"

#define EVHI_CODE(encoding, format, kind, shift, fixed, stored)                                    \
	((uint64_t)(encoding) | (uint64_t)(format) << 8 | (uint64_t)(kind) << 16 |                 \
	 (uint64_t)(shift) << 24 | (uint64_t)(fixed) << 32 | (uint64_t)(stored) << 40)
#define EVHI_DEDUCED_KIND(v)  (uint8_t)(EVHI_DEDUCED(v) >> 16)
#define EVHI_DEDUCED_SHIFT(v) (uint8_t)(EVHI_DEDUCED(v) >> 24)
#define EVHI_DEDUCED_FIXED(v) (EVHI_DEDUCED(v) >> 32 & 0xff)
#define EVHI_DEDUCED_SIZE(v)  (size_t)(EVHI_DEDUCED(v) >> 40)
#define EVHI_CODE_OF(type, format)                                                                 \
	EVHI_CODE(sizeof(type) == 1   ? EVH_ENCODING_VALUE8                                        \
		  : sizeof(type) == 2 ? EVH_ENCODING_VALUE16                                       \
		  : sizeof(type) == 4 ? EVH_ENCODING_VALUE32                                       \
				      : EVH_ENCODING_VALUE64,                                      \
		  format, EVHI_STORED, 0, sizeof(type), sizeof(type))
#define EVHI_CODE_TEXT(kind)                                                                       \
	EVHI_CODE(EVH_ENCODING_STRING_CHAR8, EVH_FORMAT_STRING_UTF, kind, 0, 2,                    \
		  sizeof(struct evhi_place))

#ifdef __cplusplus

template <class T> struct evhi_scalar {
	static constexpr unsigned format =
		std::is_same<T, bool>::value   ? EVH_FORMAT_BOOLEAN
		: std::is_same<T, char>::value ? EVH_FORMAT_STRING8
		: std::is_same<T, char16_t>::value || std::is_same<T, char32_t>::value
			? EVH_FORMAT_STRING_UTF
		: std::is_floating_point<T>::value ? EVH_FORMAT_FLOAT
		: std::is_signed<T>::value	   ? EVH_FORMAT_SIGNED_INT
						   : EVH_FORMAT_UNSIGNED_INT;
	static constexpr uint64_t code = EVHI_CODE_OF(T, format);
	static void put(uint8_t *stored, T v)
	{
		memcpy(stored, &v, sizeof(v));
	}
};

template <class T, class = void> struct evhi_deduced {
	static_assert(sizeof(T) == 0, EVHI_SAY_DEDUCED);
};

template <class T>
struct evhi_deduced<T, typename std::enable_if<std::is_arithmetic<T>::value &&
					       sizeof(T) <= sizeof(uint64_t)>::type>
    : evhi_scalar<T> {
};

template <class T>
struct evhi_deduced<T, typename std::enable_if<std::is_enum<T>::value>::type>
    : evhi_scalar<typename std::underlying_type<T>::type> {
	static void put(uint8_t *stored, T v)
	{
		using U = typename std::underlying_type<T>::type;

		evhi_scalar<U>::put(stored, static_cast<U>(v));
	}
};

template <class T>
struct evhi_deduced<
	T,
	typename std::enable_if<
		std::is_same<typename std::remove_cv<typename std::remove_pointer<T>::type>::type,
			     char>::value &&
		std::is_pointer<T>::value>::type> {
	static constexpr uint64_t code = EVHI_CODE_TEXT(EVHI_MEASURED);
	static void put(uint8_t *stored, const char *v)
	{
		evhi_store_place(stored, v, 0);
	}
};

template <class T>
struct evhi_deduced<
	T,
	typename std::enable_if<
		std::is_null_pointer<T>::value ||
		(std::is_pointer<T>::value &&
		 !std::is_same<typename std::remove_cv<typename std::remove_pointer<T>::type>::type,
			       char>::value)>::type> {
	static constexpr uint64_t code = EVHI_CODE_OF(void *, EVH_FORMAT_HEX_INT);
	static void put(uint8_t *stored, T v)
	{
		memcpy(stored, &v, sizeof(v));
	}
};

/* What has data() and size(): text, or an array of numbers. */
template <class T>
using evhi_item = typename std::remove_cv<typename std::remove_reference<decltype(*(
	std::declval<const T &>().data() + std::declval<const T &>().size()))>::type>::type;

template <class T, class E, bool = std::is_same<E, char>::value> struct evhi_range {
	static constexpr uint64_t code = EVHI_CODE_TEXT(EVHI_COUNTED);
	static void put(uint8_t *stored, const T &v)
	{
		evhi_store_place(stored, v.data(), v.size());
	}
};

template <class T, class E> struct evhi_range<T, E, false> {
	static constexpr uint64_t code =
		EVHI_CODE((evhi_deduced<E>::code & 0xff) | EVH_ENCODING_VARRAY,
			  evhi_deduced<E>::code >> 8 & 0xff, EVHI_COUNTED,
			  sizeof(E) == 1   ? 0
			  : sizeof(E) == 2 ? 1
			  : sizeof(E) == 4 ? 2
					   : 3,
			  2, sizeof(struct evhi_place));
	static void put(uint8_t *stored, const T &v)
	{
		evhi_store_place(stored, v.data(), v.size());
	}
};

template <class...> struct evhi_void {
	using type = void;
};

template <class T>
struct evhi_deduced<T, typename evhi_void<typename std::enable_if<std::is_class<T>::value>::type,
					  evhi_item<T>>::type> : evhi_range<T, evhi_item<T>> {
};

template <class T> using evhi_deduced_of = evhi_deduced<typename std::decay<T>::type>;

#	define EVHI_DEDUCED(v)		    evhi_deduced_of<decltype(v)>::code
#	define EVHI_PUT_DEDUCED(stored, v) evhi_deduced_of<decltype(v)>::put(stored, v)
#	define EVHI_CHECK_DEDUCED(sa, name, v)

#else

#	define EVHI_DEDUCED(v)                                                                    \
		_Generic((v), _Bool                                                                \
			 : EVHI_CODE_OF(_Bool, EVH_FORMAT_BOOLEAN), char                           \
			 : EVHI_CODE_OF(char, EVH_FORMAT_STRING8), signed char                     \
			 : EVHI_CODE_OF(char, EVH_FORMAT_SIGNED_INT), unsigned char                \
			 : EVHI_CODE_OF(char, EVH_FORMAT_UNSIGNED_INT), short                      \
			 : EVHI_CODE_OF(short, EVH_FORMAT_SIGNED_INT), unsigned short              \
			 : EVHI_CODE_OF(short, EVH_FORMAT_UNSIGNED_INT), int                       \
			 : EVHI_CODE_OF(int, EVH_FORMAT_SIGNED_INT), unsigned                      \
			 : EVHI_CODE_OF(int, EVH_FORMAT_UNSIGNED_INT), long                        \
			 : EVHI_CODE_OF(long, EVH_FORMAT_SIGNED_INT), unsigned long                \
			 : EVHI_CODE_OF(long, EVH_FORMAT_UNSIGNED_INT), long long                  \
			 : EVHI_CODE_OF(long long, EVH_FORMAT_SIGNED_INT), unsigned long long      \
			 : EVHI_CODE_OF(long long, EVH_FORMAT_UNSIGNED_INT), float                 \
			 : EVHI_CODE_OF(float, EVH_FORMAT_FLOAT), double                           \
			 : EVHI_CODE_OF(double, EVH_FORMAT_FLOAT), char *                          \
			 : EVHI_CODE_TEXT(EVHI_MEASURED), const char *                             \
			 : EVHI_CODE_TEXT(EVHI_MEASURED), default                                                 \
			 : EVHI_CODE_OF(void *, EVH_FORMAT_HEX_INT))

/* 5 is a pointer's class; what is left besides are structs, bit-fields and the widest numbers. */
#	define EVHI_CHECK_DEDUCED(sa, name, v)                                                    \
		EVHI_SAY_IT(sa,                                                                    \
			    _Generic((v), EVHI_ARITHMETIC(1), default                              \
				     : __builtin_classify_type(v) == 5) &&                         \
				    !_Generic((v), long double : 1, default : 0),                  \
			    name ": " EVHI_SAY_DEDUCED)

#	define EVHI_PUT_DEDUCED(stored, v)                                                        \
		_Generic((v), _Bool                                                                \
			 : evhi_put_bool, char                                                     \
			 : evhi_put_char, signed char                                              \
			 : evhi_put_schar, unsigned char                                           \
			 : evhi_put_uchar, short                                                   \
			 : evhi_put_short, unsigned short                                          \
			 : evhi_put_ushort, int                                                    \
			 : evhi_put_int, unsigned                                                  \
			 : evhi_put_uint, long                                                     \
			 : evhi_put_long, unsigned long                                            \
			 : evhi_put_ulong, long long                                               \
			 : evhi_put_llong, unsigned long long                                      \
			 : evhi_put_ullong, float                                                  \
			 : evhi_put_float, double                                                  \
			 : evhi_put_double, char *                                                 \
			 : evhi_put_text, const char *                                             \
			 : evhi_put_text, default                                                  \
			 : evhi_put_pointer)(stored, v)

#	define EVHI_PUT(word, type)                                                               \
		static inline __attribute__((__always_inline__)) void evhi_put_##word(             \
			uint8_t *stored, type v)                                                   \
		{                                                                                  \
			memcpy(stored, &v, sizeof(v));                                             \
		}
EVHI_PUT(bool, _Bool)
EVHI_PUT(char, char)
EVHI_PUT(schar, signed char)
EVHI_PUT(uchar, unsigned char)
EVHI_PUT(short, short)
EVHI_PUT(ushort, unsigned short)
EVHI_PUT(int, int)
EVHI_PUT(uint, unsigned)
EVHI_PUT(long, long)
EVHI_PUT(ulong, unsigned long)
EVHI_PUT(llong, long long)
EVHI_PUT(ullong, unsigned long long)
EVHI_PUT(float, float)
EVHI_PUT(double, double)
EVHI_PUT(pointer, const volatile void *)
#	undef EVHI_PUT

static inline __attribute__((__always_inline__)) void evhi_put_text(uint8_t *stored, const char *v)
{
	evhi_store_place(stored, v, 0);
}

#endif

#endif

/* SPDX-License-Identifier: MIT */
/*
 * What the compiler checks: names, constants, and that a value is of its field's kind, with a
 * sentence for a person where it isn't. Produces no code.
 *
 * C looks at the type of the expression without evaluating it (_Generic); `+ 0` promotes, so that
 * bit-fields and enums are plain integers there. C++ takes the value through a template instead,
 * because a C++17 lambda may not stand in an unevaluated expression.
 */
#ifndef EVH_DETAIL_CHECK_H
#define EVH_DETAIL_CHECK_H

/* A mistake in an event is then shown where the event is, without a trail through these files. */
#ifndef EVH_SHOW_INNER_WARNINGS
#	pragma GCC system_header
#endif

#include <stddef.h>
#include <stdint.h>
#include <time.h>

#ifdef __cplusplus
#	include <type_traits>
#	include <utility>
#	define EVHI_ASSERTION static_assert
#else
#	define EVHI_ASSERTION _Static_assert
#endif
/*
 * The checks of a field get the keyword (`sa`) from the field's own macro: compilers say that the
 * mistake is where the keyword came from, so at the field, and show no trail behind it.
 */
#define EVHI_ASSERT(condition, text) EVHI_ASSERTION(condition, text);

/* Longest name of an event, field or struct, in bytes without the terminating NUL. */
#define EVH_NAME_LENGTH_MAX 255

#define EVHI_SAY_GROUP "a provider group must consist of lower-case letters and digits"

#define EVHI_SAY_IT(sa, condition, text) sa(condition, text);

/* gcc folds strchr of two constants everywhere; clang in C takes it in attributes only. */
#if defined(__clang__) && !defined(__cplusplus)
#	pragma clang diagnostic push
#	pragma clang diagnostic ignored "-Wgcc-compat"
#	define EVHI_NO_SUCH(c, text)                                                              \
		__attribute__((diagnose_if(__builtin_strchr(name, c) != 0, text, "error")))
char evhi_check_semicolon(const char *name)
	EVHI_NO_SUCH(';', "a name must not contain a semicolon");
char evhi_check_separators(const char *name)
	EVHI_NO_SUCH(' ', "a provider name must not contain a space")
		EVHI_NO_SUCH(':', "a provider name must not contain a colon")
			EVHI_NO_SUCH('/', "a provider name must not contain a slash");
/* clang has no strspn for constants, so this asks for what people would write; registering asks for
 * all of it. */
#	define EVHI_HAS_ONE(a, b, c, d, e, f, g, h)                                               \
		__builtin_strchr(name, a) || __builtin_strchr(name, b) ||                          \
			__builtin_strchr(name, c) || __builtin_strchr(name, d) ||                  \
			__builtin_strchr(name, e) || __builtin_strchr(name, f) ||                  \
			__builtin_strchr(name, g) || __builtin_strchr(name, h)
char evhi_check_group(const char *name)
	__attribute__((diagnose_if(EVHI_HAS_ONE('A', 'B', 'C', 'D', 'E', 'F', 'G', 'H') ||
					   EVHI_HAS_ONE('I', 'J', 'K', 'L', 'M', 'N', 'O', 'P') ||
					   EVHI_HAS_ONE('Q', 'R', 'S', 'T', 'U', 'V', 'W', 'X') ||
					   EVHI_HAS_ONE('Y', 'Z', '_', '-', '.', ' ', ':', '/'),
				   EVHI_SAY_GROUP, "error")));
#	undef EVHI_HAS_ONE
#	undef EVHI_NO_SUCH
#	pragma clang diagnostic pop
#	define EVHI_CHECK_GROUP(name) EVHI_ASSERT(sizeof(evhi_check_group(name)), "")
#	define EVHI_CHECK_SEMICOLON(sa, name)                                                     \
		EVHI_SAY_IT(sa, sizeof(evhi_check_semicolon(name)), "")
#	define EVHI_CHECK_SEPARATORS(name) EVHI_ASSERT(sizeof(evhi_check_separators(name)), "")
#else
#	ifdef __cplusplus
constexpr bool evhi_is_group(const char *name)
{
	return !*name || (((*name >= 'a' && *name <= 'z') || (*name >= '0' && *name <= '9')) &&
			  evhi_is_group(name + 1));
}
#	else
#		define evhi_is_group(name)                                                        \
			(__builtin_strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789") ==         \
			 sizeof(name) - 1)
#	endif
#	define EVHI_CHECK_GROUP(name) EVHI_ASSERT(evhi_is_group(name), EVHI_SAY_GROUP)
#	define EVHI_HAS_NO(name, c)   (!__builtin_strchr("" name "", c))
#	define EVHI_CHECK_SEMICOLON(sa, name)                                                     \
		EVHI_SAY_IT(sa, EVHI_HAS_NO(name, ';'), "a name must not contain a semicolon")
#	define EVHI_CHECK_SEPARATORS(name)                                                        \
		EVHI_ASSERT(EVHI_HAS_NO(name, ' '), "a provider name must not contain a space")    \
		EVHI_ASSERT(EVHI_HAS_NO(name, ':'), "a provider name must not contain a colon")    \
		EVHI_ASSERT(EVHI_HAS_NO(name, '/'), "a provider name must not contain a slash")
#endif

/* The pasted "" make anything but a string literal an error. */
#define EVHI_CHECK_LITERAL(sa, name, what)                                                         \
	EVHI_SAY_IT(sa, sizeof("" name "") > 1, what " must not be empty")                         \
	EVHI_SAY_IT(sa, __builtin_strlen("" name "") == sizeof("" name "") - 1,                    \
		    what " must not contain NUL")                                                  \
	EVHI_CHECK_SEMICOLON(sa, "" name "")

/* Of a field: all that is said of a name, in as few sentences as a compiler has to look at. */
#define EVHI_CHECK_FIELD_NAME(sa, name) EVHI_CHECK_NAME(sa, name, "a field name")

#define EVHI_CHECK_NAME(sa, name, what)                                                            \
	EVHI_CHECK_LITERAL(sa, name, what)                                                         \
	EVHI_SAY_IT(sa, sizeof("" name "") - 1 <= EVH_NAME_LENGTH_MAX,                             \
		    what " is longer than 255 "                                                    \
			 "bytes")

#define EVHI_IN_RANGE(x, low, high) ((long long)(x) >= (low) && (long long)(x) <= (high))

/*
 * The encoding of a raw field: a type (not a struct), and EVH_ENCODING_VARRAY at most. The other
 * flags say that further metadata follows, which only the macros can add.
 */
#define EVHI_CHECK_ENCODING(sa, name, encoding)                                                    \
	EVHI_SAY_IT(sa,                                                                            \
		    EVHI_IN_RANGE((encoding) & ~EVH_ENCODING_VARRAY, EVH_ENCODING_VALUE8,          \
				  EVH_ENCODING_BINARY),                                            \
		    name ": the encoding must be one of enum evh_encoding from VALUE8 to BINARY, " \
			 "with VARRAY or without")

#define EVHI_SAY_evhi_integer "the value must be an integer, not wider than its field"
#define EVHI_SAY_evhi_number  "the value must be a number"
#define EVHI_SAY_evhi_boolean "the value must be a boolean or an integer"
#define EVHI_SAY_evhi_address "the value must be a pointer"
#define EVHI_SAY_evhi_bytes   "the value must be a pointer to 16 bytes"
#define EVHI_SAY_array	      "the value must be an array of the type of the field"
#define EVHI_SAY_text8	      "the value must be a pointer to 8-bit characters"
#define EVHI_SAY_text16	      "the value must be a pointer to 16-bit characters"
#define EVHI_SAY_text32	      "the value must be a pointer to 32-bit characters"
#define EVHI_SAY_evhi_moment  "the value must be a struct timespec (C++: or a time_point)"
#define EVHI_SAY_evhi_block   "the value must be a pointer"

#ifdef __cplusplus

/* The value `v` as a T: evhi_<kind><T>(v) is what C++ sites call for each value. */
template <class T, class V> constexpr T evhi_integer(V v)
{
	static_assert((std::is_integral<V>::value || std::is_enum<V>::value) &&
			      sizeof(V) <= (sizeof(T) > sizeof(int) ? sizeof(T) : sizeof(int)),
		      EVHI_SAY_evhi_integer);
	return static_cast<T>(v);
}

template <class T, class V> constexpr T evhi_number(V v)
{
	static_assert(std::is_arithmetic<V>::value, EVHI_SAY_evhi_number);
	return static_cast<T>(v);
}

template <class T, class V> constexpr T evhi_boolean(V v)
{
	static_assert(std::is_integral<V>::value, EVHI_SAY_evhi_boolean);
	return static_cast<T>(v ? 1 : 0);
}

template <class T, class V> T evhi_address(V v)
{
	static_assert(std::is_pointer<V>::value || std::is_null_pointer<V>::value ||
			      (std::is_integral<V>::value && sizeof(V) == sizeof(void *)),
		      EVHI_SAY_evhi_address);
	return (T)v;
}

/* Whole seconds, rounded down. A time_point is known by its members, without <chrono>. */
template <class V, class = void> struct evhi_time {
	static_assert(sizeof(V) == 0, EVHI_SAY_evhi_moment);
};

template <> struct evhi_time<struct timespec> {
	static constexpr int64_t seconds(const struct timespec &v)
	{
		return v.tv_sec;
	}
};

template <class V>
struct evhi_time<
	V, typename std::enable_if<std::is_integral<typename V::duration::rep>::value>::type> {
	static constexpr int64_t seconds(const V &v)
	{
		return floor(v.time_since_epoch().count(), V::duration::period::num,
			     V::duration::period::den);
	}
	static constexpr int64_t floor(int64_t ticks, int64_t num, int64_t den)
	{
		return ticks * num / den - (ticks * num % den < 0 ? 1 : 0);
	}
};

template <class T, class V> constexpr T evhi_moment(const V &v)
{
	return evhi_time<V>::seconds(v);
}

template <class V>
using evhi_element = typename std::remove_cv<typename std::remove_pointer<V>::type>::type;

template <class V> const void *evhi_bytes(V v)
{
	using E = typename std::conditional<std::is_void<evhi_element<V>>::value, char,
					    evhi_element<V>>::type;
	static_assert(std::is_null_pointer<V>::value ||
			      (std::is_pointer<V>::value && (sizeof(E) == 1 || sizeof(E) == 16)),
		      EVHI_SAY_evhi_bytes);
	return v;
}

template <class V> const void *evhi_block(V v)
{
	static_assert(std::is_pointer<V>::value || std::is_null_pointer<V>::value,
		      EVHI_SAY_evhi_block);
	return v;
}

enum evhi_kind {
	evhi_kind_evhi_integer,
	evhi_kind_evhi_number,
	evhi_kind_evhi_boolean,
	evhi_kind_evhi_address,
	evhi_kind_evhi_bytes
};

template <evhi_kind Kind, class T, class V> const void *evhi_array(V v)
{
	using E = evhi_element<V>;
	static_assert(std::is_pointer<V>::value && sizeof(E) == sizeof(T) &&
			      (Kind == evhi_kind_evhi_number ? std::is_floating_point<E>::value
			       : Kind == evhi_kind_evhi_address
				       ? std::is_pointer<E>::value || std::is_integral<E>::value
			       : Kind == evhi_kind_evhi_bytes
				       ? std::is_trivially_copyable<E>::value
				       : std::is_integral<E>::value || std::is_enum<E>::value),
		      EVHI_SAY_array);
	return v;
}

template <size_t Unit, class V> const void *evhi_text(V v)
{
	using E = evhi_element<V>;
	constexpr bool fits =
		std::is_null_pointer<V>::value ||
		(std::is_pointer<V>::value &&
		 (std::is_void<E>::value ||
		  (std::is_integral<E>::value &&
		   sizeof(typename std::conditional<std::is_void<E>::value, char, E>::type) ==
			   Unit)));
	static_assert(fits || Unit != 1, EVHI_SAY_text8);
	static_assert(fits || Unit != 2, EVHI_SAY_text16);
	static_assert(fits || Unit != 4, EVHI_SAY_text32);
	return v;
}

#	define EVHI_CHECK_VALUE(sa, kind, T, name, v)
#	define EVHI_CHECK_BYTES(sa, name, v)
#	define EVHI_CHECK_ARRAY(sa, kind, T, name, v)
#	define EVHI_CHECK_TEXT(sa, bits, name, v)
#	define EVHI_CHECK_BLOCK(sa, name, v)
#	define EVHI_VALUE(kind, T, v) kind<T>(v)
#	define EVHI_BYTES(v)	       evhi_bytes(v)
#	define EVHI_ARRAY(kind, T, v) evhi_array<evhi_kind_##kind, T>(v)
#	define EVHI_STRING(bits, v)   EVHI_STRING_##bits(v)
#	define EVHI_STRING_0(v)       evhi_block(v)
#	define EVHI_STRING_8(v)       evhi_text<1>(v)
#	define EVHI_STRING_16(v)      evhi_text<2>(v)
#	define EVHI_STRING_32(v)      evhi_text<4>(v)
#	define EVHI_BLOCK(v)	       evhi_block(v)

#else

#	define EVHI_INTEGERS(yes)                                                                 \
		int : yes,                                                                         \
		      unsigned : yes,                                                              \
				 long : yes,                                                       \
					unsigned long : yes,                                       \
							long long : yes,                           \
								    unsigned long long : yes
#	define EVHI_ARITHMETIC(yes)                                                               \
		EVHI_INTEGERS(yes), _Bool : yes,                                                   \
					    char : yes,                                            \
						   signed char : yes,                              \
								 unsigned char : yes,              \
										 short             \
		    : yes,                                                                         \
		      unsigned short : yes,                                                        \
				       float : yes,                                                \
					       double : yes,                                       \
							long double : yes
#	define EVHI_IS_INTEGER(v) _Generic((v) + 0, EVHI_INTEGERS(1), default : 0)
#	define EVHI_IS_NUMBER(v)                                                                  \
		_Generic((v) + 0, EVHI_INTEGERS(1), float : 1, double : 1, long double : 1,        \
			 default : 0)
#	define EVHI_IS_POINTER(v) _Generic((v), EVHI_ARITHMETIC(0), default : 1)

/* gcc has types of their own for bit-fields wider than int; 1 is an integer's class. */
#	define EVHI_WIDTH(v)                                                                      \
		_Generic((v) + 0, int                                                              \
			 : sizeof(int), unsigned                                                   \
			 : sizeof(int), long                                                       \
			 : sizeof(long), unsigned long                                             \
			 : sizeof(long), long long                                                 \
			 : sizeof(long long), unsigned long long                                   \
			 : sizeof(long long), default                                              \
			 : __builtin_classify_type((v) + 0) == 1 ? sizeof((v) + 0) : SIZE_MAX)
#	define EVHI_IS_evhi_integer(T, v)                                                         \
		(EVHI_WIDTH(v) <= (sizeof(T) > sizeof(int) ? sizeof(T) : sizeof(int)))
#	define EVHI_IS_evhi_number(T, v)  EVHI_IS_NUMBER(v)
#	define EVHI_IS_evhi_moment(T, v)  _Generic((v), struct timespec : 1, default : 0)
#	define EVHI_IS_evhi_boolean(T, v) EVHI_IS_INTEGER(v)
/* A pointer, or an integer as wide as one: uintptr_t is unsigned int on 32-bit machines. */
#	define EVHI_IS_evhi_address(T, v)                                                         \
		_Generic((v), int                                                                  \
			 : sizeof(int) == sizeof(void *), unsigned                                 \
			 : sizeof(int) == sizeof(void *), long                                     \
			 : sizeof(long) == sizeof(void *), unsigned long                           \
			 : sizeof(long) == sizeof(void *), long long                               \
			 : sizeof(long long) == sizeof(void *), unsigned long long                 \
			 : sizeof(long long) == sizeof(void *), char : 0, signed char : 0,         \
			   unsigned char : 0, short : 0, unsigned short : 0, _Bool : 0, float : 0, \
			   double : 0, long double : 0, default : 1)

/* What `v` points to; a value that is no pointer is replaced, so that only our sentence is said. */
#	define EVHI_ELEMENT(T, v) *_Generic((v), EVHI_ARITHMETIC((T *)0), default : (v))

#	define EVHI_OF_evhi_integer(T, v) EVHI_IS_INTEGER(EVHI_ELEMENT(T, v))
#	define EVHI_OF_evhi_boolean(T, v) EVHI_IS_INTEGER(EVHI_ELEMENT(T, v))
#	define EVHI_OF_evhi_number(T, v)                                                          \
		_Generic(EVHI_ELEMENT(T, v), float : 1, double : 1, default : 0)
#	define EVHI_OF_evhi_address(T, v) 1
#	define EVHI_OF_evhi_bytes(T, v)   1

#	define EVHI_CHECK_VALUE(sa, kind, T, name, v)                                             \
		EVHI_SAY_IT(sa, EVHI_IS_##kind(T, v), name ": " EVHI_SAY_##kind)
#	define EVHI_CHECK_BYTES(sa, name, v)                                                      \
		EVHI_SAY_IT(sa,                                                                    \
			    EVHI_IS_POINTER(v) && (sizeof(EVHI_ELEMENT(char, v)) == 1 ||           \
						   sizeof(EVHI_ELEMENT(char, v)) == 16),           \
			    name ": " EVHI_SAY_evhi_bytes)
#	define EVHI_CHECK_ARRAY(sa, kind, T, name, v)                                             \
		EVHI_SAY_IT(sa,                                                                    \
			    EVHI_IS_POINTER(v) && EVHI_OF_##kind(T, v) &&                          \
				    sizeof(EVHI_ELEMENT(T, v)) == sizeof(T),                       \
			    name ": " EVHI_SAY_array)
#	define EVHI_CHECK_TEXT(sa, bits, name, v) EVHI_CHECK_TEXT_##bits(sa, name, v)
#	define EVHI_CHECK_TEXT_OF(sa, bits, name, v)                                              \
		EVHI_SAY_IT(sa,                                                                    \
			    _Generic((v), EVHI_TEXT_##bits, void * : 1, const void * : 1,          \
				     default : 0),                                                 \
			    name ": " EVHI_SAY_text##bits)
#	define EVHI_CHECK_TEXT_8(sa, name, v)	EVHI_CHECK_TEXT_OF(sa, 8, name, v)
#	define EVHI_CHECK_TEXT_16(sa, name, v) EVHI_CHECK_TEXT_OF(sa, 16, name, v)
#	define EVHI_CHECK_TEXT_32(sa, name, v) EVHI_CHECK_TEXT_OF(sa, 32, name, v)
#	define EVHI_CHECK_TEXT_0(sa, name, v)	EVHI_CHECK_BLOCK(sa, name, v)
#	define EVHI_CHECK_BLOCK(sa, name, v)                                                      \
		EVHI_SAY_IT(sa, EVHI_IS_POINTER(v), name ": " EVHI_SAY_evhi_block)

#	define EVHI_POINTERS(T) T * : 1, const T * : 1
#	define EVHI_TEXT_8                                                                        \
		EVHI_POINTERS(char), EVHI_POINTERS(signed char), EVHI_POINTERS(unsigned char)
#	define EVHI_TEXT_16 EVHI_POINTERS(uint16_t), EVHI_POINTERS(int16_t)
#	define EVHI_TEXT_32 EVHI_POINTERS(uint32_t), EVHI_POINTERS(int32_t)

#	define EVHI_VALUE(kind, T, v)	      EVHI_VALUE_##kind(T, v)
#	define EVHI_VALUE_evhi_integer(T, v) ((T)(v))
#	define EVHI_VALUE_evhi_number(T, v)  ((T)(v))
#	define EVHI_VALUE_evhi_boolean(T, v) ((T)((v) ? 1 : 0))
#	define EVHI_VALUE_evhi_moment(T, v)  ((T)(v).tv_sec)
#	define EVHI_VALUE_evhi_address(T, v) ((T)(v))
#	define EVHI_BYTES(v)		      (v)
#	define EVHI_ARRAY(kind, T, v)	      (v)
#	define EVHI_STRING(bits, v)	      (v)
#	define EVHI_BLOCK(v)		      (v)

#endif

#endif

/* SPDX-License-Identifier: MIT */
/*
 * How a C++ value becomes a field of evh.hpp's events: by its type, which is looked at by the
 * compiler alone. A program may specialize evh::detail::field for types of its own.
 */
#ifndef EVH_DETAIL_FIELD_HPP
#define EVH_DETAIL_FIELD_HPP

#include <cstddef>
#include <iterator>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <evh/builder.h>

namespace evh
{

namespace detail
{

template <class...> struct to_void {
	using type = void;
};

template <class, class T> using second = T;

template <class T>
using plain = typename std::remove_cv<typename std::remove_reference<T>::type>::type;

/* The element of what has data() and size(). */
template <class T>
using element =
	plain<decltype(*(std::declval<const T &>().data() + std::declval<const T &>().size()))>;

constexpr unsigned encoding_of(size_t size)
{
	return size == 1   ? EVH_ENCODING_VALUE8
	       : size == 2 ? EVH_ENCODING_VALUE16
	       : size == 4 ? EVH_ENCODING_VALUE32
			   : EVH_ENCODING_VALUE64;
}

template <class T> constexpr unsigned format_of()
{
	return std::is_same<T, bool>::value	  ? EVH_FORMAT_BOOLEAN
	       : std::is_floating_point<T>::value ? EVH_FORMAT_FLOAT
	       : std::is_same<T, char>::value	  ? EVH_FORMAT_STRING8
	       : std::is_same<T, char16_t>::value || std::is_same<T, char32_t>::value
		       ? EVH_FORMAT_STRING_UTF
	       : std::is_signed<T>::value ? EVH_FORMAT_SIGNED_INT
					  : EVH_FORMAT_DEFAULT;
}

/* char types are text; uint8_t and signed char are numbers. */
template <class T> struct is_unit {
	static constexpr bool value =
		std::is_same<T, char>::value || std::is_same<T, char16_t>::value ||
		std::is_same<T, char32_t>::value || std::is_same<T, wchar_t>::value
#ifdef __cpp_char8_t
		|| std::is_same<T, char8_t>::value
#endif
		;
};

inline void add_units(struct evh_builder *b, const char *name, const void *units, size_t count,
		      unsigned format, uint16_t tag, std::integral_constant<size_t, 1>)
{
	evh_builder_add_string8(b, name, units, count, format, tag);
}

inline void add_units(struct evh_builder *b, const char *name, const void *units, size_t count,
		      unsigned format, uint16_t tag, std::integral_constant<size_t, 2>)
{
	evh_builder_add_string16(b, name, units, count, format, tag);
}

inline void add_units(struct evh_builder *b, const char *name, const void *units, size_t count,
		      unsigned format, uint16_t tag, std::integral_constant<size_t, 4>)
{
	evh_builder_add_string32(b, name, units, count, format, tag);
}

/* How a T becomes a field: a specialization for each kind of type. A program may add its own. */
template <class T, class = void> struct field {
	static_assert(sizeof(T) == 0,
		      "evh::event::add knows numbers, enums, pointers, text, ranges, optionals, "
		      "time_points and evh::uuid; specialize evh::detail::field for others");
};

template <class T>
struct field<T, typename std::enable_if<std::is_arithmetic<T>::value &&
					sizeof(T) <= sizeof(uint64_t)>::type> {
	static void add(struct evh_builder *b, const char *name, T value, unsigned format,
			uint16_t tag)
	{
		const unsigned chosen[2] = { format_of<T>(), format };

		evh_builder_add_value(b, name, encoding_of(sizeof(T)), &value, chosen[format != 0],
				      tag);
	}
};

template <class T> struct field<T, typename std::enable_if<std::is_enum<T>::value>::type> {
	static void add(struct evh_builder *b, const char *name, T value, unsigned format,
			uint16_t tag)
	{
		using number = typename std::underlying_type<T>::type;

		field<number>::add(b, name, static_cast<number>(value), format, tag);
	}
};

/* Of a unit: text up to its zero, counted. Of anything else: its address. */
template <class T> struct field<T *, typename std::enable_if<is_unit<plain<T>>::value>::type> {
	static void add(struct evh_builder *b, const char *name, const T *text, unsigned format,
			uint16_t tag)
	{
		add_units(b, name, text, text ? std::char_traits<plain<T>>::length(text) : 0,
			  format, tag, std::integral_constant<size_t, sizeof(T)>());
	}
};

template <class T> struct field<T *, typename std::enable_if<!is_unit<plain<T>>::value>::type> {
	static void add(struct evh_builder *b, const char *name, T *address, unsigned format,
			uint16_t tag)
	{
		const unsigned chosen[2] = { EVH_FORMAT_HEX_INT, format };

		evh_builder_add_value(b, name, encoding_of(sizeof(address)), &address,
				      chosen[format != 0], tag);
	}
};

template <> struct field<std::nullptr_t> {
	static void add(struct evh_builder *b, const char *name, std::nullptr_t, unsigned format,
			uint16_t tag)
	{
		evh_builder_add_pointer(b, name, nullptr, format, tag);
	}
};

/* Text: std::string, string_view and whatever else has its characters in a row. */
template <class T>
struct field<T, typename to_void<typename std::enable_if<is_unit<element<T>>::value>::type>::type> {
	static void add(struct evh_builder *b, const char *name, const T &text, unsigned format,
			uint16_t tag)
	{
		add_units(b, name, text.data(), text.size(), format, tag,
			  std::integral_constant<size_t, sizeof(element<T>)>());
	}
};

/* Numbers in a row: std::vector, array, span. */
template <class T>
struct field<
	T, typename to_void<typename std::enable_if<
		   !is_unit<element<T>>::value && (std::is_arithmetic<element<T>>::value ||
						   std::is_enum<element<T>>::value)>::type>::type> {
	static void add(struct evh_builder *b, const char *name, const T &values, unsigned format,
			uint16_t tag)
	{
		const unsigned chosen[2] = { format_of<element<T>>(), format };

		evh_builder_add_array(b, name, encoding_of(sizeof(element<T>)), values.data(),
				      values.size(), chosen[format != 0], tag);
	}
};

/* Such a range by its parts. */
template <class T> struct row {
	const T *values;
	size_t count;
	const T *data() const
	{
		return values;
	}
	size_t size() const
	{
		return count;
	}
};

/* The element of what can only be walked through, or holds text; std::vector<bool> is such, too. */
template <class T> using item = plain<decltype(*std::declval<const T &>().begin())>;

template <class T, class = void> struct in_a_row {
	static constexpr bool value = false;
};

template <class T>
struct in_a_row<T, typename to_void<typename std::enable_if<
			   is_unit<element<T>>::value || std::is_arithmetic<element<T>>::value ||
			   std::is_enum<element<T>>::value>::type>::type> {
	static constexpr bool value = true;
};

template <class T, class I = item<T>, class = void> struct walked;

/* Numbers here and there: copied into a row. */
template <class T, class I>
struct walked<T, I, typename std::enable_if<std::is_arithmetic<I>::value>::type> {
	static void add(struct evh_builder *b, const char *name, const T &values, unsigned format,
			uint16_t tag)
	{
		using stored =
			typename std::conditional<std::is_same<I, bool>::value, uint8_t, I>::type;
		std::vector<stored> row(values.begin(), values.end());
		const unsigned chosen[2] = { format_of<I>(), format };

		evh_builder_add_array(b, name, encoding_of(sizeof(I)), row.data(), row.size(),
				      chosen[format != 0], tag);
	}
};

/* Texts: an array of strings. */
template <class T, class I>
struct walked<T, I,
	      typename to_void<typename std::enable_if<is_unit<element<I>>::value>::type>::type> {
	static void add(struct evh_builder *b, const char *name, const T &values, unsigned format,
			uint16_t tag)
	{
		std::vector<struct evh_units> row;

		/* Without a reserve(): not each range knows its size. */
		for (auto text = std::begin(values); text != std::end(values); ++text)
			row.push_back({ text->data(), text->size() });
		evh_builder_add_units_array(b, name,
					    sizeof(element<I>) == 1   ? EVH_ENCODING_STRING_CHAR8
					    : sizeof(element<I>) == 2 ? EVH_ENCODING_STRING_CHAR16
								      : EVH_ENCODING_STRING_CHAR32,
					    row.data(), row.size(), format, tag);
	}
};

template <class T>
struct field<T, typename to_void<typename std::enable_if<!in_a_row<T>::value>::type, item<T>>::type>
    : walked<T> {
};

/* std::optional and what is like it: without a value, a number is null and a text empty. */
template <class T>
using pointee =
	plain<decltype((void)std::declval<const T &>().has_value(), *std::declval<const T &>())>;

template <class T, class V = pointee<T>, bool = std::is_arithmetic<V>::value> struct maybe {
	static void add(struct evh_builder *b, const char *name, const T &value, unsigned format,
			uint16_t tag)
	{
		field<V>::add(b, name, value.has_value() ? *value : V(), format, tag);
	}
};

template <class T, class V> struct maybe<T, V, true> {
	static void add(struct evh_builder *b, const char *name, const T &value, unsigned format,
			uint16_t tag)
	{
		const unsigned natural = format_of<V>();
		const unsigned chosen[3] = { EVH_FORMAT_UNSIGNED_INT, natural, format };
		const V there = value.has_value() ? *value : V();

		evh_builder_add_nullable(b, name, value.has_value() ? &there : nullptr, sizeof(V),
					 chosen[format	  ? 2
						: natural ? 1
							  : 0],
					 tag);
	}
};

template <class T> struct field<T, typename to_void<pointee<T>>::type> : maybe<T> {
};

/* A std::chrono time_point of the system clock, rounded down to seconds. */
template <class T>
struct field<T, typename to_void<typename T::duration::period,
				 decltype(std::declval<const T &>().time_since_epoch())>::type> {
	static void add(struct evh_builder *b, const char *name, const T &time, unsigned,
			uint16_t tag)
	{
		const int64_t num = T::duration::period::num, den = T::duration::period::den;
		const int64_t ticks = static_cast<int64_t>(time.time_since_epoch().count());
		const int64_t rest = ticks * num % den;

		evh_builder_add_i64(b, name, ticks * num / den - (rest < 0 ? 1 : 0),
				    EVH_FORMAT_TIME, tag);
	}
};

} // namespace detail

} // namespace evh

#endif

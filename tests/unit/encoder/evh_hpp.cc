/* SPDX-License-Identifier: MIT */
/*
 * evh/evh.hpp: what it sends is what evh/builder.h sends, it gives back what it took, and it says
 * what went wrong. Compiled as C++11 and as the newest C++ that the compiler has.
 */
#include <evh/evh.hpp>

#include <array>
#include <chrono>
#include <cstring>
#include <list>
#include <string>
#include <vector>
#if __cplusplus >= 201703L
#	include <optional>
#	include <string_view>
#endif
#if __cplusplus >= 202002L
#	include <span>
#endif

#include <criterion/criterion.h>

namespace
{

struct bench {
	std::vector<uint8_t> memory = std::vector<uint8_t>(70000);
	evh_transport transport;
	evh::provider provider;
	evh::event_set set;
	evh_builder plain;

	bench() : provider("")
	{
		evh_transport_use_memory(&transport, memory.data(), memory.size());
		provider = evh::provider("P", "group", &transport);
		set = provider.set(EVH_LEVEL_WARNING, 0x10);
		evh_builder_init(&plain, nullptr, 0);
		evh_builder_reset(&plain, "e", 0);
	}
	~bench()
	{
		evh_builder_destroy(&plain);
	}
	bench(const bench &) = delete;
	bench &operator=(const bench &) = delete;

	std::vector<uint8_t> sent() const
	{
		return std::vector<uint8_t>(
			memory.begin(), memory.begin() + static_cast<long>(transport.memory_used));
	}
	/* The event, against what was put into `plain` meanwhile. */
	void expect(evh::event &event)
	{
		cr_assert_eq(event.write(set), 0, "%s", event.error_text().c_str());
		const std::vector<uint8_t> ours = sent();

		cr_assert_eq(evh_builder_write(&plain, set.get(), nullptr, nullptr), 0);
		cr_assert(ours == sent());
		event.reset("e");
		evh_builder_reset(&plain, "e", 0);
	}
};

enum class colour : int16_t { red = -7 };
enum plain_enum : uint8_t { one = 1 };

} // namespace

Test(evh_hpp, numbers)
{
	bench b;
	evh::event event("e");
	int local = 0;

	event.add("u", static_cast<uint8_t>(1)).add("i", static_cast<int16_t>(-1)).add("l", 5LL);
	evh_builder_add_u8(&b.plain, "u", 1, 0, 0);
	evh_builder_add_i16(&b.plain, "i", -1, 0, 0);
	evh_builder_add_i64(&b.plain, "l", 5, 0, 0);
	b.expect(event);
	event.add("f", 1.5f).add("d", 2.5).add("b", true).add("c", 'x');
	evh_builder_add_f32(&b.plain, "f", 1.5f, 0, 0);
	evh_builder_add_f64(&b.plain, "d", 2.5, 0, 0);
	evh_builder_add_bool8(&b.plain, "b", true, 0, 0);
	evh_builder_add_u8(&b.plain, "c", 'x', EVH_FORMAT_STRING8, 0);
	b.expect(event);
	event.add("e", colour::red).add("o", one).add("p", &local).add("n", nullptr);
	evh_builder_add_i16(&b.plain, "e", -7, 0, 0);
	evh_builder_add_u8(&b.plain, "o", 1, 0, 0);
	evh_builder_add_pointer(&b.plain, "p", &local, 0, 0);
	evh_builder_add_pointer(&b.plain, "n", nullptr, 0, 0);
	b.expect(event);
	event.add("x", 10U, EVH_FORMAT_HEX_INT).add("t", 3, EVH_FORMAT_DEFAULT, 7);
	evh_builder_add_u32(&b.plain, "x", 10, EVH_FORMAT_HEX_INT, 0);
	evh_builder_add_i32(&b.plain, "t", 3, 0, 7);
	b.expect(event);
}

Test(evh_hpp, text)
{
	bench b;
	evh::event event("e");
	const std::string string("a\0b", 3);
	const char *none = nullptr;
	char array[] = "array";

	event.add("s", string).add("l", "literal").add("a", array).add("n", none);
	evh_builder_add_string8(&b.plain, "s", "a\0b", 3, 0, 0);
	evh_builder_add_string(&b.plain, "l", "literal", 0, 0);
	evh_builder_add_string(&b.plain, "a", "array", 0, 0);
	evh_builder_add_string(&b.plain, "n", "", 0, 0);
	b.expect(event);
	event.add("16", u"ab").add("32", std::u32string(U"ab")).add_n("n", "abcdef", 3);
	evh_builder_add_string16(&b.plain, "16", u"ab", 2, 0, 0);
	evh_builder_add_string32(&b.plain, "32", U"ab", 2, 0, 0);
	evh_builder_add_string(&b.plain, "n", "abc", 0, 0);
	b.expect(event);
	event.add("j", std::string("{}"), EVH_FORMAT_STRING_JSON).add_binary("b", "\1\2", 2);
	evh_builder_add_string(&b.plain, "j", "{}", EVH_FORMAT_STRING_JSON, 0);
	evh_builder_add_binary(&b.plain, "b", "\1\2", 2, 0, 0);
	b.expect(event);
#if __cplusplus >= 201703L
	event.add("v", std::string_view("abc").substr(1)).add("8", u8"ab");
	evh_builder_add_string(&b.plain, "v", "bc", 0, 0);
	evh_builder_add_string(&b.plain, "8", "ab", 0, 0);
	b.expect(event);
#endif
}

Test(evh_hpp, ranges)
{
	bench b;
	evh::event event("e");
	const std::vector<uint32_t> numbers = { 1, 2 };
	const std::array<double, 1> one_double = { { 1.0 } };
	const std::list<int16_t> list = { -1, 2 };
	const std::vector<bool> bits = { true, false };
	const std::vector<std::string> texts = { "a", "bc" };
	const int16_t listed[] = { -1, 2 };
	const evh_units units[] = { { "a", 1 }, { "bc", 2 } };

	event.add("v", numbers).add("a", one_double).add("l", list).add("b", bits).add("t", texts);
	event.add_n("n", listed, 2).add("none", std::vector<char16_t>());
	evh_builder_add_array(&b.plain, "v", EVH_ENCODING_VALUE32, numbers.data(), 2, 0, 0);
	evh_builder_add_array(&b.plain, "a", EVH_ENCODING_VALUE64, one_double.data(), 1,
			      EVH_FORMAT_FLOAT, 0);
	evh_builder_add_array(&b.plain, "l", EVH_ENCODING_VALUE16, listed, 2, EVH_FORMAT_SIGNED_INT,
			      0);
	evh_builder_add_array(&b.plain, "b", EVH_ENCODING_VALUE8, "\1\0", 2, EVH_FORMAT_BOOLEAN, 0);
	evh_builder_add_units_array(&b.plain, "t", EVH_ENCODING_STRING_CHAR8, units, 2, 0, 0);
	evh_builder_add_array(&b.plain, "n", EVH_ENCODING_VALUE16, listed, 2, EVH_FORMAT_SIGNED_INT,
			      0);
	evh_builder_add_string16(&b.plain, "none", nullptr, 0, 0, 0);
	b.expect(event);
#if __cplusplus >= 202002L
	event.add("span", std::span(listed));
	evh_builder_add_array(&b.plain, "span", EVH_ENCODING_VALUE16, listed, 2,
			      EVH_FORMAT_SIGNED_INT, 0);
	b.expect(event);
#endif
}

#if __cplusplus >= 201703L
Test(evh_hpp, optional)
{
	bench b;
	evh::event event("e");
	const std::optional<int> seven = 7, none;
	const int value = 7;

	event.add("a", seven).add("b", none).add("s", std::optional<std::string>("x"));
	event.add("t", std::optional<std::string>());
	evh_builder_add_nullable(&b.plain, "a", &value, 4, EVH_FORMAT_SIGNED_INT, 0);
	evh_builder_add_nullable(&b.plain, "b", nullptr, 4, EVH_FORMAT_SIGNED_INT, 0);
	evh_builder_add_string(&b.plain, "s", "x", 0, 0);
	evh_builder_add_string(&b.plain, "t", "", 0, 0);
	b.expect(event);
}
#endif

Test(evh_hpp, times_and_ids)
{
	bench b;
	evh::event event("e");
	const evh::uuid id = evh::uuid::parse("01020304-0506-0708-090a-0b0c0d0e0f10");
	const std::chrono::system_clock::time_point before{ std::chrono::milliseconds(-1) };

	event.add("id", id).add("t", before);
	evh_builder_add_value(&b.plain, "id", EVH_ENCODING_VALUE128, id.data(), EVH_FORMAT_UUID, 0);
	evh_builder_add_i64(&b.plain, "t", -1, EVH_FORMAT_TIME, 0);
	b.expect(event);
	cr_assert_eq(id.text(), "01020304-0506-0708-090a-0b0c0d0e0f10");
	cr_assert(evh::uuid::random() != evh::uuid::random());
	cr_assert(evh::uuid(id.data()) == id);
	cr_assert(evh::uuid::from_name("logtap") == evh::uuid::from_name("LOGTAP"));
	event.id(3, 4).opcode(EVH_OPCODE_REPLY);
	cr_assert_eq(event.write(b.set, id, id), 0);
	const std::vector<uint8_t> ours = b.sent();

	evh_builder_set_id(&b.plain, 3, 4);
	evh_builder_set_opcode(&b.plain, EVH_OPCODE_REPLY);
	cr_assert_eq(evh_builder_write(&b.plain, b.set.get(), id.data(), id.data()), 0);
	cr_assert(ours == b.sent());
}

Test(evh_hpp, structs)
{
	bench b;
	evh::event event("e");

	event.add_struct(
		     "outer",
		     [](evh::event &outer) {
			     outer.add("a", 1).add_struct(
				     "inner", [](evh::event &inner) { inner.add("b", 2); });
		     },
		     5)
		.add("after", 3);
	evh_builder_add_struct(&b.plain, "outer", 2, 5);
	evh_builder_add_i32(&b.plain, "a", 1, 0, 0);
	evh_builder_add_struct(&b.plain, "inner", 1, 0);
	evh_builder_add_i32(&b.plain, "b", 2, 0, 0);
	evh_builder_add_i32(&b.plain, "after", 3, 0, 0);
	b.expect(event);
	event.add_struct("empty", [](evh::event &) {});
	cr_assert_eq(event.write(b.set), -EINVAL);
	cr_assert_eq(event.error_text(), "event \"e\": a struct has 1 to 127 fields");
}

Test(evh_hpp, lives)
{
	bench b;
	char buffer[512];
	evh::event first("first");
	evh::event second(std::move(first));
	evh::event third(buffer, sizeof(buffer));
	evh::provider moved(std::move(b.provider));

	cr_assert_eq(first.write(b.set), -EINVAL); // what was moved from is empty, and safe
	cr_assert_eq(second.write(b.set), 0);
	second = evh::event("second");
	second.add("a", std::string(10000, 'x'));
	cr_assert_eq(second.write(b.set), 0);
	third.reset("third").add("a", std::string(10000, 'x'));
	cr_assert_eq(third.write(b.set), -ENOBUFS);
	cr_assert_eq(third.error_text(),
		     "event \"third\", field 1 \"a\": the caller's buffer is full");
	cr_assert_str_eq(moved.name(), "P");
	cr_assert_str_eq(moved.options(), "Ggroup");
	cr_assert_str_eq(b.provider.name(), "");
	cr_assert_eq(moved.find(EVH_LEVEL_WARNING, 0x10).get(), b.set.get());
	cr_assert_null(moved.find(1, 1).get());
	cr_assert_eq(moved.lost(), 2); // from `first` and from `third`
	moved.unregister();
	cr_assert_not(b.set.enabled());
	cr_assert_eq(b.set.error(), -EBADF);
}

Test(evh_hpp, bad_provider)
{
	evh::provider bad("a b");
	evh::event_set set = bad.set(1);

	cr_assert_eq(bad.error(), -EINVAL);
	cr_assert_not(set);
	cr_assert_eq(set.error(), -EBADF);
	cr_assert_eq(evh::event("e").add("a", 1).write(set), -EBADF);
	cr_assert_eq(bad.lost(), 0);
}

Test(evh_hpp, plain_tracepoints)
{
	bench b;
	const evh::plain good("n", "u8 a; char b[4]; __rel_loc char[] c; s16 d", &b.transport);
	const evh::plain bad("n", "u9 a", &b.transport);
	const std::vector<uint8_t> expected = { 7, 'a', 'b',  0,    0,	 2,   0,
						3, 0,	0xf9, 0xff, 'x', 'y', 0 };

	cr_assert(good);
	cr_assert_eq(good.write(7, "ab", std::string("xy"), colour::red), 0);
	if (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
		cr_assert(b.sent() == expected);
	cr_assert_eq(good.write(256, "ab", "", 0), -ERANGE);
	cr_assert_eq(good.write(1), -EINVAL);
	cr_assert_eq(bad.error(), -EINVAL);
	cr_assert_not(bad);
	cr_assert_eq(bad.write(1), -EBADF);
}

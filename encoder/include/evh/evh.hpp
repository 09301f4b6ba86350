/* SPDX-License-Identifier: MIT */
/*
 * Run-time events in C++11 and later: what evh/builder.h has, with objects that clean up after
 * themselves, calls in a row, and fields that are found by the type of their value. Header only;
 * link with libevh. (Events that the compiler knows: EVH_WRITE of evh/provider.h, in C++ too.)
 *
 *	#include <evh/evh.hpp>
 *
 *	evh::provider provider("MyCo_App");
 *	evh::event_set errors = provider.set(EVH_LEVEL_ERROR);
 *	...
 *	if (errors)
 *		evh::event("OpenFailed").add("path", path).add("error", errno, EVH_FORMAT_ERRNO)
 *			.write(errors);
 *
 * Nothing here throws but what std::string and std::vector throw without memory, and constructors
 * can't fail in a way that has to be looked at: a provider that could not be made has sets that are
 * never enabled, an event that could not be built is not sent; error() tells why. What is said of
 * threads, signals and fork in evh/builder.h holds here.
 */
#ifndef EVH_EVH_HPP
#define EVH_EVH_HPP

#if __cplusplus < 201103L
#	error "evh/evh.hpp needs C++11 or later (-std=c++11)"
#endif

#include <cerrno>
#include <string>
#include <type_traits>
#include <utility>

#include <evh/builder.h>
#include <evh/detail/field.hpp>
#include <evh/plain.h>
#include <evh/uuid.h>

namespace evh
{

/*
 * A UUID: an activity's id, or a field's value.
 *
 *	evh::uuid activity = evh::uuid::random();
 */
class uuid
{
	uint8_t bytes_[16];

      public:
	/* All zeros. */
	uuid() noexcept : bytes_()
	{
	}
	/* 16 bytes in network order. */
	explicit uuid(const uint8_t *bytes) noexcept
	{
		memcpy(bytes_, bytes, sizeof(bytes_));
	}
	/* A new one; zeros while the machine has no randomness yet. */
	static uuid random() noexcept
	{
		uuid made;

		evh_uuid_random(made.bytes_);
		return made;
	}
	/* That of a provider's name, see evh_uuid_from_name. */
	static uuid from_name(const char *name) noexcept
	{
		uuid made;

		evh_uuid_from_name(made.bytes_, name);
		return made;
	}
	/* From text; zeros for what is none. */
	static uuid parse(const char *text) noexcept
	{
		uuid made;

		evh_uuid_parse(made.bytes_, text);
		return made;
	}
	const uint8_t *data() const noexcept
	{
		return bytes_;
	}
	/* "01234567-89ab-cdef-0123-456789abcdef" */
	std::string text() const
	{
		char out[EVH_UUID_TEXT_SIZE];

		evh_uuid_format(out, bytes_);
		return out;
	}
	friend bool operator==(const uuid &a, const uuid &b) noexcept
	{
		return memcmp(a.bytes_, b.bytes_, sizeof(a.bytes_)) == 0;
	}
	friend bool operator!=(const uuid &a, const uuid &b) noexcept
	{
		return !(a == b);
	}
};

/*
 * The events of a provider with one level and keyword: a handle, to be copied freely, that is good
 * as long as its provider. In a condition: whether anybody listens (one load).
 *
 *	if (set)
 *		evh::event("Tick").write(set);
 */
class event_set
{
	const struct evh_event_set *set_;

      public:
	event_set() noexcept : set_(nullptr)
	{
	}
	explicit event_set(const struct evh_event_set *set) noexcept : set_(set)
	{
	}
	bool enabled() const noexcept
	{
		return set_ && evh_event_set_enabled(set_);
	}
	explicit operator bool() const noexcept
	{
		return enabled();
	}
	/* 0, or why it is not registered: a negative errno. */
	int error() const noexcept
	{
		return set_ ? evh_event_set_error(set_) : -EBADF;
	}
	const struct evh_event_set *get() const noexcept
	{
		return set_;
	}
};

/*
 * A provider; unregistered when it is destroyed.
 *
 *	evh::provider provider("MyCo_App", "mygroup");
 */
class provider
{
	struct evh_dynamic_provider *provider_;
	int error_;

      public:
	/* As evh_dynamic_provider_create. */
	explicit provider(const char *name, const char *group = nullptr,
			  struct evh_transport *transport = nullptr) noexcept
	    : provider_(nullptr),
	      error_(evh_dynamic_provider_create(&provider_, name, group, transport))
	{
	}
	explicit provider(const std::string &name) noexcept : provider(name.c_str())
	{
	}
	provider(provider &&other) noexcept : provider_(other.provider_), error_(other.error_)
	{
		other.provider_ = nullptr;
		other.error_ = -EBADF;
	}
	provider &operator=(provider &&other) noexcept
	{
		std::swap(provider_, other.provider_);
		std::swap(error_, other.error_);
		return *this;
	}
	provider(const provider &) = delete;
	provider &operator=(const provider &) = delete;
	~provider()
	{
		evh_dynamic_provider_destroy(provider_);
	}
	/* The set of that level and keyword, registered now if it is not. */
	event_set set(uint8_t level, uint64_t keyword = 1) noexcept
	{
		return event_set(
			provider_ ? evh_dynamic_provider_register_set(provider_, level, keyword)
				  : nullptr);
	}
	/* The same if it is there already; else one that is never enabled. */
	event_set find(uint8_t level, uint64_t keyword = 1) const noexcept
	{
		return event_set(provider_
					 ? evh_dynamic_provider_find_set(provider_, level, keyword)
					 : nullptr);
	}
	void unregister() noexcept
	{
		if (provider_)
			evh_dynamic_provider_unregister(provider_);
	}
	/* Events that somebody listened to and didn't get. */
	uint64_t lost() const noexcept
	{
		return provider_ ? evh_dynamic_provider_lost(provider_) : 0;
	}
	const char *name() const noexcept
	{
		return provider_ ? evh_dynamic_provider_name(provider_) : "";
	}
	const char *options() const noexcept
	{
		return provider_ ? evh_dynamic_provider_options(provider_) : "";
	}
	/* 0, or why it could not be made: a negative errno. */
	int error() const noexcept
	{
		return error_;
	}
	struct evh_dynamic_provider *get() noexcept
	{
		return provider_;
	}
};

namespace detail
{

template <> struct field<uuid> {
	static void add(struct evh_builder *b, const char *name, const uuid &value, unsigned,
			uint16_t tag)
	{
		evh_builder_add_value(b, name, EVH_ENCODING_VALUE128, value.data(), EVH_FORMAT_UUID,
				      tag);
	}
};

} // namespace detail

/*
 * One event in the making. It can be used again and again (reset), and then neither allocates nor
 * moves bytes.
 *
 *	evh::event event("Request");
 *	event.add("path", path).add("size", size).write(set);
 *
 * add finds the field by the type of the value: numbers, bool, enums, pointers (hex), text of char,
 * char16_t, char32_t, wchar_t and char8_t (pointers to it end at the zero; std::string,
 * string_view), ranges of numbers and of texts (arrays), std::optional (without a value null, text
 * empty), time_points, evh::uuid. `format` and `tag` as in evh/builder.h. Everything else by the
 * functions of evh/builder.h on get().
 *
 * The first error is remembered: error(), and error_text() in words; write returns it.
 */
class event
{
	struct evh_builder builder_;
	unsigned fields_; /* of the innermost struct that is open */

      public:
	/* In a buffer that grows; without a name, for reset. */
	event() noexcept : fields_(0)
	{
		evh_builder_init(&builder_, nullptr, 0);
	}
	explicit event(const char *name) noexcept : event()
	{
		reset(name);
	}
	explicit event(const std::string &name) noexcept : event(name.c_str())
	{
	}
	/* In a buffer of the caller's, which must outlive it: nothing is allocated. */
	event(void *buffer, size_t size) noexcept : fields_(0)
	{
		evh_builder_init(&builder_, buffer, size);
	}
	event(event &&other) noexcept : builder_(other.builder_), fields_(other.fields_)
	{
		other.builder_.growing = false;
		evh_builder_destroy(&other.builder_);
	}
	event &operator=(event &&other) noexcept
	{
		std::swap(builder_, other.builder_);
		std::swap(fields_, other.fields_);
		return *this;
	}
	event(const event &) = delete;
	event &operator=(const event &) = delete;
	~event()
	{
		evh_builder_destroy(&builder_);
	}

	/* Starts a new event. */
	event &reset(const char *name, uint16_t tag = 0) noexcept
	{
		fields_ = 0;
		evh_builder_reset(&builder_, name, tag);
		return *this;
	}
	event &id(uint16_t id, uint8_t version) noexcept
	{
		evh_builder_set_id(&builder_, id, version);
		return *this;
	}
	event &opcode(uint8_t opcode) noexcept
	{
		evh_builder_set_opcode(&builder_, opcode);
		return *this;
	}

	/* A field. */
	template <class T>
	event &add(const char *name, const T &value, unsigned format = EVH_FORMAT_DEFAULT,
		   uint16_t tag = 0)
	{
		detail::field<typename std::decay<T>::type>::add(&builder_, name, value, format,
								 tag);
		fields_++;
		return *this;
	}
	/* `count` numbers or units in a row, as a range of them. */
	template <class T>
	event &add_n(const char *name, const T *values, size_t count,
		     unsigned format = EVH_FORMAT_DEFAULT, uint16_t tag = 0)
	{
		return add(name, detail::row<T>{ values, count }, format, tag);
	}
	/* Bytes; with a format whose values have that size (UUID, IP address ...) such a value. */
	event &add_binary(const char *name, const void *bytes, size_t size,
			  unsigned format = EVH_FORMAT_DEFAULT, uint16_t tag = 0) noexcept
	{
		evh_builder_add_binary(&builder_, name, bytes, size, format, tag);
		fields_++;
		return *this;
	}
	/*
	 * A struct of the fields that `fill` adds (1 to 127):
	 *
	 *	event.add_struct("peer", [&](evh::event &peer) {
	 *		peer.add("name", name).add("port", port);
	 *	});
	 */
	template <class Fill> event &add_struct(const char *name, Fill &&fill, uint16_t tag = 0)
	{
		const unsigned outer = fields_;
		size_t bookmark;

		evh_builder_add_struct_with_bookmark(&builder_, name, 0, tag, &bookmark);
		fields_ = 0;
		fill(*this);
		evh_builder_set_struct_field_count(&builder_, bookmark, fields_);
		fields_ = outer + 1;
		return *this;
	}

	/* Sends it: 0, or a negative errno, as evh_builder_write. It may be written again. */
	int write(const event_set &set) noexcept
	{
		return evh_builder_write(&builder_, set.get(), nullptr, nullptr);
	}
	int write(const event_set &set, const uuid &activity) noexcept
	{
		return evh_builder_write(&builder_, set.get(), activity.data(), nullptr);
	}
	int write(const event_set &set, const uuid &activity, const uuid &related) noexcept
	{
		return evh_builder_write(&builder_, set.get(), activity.data(), related.data());
	}

	int error() const noexcept
	{
		return evh_builder_error(&builder_);
	}
	/* Which field was refused, and why; empty when there was no error. */
	std::string error_text() const
	{
		char text[EVH_BUILDER_ERROR_TEXT_SIZE];

		return evh_builder_error_text(&builder_, text, sizeof(text));
	}
	struct evh_builder *get() noexcept
	{
		return &builder_;
	}
};

namespace detail
{

inline struct evh_plain_value plain_value(const char *text)
{
	return evh_plain_text(text);
}

template <class T>
typename std::enable_if<std::is_integral<T>::value || std::is_enum<T>::value,
			struct evh_plain_value>::type
plain_value(T number)
{
	return std::is_signed<T>::value || std::is_enum<T>::value
		       ? evh_plain_int(static_cast<int64_t>(number))
		       : evh_plain_uint(static_cast<uint64_t>(number));
}

template <class T> second<element<T>, struct evh_plain_value> plain_value(const T &bytes)
{
	return evh_plain_bytes(bytes.data(), bytes.size() * sizeof(element<T>));
}

} // namespace detail

/*
 * A plain tracepoint (evh/plain.h); unregistered when it is destroyed.
 *
 *	evh::plain opened("myco_opened", "u32 attempt; __rel_loc char[] path");
 *	...
 *	if (opened)
 *		opened.write(attempt, path);
 */
class plain
{
	struct evh_plain *plain_;
	int error_;

      public:
	plain(const char *name, const char *fields,
	      struct evh_transport *transport = nullptr) noexcept
	    : plain_(nullptr), error_(evh_plain_open(&plain_, name, fields, transport))
	{
	}
	plain(const plain &) = delete;
	plain &operator=(const plain &) = delete;
	~plain()
	{
		evh_plain_close(plain_);
	}
	/* Whether anybody listens. */
	explicit operator bool() const noexcept
	{
		return evh_plain_enabled(plain_);
	}
	/* 0, or why it could not be registered: a negative errno. */
	int error() const noexcept
	{
		return error_;
	}
	/* One value for each field: integers, enums, text, bytes in a row. As evh_plain_write. */
	template <class... T> int write(const T &...values) const noexcept
	{
		const struct evh_plain_value row[sizeof...(values) + 1] = {
			detail::plain_value(values)..., evh_plain_int(0)
		};

		return evh_plain_write(plain_, row, sizeof...(values));
	}
};

} // namespace evh

#endif

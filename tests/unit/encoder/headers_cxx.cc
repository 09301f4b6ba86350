/* SPDX-License-Identifier: MIT */
// The public headers in a C++ program: they compile, and the builder's inline functions work.
#include <evh/builder.h>
#include <evh/recording.h>
#include <evh/uuid.h>

#include <cerrno>
#include <string>

#include <criterion/criterion.h>

Test(headers, cxx)
{
	static uint8_t memory[256];
	const std::string text = "text";
	struct evh_transport transport;
	struct evh_dynamic_provider *provider = nullptr;
	struct evh_builder builder;
	uint8_t activity[16];

	cr_assert_eq(evh_transport_use_memory(&transport, memory, sizeof(memory)), 0);
	cr_assert_eq(evh_dynamic_provider_create(&provider, "P", nullptr, &transport), 0);
	struct evh_event_set *set =
		evh_dynamic_provider_register_set(provider, EVH_LEVEL_WARNING, 0x10);
	cr_assert_eq(evh_uuid_parse(activity, "00000000-0000-0000-0000-000000000000"), 0);
	cr_assert_eq(evh_builder_init(&builder, nullptr, 0), 0);
	evh_builder_reset(&builder, "e", 0);
	evh_builder_add_f64(&builder, "f", 1.0, EVH_FORMAT_DEFAULT, 0);
	evh_builder_add_string8(&builder, "s", text.data(), text.size(), EVH_FORMAT_STRING_UTF, 0);
	evh_builder_add_pointer(&builder, "p", &builder, EVH_FORMAT_DEFAULT, 0);
	cr_assert_eq(evh_builder_write(&builder, set, activity, nullptr), 0);
	// 8 header, 20 activity, 4 extension, 2 + 4 + 4 + 4 metadata, 8 + 6 + 8 payload
	cr_assert_eq(transport.memory_used, 8 + 20 + 4 + 14 + 22);
	cr_assert_eq(evh_recording_create("/nonexistent/x", nullptr, 0), -EINVAL);
	evh_builder_destroy(&builder);
	evh_dynamic_provider_destroy(provider);
}

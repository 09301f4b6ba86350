/* SPDX-License-Identifier: MIT */
// The decoder's headers from C++: they compile, and what they declare links and works.
#include <cstdio>
#include <cstring>
#include <string>

#include <evh/decode.h>
#include <evh/json.h>
#include <evh/metadata.h>
#include <evh/perfdata.h>
#include <evh/sample.h>
#include <evh/schema.h>
#include <evh/text.h>

int main()
{
	const std::string event("\x07\0\0\0\0\0\0\x04\x08\0\x01\0E\0name\0\x02", 20);
	const std::string payload = event + "\x2a";
	evh_reader reader;
	evh_item item;
	uint64_t value = 0;
	evh_text text{};
	evh_sample sample{};
	evh_schemas *schemas = nullptr;

	if (evh_reader_open(&reader, payload.data(), payload.size()) != 0)
		return 1;
	while (evh_reader_next(&reader, &item) > 0)
		if (item.kind == EVH_ITEM_FIELD && evh_item_u64(&item, &value) != 0)
			return 2;
	sample.tracepoint = "P_L4K1";
	sample.event = payload.data();
	sample.event_size = payload.size();
	if (evh_schemas_create(&schemas) != 0 || evh_schemas_json(schemas, &text, &sample) != 0)
		return 3;
	const std::string json(text.data, text.size);
	evh_schemas_destroy(schemas);
	evh_text_free(&text);
	std::printf("%s\n", json.c_str());
	return value == 42 && json.find("\"fields\":{\"name\":42}}") != std::string::npos ? 0 : 4;
}

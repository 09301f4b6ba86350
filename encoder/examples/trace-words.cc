/* SPDX-License-Identifier: MIT */
/*
 * Counts the words of its standard input, and traces them with run-time events from C++.
 *
 *	c++ trace-words.cc -o trace-words $(pkg-config --cflags --libs evh)
 *	perf record -e user_events:ExampleWords_L4K1 ./trace-words </etc/services
 *
 * The tracepoint must exist when perf starts: run it once before. Where the kernel has no
 * user_events, `--record FILE` writes the same events into FILE.
 */
#include <evh/evh.hpp>
#include <evh/recording.h>

#include <cstring>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace
{

int open_recording(evh_transport &recording, const char *file)
{
	const char *const names[] = { "ExampleWords_L4K1" };
	const int error = evh_recording_create(file, names, 1);

	return error ? error : evh_transport_open_file(&recording, file);
}

} // namespace

int main(int argc, char **argv)
{
	const char *const file =
		argc > 2 && std::strcmp(argv[1], "--record") == 0 ? argv[2] : nullptr;
	evh_transport recording = {};

	if (file) {
		const int error = open_recording(recording, file);

		if (error) {
			std::cerr << "trace-words: can't record into " << file << ": "
				  << std::strerror(-error) << "\n";
			return 2;
		}
	}
	evh::provider provider("ExampleWords", nullptr, file ? &recording : nullptr);
	const evh::event_set lines = provider.set(EVH_LEVEL_INFORMATION);
	const evh::uuid activity = evh::uuid::random();
	evh::event event;
	std::string line;
	std::map<std::string, unsigned> counts;

	for (uint32_t number = 1; std::getline(std::cin, line); number++) {
		std::istringstream stream(line);
		std::vector<std::string> words;

		for (std::string word; stream >> word;) {
			counts[word]++;
			words.push_back(word);
		}
		if (!lines)
			continue;
		event.reset("Line").add("number", number).add("words", words);
		event.add_struct("line", [&](evh::event &whole) {
			whole.add("bytes", line.size()).add("text", line);
		});
		if (event.write(lines, activity) < 0)
			std::cerr << "trace-words: " << event.error_text() << "\n";
	}
	std::cout << counts.size() << "\n";
	return 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * Any bytes: the severity reader stays within the window, whatever the length it is told, and two
 * readings agree, the fast path for sentences with the walk. The window is a heap block of its own,
 * so that the sanitizer sees one byte more.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "severity/line.h"
#include "severity/severity.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t readable = size < LT_SEVERITY_WINDOW ? size : LT_SEVERITY_WINDOW;
	char *line = malloc(readable > 0 ? readable : 1);
	struct lt_severity_state state = { 0 };
	size_t skip;
	size_t skip_again;
	int severity;

	if (line == NULL)
		return 0;
	memcpy(line, data, readable);
	severity = lt_severity_of_line(line, size, &skip);
	if (severity < LT_SEVERITY_NONE || severity > 7 || (skip != 0 && skip != 3) || skip > size)
		abort();
	if (lt_severity_of_line(line, size, &skip_again) != severity || skip_again != skip)
		abort();
	if (readable > 0 && *data != '<') {
		const unsigned char *at = (const unsigned char *)line;
		bool weak;

		if (lt_line_severity(at, at + readable, &weak) != severity)
			abort();
	}
	for (int i = 0; i < 3; i++) {
		severity = lt_severity_continue(&state, line, size, &skip_again);
		if (severity < LT_SEVERITY_NONE || severity > 7 || skip_again != skip)
			abort();
	}
	free(line);
	return 0;
}

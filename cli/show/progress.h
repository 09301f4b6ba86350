/* SPDX-License-Identifier: MIT */
/* "42 %" on stderr while a long file is read by a person at a terminal. */
#ifndef LOGTAP_PROGRESS_H
#define LOGTAP_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	bool active;
	bool shown;
	uint64_t next; /* nanoseconds of the monotonic clock: not before */
	unsigned int skipped;
};

/* Shows something only when stderr is a terminal and the output doesn't go to one. */
void progress_start(struct progress *progress);

/* To be called for each event: looks at the clock only now and then. `size` 0: not known. */
void progress_step(struct progress *progress, uint64_t offset, uint64_t size);

/* Takes the line away. */
void progress_end(struct progress *progress);

#endif

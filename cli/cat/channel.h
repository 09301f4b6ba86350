/* SPDX-License-Identifier: MIT */
/* What stands between a program's descriptor and the place that it leads to. */
#ifndef LOGTAP_CAT_CHANNEL_H
#define LOGTAP_CAT_CHANNEL_H

#include <stdbool.h>

struct channel {
	int place;   /* where the descriptor led: a copy above 2; -1: it was not open */
	int inner;   /* what the program gets in its place */
	int outer;   /* what we read */
	bool on_tty; /* the place is a terminal, and so are these two */
};

/*
 * Makes the channel for descriptor `fd` of this process: a pipe, or, where it is a terminal, a
 * pseudo-terminal of the same size and settings, except that what is written to it stays as it is.
 * All are closed by exec. 0, or a negative errno.
 */
int channel_open(struct channel *channel, int fd);

/* The terminal may have another size than the program's has: takes it over. Whether it had. */
bool channel_follow_size(const struct channel *channel);

/* Whether two descriptors of this process lead to one and the same open file. */
bool channel_is_shared(int fd, int other);

#endif

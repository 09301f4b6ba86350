/* SPDX-License-Identifier: MIT */
/* Fast paths past the commonest heads, for the walk. */
#ifndef LOGTAP_SEVERITY_HEADS_H
#define LOGTAP_SEVERITY_HEADS_H

#include "walk.h"

#pragma GCC visibility push(hidden)

/*
 * Passes a head of a form that many lines share, where it holds no severity for certain; leaves the
 * walk where its fields would have led it, or where it is. To be asked where a line begins.
 */
void lt_skip_head(struct lt_walk *w);

#pragma GCC visibility pop

#endif

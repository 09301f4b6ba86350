/* SPDX-License-Identifier: MIT */
/* Initialisation at the first interposed call; see init.c. */
#ifndef LT_INIT_H
#define LT_INIT_H

/*
 * Finds the real functions, and initialises if libc has got as far as an environment. Any number of
 * times.
 */
void lt_init_early(void);

#endif

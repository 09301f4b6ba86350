/* SPDX-License-Identifier: MIT */
/* Names of stderr; see open.c. */
#ifndef LT_OPEN_H
#define LT_OPEN_H

#include "shim.h"

/* Whether a path that was opened names the file behind fd 2. */
bool lt_open_is_stderr(const char *path);

#endif

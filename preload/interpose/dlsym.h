/* SPDX-License-Identifier: MIT */
/* What jumps.S calls and goes on to where a function is looked up, and a library opened. */
#ifndef LT_DLSYM_H
#define LT_DLSYM_H

#include <stdbool.h>

/* Of a handle that is neither RTLD_NEXT nor RTLD_DEFAULT: who calls makes no difference. */
void *lt_dlsym(void *handle, const char *name);
void *lt_dlvsym(void *handle, const char *name, const char *version);

/* The originals; what answers NULL where this libc has none. */
void *lt_find_dlsym(void);
void *lt_find_dlvsym(void);
void *lt_find_dlopen(void);

/* Whether who calls makes no difference to that dlopen with RTLD_DEEPBIND, either. */
bool lt_deepbind_is_ours(const char *path, int mode);
void *lt_deepbind_open(const char *path, int mode);

#endif

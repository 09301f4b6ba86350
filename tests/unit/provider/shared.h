/* SPDX-License-Identifier: MIT */
/* The provider that several files of the registration tests share, as a program's header has it. */
#ifndef TESTS_PROVIDER_SHARED_H
#define TESTS_PROVIDER_SHARED_H

#include <evh/provider.h>

EVH_PROVIDER_DECLARE(shared);

#ifdef __cplusplus
extern "C" {
#endif

/* In other.c: keyword 0x10. In other_cxx.cc: an inline function 0x20, a template 0x40 and 0x80. */
int write_in_other_file(void);
int write_in_inline_function(void);
int write_in_template(int which);
size_t write_with_temporary(size_t length);

/* In other.c: 40 tracepoints, keywords 0x1000 << 0 to 39; the result of writing to `which`. */
int write_many(unsigned which);
bool ask_many(unsigned which);

#ifdef __cplusplus
}
#endif

#endif

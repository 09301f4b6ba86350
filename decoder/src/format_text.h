/* SPDX-License-Identifier: MIT */
/* The text of a format file, made safe for libtraceevent. */
#ifndef EVH_FORMAT_TEXT_H
#define EVH_FORMAT_TEXT_H

#include <stddef.h>
#include <stdint.h>

/*
 * Writes a format file anew with only those field lines that are beyond doubt, under a name of our
 * own and without a print format: libtraceevent 1.7 crashes on text that no kernel writes.
 *
 * The text, terminated and malloc'ed, with its bytes in *@clean_size; NULL: no memory, or no field.
 */
char *format_text_clean(const char *text, size_t size, uint32_t id, size_t *clean_size);

#endif

/* SPDX-License-Identifier: MIT */
/* Capturing stdio: our function in the write slot of libio's jump tables. See stdio_slot.c. */
#ifndef LT_SLOT_H
#define LT_SLOT_H

/*
 * Puts our function into the slot of both tables. 0, or a negative errno where this libc is not
 * built as expected or the pages can't be changed: stdio is then not captured, and nothing has
 * changed. Once, from the initialisation.
 */
int lt_slot_install(void);

#endif

/* SPDX-License-Identifier: MIT */
/* Entries of the journal's own form as `journal` events. */
#ifndef LT_EMIT_JOURNAL_H
#define LT_EMIT_JOURNAL_H

#include "journal_entry.h"

/*
 * Bytes of an event that the other fields may take; what is more is left out whole, and a field
 * LOGTAP_LEFT_OUT says which that were.
 */
#define LT_JOURNAL_FIELDS_MAX 2048

/* Sends the entry as one event or as parts; results as of lt_emit_stderr. */
int lt_emit_journal(const struct lt_journal_entry *entry);

#endif

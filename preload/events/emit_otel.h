/* SPDX-License-Identifier: MIT */
/*
 * Messages as events of OpenTelemetry's Common Schema (LOGTAP_LAYOUT=otel), in the place of our
 * own: what emit.h, emit_syslog.h and emit_journal.h promise holds for them as well. Inside those
 * files only.
 */
#ifndef LT_EMIT_OTEL_H
#define LT_EMIT_OTEL_H

#include "attributes.h"
#include "emit_internal.h"

/* What an event says beside its message. */
struct lt_record {
	enum lt_shape shape; /* LT_STDERR, LT_SYSLOG, LT_JOURNAL or LT_LOST */
	int severity;
	int facility;			    /* LT_SYSLOG */
	const char *ident;		    /* NULL: the program's name */
	uint64_t count, since;		    /* LT_LOST */
	const struct lt_attributes *fields; /* more of PartC, in the first part alone; or NULL */
};

/* Bytes of names and values that there is room for in `fields`. */
size_t lt_otel_fields_room(void);

static inline bool lt_layout_is_otel(void)
{
	return lt_unlikely(lt_settings.layout == LT_LAYOUT_OTEL);
}

/*
 * As lt_emit_send and lt_emit_send_parts, for a message that was admitted. -ENOBUFS: every buffer
 * is in use.
 */
int lt_otel_send(const struct lt_record *record, const struct lt_message *message);
int lt_otel_send_parts(const struct lt_record *record, const struct lt_message *message,
		       struct lt_parts *parts, bool last);

#endif

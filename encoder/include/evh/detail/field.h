/* SPDX-License-Identifier: MIT */
/*
 * What each kind of item is: in the event's metadata, in its size, in its code. The types
 * themselves are in evh/fields.h.
 *
 * Kinds of fields, and their tuples (one, two: the options of the field, or EVHI_NO):
 *	(evhi_v, sa, id, T, name, value, one, two, ~)	    a value
 *	(evhi_g, sa, id, T, name, value, one, two, ~)	    a value of 16 bytes
 *	(evhi_c, sa, id, T, name, values, count, one, two, ~)   an array of constant length
 *	(evhi_a, sa, id, T, name, values, count, one, two, ~)   an array of any length
 *	(evhi_s, sa, id, T, name, text, count, one, two, ~)	    a counted string, or bytes
 *	(evhi_z, sa, id, T, name, text, one, two, ~)	    a string up to its zero unit
 *	(evhi_t, fields, (members), (bytes), (size), (values), (steps), (code)) a struct
 *	(evhi_f, fields, (members), (bytes))		    a raw field's metadata
 *	(evhi_d, sa, id, bytes, size)			    raw payload
 *	(evhi_rf, sa, id, name, encoding, bytes, size, ...)	    both
 *	(evhi_x, sa, id, name, value, one, two, ~)	    a value whose type says what it is
 *	(evhi_bad, text)				    a mistake, found while the item was made
 * `id` makes names of members unique; it is __COUNTER__.
 *
 * Options:
 *	(evhi_option, there, packed, keyword, (checks))	    level, keyword, opcode, id
 *	(evhi_activity, ids, (there), (checks), (code))
 *	(evhi_tag, value), (evhi_format, value), (evhi_no, 0)
 */
#ifndef EVH_DETAIL_FIELD_H
#define EVH_DETAIL_FIELD_H

/* A mistake in an event is then shown where the event is, without a trail through these files. */
#ifndef EVH_SHOW_INNER_WARNINGS
#	pragma GCC system_header
#endif

#include <evh/detail/metadata.h>
#include <evh/detail/mistakes.h>
#include <evh/detail/options.h>
#include <evh/detail/stored.h>
#include <evh/detail/structs.h>

#endif

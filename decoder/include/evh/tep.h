/* SPDX-License-Identifier: MIT */
/*
 * Tracepoints that are not EventHeader: their fields by the kernel's format files, with
 * libtraceevent. For samples whose `format` is set.
 */
#ifndef EVH_TEP_H
#define EVH_TEP_H

#include <evh/sample.h>
#include <evh/text.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Appends the object that evh_json_event makes of EventHeader events: "provider" is the
 * tracepoint's system, "event" its name; without level, keyword and opcode. A sample without a
 * format, or one that its record is too short for, has what is there.
 */
EVH_API void evh_tep_json(struct evh_text *text, const struct evh_sample *sample);

/* Appends "name=value other=value", with nothing that a terminal would obey. */
EVH_API void evh_tep_text(struct evh_text *text, const struct evh_sample *sample);

#ifdef __cplusplus
}
#endif
#endif

/* SPDX-License-Identifier: MIT */
/*
 * A memory for schemas: a program writes the same few kinds of event over and over, so what their
 * metadata says is worked out once for each kind. What is here gives the same results as
 * <evh/decode.h> and <evh/json.h>, several times as fast.
 *
 * A memory is for one thread. It holds some hundred kinds and then forgets, so its size has a
 * bound whatever it is shown (16 MiB, and below 100 KiB in ordinary use). None of this is for
 * signal handlers. Nothing touches errno.
 */
#ifndef EVH_SCHEMA_H
#define EVH_SCHEMA_H

#include <evh/json.h>

#ifdef __cplusplus
extern "C" {
#endif

struct evh_schemas;

/* What every event of one kind has in common. */
struct evh_schema {
	struct evh_name provider; /* the whole tracepoint name where it isn't EventHeader's */
	struct evh_name options;  /* of the tracepoint: "Gperf" */
	struct evh_name event;	  /* the event's name without attributes */
	uint64_t keyword;
	uint16_t id;
	uint16_t tag;
	uint8_t version;
	uint8_t level;	/* enum evh_level, of the event's header */
	uint8_t opcode; /* enum evh_opcode */
	bool repeats;	/* arrays of structs, or metadata with an error: see evh_event_weight */
};

/* 0 with a new memory in *@schemas, or -ENOMEM. evh_schemas_destroy(NULL) does nothing. */
EVH_API int evh_schemas_create(struct evh_schemas **schemas);
EVH_API void evh_schemas_destroy(struct evh_schemas *schemas);

/*
 * The kind of a sample's event: for filters, which must not cost what formatting costs.
 *
 * NULL when the event has no front that can be read (evh_reader_open says what is wrong), its
 * metadata is longer than 4 KiB, or there is no memory. Valid until the next call with the same
 * memory.
 */
EVH_API const struct evh_schema *evh_schemas_find(struct evh_schemas *schemas,
						  const struct evh_sample *sample);

/*
 * The first field at the top level that is called @name (without attributes) and is a single
 * value.
 *
 * 1 with the value in @item, as evh_reader_next gives it; 0 when there is none; or the reader's
 * error, if it comes before the field.
 */
EVH_API int evh_schemas_field(struct evh_schemas *schemas, const struct evh_sample *sample,
			      const char *name, struct evh_item *item);

/*
 * The same for a field of a struct: the first that is called @name in a struct at the top level
 * that is called @in, and in no array. OpenTelemetry's events have theirs there.
 */
EVH_API int evh_schemas_field_in(struct evh_schemas *schemas, const struct evh_sample *sample,
				 const char *in, const char *name, struct evh_item *item);

/* evh_schemas_find and evh_schemas_field at once, for half of what two calls cost: *@kind as
 * evh_schemas_find returns it. */
EVH_API int evh_schemas_find_field(struct evh_schemas *schemas, const struct evh_sample *sample,
				   const struct evh_schema **kind, const char *name,
				   struct evh_item *item);

/* As evh_json_event, with the same bytes. */
EVH_API int evh_schemas_json(struct evh_schemas *schemas, struct evh_text *text,
			     const struct evh_sample *sample);

/*
 * The same for who knows more about the event than the trace says.
 *
 * @kind     what evh_schemas_find has returned for this very sample, so that it isn't looked for
 *           again: the memory must not have been asked about another one since. NULL: not known
 * @members  members of a JSON object, each with a comma in front of it, which come to stand in
 * front of "fields"; taken as they are
 * @size     their bytes; 0: none
 */
EVH_API int evh_schemas_json_with(struct evh_schemas *schemas, struct evh_text *text,
				  const struct evh_sample *sample, const struct evh_schema *kind,
				  const char *members, size_t size);

#ifdef __cplusplus
}
#endif
#endif

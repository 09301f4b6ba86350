/* SPDX-License-Identifier: MIT */
/*
 * Events as JSON, one object per event:
 *
 *	{"time":"2026-11-21T18:50:01.123456789Z","pid":1,"tid":1,"cpu":0,"provider":"logtap",
 *	"event":"stderr","level":4,"keyword":"0x2","opcode":0,"fields":{...}}
 *
 * (on one line), with "id", "version", "tag", "activity" and "related" before "fields" where they
 * aren't zero, and "error" where the event could not be read to its end. "time" is a number of
 * seconds where the recording doesn't relate its clock to the time of day; what the recording
 * doesn't say is left out. "fields" stands last.
 *
 * Always valid JSON and valid UTF-8, and without a control character, whatever the event holds.
 * Values: integers in decimal and exact up to 64 bits; hex integers "0x7FFF"; floats as the
 * shortest number that reads back as the same, else "nan", "inf", "-inf"; errno "EPERM(1)"; time
 * "2033-05-18T03:33:20"; UUID, addresses; bytes "01 02 ff"; null. Names stay as they are written,
 * with their attributes and, where there is one, ";tag=0x1234"; a name that comes twice stays
 * twice.
 */
#ifndef EVH_JSON_H
#define EVH_JSON_H

#include <evh/sample.h>
#include <evh/text.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Appends a JSON string with its quotes, from UTF-8 of any origin. */
EVH_API void evh_json_string(struct evh_text *text, const void *data, size_t size);

/* Appends one value, from a FIELD; anything else appends null. */
EVH_API void evh_json_value(struct evh_text *text, const struct evh_item *item);

/*
 * Appends the object's beginning up to "cpu", without the comma behind it: what the sample says
 * about where it comes from. `{` alone where it says nothing.
 */
EVH_API void evh_json_sample(struct evh_text *text, const struct evh_sample *sample);

/*
 * Appends `"name":value,"name":{...}`: all fields of an event, without the braces around them.
 *
 * @reader  freshly opened; is read to the end
 *
 * 0, or what evh_reader_next reports; what was read before that is in the buffer, and closed.
 */
EVH_API int evh_json_fields(struct evh_text *text, struct evh_reader *reader);

/*
 * Appends the whole object, without a newline.
 *
 * 0, or the reader's error: then the object is there and valid, with what could be read and an
 * "error" that says what is wrong. A buffer that is full says so in text->error, and holds what
 * it held before.
 */
EVH_API int evh_json_event(struct evh_text *text, const struct evh_sample *sample);

/* What another form of JSON differs in; or-ed. */
enum evh_json_choice {
	EVH_JSON_HEX_NUMBERS = 1,    /* hex integers as numbers: 32767 */
	EVH_JSON_ERRNO_NUMBERS = 2,  /* 1 */
	EVH_JSON_TIME_NUMBERS = 4,   /* seconds since 1970, in fields */
	EVH_JSON_NONFINITE_NULL = 8, /* null instead of "nan", "inf" */
	EVH_JSON_BIG_STRINGS = 16,   /* integers beyond 2^53, which JavaScript rounds, as strings */
	EVH_JSON_NO_TAGS = 32,	     /* names without ";tag=0x1234" */
	EVH_JSON_NO_ATTRIBUTES = 64, /* names without ";attribute=value" */
	EVH_JSON_SPACES = 128,	     /* behind each colon and comma */
	/* {"n":"provider:event", fields, "meta":{"time": ... , "error": ...}}, as Microsoft's tools
	 */
	EVH_JSON_FLAT = 256,
	EVH_JSON_ALL_CHOICES = 511,
};

/*
 * As evh_json_event, in another form; with no choice the same bytes, and in each form valid JSON.
 *
 *	evh_json_event_as(&text, &sample, EVH_JSON_FLAT | EVH_JSON_HEX_NUMBERS);
 *
 * @choices  enum evh_json_choice; unknown ones count for nothing
 */
EVH_API int evh_json_event_as(struct evh_text *text, const struct evh_sample *sample,
			      unsigned choices);

/*
 * As evh_json_event, for a message that travelled in parts and was put together: an event
 * "stderr.part" becomes "stderr", without "part" and "last"; of OpenTelemetry's Common Schema,
 * PartC loses what evh/join.h says of parts.
 *
 * @part     the event of one part; all others have the same fields besides those
 * @message  what stands for the part's own "message" or "body"; UTF-8 of any origin
 * @size     its bytes
 */
EVH_API int evh_json_joined(struct evh_text *text, const struct evh_sample *part,
			    const void *message, size_t size);

#ifdef __cplusplus
}
#endif
#endif

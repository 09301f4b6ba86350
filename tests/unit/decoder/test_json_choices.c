/* SPDX-License-Identifier: MIT */
/* evh_json_event_as: each choice by itself, all of them together, and none. */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>

#include <evh/json.h>

#include "../../fuzz/check.h"
#include "event_bytes.h"
#include "text_taken.h"

static struct maker m;
static struct evh_text text;
static struct evh_sample sample = { .tracepoint = "logtap_L4K2", .has = EVH_SAMPLE_PID, .pid = 7 };

static const char *object(unsigned choices)
{
	finish(&m);
	sample.event = m.event.data;
	sample.event_size = m.event.size;
	evh_json_event_as(&text, &sample, choices);
	return text_taken(&text);
}

#define FRONT                                                                                      \
	"{\"pid\":7,\"provider\":\"logtap\",\"event\":\"e\",\"level\":4,\"keyword\":\"0x2\","      \
	"\"opcode\":0,\"fields\":{"

static void make(void)
{
	start(&m, "e", false);
	field(&m, "h", 4, 3, 0);
	number(&m, 255, 4);
	field(&m, "e", 4, 4, 0);
	number(&m, 1, 4);
	field(&m, "t;a=b", 4, 6, 9);
	number(&m, 0, 4);
	field(&m, "f", 4, 8, 0);
	number(&m, 0x7fc00000, 4);
	field(&m, "b", 5, 0, 0);
	number(&m, (UINT64_C(1) << 53) + 1, 8);
	text_field(&m, "s", "a:b,\"c\\");
}

Test(json_choices, each)
{
	make();
	cr_assert_str_eq(
		object(0), FRONT
		"\"h\":\"0xFF\",\"e\":\"EPERM(1)\",\"t;a=b;tag=0x9\":\"1970-01-01T00:00:00\",\"f\":"
		"\"nan\",\"b\":9007199254740993,\"s\":\"a:b,\\\"c\\\\\"}}");
	cr_assert_str_eq(
		object(EVH_JSON_HEX_NUMBERS | EVH_JSON_ERRNO_NUMBERS | EVH_JSON_TIME_NUMBERS),
		FRONT "\"h\":255,\"e\":1,\"t;a=b;tag=0x9\":0,\"f\":\"nan\",\"b\":9007199254740993,"
		      "\"s\":\"a:b,\\\"c\\\\\"}}");
	cr_assert_str_eq(
		object(EVH_JSON_NONFINITE_NULL | EVH_JSON_BIG_STRINGS | EVH_JSON_NO_TAGS), FRONT
		"\"h\":\"0xFF\",\"e\":\"EPERM(1)\",\"t;a=b\":\"1970-01-01T00:00:00\",\"f\":null,"
		"\"b\":\"9007199254740993\",\"s\":\"a:b,\\\"c\\\\\"}}");
	cr_assert_str_eq(
		object(EVH_JSON_ALL_CHOICES),
		"{\"n\": \"logtap:e\", \"h\": 255, \"e\": 1, \"t\": 0, \"f\": null, \"b\": "
		"\"9007199254740993\", \"s\": \"a:b,\\\"c\\\\\", \"meta\": {\"pid\": 7, \"level\": "
		"4, "
		"\"keyword\": \"0x2\", \"opcode\": 0}}");
}

/* Without the spaces between tokens. */
static void squeeze(char *json)
{
	bool in_string = false;
	char *out = json;

	for (const char *in = json; *in; in++) {
		if (in_string && *in == '\\')
			*out++ = *in++;
		else if (*in == '"')
			in_string = !in_string;
		if (in_string || *in != ' ')
			*out++ = *in;
	}
	*out = 0;
}

/* With none, the bytes are those of evh_json_event, whatever the event holds; each form is JSON. */
Test(json_choices, any_event)
{
	for (size_t cut = 0; cut < 90; cut++) {
		char *plain;

		make();
		constant_array(&m, "c", 1, 2, 2);
		field(&m, "x", 2, 0, 0);
		field(&m, "y", 0x40 | 3, 3, 0);
		number(&m, 1, 1);
		number(&m, 2, 2);
		number(&m, 0x0304, 4);
		finish(&m);
		sample.event = m.event.data;
		sample.event_size = m.event.size > cut ? m.event.size - cut : 0;
		evh_json_event(&text, &sample);
		plain = strdup(text_taken(&text));
		evh_json_event_as(&text, &sample, 0);
		cr_assert_str_eq(text_taken(&text), plain);
		free(plain);
		for (unsigned choices = 1; choices <= EVH_JSON_ALL_CHOICES; choices += 2) {
			char *form;

			evh_json_event_as(&text, &sample, choices);
			form = text_taken(&text);
			squeeze(form);
			cr_assert(is_json(form, strlen(form)), "%s", form);
			plain = strdup(form);
			evh_json_event_as(&text, &sample, choices ^ EVH_JSON_SPACES);
			form = text_taken(&text);
			squeeze(form);
			cr_assert_str_eq(form, plain);
			free(plain);
		}
	}
	evh_text_free(&text);
}

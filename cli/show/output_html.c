/* SPDX-License-Identifier: MIT */
/*
 * The format `html`: report.html with the lines in it, one page that needs nothing else. Must
 * never let a line end the script that it stands in.
 */
#include <string.h>

#include <evh/json.h>

#include "event_value.h"
#include "output.h"
#include "process_table.h"

/* The page, as the file has it. */
__asm__(".pushsection .rodata\n"
	".global logtap_report_page\n"
	".hidden logtap_report_page\n"
	"logtap_report_page:\n"
	".incbin \"" LOGTAP_REPORT_PAGE "\"\n"
	".global logtap_report_end\n"
	".hidden logtap_report_end\n"
	"logtap_report_end:\n"
	".popsection\n");

extern const char logtap_report_page[];
extern const char logtap_report_end[];

/* Where the data goes. */
#define MARK "<!-- DATA -->"

static const char *find_mark(void)
{
	return memmem(logtap_report_page, (size_t)(logtap_report_end - logtap_report_page), MARK,
		      sizeof(MARK) - 1);
}

/* As JSON, and nothing that HTML would take for a tag. */
static void append_string(struct evh_text *text, const char *data, size_t size)
{
	static const char ESCAPED[] = { '\\', 'u', '0', '0', '3', 'c' };
	size_t begin = text->size;
	size_t tags = 0;
	char *from;
	char *to;

	evh_json_string(text, data, size);
	for (size_t i = begin; !text->error && i < text->size; i++)
		tags += text->data[i] == '<';
	if (!tags || !evh_text_reserve(text, 5 * tags))
		return;
	from = text->data + text->size;
	text->size += 5 * tags;
	to = text->data + text->size;
	while (to > from) {
		if (*--from != '<') {
			*--to = *from;
			continue;
		}
		to -= sizeof(ESCAPED);
		memcpy(to, ESCAPED, sizeof(ESCAPED));
	}
}

void output_html_begin(struct output *output)
{
	const char *title = output->title ? output->title : "logtap";

	output_bytes(output, logtap_report_page, (size_t)(find_mark() - logtap_report_page));
	evh_text_puts(&output->text, "{\"title\":");
	append_string(&output->text, title, strlen(title));
	evh_text_puts(&output->text, ",\"rows\":[null");
}

/* "unit nginx.service, on host" */
static void append_about(struct evh_text *text, const struct event *event)
{
	static const enum process_text SHOWN[] = { PROCESS_EXE, PROCESS_UNIT, PROCESS_CONTAINER,
						   PROCESS_HOST };
	struct evh_text about = { 0 };

	for (size_t i = 0; event->process && i < sizeof(SHOWN) / sizeof(SHOWN[0]); i++) {
		const struct evh_name *value = &event->process->text[SHOWN[i]];

		if (!value->size)
			continue;
		evh_text_puts(&about, about.size ? ", " : "");
		evh_text_puts(&about, process_text_names[SHOWN[i]]);
		evh_text_puts(&about, " ");
		evh_text_append(&about, value->data, value->size);
	}
	if (about.size) {
		evh_text_puts(text, ",");
		append_string(text, about.data, about.size);
	}
	evh_text_free(&about);
}

void output_html(struct output *output, struct event *event)
{
	const struct evh_sample *sample = event->sample;
	struct evh_text *text = &output->text;
	struct evh_name ident = event_ident(event);
	struct evh_text line = { 0 };

	if (sample->has & EVH_SAMPLE_TIME)
		output->wall_clock = true;
	evh_text_puts(text, ",\n[");
	if (sample->has & (EVH_SAMPLE_TIME | EVH_SAMPLE_CLOCK))
		evh_text_u64(text, sample->time / 1000);
	else
		evh_text_puts(text, "null");
	evh_text_puts(text, ",");
	evh_text_u64(text, sample->has & EVH_SAMPLE_PID ? sample->pid : 0);
	evh_text_puts(text, ",");
	append_string(text, ident.data, ident.size);
	evh_text_puts(text, ",");
	evh_text_u64(text, event_severity(event));
	evh_text_puts(text, ",");
	event_append_line(event, VALUE_BYTES, &line);
	append_string(text, line.data, line.size);
	append_about(text, event);
	evh_text_puts(text, "]");
	evh_text_free(&line);
}

void output_html_end(struct output *output)
{
	const char *behind = find_mark() + sizeof(MARK) - 1;

	evh_text_puts(&output->text,
		      output->wall_clock ? "],\"clock\":true}" : "],\"clock\":false}");
	output_bytes(output, behind, (size_t)(logtap_report_end - behind));
}

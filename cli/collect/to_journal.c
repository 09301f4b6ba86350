/* SPDX-License-Identifier: MIT */
/* journal:URL: systemd-journal-remote's upload, entries in the journal's export format. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "http.h"
#include "kinds.h"
#include "output.h"
#include "process_table.h"

struct journal {
	struct http *http;
	struct output output;
};

static int open_journal(struct destination *destination)
{
	struct journal *journal = calloc(1, sizeof(*journal));

	destination->state = journal;
	if (!journal)
		return -ENOMEM;
	journal->output = (struct output){ .format = OUTPUT_EXPORT, .hold = true, .fd = -1 };
	/* It unpacks gzip from version 258 on, and answers 417 before. */
	return http_open(&journal->http, destination, "/upload", "application/vnd.fdo.journal",
			 false);
}

static void put_field(struct evh_text *text, const char *name, const char *value)
{
	if (!*value || strchr(value, '\n'))
		return;
	evh_text_puts(text, name);
	evh_text_puts(text, "=");
	evh_text_puts(text, value);
	evh_text_puts(text, "\n");
}

/* The journal has ids without dashes. */
static void put_id(struct evh_text *text, const char *name, const char *id)
{
	char plain[33];
	size_t size = 0;

	for (; *id && size < sizeof(plain) - 1; id++) {
		if (*id != '-')
			plain[size++] = *id;
	}
	plain[size] = '\0';
	put_field(text, name, size == sizeof(plain) - 1 ? plain : "");
}

static bool tells(const struct event *event, enum process_text text)
{
	return event->process && event->process->text[text].size;
}

/* What of the machine the process didn't say, in front of what the format has. */
static void put_host(struct evh_text *text, const struct event *event, const struct host *host)
{
	if (!tells(event, PROCESS_HOST))
		put_field(text, "_HOSTNAME", host->name);
	if (!tells(event, PROCESS_BOOT_ID))
		put_id(text, "_BOOT_ID", host->boot_id);
	put_id(text, "_MACHINE_ID", host->id);
	put_field(text, "_TRANSPORT", name_is(&event->name, "syslog") ? "syslog" : "stdout");
}

static size_t add(struct destination *destination, struct event *event)
{
	struct journal *journal = destination->state;

	put_host(&journal->output.text, event, destination->host);
	output_format_event(&journal->output, event);
	return journal->output.text.size;
}

static enum delivery deliver(struct destination *destination)
{
	struct journal *journal = destination->state;

	return http_post(journal->http, destination, &journal->output.text, NULL);
}

static void clear(struct destination *destination)
{
	struct journal *journal = destination->state;

	evh_text_clear(&journal->output.text);
	http_forget(journal->http);
}

static void close_journal(struct destination *destination)
{
	struct journal *journal = destination->state;

	http_close(journal->http);
	output_free(&journal->output);
	free(journal);
}

const struct destination_kind destination_journal = {
	.scheme = "journal",
	.check = http_check_url,
	.open = open_journal,
	.add = add,
	.deliver = deliver,
	.clear = clear,
	.close = close_journal,
};

/* SPDX-License-Identifier: MIT */
/* Rows of the list of processes, as a table for people and as JSON. */
#include "process_row.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <evh/json.h>

#include "cli.h"

#define NS_PER_S UINT64_C(1000000000)

/* A wider column would push all others from the screen. */
#define WIDTH_MAX 32

static bool is_this_boot(const char *id)
{
	char ours[64] = "";
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	ssize_t size = fd < 0 ? -1 : read(fd, ours, sizeof(ours) - 1);

	if (fd >= 0)
		close(fd);
	return size >= 36 && strlen(id) == 36 && memcmp(id, ours, 36) == 0;
}

bool process_row_runs(const struct process_row *row)
{
	return row->text[ROW_BOOT_ID] && row->pid <= INT32_MAX && row->pid > 0 &&
	       is_this_boot(row->text[ROW_BOOT_ID]) &&
	       (kill((pid_t)row->pid, 0) == 0 || errno == EPERM);
}

static void append_status(struct evh_text *text, const struct process_row *row)
{
	static const char *const WORDS[] = {
		[ROW_UNKNOWN] = "-", [ROW_EXITED] = "", [ROW_EXEC] = "exec", [ROW_RUNS] = "runs"
	};

	evh_text_puts(text, WORDS[row->end]);
	if (row->end == ROW_EXITED)
		evh_text_i64(text, row->status);
}

static void append_format(struct evh_text *text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void append_format(struct evh_text *text, const char *format, ...)
{
	char buffer[256];
	va_list arguments;
	int size;

	va_start(arguments, format);
	size = vsnprintf(buffer, sizeof(buffer), format, arguments);
	va_end(arguments);
	evh_text_append(text, buffer,
			size < (int)sizeof(buffer) ? (size_t)size : sizeof(buffer) - 1);
}

/*
 * When it began, as well as it is known: with its first word, unless that surely came more than a
 * second later than the kernel's time, of which the second is known.
 */
static uint64_t start_of(const struct process_row *row)
{
	uint64_t second = row->has_start && row->start > 0 ? (uint64_t)row->start : 0;

	return row->has_time && second && (second + 2) * NS_PER_S <= row->began ? second * NS_PER_S
										: row->began;
}

static void append_start(struct evh_text *text, const struct process_row *row, bool utc)
{
	time_t seconds = (time_t)(start_of(row) / NS_PER_S);
	struct tm tm = { 0 };
	char day[32];

	if (!row->has_time) {
		append_format(text, "%llu.%03u", (unsigned long long)seconds,
			      (unsigned int)(start_of(row) / 1000000 % 1000));
		return;
	}
	if (utc)
		gmtime_r(&seconds, &tm);
	else
		localtime_r(&seconds, &tm);
	strftime(day, sizeof(day), "%Y-%m-%d %H:%M:%S", &tm);
	append_format(text, "%s.%03u", day, (unsigned int)(start_of(row) / 1000000 % 1000));
}

static double duration_of(const struct process_row *row)
{
	uint64_t from = start_of(row);

	return row->last > from ? (double)(row->last - from) / 1e9 : 0;
}

/* ---- The table ------------------------------------------------------------------------------ */

enum column {
	COLUMN_PROGRAM,
	COLUMN_PID,
	COLUMN_UNIT,
	COLUMN_START,
	COLUMN_DURATION,
	COLUMN_STATUS,
	COLUMNS
};

static const char *const TITLES[COLUMNS] = {
	"PROGRAM", "PID", "UNIT", "START", "DURATION", "STATUS"
};

static void append_cell(struct evh_text *text, const struct process_row *row, enum column column,
			bool utc)
{
	const char *word = column == COLUMN_PROGRAM ? row->text[ROW_PROGRAM] : row->text[ROW_UNIT];

	switch (column) {
	case COLUMN_PROGRAM:
	case COLUMN_UNIT:
		word = word ? word : "-";
		evh_text_visible(text, word, strlen(word));
		break;
	case COLUMN_PID:
		evh_text_u64(text, row->pid);
		break;
	case COLUMN_START:
		append_start(text, row, utc);
		break;
	case COLUMN_DURATION:
		append_format(text, "%.3f s", duration_of(row));
		break;
	default:
		append_status(text, row);
		break;
	}
}

/* How many columns a terminal gives to it: no byte that only continues a character. */
static size_t width_of(const char *data, size_t size)
{
	size_t width = 0;

	for (size_t i = 0; i < size; i++)
		width += ((unsigned char)data[i] & 0xc0) != 0x80;
	return width;
}

static void append_padded(struct evh_text *text, const struct evh_text *cell, size_t width,
			  bool right)
{
	size_t used = width_of(cell->data ? cell->data : "", cell->size);
	size_t gap = used < width ? width - used : 0;

	if (right)
		append_format(text, "%*s", (int)gap, "");
	evh_text_append(text, cell->data, cell->size);
	if (!right)
		append_format(text, "%*s", (int)gap, "");
	evh_text_puts(text, "  ");
}

static void measure(const struct process_row *first, size_t widths[COLUMNS], bool utc)
{
	struct evh_text cell = { 0 };

	for (size_t column = 0; column < COLUMNS; column++)
		widths[column] = strlen(TITLES[column]);
	for (const struct process_row *row = first; row; row = row->later) {
		for (size_t column = 0; row->wanted && column < COLUMNS; column++) {
			size_t width;

			evh_text_clear(&cell);
			append_cell(&cell, row, column, utc);
			width = width_of(cell.data, cell.size);
			width = width < WIDTH_MAX ? width : WIDTH_MAX;
			widths[column] = width > widths[column] ? width : widths[column];
		}
	}
	evh_text_free(&cell);
}

static bool is_right(size_t column)
{
	return column == COLUMN_PID || column == COLUMN_DURATION || column == COLUMN_STATUS;
}

/* Lines by severity: of the three worst together, as they are rare. */
static void append_counts(struct evh_text *text, const struct process_row *row)
{
	uint64_t worst = row->counts[0] + row->counts[1] + row->counts[2];
	uint64_t info = row->counts[6] + row->counts[SEVERITY_NONE];

	append_format(text, "%6llu %6llu %7llu %6llu %6llu %6llu\n", (unsigned long long)worst,
		      (unsigned long long)row->counts[3], (unsigned long long)row->counts[4],
		      (unsigned long long)row->counts[5], (unsigned long long)info,
		      (unsigned long long)row->counts[7]);
}

static void write_table(const struct process_row *first, struct output *output)
{
	struct evh_text *text = &output->text;
	size_t widths[COLUMNS];
	struct evh_text cell = { 0 };

	measure(first, widths, output->utc);
	for (size_t column = 0; column < COLUMNS; column++) {
		evh_text_clear(&cell);
		evh_text_puts(&cell, TITLES[column]);
		append_padded(text, &cell, widths[column], is_right(column));
	}
	append_format(text, "%6s %6s %7s %6s %6s %6s\n", "CRIT", "ERR", "WARNING", "NOTICE", "INFO",
		      "DEBUG");
	for (const struct process_row *row = first; row; row = row->later) {
		for (size_t column = 0; row->wanted && column < COLUMNS; column++) {
			evh_text_clear(&cell);
			append_cell(&cell, row, column, output->utc);
			append_padded(text, &cell, widths[column], is_right(column));
		}
		if (row->wanted)
			append_counts(text, row);
		output_flush_full(output);
	}
	evh_text_free(&cell);
}

/* ---- JSON ----------------------------------------------------------------------------------- */

static void append_json_text(struct evh_text *text, const char *key, const char *value)
{
	if (!value)
		return;
	append_format(text, ",\"%s\":", key);
	evh_json_string(text, value, strlen(value));
}

static void append_json_time(struct evh_text *text, const char *key, uint64_t time, bool wall)
{
	const struct evh_sample sample = {
		.has = wall ? EVH_SAMPLE_TIME : EVH_SAMPLE_CLOCK,
		.time = time,
	};

	append_format(text, ",\"%s\":%s", key, wall ? "\"" : "");
	output_append_time_iso(text, &sample);
	evh_text_puts(text, wall ? "\"" : "");
}

static void append_json_lines(struct evh_text *text, const struct process_row *row)
{
	bool first = true;

	evh_text_puts(text, ",\"lines\":{");
	for (size_t i = 0; i <= SEVERITY_NONE; i++) {
		if (!row->counts[i])
			continue;
		append_format(text, "%s\"%s\":%llu", first ? "" : ",",
			      i < SEVERITY_NONE ? severity_name((enum severity)i) : "none",
			      (unsigned long long)row->counts[i]);
		first = false;
	}
	evh_text_puts(text, "}");
}

static void append_json(struct evh_text *text, const struct process_row *row, bool last)
{
	static const char *const ENDS[] = { "unknown", "exit", "exec", "running" };

	append_format(text, "{\"pid\":%u", row->pid);
	append_json_text(text, "program", row->text[ROW_PROGRAM]);
	append_json_text(text, "exe", row->text[ROW_EXE]);
	append_json_text(text, "args", row->text[ROW_ARGS]);
	if (row->has_ppid)
		append_format(text, ",\"ppid\":%u", row->ppid);
	if (row->has_uid)
		append_format(text, ",\"uid\":%u", row->uid);
	append_json_text(text, "unit", row->text[ROW_UNIT]);
	append_json_text(text, "container", row->text[ROW_CONTAINER]);
	append_json_text(text, "host", row->text[ROW_HOST]);
	append_json_time(text, "start", start_of(row), row->has_time);
	append_format(text, ",\"duration\":%.6f,\"end\":\"%s\"", duration_of(row), ENDS[row->end]);
	if (row->end == ROW_EXITED)
		append_format(text, ",\"status\":%lld", (long long)row->status);
	append_json_lines(text, row);
	if (last) {
		evh_text_puts(text, ",\"last\":[");
		for (size_t i = 0; i < row->line_count; i++) {
			/* Without their newline. */
			evh_text_puts(text, i ? "," : "");
			evh_text_append(text, row->lines[i].data, row->lines[i].size - 1);
		}
		evh_text_puts(text, "]");
	}
	evh_text_puts(text, "}\n");
}

void process_rows_write(const struct process_row *first, struct output *output)
{
	if (output->format != OUTPUT_JSON) {
		write_table(first, output);
		return;
	}
	for (const struct process_row *row = first; row; row = row->later) {
		if (row->wanted)
			append_json(&output->text, row, false);
		output_flush_full(output);
	}
}

static void append_failed(struct evh_text *text, const struct process_row *row, bool utc)
{
	const char *program = row->text[ROW_PROGRAM] ? row->text[ROW_PROGRAM] : "(unknown)";

	evh_text_visible(text, program, strlen(program));
	append_format(text, "[%u] ", row->pid);
	if (row->end == ROW_EXITED)
		append_format(text, "ended with status %lld", (long long)row->status);
	else
		evh_text_puts(text, "ended without an exit (a signal killed it, most likely)");
	append_format(text, " after %.3f s, began ", duration_of(row));
	append_start(text, row, utc);
	for (size_t i = ROW_EXE; i <= ROW_HOST; i++) {
		static const char *const NAMES[] = { "", "", "unit ", "container ", "host " };

		if (!row->text[i])
			continue;
		evh_text_puts(text, ", ");
		evh_text_puts(text, NAMES[i]);
		evh_text_visible(text, row->text[i], strlen(row->text[i]));
	}
	evh_text_puts(text, "\n");
	for (size_t i = 0; i < row->line_count; i++) {
		evh_text_puts(text, "    ");
		evh_text_append(text, row->lines[i].data, row->lines[i].size);
	}
}

void process_rows_write_failed(const struct process_row *first, struct output *output,
			       bool any_exit)
{
	if (!any_exit) {
		cli_error("nothing says how processes ended: no program that logged ended by exit, "
			  "or the recording is of an older logtap");
		return;
	}
	for (const struct process_row *row = first; row; row = row->later) {
		bool failed = row->end == ROW_UNKNOWN || (row->end == ROW_EXITED && row->status);

		if (!row->wanted || !failed)
			continue;
		if (output->format == OUTPUT_JSON)
			append_json(&output->text, row, true);
		else
			append_failed(&output->text, row, output->utc);
		output_flush_full(output);
	}
}

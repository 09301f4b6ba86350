/* SPDX-License-Identifier: MIT */
/*
 * `logtap view`: shows the events of files. Must never stop at damage while there is something
 * good behind it, and never exit with 0 when something could not be shown.
 */
#include "view.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli.h"
#include "pager.h"

/* Lines of a process that failed, where nobody said how many. */
#define FAILED_LINES 10

static int copy_bytes(void *argument, const void *bytes, size_t size)
{
	struct output *output = argument;

	output_bytes(output, bytes, size);
	return -output->error;
}

/* --output=perf: the record as it is, when its event passes. What is said of processes stays. */
static int copy_sample(struct view *view, const struct evh_sample *sample)
{
	struct pipeline *show = &view->show;
	struct event event;
	enum process_news news;
	size_t size;
	const void *record;

	event_of_part(&event, sample, show->schemas);
	pipeline_weigh(show, &event);
	news = process_news_of(&event);
	if (news == PROCESS_STARTED && process_table_learn(show->processes, 0, &event) < 0)
		return -ENOMEM;
	event.process = process_table_find(show->processes, 0, sample->pid);
	if (news == PROCESS_NO_NEWS && !filter_passes(&show->filter, &event))
		return 0;
	record = evh_trace_record(view->sources.last->trace, &size);
	output_bytes(&show->output, record, size);
	return show->output.error != 0;
}

/* The same file has another content now. Its head may not be there yet. */
static int start_over(struct view *view, struct source *source)
{
	int result = pipeline_flush(&view->show);

	if (result == 0 && output_flush(&view->show.output) < 0)
		result = 1;
	/* A copy has its head already, and takes no other. */
	if (result == 0 && view->show.output.format == OUTPUT_PERF)
		result = -ESTALE;
	if (result != 0)
		return result;
	cli_error("%s was truncated: starting again from its beginning", source->path);
	return source_start_over(source);
}

/* How long a file that shrank before anybody watched it may go unnoticed, milliseconds. */
#define LOOK_PERIOD 1000

/* Everything until now has been shown: let it be seen, and wait for more. */
static int wait_for_more(struct view *view)
{
	int result = view->follow ? pipeline_let_go(&view->show) : 0;

	if (result != 0)
		return result;
	if (output_flush(&view->show.output) < 0)
		return 1;
	if (view->follow)
		view_report_losses(view);
	for (size_t i = 0; view->follow && i < view->sources.count; i++) {
		if (source_has_shrunk(&view->sources.items[i]))
			return start_over(view, &view->sources.items[i]);
	}
	return sources_wait(&view->sources, view->follow ? LOOK_PERIOD : -1);
}

/*
 * Messages in parts may take as much memory as any has needed, but not more than the file is worth:
 * what a small one unpacks to is handed out in pieces.
 */
static size_t join_limit(uint64_t bytes_read)
{
	const size_t least = (size_t)4 << 20;
	const size_t most = (size_t)256 << 20;

	return bytes_read < (most - least) / 8 ? least + 8 * (size_t)bytes_read : most;
}

/*
 * Arrays of structs have names of 10 bytes for values of 4, or the like; what has 24 times as many
 * in the average was made to keep the reader busy.
 */
static uint64_t weight_limit(uint64_t bytes_read)
{
	return ((uint64_t)8 << 20) + 24 * bytes_read;
}

/* So many samples come between looks at the limits. */
#define LIMITS_PERIOD 256

/* What the files may cost grows with what was read of them. */
static void set_limits(struct view *view)
{
	uint64_t bytes_read = sources_offset(&view->sources);

	view->weight_limit = weight_limit(bytes_read);
	evh_join_set_limit(view->show.join, join_limit(bytes_read));
}

/* Whether more was passed over before this sample than before the last. 0 or -ENOMEM. */
static int note_passed_over(struct view *view)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < view->sources.count; i++)
		bytes += evh_trace_passed_over(view->sources.items[i].trace);
	if (bytes == view->passed_over)
		return 0;
	view->passed_over = bytes;
	return pipeline_pass_over(&view->show);
}

static int show_one(struct view *view, const struct evh_sample *sample)
{
	if (view->samples++ % LIMITS_PERIOD == 0 || view->show.weight > view->weight_limit)
		set_limits(view);
	if (view->show.weight > view->weight_limit)
		return -E2BIG;
	view->any = true;
	if (view->progress.active)
		progress_step(&view->progress, sources_offset(&view->sources),
			      sources_size(&view->sources));
	if (view->show.output.format == OUTPUT_PERF)
		return copy_sample(view, sample);
	view->show.source = (uint32_t)(view->sources.last - view->sources.items);
	if (view->passes_over && note_passed_over(view) < 0)
		return -ENOMEM;
	return pipeline_sample(&view->show, sample);
}

/* Where nearly nothing passes, this is the only sign of life. */
static bool is_wanted(void *argument, const struct evh_sample *sample)
{
	struct view *view = argument;
	struct filter *filter = &view->show.filter;

	if (filter_is_open(filter) || filter_may_pass(filter, sample, view->show.schemas))
		return true;
	filter_watch_time(filter, sample);
	progress_step(&view->progress, sources_offset(&view->sources),
		      sources_size(&view->sources));
	return false;
}

static void look_ahead(struct view *view)
{
	if (view->show.output.format == OUTPUT_PERF || !filter_looks_ahead(&view->show.filter))
		return;
	for (size_t i = 0; i < view->sources.count; i++)
		evh_trace_set_wanted(view->sources.items[i].trace, is_wanted, view);
}

/* Whether of what is older than --since nothing may be needed: see pipeline.c for the rest. */
static bool may_pass_over(const struct view *view)
{
	const struct pipeline *show = &view->show;
	const struct output *output = &show->output;
	bool plain = output_is_short(output) || output->format == OUTPUT_CAT ||
		     output->format == OUTPUT_JSON;

	if (!show->filter.by_since || view->follow || view->what != VIEW_EVENTS || !plain ||
	    output->field_count || show->filter.matches.count || show->filter.programs.count ||
	    show->filter.events.count)
		return false;
	for (size_t i = 0; i < view->sources.count; i++) {
		if (!source_info(&view->sources.items[i])->seekable_source)
			return false;
	}
	return true;
}

static void pass_over(struct view *view)
{
	if (!may_pass_over(view))
		return;
	for (size_t i = 0; i < view->sources.count; i++)
		evh_trace_set_since(view->sources.items[i].trace, view->show.filter.since);
	view->passes_over = true;
}

/* What was passed over is needed after all: everything is read, and what was shown isn't again. */
static int read_whole(struct view *view)
{
	int result = sources_restart(&view->sources);

	if (result < 0)
		return result;
	view->passes_over = false;
	view->samples = 0;
	look_ahead(view);
	return pipeline_restart(&view->show);
}

/* 0 at the end, 1 when the output wants no more, or a negative errno. */
static int show_all(struct view *view)
{
	struct evh_sample *sample;
	int result;

	while ((result = sources_next(&view->sources, &sample)) != 0) {
		if (result == -EAGAIN)
			result = wait_for_more(view);
		else if (result > 0)
			result = show_one(view, sample);
		if (result == PIPELINE_NEEDS_ALL)
			result = read_whole(view);
		if (result != 0)
			return result;
	}
	for (size_t i = 0; i < view->sources.count; i++)
		view->any = view->any || source_info(&view->sources.items[i])->unwanted;
	/* As journalctl; what programs read stays empty. */
	if (!view->any && view->what == VIEW_EVENTS && output_is_short(&view->show.output) &&
	    !source_info(&view->sources.items[0])->other)
		output_bytes(&view->show.output, "-- No entries --\n", 17);
	return view->show.output.format == OUTPUT_PERF ? 0 : pipeline_end(&view->show);
}

/* What becomes of the events. 0 or -ENOMEM. */
static int choose(struct view *view)
{
	struct pipeline *show = &view->show;

	if (view->what == VIEW_STATS) {
		view->stats = stats_new();
		show->take = stats_take;
		show->take_news = stats_take_news;
		show->take_argument = view->stats;
		return view->stats ? 0 : -ENOMEM;
	}
	if (view->what == VIEW_PROCESSES || view->what == VIEW_FAILED) {
		uint64_t lines = view->has_count ? view->count : FAILED_LINES;

		view->processes = process_list_new(&show->output, &show->filter,
						   view->what == VIEW_FAILED ? lines : 0);
		show->take = process_list_take;
		show->take_news = process_list_take_news;
		show->take_argument = view->processes;
		return view->processes ? 0 : -ENOMEM;
	}
	if (view->has_count || view->reverse) {
		show->kept = kept_new(view->has_count ? view->count : UINT64_MAX, view->reverse);
		return show->kept ? 0 : -ENOMEM;
	}
	return 0;
}

/* 0 at the end, 1 when the output wants no more, or a negative errno. */
static int view_events(struct view *view)
{
	struct output *output = &view->show.output;
	int result = pipeline_start(&view->show);

	if (result == 0)
		result = choose(view);
	if (result == 0)
		result = show_all(view);
	progress_end(&view->progress);
	if (view->stats && result >= 0)
		stats_write(view->stats, &view->sources, output);
	if (view->processes && result >= 0)
		process_list_write(view->processes, view->what == VIEW_FAILED,
				   view->what == VIEW_PROCESSES && view->has_count ? view->count
										   : UINT64_MAX,
				   view->reverse);
	output_flush(output);
	return result;
}

/* The exit status, with a word on stderr for all that went wrong. */
static int conclude(struct view *view, int result)
{
	struct output *output = &view->show.output;
	const struct source *last = view->sources.last ? view->sources.last : view->sources.items;
	int status = output_finish(output);

	if (result == -E2BIG && !output->error) {
		cli_error("%s: its arrays repeat their fields more often than a file of its size "
			  "may: reading ended at byte %llu, what comes before is shown",
			  last->path, (unsigned long long)source_info(last)->offset);
		status = CLI_FAILURE;
	} else if (result < 0 && !output->error) {
		cli_error("cannot read %s: %s", last->path, evh_trace_strerror(result));
		status = CLI_FAILURE;
	}
	/* Who stopped reading doesn't want to know what comes later. */
	if (!output->error && view_report(view) > 0)
		status = CLI_FAILURE;
	if (!output->error && view->show.shown > 0 && view->what == VIEW_EVENTS)
		output_report_fields(output);
	return status;
}

static int refuse_copy(const struct view *view)
{
	cli_error("%s is a .dat file: it has not the times and processes that --output=perf "
		  "writes",
		  view->sources.items[0].path);
	return CLI_FAILURE;
}

static int view_files(struct view *view)
{
	struct output *output = &view->show.output;
	struct evh_trace_options options = { .follow = view->follow };
	pid_t pager = 0;
	int status;
	int result;

	/* Before there is a pager, which passes everything on. */
	output_open(output, STDOUT_FILENO);
	output->title = view->paths[0];
	if (output->format == OUTPUT_PERF) {
		options.copy = copy_bytes;
		options.copy_argument = output;
	}
	status = sources_open(&view->sources, view->paths, view->path_count, &options);
	if (output->error)
		return output_finish(output);
	if (status != 0)
		return status;
	if (output->format == OUTPUT_PERF &&
	    source_info(&view->sources.items[0])->form >= EVH_TRACE_DAT)
		return refuse_copy(view);
	look_ahead(view);
	pass_over(view);
	view->show.filter.watch = !view->follow;
	if (!view->follow)
		progress_start(&view->progress);
	if (view->want_pager && !view->follow)
		pager = pager_start();
	result = view_events(view);
	/* What is said on stderr must not stand in the middle of the pager's screen. */
	if (pager)
		pager_wait(pager);
	return conclude(view, result);
}

int cmd_view(int argc, char **argv)
{
	struct view view = { .want_pager = true };
	int status = view_options(&view, argc, argv);

	if (status < 0) {
		/* | head: write tells us, and what is running gets ended in order. */
		signal(SIGPIPE, SIG_IGN);
		status = view_files(&view);
	}
	sources_close(&view.sources);
	stats_free(view.stats);
	process_list_free(view.processes);
	pipeline_free(&view.show);
	free(view.paths);
	return status;
}

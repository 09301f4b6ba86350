/* SPDX-License-Identifier: MIT */
/*
 * `logtap view`: shows the events of a file. Must never stop at damage while there is something
 * good behind it, and never exit with 0 when something could not be shown.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"
#include "pager.h"
#include "view.h"

static int open_input(struct view *view)
{
	if (strcmp(view->path, "-") == 0) {
		view->path = "stdin";
		view->fd = STDIN_FILENO;
		if (isatty(STDIN_FILENO)) {
			cli_error("stdin is a terminal: give a file, or pipe a recording in");
			return CLI_USAGE;
		}
		return 0;
	}
	view->fd = open(view->path, O_RDONLY | O_CLOEXEC);
	if (view->fd >= 0)
		return 0;
	cli_error("cannot open '%s': %s%s", view->path, strerror(errno),
		  errno == ENOENT && strcmp(view->path, VIEW_DEFAULT_FILE) == 0
			  ? " (`logtap record PROGRAM` makes one; or say which file to show)"
			  : "");
	return CLI_FAILURE;
}

static void explain_foreign(const struct view *view)
{
	uint8_t bytes[64];
	ssize_t size = pread(view->fd, bytes, sizeof(bytes), 0);
	const char *kind = size < 0 ? NULL : evh_trace_kind_of(bytes, (size_t)size);

	cli_error("%s is no recording (neither perf.data nor .dat)%s%s", view->path,
		  kind ? ": it looks like " : "", kind ? kind : "");
}

/* Why evh_trace_open refused. */
static int explain_open(const struct view *view, int error)
{
	switch (error) {
	case -EMEDIUMTYPE:
		explain_foreign(view);
		break;
	case -ENODATA:
		cli_error("%s is empty, or ends within its head: nothing in it can be read",
			  view->path);
		break;
	case -EBADMSG:
		cli_error("%s is damaged: its head contradicts itself", view->path);
		break;
	case -EISDIR:
		cli_error("%s is a folder, not a recording (what `perf record --threads` writes "
			  "can't be read: record without it)",
			  view->path);
		break;
	default:
		cli_error("cannot read %s: %s", view->path, evh_trace_strerror(error));
	}
	return CLI_FAILURE;
}

static int copy_bytes(void *argument, const void *bytes, size_t size)
{
	struct output *output = argument;

	output_bytes(output, bytes, size);
	return -output->error;
}

/* --output=perf: the record as it is, when its event passes. */
static int copy_sample(struct view *view, const struct evh_sample *sample)
{
	struct event event;
	size_t size;
	const void *record;

	event_of_part(&event, sample, view->show.schemas);
	pipeline_weigh(&view->show, &event);
	if (!filter_passes(&view->show.filter, &event))
		return 0;
	record = evh_trace_record(view->trace, &size);
	output_bytes(&view->show.output, record, size);
	return view->show.output.error != 0;
}

#define NS_PER_MS ((long)1000 * 1000)

static bool has_shrunk(const struct view *view)
{
	struct stat status;

	return fstat(view->fd, &status) == 0 && S_ISREG(status.st_mode) &&
	       (uint64_t)status.st_size < evh_trace_info(view->trace)->offset;
}

/* What says that a file is a trace. */
#define MAGIC_SIZE 16

/* The same file has another content now. Its head may not be there yet. */
static int start_over(struct view *view)
{
	struct evh_trace_options options = { .follow = true };
	struct timespec pause = { .tv_nsec = 200 * NS_PER_MS };
	int result = pipeline_end(&view->show);

	if (result == 0 && output_flush(&view->show.output) < 0)
		result = 1;
	/* A copy has its head already, and takes no other. */
	if (result == 0 && view->show.output.format == OUTPUT_PERF)
		result = -ESTALE;
	if (result != 0)
		return result;
	cli_error("%s was truncated: starting again from its beginning", view->path);
	evh_trace_close(view->trace);
	view->trace = NULL;
	lseek(view->fd, 0, SEEK_SET);
	for (;;) {
		struct stat status;

		result = evh_trace_open(&view->trace, view->fd, &options);
		if (result == 0)
			return 0;
		if (fstat(view->fd, &status) != 0 ||
		    (status.st_size >= MAGIC_SIZE && result != -ENODATA))
			return result;
		nanosleep(&pause, NULL);
	}
}

/* How long a file that shrank before anybody watched it may go unnoticed, milliseconds. */
#define LOOK_PERIOD 1000

/* Everything until now has been shown: let it be seen, and wait for more. */
static int wait_for_more(struct view *view)
{
	int result;

	if (output_flush(&view->show.output) < 0)
		return 1;
	if (view->follow && has_shrunk(view))
		return start_over(view);
	result = evh_trace_wait(view->trace, view->follow ? LOOK_PERIOD : -1);
	return result == -EINTR || result >= 0 ? 0 : result;
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

/* What a file may cost grows with what was read of it. */
static void set_limits(struct view *view)
{
	uint64_t bytes_read = evh_trace_info(view->trace)->offset;

	if (bytes_read == view->limits_at)
		return;
	view->limits_at = bytes_read;
	view->weight_limit = weight_limit(bytes_read);
	evh_join_set_limit(view->show.join, join_limit(bytes_read));
}

static int show_one(struct view *view, const struct evh_sample *sample)
{
	set_limits(view);
	if (view->show.weight > view->weight_limit)
		return -E2BIG;
	view->any = true;
	return view->show.output.format == OUTPUT_PERF ? copy_sample(view, sample)
						       : pipeline_sample(&view->show, sample);
}

/* Where nearly nothing passes, this is the only sign of life. */
static bool is_wanted(void *argument, const struct evh_sample *sample)
{
	struct view *view = argument;
	const struct evh_trace_info *info = evh_trace_info(view->trace);

	if (filter_text_may_pass(&view->show.filter, sample, view->show.schemas))
		return true;
	progress_step(&view->progress, info->offset, info->size);
	return false;
}

/* 0 at the end, 1 when the output wants no more, or a negative errno. */
static int show_all(struct view *view)
{
	struct evh_sample sample;
	int result;

	while ((result = evh_trace_next(view->trace, &sample)) != 0) {
		if (result == -EAGAIN)
			result = wait_for_more(view);
		else if (result > 0)
			result = show_one(view, &sample);
		if (result != 0)
			return result;

		const struct evh_trace_info *info = evh_trace_info(view->trace);

		progress_step(&view->progress, info->offset, info->size);
	}
	view->any = view->any || evh_trace_info(view->trace)->unwanted;
	return pipeline_end(&view->show);
}

/* One line for each kind of thing that isn't as it should be. How many there were. */
static int report(const struct view *view)
{
	const struct evh_trace_info *info = evh_trace_info(view->trace);
	const struct pipeline *show = &view->show;
	int count = 0;

	if (info->refused && ++count)
		cli_error("%s: %llu record%s that no program's log has, the first at byte %llu, %s "
			  "left out (such records hide what others log); everything else is shown",
			  view->path, (unsigned long long)info->refused,
			  info->refused == 1 ? "" : "s", (unsigned long long)info->refused_offset,
			  info->refused == 1 ? "was" : "were");
	if (info->headless && ++count)
		cli_error("%s was truncated while it was written, its head is missing%s; what was "
			  "written since is shown",
			  view->path,
			  info->wall_clock ? "" : ": providers and the time of day are not known");
	else if (info->hole && ++count)
		cli_error("%s was truncated while it was written: its first %llu bytes are empty; "
			  "what was written since is shown",
			  view->path, (unsigned long long)info->hole);
	if (info->cut && ++count)
		cli_error("%s: %llu record%s cut short, the first at byte %llu (%llu bytes of "
			  "%s): the writer was killed or the disk was full; everything else "
			  "is shown",
			  view->path, (unsigned long long)info->cut, info->cut == 1 ? "" : "s",
			  (unsigned long long)info->cut_offset, (unsigned long long)info->cut_bytes,
			  info->cut == 1 ? "it" : "them");
	if (info->damaged && ++count)
		cli_error("%s: %llu bytes are damaged, the first at byte %llu; everything else is "
			  "shown",
			  view->path, (unsigned long long)info->damaged,
			  (unsigned long long)info->damaged_offset);
	if (info->unreadable && ++count)
		cli_error("%s: %llu record%s left out", view->path,
			  (unsigned long long)info->unreadable,
			  info->unreadable == 1 ? " contradicts itself and is"
						: "s contradict themselves and are");
	if (info->truncated && ++count)
		cli_error("%s: the file is cut off at byte %llu; the events before are shown",
			  view->path, (unsigned long long)info->truncated_offset);
	if (show->incomplete && ++count)
		cli_error("%s: %llu message%s incomplete: parts are missing", view->path,
			  (unsigned long long)show->incomplete,
			  show->incomplete == 1 ? " is" : "s are");
	if ((show->filter.by_since || show->filter.by_until) && !info->wall_clock && ++count)
		cli_error("%s has no times of the calendar: --since and --until leave nothing of "
			  "it",
			  view->path);
	/* Where something was wrong, that is why. */
	if (!view->any && info->recording && !count)
		cli_error("%s has no events: `logtap doctor PROGRAM` tells whether the program can "
			  "be captured",
			  view->path);
	/* Nothing wrong with it, but nothing to see either. */
	if (info->other && !view->any)
		cli_error(
			"%s has no tracepoint events, only %llu other sample%s, which perf script "
			"shows",
			view->path, (unsigned long long)info->other, info->other == 1 ? "" : "s");
	/* Not the file's fault: it says so itself. */
	if (info->lost && !view->want_stats)
		cli_error("%s: %s%llu event%s lost: %s", view->path,
			  /* A writer that ends while the disk is full can't say. */
			  info->recording ? "at least " : "", (unsigned long long)info->lost,
			  info->lost == 1 ? " was" : "s were",
			  info->recording
				  ? "they could not be written, because of a full disk or a "
				    "limit on the size of files (df, ulimit -f)"
				  : "the recorder was too slow (perf record -m makes its "
				    "buffers larger)");
	return count;
}

static int refuse_copy(const struct view *view)
{
	cli_error("%s is a .dat file: it has no times and processes that --output=perf could "
		  "write",
		  view->path);
	return CLI_FAILURE;
}

/* 0 at the end, 1 when the output wants no more, or a negative errno. */
static int view_trace(struct view *view)
{
	int result = pipeline_start(&view->show);

	if (result == 0 && view->want_stats) {
		view->stats = stats_new();
		view->show.take = stats_take;
		view->show.take_argument = view->stats;
		result = view->stats ? 0 : -ENOMEM;
	}
	if (result == 0)
		result = show_all(view);
	progress_end(&view->progress);
	/* As journalctl; what programs read stays empty. */
	if (result == 0 && !view->any && !evh_trace_info(view->trace)->other && !view->stats &&
	    view->show.output.format == OUTPUT_SHORT)
		output_bytes(&view->show.output, "-- No entries --\n", 17);
	if (view->stats && result >= 0)
		stats_write(view->stats, evh_trace_info(view->trace), &view->show.output);
	output_flush(&view->show.output);
	return result;
}

/* The exit status, with a word on stderr for all that went wrong. */
static int conclude(struct view *view, int result)
{
	struct output *output = &view->show.output;
	int status = output_finish(output);

	if (result == -E2BIG && !output->error) {
		cli_error("%s: its arrays repeat their fields more often than a file of its size "
			  "may: reading ended at byte %llu, what comes before is shown",
			  view->path, (unsigned long long)evh_trace_info(view->trace)->offset);
		status = CLI_FAILURE;
	} else if (result < 0 && !output->error) {
		cli_error("cannot read %s: %s", view->path, evh_trace_strerror(result));
		status = CLI_FAILURE;
	}
	/* Who stopped reading doesn't want to know what comes later. */
	if (!output->error && view->trace && report(view) > 0)
		status = CLI_FAILURE;
	if (!output->error && view->show.shown > 0 && !view->want_stats)
		output_report_fields(output);
	return status;
}

static int view_file(struct view *view)
{
	struct output *output = &view->show.output;
	struct evh_trace_options options = { .follow = view->follow };
	pid_t pager = 0;
	int status = open_input(view);

	if (status != 0)
		return status;
	/* Before there is a pager, which passes everything on. */
	output_open(output, STDOUT_FILENO);
	if (output->format == OUTPUT_PERF) {
		options.copy = copy_bytes;
		options.copy_argument = output;
	} else if (view->show.filter.by_text) {
		options.wanted = is_wanted;
		options.wanted_argument = view;
	}

	int result = evh_trace_open(&view->trace, view->fd, &options);

	if (output->error)
		return output_finish(output);
	if (result < 0)
		return explain_open(view, result);
	if (output->format == OUTPUT_PERF && evh_trace_info(view->trace)->form == EVH_TRACE_DAT)
		return refuse_copy(view);
	if (!view->follow)
		progress_start(&view->progress);
	if (view->want_pager && !view->follow)
		pager = pager_start();
	result = view_trace(view);
	/* What is said on stderr must not stand in the middle of the pager's screen. */
	if (pager)
		pager_wait(pager);
	return conclude(view, result);
}

int cmd_view(int argc, char **argv)
{
	struct view view = {
		.path = VIEW_DEFAULT_FILE,
		.fd = -1,
		.want_pager = true,
	};
	int status = view_options(&view, argc, argv);

	if (status < 0) {
		/* | head: write tells us, and what is running gets ended in order. */
		signal(SIGPIPE, SIG_IGN);
		status = view_file(&view);
	}
	evh_trace_close(view.trace);
	stats_free(view.stats);
	pipeline_free(&view.show);
	if (view.fd > STDIN_FILENO)
		close(view.fd);
	return status;
}

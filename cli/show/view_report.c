/* SPDX-License-Identifier: MIT */
/* What `logtap view` says at its end. Must name each thing once, however often it was met. */
#include <time.h>

#include "cli.h"
#include "view.h"

/* Of a file that is followed, losses that go on are told so often, seconds. */
#define LOSSES_PERIOD 5

/* What of a file could not be read. How many kinds of it. */
static int report_damage(const struct source *source)
{
	const struct evh_trace_info *info = source_info(source);
	int count = 0;

	if (info->refused && ++count)
		cli_error("%s: %llu record%s that no program's log has, the first at byte %llu, %s "
			  "left out (such records hide what others log); everything else is shown",
			  source->path, (unsigned long long)info->refused,
			  info->refused == 1 ? "" : "s", (unsigned long long)info->refused_offset,
			  info->refused == 1 ? "was" : "were");
	if (info->headless && ++count)
		cli_error("%s was truncated while it was written, its head is missing%s; what was "
			  "written since is shown",
			  source->path,
			  info->wall_clock ? "" : ": providers and the time of day are not known");
	else if (info->hole && ++count)
		cli_error("%s was truncated while it was written: its first %llu bytes are empty; "
			  "what was written since is shown",
			  source->path, (unsigned long long)info->hole);
	if (info->cut && ++count)
		cli_error("%s: %llu record%s cut short, the first at byte %llu (%llu bytes of "
			  "%s): the writer was killed or the disk was full; everything else "
			  "is shown",
			  source->path, (unsigned long long)info->cut, info->cut == 1 ? "" : "s",
			  (unsigned long long)info->cut_offset, (unsigned long long)info->cut_bytes,
			  info->cut == 1 ? "it" : "them");
	if (info->damaged && ++count)
		cli_error("%s: %llu bytes are damaged, the first at byte %llu; everything else is "
			  "shown",
			  source->path, (unsigned long long)info->damaged,
			  (unsigned long long)info->damaged_offset);
	if (info->unreadable && ++count)
		cli_error("%s: %llu record%s left out", source->path,
			  (unsigned long long)info->unreadable,
			  info->unreadable == 1 ? " contradicts itself and is"
						: "s contradict themselves and are");
	if (info->truncated && ++count)
		cli_error("%s: the file is cut off at byte %llu; the events before are shown",
			  source->path, (unsigned long long)info->truncated_offset);
	return count;
}

/* Why a recording's writers, or perf, lost events, and what helps. */
static const char *reason_of(const struct evh_trace_info *info)
{
	if (!info->recording)
		return "the recorder was too slow (perf record -m makes its buffers larger)";
	if (info->lost_no_room == info->lost)
		return "the disk was full (df)";
	if (info->lost_too_large == info->lost)
		return "a limit on the size of files was reached (ulimit -f)";
	return "they could not be written, because of a full disk or a limit on the size of files "
	       "(df, ulimit -f), or came too fast for logtap collect";
}

static void report_lost(const struct source *source, const struct evh_trace_info *info)
{
	cli_error("%s: %s%llu event%s lost: %s", source->path,
		  /* A writer that is killed, or can't open the file any more, can't say. */
		  info->recording ? "at least " : "", (unsigned long long)info->lost,
		  info->lost == 1 ? " was" : "s were", reason_of(info));
}

void view_report_losses(struct view *view)
{
	struct timespec now = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &now);
	for (size_t i = 0; i < view->sources.count; i++) {
		struct source *source = &view->sources.items[i];
		const struct evh_trace_info *info = source_info(source);

		if (info->lost <= source->lost_told ||
		    (source->lost_told && now.tv_sec < source->lost_told_at + LOSSES_PERIOD))
			continue;
		report_lost(source, info);
		source->lost_told = info->lost;
		source->lost_told_at = now.tv_sec;
	}
}

/* Files of the recording that somebody took away, most likely; what they held is not known. */
static void report_missing(const struct source *source)
{
	const struct segments *segments = &source->segments;

	if (!segments->missing)
		return;
	cli_error("%s: there is no %s.%llu%s: it was removed, or never a part of this; all others "
		  "are shown",
		  source->path, source->path, (unsigned long long)segments->first_missing,
		  segments->missing > 1 ? ", nor others behind it" : "");
}

/* Of one file. How many things could not be read. */
static int report_source(const struct view *view, const struct source *source)
{
	const struct evh_trace_info *info = source_info(source);
	const struct filter *filter = &view->show.filter;
	int count = report_damage(source);

	if ((filter->by_since || filter->by_until) && !info->wall_clock && ++count)
		cli_error("%s has no times of the calendar: --since and --until leave nothing of "
			  "it",
			  source->path);
	/* Where something was wrong, that is why. */
	if (!view->any && info->recording && !count)
		cli_error("%s has no events: `logtap doctor PROGRAM` tells whether the program can "
			  "be captured",
			  source->path);
	/* Nothing wrong with it, but nothing to see either. */
	if (info->other && !view->any)
		cli_error(
			"%s has no tracepoint events, only %llu other sample%s, which perf script "
			"shows",
			source->path, (unsigned long long)info->other, info->other == 1 ? "" : "s");
	report_missing(source);
	/* Not the file's fault: it says so itself. */
	if (info->lost && view->what != VIEW_STATS)
		report_lost(source, info);
	return count;
}

int view_report(struct view *view)
{
	const struct pipeline *show = &view->show;
	int count = 0;

	for (size_t i = 0; i < view->sources.count; i++)
		count += report_source(view, &view->sources.items[i]);
	if (show->incomplete && ++count)
		cli_error("%s: %llu message%s incomplete: parts are missing",
			  view->sources.count == 1 ? view->sources.items[0].path : "these files",
			  (unsigned long long)show->incomplete,
			  show->incomplete == 1 ? " is" : "s are");
	if (view->any)
		filter_report(&show->filter);
	return count;
}

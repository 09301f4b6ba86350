/* SPDX-License-Identifier: MIT */
/*
 * Samples of a trace.dat. The file is libtracecmd's to read, which trusts it more than the readers
 * of this folder trust theirs; what is in a record is bounded by the record here as everywhere. It
 * knows threads and no processes, and the times are those of the clock that was traced with.
 */
#include "trace_cmd.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#if EVH_HAVE_TRACECMD
#	include <stdio.h>

#	include <trace-cmd.h>
#endif

static const char MAGIC[] = "\x17\x08\x44tracing";

bool trace_cmd_recognise(const uint8_t *bytes, size_t size)
{
	return EVH_HAVE_TRACECMD && size >= sizeof(MAGIC) - 1 &&
	       memcmp(bytes, MAGIC, sizeof(MAGIC) - 1) == 0;
}

#if EVH_HAVE_TRACECMD

/* One processor's records of one buffer: the next of them. */
struct lane {
	struct tracecmd_input *input;
	int cpu;
	struct tep_record *record;
};

struct trace_cmd {
	struct tracecmd_input *input; /* of the whole file */
	struct tracecmd_input **instances;
	int instance_count;
	struct lane *lanes;
	size_t lane_count;
	struct tep_record *out; /* of the sample that was handed out last */
};

static int add_lanes(struct trace_cmd *trace, struct tracecmd_input *input)
{
	int cpus = tep_get_cpus(tracecmd_get_tep(input));
	struct lane *larger;

	if (cpus <= 0)
		return 0;
	larger = realloc(trace->lanes, (trace->lane_count + (size_t)cpus) * sizeof(*larger));
	if (!larger)
		return -ENOMEM;
	trace->lanes = larger;
	for (int cpu = 0; cpu < cpus; cpu++)
		larger[trace->lane_count++] = (struct lane){
			.input = input,
			.cpu = cpu,
			.record = tracecmd_read_cpu_first(input, cpu),
		};
	return 0;
}

static int open_instances(struct trace_cmd *trace)
{
	int count = tracecmd_buffer_instances(trace->input);
	int result = 0;

	if (count <= 0)
		return 0;
	trace->instances = calloc((size_t)count, sizeof(struct tracecmd_input *));
	if (!trace->instances)
		return -ENOMEM;
	for (int i = 0; result == 0 && i < count; i++) {
		struct tracecmd_input *input = tracecmd_buffer_instance_handle(trace->input, i);

		if (!input)
			continue;
		trace->instances[trace->instance_count++] = input;
		result = add_lanes(trace, input);
	}
	return result;
}

/* libtracecmd 1.3 crashes when it closes what it could not open: that stays open. */
static struct tracecmd_input *give_up(struct tracecmd_input *input)
{
	static struct tracecmd_input *given_up;

	__atomic_store_n(&given_up, input, __ATOMIC_RELAXED);
	return NULL;
}

/* In two steps, because of that. */
static struct tracecmd_input *open_whole(int fd)
{
	struct tracecmd_input *input;
	char path[64];

	tracecmd_set_loglevel(TEP_LOG_NONE);
	tep_set_loglevel(TEP_LOG_NONE);
	/* It closes what it is given, and moves in it. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	input = tracecmd_open_head(path, TRACECMD_FL_LOAD_NO_PLUGINS);
	return !input || tracecmd_init_data(input) == 0 ? input : give_up(input);
}

int trace_cmd_open(struct trace_cmd **out, int fd)
{
	struct trace_cmd *trace = calloc(1, sizeof(*trace));
	int result = -EBADMSG;

	*out = trace;
	if (!trace)
		return -ENOMEM;
	trace->input = open_whole(fd);
	if (trace->input)
		result = add_lanes(trace, trace->input);
	return result == 0 ? open_instances(trace) : result;
}

void trace_cmd_close(struct trace_cmd *trace)
{
	if (!trace)
		return;
	tracecmd_free_record(trace->out);
	for (size_t i = 0; i < trace->lane_count; i++)
		tracecmd_free_record(trace->lanes[i].record);
	for (int i = 0; i < trace->instance_count; i++)
		tracecmd_close(trace->instances[i]);
	if (trace->input)
		tracecmd_close(trace->input);
	free(trace->instances);
	free(trace->lanes);
	free(trace);
}

/* NULL: all are at their end. */
static struct lane *oldest(struct trace_cmd *trace)
{
	struct lane *found = NULL;

	for (size_t i = 0; i < trace->lane_count; i++) {
		struct lane *lane = &trace->lanes[i];

		if (lane->record && (!found || lane->record->ts < found->record->ts))
			found = lane;
	}
	return found;
}

static void fill(struct evh_sample *sample, const struct lane *lane,
		 const struct tep_record *record)
{
	struct tep_handle *tep = tracecmd_get_tep(lane->input);
	struct tep_event *event = tep_find_event_by_record(tep, (struct tep_record *)record);
	const struct tep_format_field *first = event ? event->format.fields : NULL;
	int thread = tep_data_pid(tep, (struct tep_record *)record);

	*sample = (struct evh_sample){
		.has = EVH_SAMPLE_CLOCK | EVH_SAMPLE_CPU,
		.cpu = (uint32_t)lane->cpu,
		.time = record->ts,
		.raw = record->data,
		.raw_size = (size_t)record->size,
	};
	if (tep_is_file_bigendian(tep))
		sample->has |= EVH_SAMPLE_BIG_ENDIAN;
	if (thread >= 0) {
		sample->has |= EVH_SAMPLE_TID;
		sample->tid = (uint32_t)thread;
		sample->comm = tep_data_comm_from_pid(tep, thread);
	}
	if (!event)
		return;
	sample->system = event->system;
	sample->tracepoint = event->name;
	sample->format = event;
	if (!first || first->offset < 0 || first->offset > record->size ||
	    strcmp(first->name, "eventheader_flags") != 0)
		return;
	sample->event = (const char *)record->data + first->offset;
	sample->event_size = (size_t)(record->size - first->offset);
	sample->format = NULL;
}

int trace_cmd_next(struct trace_cmd *trace, struct evh_sample *sample)
{
	struct lane *lane = oldest(trace);

	tracecmd_free_record(trace->out);
	trace->out = NULL;
	if (!lane)
		return 0;
	trace->out = lane->record;
	lane->record = tracecmd_read_data(lane->input, lane->cpu);
	fill(sample, lane, trace->out);
	return 1;
}

#else

int trace_cmd_open(struct trace_cmd **out, int fd)
{
	(void)fd;
	*out = NULL;
	return -EMEDIUMTYPE;
}

void trace_cmd_close(struct trace_cmd *trace)
{
	(void)trace;
}

int trace_cmd_next(struct trace_cmd *trace, struct evh_sample *sample)
{
	(void)trace;
	(void)sample;
	return 0;
}

#endif

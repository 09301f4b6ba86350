/* SPDX-License-Identifier: MIT */
/*
 * The records of a perf.data stream that a recording holds, as recording.c writes its head and
 * transport_file.c its events. Everything is in the machine's own byte order and naturally aligned.
 */
#ifndef EVH_SRC_PERF_FORMAT_H
#define EVH_SRC_PERF_FORMAT_H

#include <stdint.h>

/* "PERFILE2" in a little-endian file, the other way round in a big-endian one. */
#define PERF_MAGIC UINT64_C(0x32454c4946524550)

struct perf_file_header {
	uint64_t magic;
	uint64_t size; /* of this header: 16 says "pipe form" */
};

struct perf_record_header {
	uint32_t type;
	uint16_t misc;
	uint16_t size; /* with this header */
};

enum perf_record_type {
	PERF_RECORD_COMM = 3,
	PERF_RECORD_FORK = 7,
	PERF_RECORD_SAMPLE = 9,
	PERF_RECORD_LOST_SAMPLES = 13,
	PERF_RECORD_HEADER_ATTR = 64,
	PERF_RECORD_HEADER_TRACING_DATA = 66,
	PERF_RECORD_HEADER_FEATURE = 80,
	PERF_RECORD_FINISHED_INIT = 82,
};

enum perf_record_misc {
	PERF_RECORD_MISC_USER = 2,
	PERF_RECORD_MISC_COMM_EXEC = 1 << 13,
};

enum perf_feature {
	PERF_FEATURE_EVENT_DESC = 12,
	PERF_FEATURE_STAT =
		19, /* says by being there that perf stat made the file; has no content */
	PERF_FEATURE_CLOCKID = 23,
	PERF_FEATURE_CLOCK_DATA = 29,
};

/* struct perf_event_attr of 128 bytes (PERF_ATTR_SIZE_VER7), the members that a recording uses. */
struct perf_attr {
	uint32_t type;
	uint32_t size;
	uint64_t config; /* the tracepoint's id */
	uint64_t sample_period;
	uint64_t sample_type;
	uint64_t read_format;
	uint64_t flags;
	uint32_t wakeup_events;
	uint32_t bp_type;
	uint64_t unused1[4];
	uint32_t unused2;
	int32_t clockid;
	uint64_t unused3[4];
};

_Static_assert(sizeof(struct perf_attr) == 128, "PERF_ATTR_SIZE_VER7");

#define PERF_TYPE_TRACEPOINT 2

enum perf_sample_type {
	PERF_SAMPLE_TID = 1 << 1,
	PERF_SAMPLE_TIME = 1 << 2,
	PERF_SAMPLE_CPU = 1 << 7,
	PERF_SAMPLE_RAW = 1 << 10,
	PERF_SAMPLE_IDENTIFIER = 1 << 16,
};

#define RECORDING_SAMPLE_TYPE                                                                      \
	(PERF_SAMPLE_IDENTIFIER | PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_CPU |           \
	 PERF_SAMPLE_RAW)

struct perf_attr_record {
	struct perf_record_header header;
	struct perf_attr attr;
	uint64_t id;
};

/* In front of each entry's name and id in the EVENT_DESC feature. */
struct perf_event_desc {
	struct perf_attr attr;
	uint32_t id_count;
	uint32_t name_size; /* with its terminator and padding */
};

/* Ids of the tracepoints of a recording, and of their samples: this one and those that follow. */
#define RECORDING_FIRST_ID 1000

#define RECORDING_SYSTEM "user_events:"

#define RECORDING_MAGIC "logtap\0\1" /* the last byte is the version of struct recording_mark */

/*
 * What makes a perf.data stream a recording: its first record, behind the file header. Names of the
 * tracepoints follow, in the order of their ids, each with its terminator, padded to 8 in all. It
 * is disguised as a feature whose content perf never looks at; perf script complains about features
 * that it doesn't know, and ends at records that it doesn't.
 *
 * Who truncates the file (logrotate's copytruncate) takes the head with it. The next writer then
 * appends this record again, so that a reader that meets it in the middle of the file knows the
 * clock and the names from there on; attributes and ids are those of every recording.
 */
struct recording_mark {
	struct perf_record_header header; /* PERF_RECORD_HEADER_FEATURE */
	uint64_t feature;		  /* PERF_FEATURE_STAT */
	char magic[8];			  /* RECORDING_MAGIC */
	uint8_t id[16];			  /* what no other recording has */
	uint64_t wall, clock; /* CLOCK_REALTIME when the samples' clock stood at `clock` */
	/* The creator's time namespace (0: unknown), and its CLOCK_MONOTONIC less the machine's */
	uint64_t time_namespace;
	int64_t time_offset;
	uint64_t pid_namespace; /* the creator's; 0: unknown */
	uint64_t proc_device;	/* of the creator's /proc; 0: unknown */
	uint32_t first_id;	/* of the tracepoints, and of their samples */
	uint16_t count;		/* of the tracepoints */
	uint16_t keywords;	/* the names' order is that of evh_names_keywords; 0: another */
};

_Static_assert(sizeof(struct recording_mark) == 96, "names follow at a multiple of 8");

/*
 * Behind the names of a recording that goes on in segments, at the next multiple of 8 and within
 * the mark's size: which segment this is, and when its writers begin the next one.
 */
struct recording_segment {
	uint64_t number;   /* the first one's is 1, unless that name was taken */
	uint64_t size_max; /* bytes; 0: any */
	uint64_t age_max;  /* nanoseconds since the mark's `clock`; 0: any */
	uint32_t keep;	   /* closed segments that are kept; 0: all */
	uint32_t flags;	   /* enum recording_segment_flags */
};

enum recording_segment_flags {
	RECORDING_COMPRESS = 1, /* readers that may pack closed segments */
};

_Static_assert(sizeof(struct recording_segment) == 32, "part of the mark");

/* Why events were not written. */
enum recording_loss {
	RECORDING_LOST_NO_ROOM,	  /* the disk was full, or a quota used up */
	RECORDING_LOST_TOO_LARGE, /* a limit of file sizes */
	RECORDING_LOST_OTHERWISE,
	RECORDING_LOSSES,
};

#define RECORDING_ACCOUNT_MAGIC "logtap\0a"

/*
 * Right behind the mark in the head: what the writers lost and could not say in records of their
 * own, because there was no room for one. They add to it in place. As the mark, a feature whose
 * content perf never looks at.
 */
struct recording_account {
	struct perf_record_header header; /* PERF_RECORD_HEADER_FEATURE */
	uint64_t feature;		  /* PERF_FEATURE_STAT */
	char magic[8];			  /* RECORDING_ACCOUNT_MAGIC */
	uint64_t lost[RECORDING_LOSSES];  /* events, by enum recording_loss */
};

_Static_assert(sizeof(struct recording_account) == 48, "the numbers stand at multiples of 8");

#define RECORDING_BOOT_MAGIC "logtap\0b"

/*
 * Behind the account, another such feature: which boot of the machine the recording's clock belongs
 * to, as /proc/sys/kernel/random/boot_id has it. All zero: unknown.
 */
struct recording_boot {
	struct perf_record_header header; /* PERF_RECORD_HEADER_FEATURE */
	uint64_t feature;		  /* PERF_FEATURE_STAT */
	char magic[8];			  /* RECORDING_BOOT_MAGIC */
	uint8_t id[16];
};

/* In front of an event. Its length, 52, leaves the event at an odd multiple of four. */
struct perf_sample {
	struct perf_record_header header;
	uint64_t id;
	uint32_t pid, tid;
	uint64_t time; /* CLOCK_MONOTONIC, nanoseconds */
	uint32_t cpu, reserved;
	uint32_t raw_size;
	uint16_t common_type; /* the tracepoint's id */
	uint8_t common_flags;
	uint8_t common_preempt_count;
	int32_t common_pid;
} __attribute__((packed));

_Static_assert(sizeof(struct perf_sample) == 52, "a sample is packed");

/* What stands behind every other record (attr.sample_id_all). */
struct perf_sample_id {
	uint32_t pid, tid;
	uint64_t time;
	uint32_t cpu, reserved;
	uint64_t id;
};

struct perf_fork {
	struct perf_record_header header;
	uint32_t pid, parent_pid;
	uint32_t tid, parent_tid;
	uint64_t time;
	struct perf_sample_id sample_id;
};

/* Events that this process could not write. */
struct perf_lost_samples {
	struct perf_record_header header;
	uint64_t lost;
	struct perf_sample_id sample_id;
};

struct perf_comm {
	struct perf_record_header header;
	uint32_t pid, tid;
	char comm[16];
	struct perf_sample_id sample_id;
};

#endif

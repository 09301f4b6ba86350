/* SPDX-License-Identifier: MIT */
/*
 * Who writes into a recording: FORK and COMM records, so that a reader knows every thread's process
 * and name before its first sample, and the ids under which that thread is known to the recording's
 * creator.
 *
 * Must never be believed beyond what a process says of itself: who may append may write any id.
 */
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>

#include "file.h"
#include "start_data.h"
#include "syscall.h"

/* (gcc forgets the model that the declaration names.) */
#define INITIAL_EXEC __attribute__((tls_model("initial-exec")))
__thread uint64_t evh_announced INITIAL_EXEC;
__thread uint64_t evh_announced_as INITIAL_EXEC;
__thread uint32_t evh_announced_serial INITIAL_EXEC;

uint64_t evh_representative EVH_START_DATA;

static struct perf_fork make_fork(struct thread_ids who, struct thread_ids parent, uint64_t time)
{
	return (struct perf_fork){
		.header = { .type = PERF_RECORD_FORK, .size = sizeof(struct perf_fork) },
		.pid = who.pid,
		.parent_pid = parent.pid,
		.tid = who.tid,
		.parent_tid = parent.tid,
		.time = time,
		.sample_id = evh_file_sample_id(who, time),
	};
}

/* The name that exec gives to a process: the last part of the file's path, which it was told. */
static void put_program_name(char *name, size_t size)
{
	const char *path = (const char *)getauxval(AT_EXECFN);
	const char *slash = path ? strrchr(path, '/') : NULL;

	if (path)
		memcpy(name, slash ? slash + 1 : path, strnlen(slash ? slash + 1 : path, size - 1));
}

/* The record of the calling thread's name, whichever thread it is written for. */
static struct perf_comm make_comm(const struct evh_transport *transport, struct thread_ids who,
				  uint64_t time)
{
	struct perf_comm comm = {
		.header = { .type = PERF_RECORD_COMM, .size = sizeof(comm) },
		.pid = who.pid,
		.tid = who.tid,
		.sample_id = evh_file_sample_id(who, time),
	};

	if (transport->confined & EVH_CONFINED_IDS)
		put_program_name(comm.comm, sizeof(comm.comm));
	else
		EVH_SYSCALL2(SYS_prctl, PR_GET_NAME, comm.comm);
	comm.comm[sizeof(comm.comm) - 1] = 0;
	return comm;
}

/* The ids that the recording's creator has for the calling thread, as far as they can be known. */
static struct thread_ids translate(const struct evh_transport *transport, struct thread_ids own)
{
	const struct evh_file *file = transport->file;
	struct thread_ids as = { .pid = evh_map_id(&file->ids, own.pid),
				 .tid = evh_map_id(&file->ids, own.tid) };

	if (file->ids.proc_knows && !(transport->confined & EVH_CONFINED_LOOK))
		evh_ids_of_proc(&as.pid, &as.tid);
	return as;
}

/*
 * Finds who made the calling thread; false when nothing true can be said. `last` is what the memory
 * of this thread says: nothing for a new thread or after exec, the parent in a child of fork or
 * vfork, and the child in the parent of a vfork.
 */
static bool find_parent(const struct evh_file *file, struct thread_ids own, struct thread_ids as,
			const struct thread_ids *last, struct thread_ids *parent)
{
	uint32_t parent_pid;

	if (own.tid != own.pid) {
		*parent = (struct thread_ids){ .pid = as.pid, .tid = as.pid };
		return true;
	}
	parent_pid = (uint32_t)EVH_SYSCALL1(SYS_getppid, 0);
	if (last) {
		*parent = unpack_ids(evh_announced_as);
		/* 0: the parent is outside of this PID namespace. */
		return last->pid == parent_pid || parent_pid == 0;
	}
	parent_pid = evh_map_id(&file->ids, parent_pid);
	*parent = (struct thread_ids){ .pid = parent_pid, .tid = parent_pid };
	return parent_pid != 0 && !file->ids.proc_knows;
}

/*
 * A child may be in other namespaces than its parent was. What a confined process may not ask stays
 * as it was: its own numbers, and, where it may not open /proc, its parent's clock.
 */
static void look_around(struct evh_transport *transport)
{
	bool may_ask = !(transport->confined & (EVH_CONFINED_IDS | EVH_CONFINED_LOOK));

	if (transport->confined & EVH_CONFINED_OPEN)
		return;
	if (may_ask)
		transport->file->ids = evh_find_id_map(&transport->file->mark);
	transport->clock_shift = evh_clock_shift(&transport->file->mark, transport->file->boot_id,
						 may_ask, transport->confined & EVH_CONFINED_CLOCK,
						 &transport->file->same_boot);
}

/* Notes the calling thread for identify(), once the recording has it. */
static void remember(const struct evh_transport *transport, struct thread_ids own,
		     struct thread_ids as)
{
	__atomic_store_n(&evh_announced_as, pack_ids(as), __ATOMIC_RELAXED);
	__atomic_store_n(&evh_announced, pack_ids(own), __ATOMIC_RELAXED);
	evh_announced_serial = transport->serial;
}

int evh_file_announce(struct evh_transport *transport, struct thread_ids own, struct thread_ids *as)
{
	struct thread_ids last = unpack_ids(__atomic_load_n(&evh_announced, __ATOMIC_RELAXED));
	bool have_last = evh_announced_serial == transport->serial;
	struct {
		struct perf_fork fork;
		struct perf_comm comm;
	} records;
	struct iovec iov = { .iov_base = &records, .iov_len = sizeof(records) };
	struct thread_ids parent;
	uint64_t time;
	int error;

	if (have_last && (last.pid != own.pid || !last.tid))
		look_around(transport);
	*as = translate(transport, own);
	time = evh_file_now(transport);
	records.comm = make_comm(transport, *as, time);
	if (find_parent(transport->file, own, *as, have_last ? &last : NULL, &parent)) {
		records.fork = make_fork(*as, parent, time);
	} else {
		iov.iov_base = &records.comm;
		iov.iov_len = sizeof(records.comm);
	}
	error = evh_file_append(transport, &iov, 1, iov.iov_len, time);
	if (!error)
		remember(transport, own, *as);
	return error;
}

static uint32_t own_tid(const struct evh_transport *transport)
{
	return transport->confined_tid ? transport->confined_tid() : 0;
}

/*
 * A thread gets its FORK record, and by that the name of its parent, which is all that is known of
 * it. What neither libc nor the owner of the transport knows is the thread that was last asked for.
 */
int evh_file_identify_confined(struct evh_transport *transport, struct thread_ids *who)
{
	bool have_last = evh_announced_serial == transport->serial;
	struct thread_ids last =
		unpack_ids(have_last ? __atomic_load_n(&evh_announced, __ATOMIC_RELAXED)
				     : __atomic_load_n(&evh_representative, __ATOMIC_RELAXED));
	struct thread_ids own = { .pid = transport->confined_pid ? transport->confined_pid
								 : last.pid,
				  .tid = own_tid(transport) };
	struct thread_ids parent;
	struct perf_fork fork;
	struct iovec iov = { .iov_base = &fork, .iov_len = sizeof(fork) };
	uint64_t time;
	int error;

	if (!own.tid || !own.pid) {
		if (!have_last)
			*who = last;
		return 0;
	}
	if (have_last && last.tid == own.tid && last.pid == own.pid)
		return 0;
	*who = (struct thread_ids){ .pid = evh_map_id(&transport->file->ids, own.pid),
				    .tid = evh_map_id(&transport->file->ids, own.tid) };
	/* Its /proc said so, before the process was confined. */
	if (transport->file->ids.proc_knows && last.pid == own.pid)
		who->pid = unpack_ids(evh_announced_as).pid;
	parent = own.tid != own.pid ? (struct thread_ids){ who->pid, who->pid } : last;
	time = evh_file_now(transport);
	fork = make_fork(*who, parent, time);
	error = evh_file_append(transport, &iov, 1, sizeof(fork), time);
	if (!error)
		remember(transport, own, *who);
	return error;
}

/* No thread has the number 0: so the next event announces the thread, and looks around. */
void evh_file_forked(struct evh_transport *transport)
{
	evh_announced &= ~(uint64_t)UINT32_MAX;
	/* The parent's; a page that is only read needs no copy. */
	if (evh_file_has_lost(transport->file))
		memset(transport->file->lost, 0, sizeof(transport->file->lost));
}

int evh_file_announce_thread(struct evh_transport *transport)
{
	struct thread_ids who;
	int error = evh_file_identify(transport, &who);

	if (!error) {
		__atomic_store_n(&evh_representative, pack_ids(who), __ATOMIC_RELAXED);
		__atomic_store_n(&evh_confined_since, evh_file_now(transport), __ATOMIC_RELAXED);
	}
	return error;
}

/*
 * The name that the process has now, so that a recording shows every program that ran. A thread
 * other than the first leaves the rest to its first sample, which announces it as one.
 */
uint64_t evh_file_announce_program(struct evh_transport *transport)
{
	bool confined = transport->confined & EVH_CONFINED_IDS;
	struct thread_ids own = {
		.pid = confined ? transport->confined_pid : (uint32_t)EVH_SYSCALL1(SYS_getpid, 0),
		.tid = confined ? own_tid(transport) : (uint32_t)EVH_SYSCALL1(SYS_gettid, 0),
	};
	struct thread_ids as, process;
	struct perf_comm comm;
	struct iovec iov = { .iov_base = &comm, .iov_len = sizeof(comm) };
	uint64_t time;

	look_around(transport);
	as = translate(transport, own);
	process = (struct thread_ids){ .pid = as.pid, .tid = as.pid };
	time = evh_file_now(transport);
	comm = make_comm(transport, process, time);
	if (evh_announced_serial == 0)
		comm.header.misc = PERF_RECORD_MISC_COMM_EXEC;
	/* A full disk is no reason to refuse: there may be room later, and each event says so. */
	if (!evh_file_append(transport, &iov, 1, sizeof(comm), time) && own.tid == own.pid)
		remember(transport, own, as);
	return time;
}

/* SPDX-License-Identifier: MIT */
/*
 * A kprobe of perf's, which ends with its descriptor, on each processor. user_events holds its lock
 * from before the probe until the tracepoint is listed, and whoever reads the list takes that lock.
 * Must never leave a probe behind: none is made by name in tracefs.
 */
#include "new_tracepoints.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Adds any event of ftrace's that didn't exist when the kernel was built: kernel/trace, since 5.6.
 */
#define FUNCTION "trace_add_event_call"

#define TYPE_FILE "/sys/bus/event_source/devices/kprobe/type"

struct probe {
	int fd;
	struct perf_event_mmap_page *page; /* and one page for samples, which nobody reads */
};

struct new_tracepoints {
	int epoll;
	size_t page_size;
	size_t count;
	struct probe probes[];
};

static int read_type(uint32_t *type)
{
	FILE *file = fopen(TYPE_FILE, "re");
	int result = -ENOENT;

	if (file && fscanf(file, "%u", type) == 1)
		result = 0;
	if (file)
		fclose(file);
	return result;
}

static int open_probe(struct new_tracepoints *watch, struct probe *probe, uint32_t type, int cpu)
{
	struct perf_event_attr attr = {
		.type = type,
		.size = sizeof(attr),
		.sample_period = 1,
		.wakeup_events = 1,
		.kprobe_func = (uintptr_t)FUNCTION,
	};
	struct epoll_event event = { .events = EPOLLIN };
	void *page;

	probe->fd = (int)syscall(SYS_perf_event_open, &attr, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC);
	if (probe->fd < 0)
		return -errno;
	/* Without a buffer there is no sample that could wake anybody. */
	page = mmap(NULL, 2 * watch->page_size, PROT_READ | PROT_WRITE, MAP_SHARED, probe->fd, 0);
	if (page == MAP_FAILED)
		return -errno;
	probe->page = page;
	return epoll_ctl(watch->epoll, EPOLL_CTL_ADD, probe->fd, &event) == 0 ? 0 : -errno;
}

/* On each processor that is there now: one that isn't has no probe, and needs none. */
static int open_probes(struct new_tracepoints *watch, size_t processors)
{
	uint32_t type;
	int result = read_type(&type);

	watch->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (watch->epoll < 0)
		return -errno;
	for (size_t cpu = 0; result == 0 && cpu < processors; cpu++) {
		result = open_probe(watch, &watch->probes[watch->count++], type, (int)cpu);
		if (result == -ENODEV)
			result = 0;
	}
	return result;
}

int new_tracepoints_open(struct new_tracepoints **watch)
{
	size_t processors = (size_t)sysconf(_SC_NPROCESSORS_CONF);
	struct new_tracepoints *made = calloc(1, sizeof(*made) + processors * sizeof(struct probe));
	int result;

	*watch = NULL;
	if (!made)
		return -ENOMEM;
	made->page_size = (size_t)sysconf(_SC_PAGESIZE);
	result = open_probes(made, processors);
	if (result < 0) {
		new_tracepoints_close(made);
		return result;
	}
	*watch = made;
	return 0;
}

int new_tracepoints_fd(const struct new_tracepoints *watch)
{
	return watch ? watch->epoll : -1;
}

void new_tracepoints_clear(struct new_tracepoints *watch)
{
	for (size_t i = 0; watch && i < watch->count; i++) {
		struct perf_event_mmap_page *page = watch->probes[i].page;

		if (page)
			__atomic_store_n(&page->data_tail,
					 __atomic_load_n(&page->data_head, __ATOMIC_ACQUIRE),
					 __ATOMIC_RELEASE);
	}
}

void new_tracepoints_close(struct new_tracepoints *watch)
{
	if (!watch)
		return;
	for (size_t i = 0; i < watch->count; i++) {
		if (watch->probes[i].page)
			munmap(watch->probes[i].page, 2 * watch->page_size);
		if (watch->probes[i].fd >= 0)
			close(watch->probes[i].fd);
	}
	if (watch->epoll >= 0)
		close(watch->epoll);
	free(watch);
}

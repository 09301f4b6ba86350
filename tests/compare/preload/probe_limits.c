/* SPDX-License-Identifier: MIT */
/* Resource limits: a child's that are not the parent's, and none to spare for us. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probe.h"

static void limit(__rlimit_resource_t resource, rlim_t soft)
{
	struct rlimit now;

	getrlimit(resource, &now);
	now.rlim_cur = soft;
	say("limit", setrlimit(resource, &now));
}

/* NOLINTBEGIN(clang-analyzer-unix.Vfork,clang-analyzer-security.insecureAPI.vfork): the point */

/* What a child of vfork lowers before it executes another program, as daemons do, is its own. */
static void vfork_limits(void)
{
	int pid;

	put("before\n");
	pid = vfork();
	if (!pid) {
		struct rlimit small = { 1, RLIM_INFINITY }, few = { 64, 64 };

		setrlimit(RLIMIT_FSIZE, &small);
		setrlimit(RLIMIT_NOFILE, &few);
		put("child, whose recording is full\n");
		execl("/bin/true", "true", (char *)NULL);
		_exit(1);
	}
	reap(pid);
	put("after\n");
}

/* NOLINTEND(clang-analyzer-unix.Vfork,clang-analyzer-security.insecureAPI.vfork) */

/* No page more: what libc formats where nobody sees it is formatted in the memory there is. */
static void no_memory(void)
{
	siginfo_t info = { .si_signo = SIGSEGV };

	put("before\n");
	limit(RLIMIT_AS, 0);
	psiginfo(&info, "no memory");
	psiginfo(&info, "again");
	put("after\n");
}

const struct probe probe_limits[] = {
	{ "vfork-limits", vfork_limits },
	{ "no-memory", no_memory },
	{ NULL, NULL },
};

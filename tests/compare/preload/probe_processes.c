/* SPDX-License-Identifier: MIT */
/* Children of every kind, with a piece of a line pending. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probe.h"

static void fork_pending(void)
{
	int pid;

	put("par");
	pid = fork();
	if (!pid) {
		put("child\n");
		put("child's tail");
		_exit(4);
	}
	reap(pid);
	put("ent\n");
}

static void fork_chain(void)
{
	put("a");
	for (int i = 0; i < 3; i++) {
		int pid = fork();

		if (pid) {
			reap(pid);
			break;
		}
		put("b");
		put("\n");
		put("c");
	}
	put("d\n");
	exit(0);
}

/* NOLINTBEGIN(clang-analyzer-unix.Vfork,clang-analyzer-security.insecureAPI.vfork): the point */

/* A child of vfork shares our memory, not our descriptors. */
static void vfork_pending(void)
{
	int null = open("/dev/null", O_WRONLY), pid;

	put("par");
	pid = vfork();
	if (!pid) {
		dup2(2, 1);
		dup2(null, 2);
		close(2);
		closefrom(3);
		_exit(5);
	}
	reap(pid);
	put("ent\n");
	dprintf(1, "still stdout\n");
	fprintf(stderr, "still stderr\n");
}

static void vfork_exec(void)
{
	int pid;

	put("par");
	pid = vfork();
	if (!pid) {
		execl("/bin/sh", "sh", "-c", "echo from the shell >&2", NULL);
		_exit(127);
	}
	reap(pid);
	put("ent\n");
	pid = vfork();
	if (!pid) {
		execl("/nonexistent", "x", NULL);
		_exit(errno == ENOENT ? 6 : 7);
	}
	reap(pid);
}

/* NOLINTEND(clang-analyzer-unix.Vfork,clang-analyzer-security.insecureAPI.vfork) */

static void spawn(void)
{
	char *const argv[] = { "sh", "-c", "echo out; echo err >&2", NULL };
	posix_spawn_file_actions_t actions;
	pid_t pid = -1;
	int result;

	posix_spawn_file_actions_init(&actions);
	put("par");
	result = posix_spawn(&pid, "/bin/sh", &actions, NULL, argv, environ);
	reap(pid);
	say("posix_spawn", result);
	put("ent\n");
	posix_spawn_file_actions_addclosefrom_np(&actions, 3);
	result = posix_spawnp(&pid, "sh", &actions, NULL, argv, environ);
	reap(pid);
	say("posix_spawnp", result);
	say("of nothing", posix_spawn(&pid, "/nonexistent", NULL, NULL, argv, environ));
}

static void shells(void)
{
	char line[100];
	FILE *file;

	say("system", system("echo by system >&2; exit 3"));
	file = popen("echo by popen >&2; echo out", "r");
	note("%s", fgets(line, sizeof(line), file));
	say("pclose", pclose(file));
}

static char stack[65536] __attribute__((aligned(16)));

static int in_clone(void *text)
{
	put(text);
	return 8;
}

static void clones(void)
{
	put("par");
	reap(clone(in_clone, stack + sizeof(stack), SIGCHLD, "own memory\n"));
	put("ent\n");
	reap(clone(in_clone, stack + sizeof(stack), CLONE_VM | CLONE_VFORK | SIGCHLD,
		   "shared memory\n"));
	reap(clone(in_clone, stack + sizeof(stack), CLONE_VM | CLONE_VFORK | CLONE_FILES | SIGCHLD,
		   "shared files\n"));
	put("end\n");
}

static void raw_clones(void)
{
	long pid;

	put("par");
	pid = syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
	if (!pid) {
		put("raw child\n");
		_exit(9);
	}
	reap((int)pid);
	put("ent\n");
	pid = syscall(SYS_fork);
	if (!pid) {
		put("raw fork\n");
		syscall(SYS_exit_group, 10);
	}
	reap((int)pid);
	put("end\n");
}

/*
 * The child has our stack: it leaves by an instruction, not by a call that would overwrite where
 * the parent is to return to.
 */
static __attribute__((noinline)) long raw_vfork_child(void)
{
	long pid = syscall(SYS_vfork);

	if (!pid)
		__asm__ volatile("syscall" : : "a"(SYS_exit), "D"(11));
	return pid;
}

static void raw_vfork(void)
{
	put("par");
	reap((int)raw_vfork_child());
	put("ent\n");
}

static void again(const char *form, char *const argv[])
{
	char *const envp[] = { "PATH=/usr/bin:/bin", "MARK=kept", NULL };
	int shell = open("/bin/sh", O_RDONLY | O_CLOEXEC);

	(void)argv;
	if (!strcmp(form, "execve"))
		execve("/bin/sh", argv, environ);
	if (!strcmp(form, "execv"))
		execv("/bin/sh", argv);
	if (!strcmp(form, "execvp"))
		execvp("sh", argv);
	if (!strcmp(form, "execvpe"))
		execvpe("sh", argv, environ);
	if (!strcmp(form, "fexecve"))
		fexecve(shell, argv, environ);
	if (!strcmp(form, "execveat"))
		execveat(shell, "", argv, environ, AT_EMPTY_PATH);
	if (!strcmp(form, "execl"))
		execl("/bin/sh", "sh", "-c", argv[2], "x", "1", "2", "3", "4", "5", "6", NULL);
	if (!strcmp(form, "execlp"))
		execlp("sh", "sh", "-c", argv[2], "x", "1", "2", "3", "4", "5", "6", NULL);
	if (!strcmp(form, "execle"))
		execle("/bin/sh", "sh", "-c", "echo $MARK $0 $6", "x", "1", "2", "3", "4", "5", "6",
		       NULL, envp);
	if (!strcmp(form, "syscall"))
		syscall(SYS_execve, "/bin/sh", argv, environ);
}

static void execs(void)
{
	static const char *const forms[] = { "execve",	 "execv", "execvp", "execvpe", "fexecve",
					     "execveat", "execl", "execlp", "execle",  "syscall" };
	char *const argv[] = { "sh", "-c", "echo sh $0 $6; test $0 = sh || echo err >&2",
			       "x",  "1",  "2",
			       "3",  "4",  "5",
			       "6",  NULL };

	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		int pid = fork();

		if (!pid) {
			put("before ");
			put(forms[i]);
			again(forms[i], argv);
			_exit(99);
		}
		reap(pid);
		put("\n");
	}
}

/* Asking what the kernel knows by a filter that can't be read; then a real one, and threads. */
static void seccomp_asked(void)
{
	say("prctl", prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL));
	say("seccomp", syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, NULL));
	say("available",
	    syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &(unsigned){ SECCOMP_RET_ERRNO }));
	put("par");
	reap(clone(in_clone, stack + sizeof(stack), SIGCHLD, "child\n"));
	put("ent\n");
}

static void seccomp_filter(void)
{
	/* Without this call a signal that our write would cause can't be taken back. */
	struct sock_filter steps[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_rt_sigtimedwait, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(steps) / sizeof(*steps), steps };
	char line[9001];

	memset(line, 'l', sizeof(line));
	line[9000] = '\n';
	put("before\n");
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	say("seccomp", syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program));
	put("after\n");
	fprintf(stderr, "by %s\n", "stdio");
	fwrite(line, 1, sizeof(line), stderr);
	dprintf(2, "%.*s\n", 1000, line);
	put("tail");
}

/* A failing exec changes nothing; what it had to send early is a line of its own. */
static void exec_fails(void)
{
	char *const argv[] = { "x", NULL };

	put("early");
	say("execv", execv("/nonexistent", argv));
	say("execvp", execvp("nonexistent-program", argv));
	say("execl", execl("/nonexistent", "x", NULL));
	say("execve of a folder", execve("/", argv, environ));
	put("late\n");
}

const struct probe probe_processes[] = {
	{ "fork-pending", fork_pending },
	{ "fork-chain", fork_chain },
	{ "vfork-pending", vfork_pending },
	{ "vfork-exec", vfork_exec },
	{ "spawn", spawn },
	{ "shells", shells },
	{ "clones", clones },
	{ "raw-clones", raw_clones },
	{ "raw-vfork", raw_vfork },
	{ "execs", execs },
	{ "exec-fails", exec_fails },
	{ "seccomp-asked", seccomp_asked },
	{ "seccomp-filter", seccomp_filter },
	{ NULL, NULL },
};

/* SPDX-License-Identifier: MIT */
/*
 * The pager. Must never outlive us as a process that nobody waits for, never get our stdout's bytes
 * twice, and never hand our rights to whoever sits in front of it: less starts shells and editors.
 */
#include "pager.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/wait.h>
#include <unistd.h>

#include "output.h"

/* Quit when it fits a screen, colours through, no wrapping, leave the screen as it is. */
#define LESS_OPTIONS "FRSXMK"

/* Where programs are that only root can have put there. */
#define SAFE_PATH "/usr/bin:/bin"

/* Set by what runs a command with another user's rights, for that command. */
static const char *const ELEVATED_BY[] = { "SUDO_UID", "SUDO_USER", "DOAS_USER", "PKEXEC_UID" };

/* By these less finds commands to run and keys to run them with. */
static const char *const LESS_COMMANDS[] = {
	"LESSOPEN",	    "LESSCLOSE",      "LESSKEY",	 "LESSKEYIN", "LESSKEY_CONTENT",
	"LESSKEYIN_SYSTEM", "LESSKEY_SYSTEM", "LESSEDIT",	 "LESSECHO",  "LESSMETAESCAPE",
	"LESSMETACHARS",    "LESSGLOBALTAGS", "LESSSECURE_ALLOW"
};

/* The pager that shall run: `file` itself with `words`, or, without a file, a shell's command. */
struct pager {
	const char *command;
	bool secure;
	char file[512];
};

/* The whole of a small file of /proc, terminated; false when it can't be read. */
static bool read_text(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t count = fd < 0 ? -1 : read(fd, text, size - 1);

	if (fd >= 0)
		close(fd);
	text[count > 0 ? count : 0] = '\0';
	return count > 0;
}

/* Somebody else logged in, and became this user later (su, pkexec, a session of systemd's). */
static bool is_foreign_session(uid_t uid)
{
	char text[4096];
	const char *slice;
	unsigned int owner;

	if (read_text("/proc/self/loginuid", text, sizeof(text)) &&
	    sscanf(text, "%u", &owner) == 1 && owner != (uid_t)-1 && owner != uid)
		return true;
	if (!read_text("/proc/self/cgroup", text, sizeof(text)))
		return false;
	slice = strstr(text, "/user-");
	return slice && sscanf(slice, "/user-%u.slice", &owner) == 1 && owner != uid;
}

/* Rights of root's that a user was given. */
static bool has_capabilities(void)
{
	char text[4096];
	const char *line;
	unsigned long long permitted;

	if (!read_text("/proc/self/status", text, sizeof(text)))
		return false;
	line = strstr(text, "\nCapPrm:");
	return line && sscanf(line, "\nCapPrm: %llx", &permitted) == 1 && permitted != 0;
}

/*
 * We may do more than who started us: systemd's rule for journalctl (SYSTEMD_PAGERSECURE), but a
 * root without any session (a container's) is taken at its word.
 */
static bool has_more_rights(void)
{
	uid_t uid = geteuid();

	if (getauxval(AT_SECURE) || getuid() != uid || getgid() != getegid())
		return true;
	for (size_t i = 0; i < sizeof(ELEVATED_BY) / sizeof(ELEVATED_BY[0]); i++) {
		if (getenv(ELEVATED_BY[i]))
			return true;
	}
	return is_foreign_session(uid) || (uid != 0 && has_capabilities());
}

/* Whoever has our rights by sudo and the like has chosen the environment, too. */
static bool is_less(const char *command)
{
	return strcmp(command, "less") == 0 || strcmp(command, "/usr/bin/less") == 0 ||
	       strcmp(command, "/bin/less") == 0;
}

/*
 * Looks along `path`, but not in folders without a leading slash: what lies in the present one was
 * not meant. False when there is no such program.
 */
static bool find(struct pager *pager, const char *path, const char *word, size_t size)
{
	while (*path) {
		size_t length = strcspn(path, ":");

		if (*path == '/' && length + size + 2 <= sizeof(pager->file)) {
			snprintf(pager->file, sizeof(pager->file), "%.*s/%.*s", (int)length, path,
				 (int)size, word);
			if (access(pager->file, X_OK) == 0)
				return true;
		}
		path += length + (path[length] == ':');
	}
	pager->file[0] = '\0';
	return false;
}

/* Which program it is: a shell would only find out after we have given our stdout away. */
static bool find_program(struct pager *pager)
{
	const char *command = pager->command;
	size_t size = strcspn(command, " \t");
	const char *path = getenv("PATH");

	if (pager->secure)
		return is_less(command) && find(pager, SAFE_PATH, "less", 4);
	if (strcspn(command, "|&;<>()$`\\\"'*?[#~=%") < strlen(command))
		return true; /* the shell's business */
	if (!memchr(command, '/', size))
		return find(pager, path ? path : SAFE_PATH, command, size);
	if (size >= sizeof(pager->file))
		return false;
	memcpy(pager->file, command, size);
	pager->file[size] = '\0';
	return access(pager->file, X_OK) == 0;
}

/* False: none is wanted, or there is none. */
static bool choose_pager(struct pager *pager)
{
	pager->command = getenv("LOGTAP_PAGER");
	if (!pager->command)
		pager->command = getenv("PAGER");
	if (!pager->command)
		pager->command = "less";
	if (!*pager->command || strcmp(pager->command, "cat") == 0)
		return false;
	pager->secure = has_more_rights();
	return find_program(pager);
}

static void set_environment(const struct pager *pager)
{
	/* As journalctl: somebody's own LESS may lack R, and colours would be garbage. */
	setenv("LESS", LESS_OPTIONS, 1);
	setenv("LESSCHARSET", "utf-8", 1);
	if (!pager->secure)
		return;
	setenv("LESSSECURE", "1", 1);
	setenv("LESSHISTFILE", "-", 1);
	for (size_t i = 0; i < sizeof(LESS_COMMANDS) / sizeof(LESS_COMMANDS[0]); i++)
		unsetenv(LESS_COMMANDS[i]);
}

/* In the child. A command of one word is run as it is; what has options is a shell's. */
static void become_pager(const struct pager *pager, int input)
{
	dup2(input, STDIN_FILENO);
	set_environment(pager);
	/* We ignored it; a pager expects what a shell would give it. */
	signal(SIGPIPE, SIG_DFL);
	if (pager->secure || (pager->file[0] && !strpbrk(pager->command, " \t")))
		execl(pager->file, pager->secure ? "less" : pager->command, (char *)NULL);
	else if (pager->file[0])
		/* `exec FILE OPTIONS`: the program that was found, whatever PATH holds. */
		execl("/bin/sh", "sh", "-c",
		      "file=$1; set -f; set -- $2; shift; exec \"$file\" \"$@\"", "sh", pager->file,
		      pager->command, (char *)NULL);
	else
		execl("/bin/sh", "sh", "-c", pager->command, (char *)NULL);
	_exit(127);
}

pid_t pager_start(void)
{
	struct pager pager = { 0 };
	int ends[2];
	pid_t child;

	/* On a dumb terminal less asks for a key before it shows anything. */
	if (!isatty(STDOUT_FILENO) || output_terminal_is_dumb() || !choose_pager(&pager) ||
	    pipe2(ends, O_CLOEXEC) != 0)
		return 0;
	child = fork();
	if (child == 0)
		become_pager(&pager, ends[0]);
	close(ends[0]);
	if (child > 0) {
		dup2(ends[1], STDOUT_FILENO);
		/* Ctrl-C is the pager's: it must not leave the terminal as less had set it. */
		signal(SIGINT, SIG_IGN);
	}
	close(ends[1]);
	return child > 0 ? child : 0;
}

void pager_wait(pid_t pager)
{
	int status;

	close(STDOUT_FILENO);
	while (waitpid(pager, &status, 0) < 0 && errno == EINTR)
		;
}

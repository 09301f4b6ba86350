/* SPDX-License-Identifier: MIT */
/*
 * Starting a program: what becomes of the caller's unfinished line, and of LD_PRELOAD.
 *
 * A child of vfork gets here with its parent's memory, of which nothing may be kept: it builds a
 * changed environment on its stack, which libc's execl does with the arguments as well.
 */
#include "exec_environment.h"

#include <alloca.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "confinement.h"
#include "debug_file.h"
#include "exec_copies.h"
#include "last_words.h"
#include "lines.h"
#include "log_lines.h"
#include "lost.h"
#include "own_calls.h"
#include "preload_list.h"
#include "process.h"
#include "raw.h"
#include "readable.h"
#include "real.h"

static const char VARIABLE[] = LT_PRELOAD_VARIABLE;

/* The name by which the loader found this library; NULL: nothing is to be changed. */
static const char *own_name LT_START_DATA;

void lt_exec_init(void)
{
	own_name = lt_real_own_name();
}

/*
 * What is done to the value of LD_PRELOAD: `cut` is taken out of it, `runtime` put before it, and a
 * note behind it.
 */
struct change {
	const char *value; /* the present one; NULL: there is nothing to change */
	struct lt_list_entry cut;
	const struct lt_exec *exec;
	size_t note; /* its characters */
	char runtime[LT_RUNTIME_MAX];
};

/* The pages of an array of strings, and of the strings, that were last found to be readable. */
struct seen {
	uintptr_t array, text;
};

/* One byte, and so its page. The last page is remembered: strings follow one another. */
static bool can_read(uintptr_t address, uintptr_t *page)
{
	const uintptr_t pages = -(uintptr_t)4096;

	if (*page == (address & pages) || lt_surely_readable(address, 1))
		return true;
	if (!lt_readable((const void *)address, 1))
		return false;
	*page = address & pages;
	return true;
}

static bool can_read_text(const char *text, uintptr_t *page)
{
	for (;;) {
		size_t left = 4096 - (uintptr_t)text % 4096;

		if (!can_read((uintptr_t)text, page))
			return false;
		if (memchr(text, '\0', left))
			return true;
		text += left;
	}
}

/*
 * Whether an array of strings can be read: the kernel answers a bad pointer with EFAULT, in the
 * array or in place of it.
 */
static bool can_read_strings(char *const strings[])
{
	struct seen seen = { 1, 1 }; /* no page begins there */

	if (!strings)
		return true;
	for (;; strings++) {
		/* An array that isn't aligned may go on in the next page. */
		if (!can_read((uintptr_t)strings, &seen.array) ||
		    !can_read((uintptr_t)(strings + 1) - 1, &seen.array))
			return false;
		if (!*strings)
			return true;
		if (!can_read_text(*strings, &seen.text))
			return false;
	}
}

/* The loader takes the last one. */
static const char *preload_of(char *const envp[])
{
	const char *value = NULL;

	for (; envp && *envp; envp++)
		if (strncmp(*envp, VARIABLE, sizeof(VARIABLE) - 1) == 0)
			value = *envp + sizeof(VARIABLE) - 1;
	return value;
}

/* Whether the loader of the new program can open what our entry names: another root may be around
 * us by now, or fewer rights. */
static bool is_reachable(struct lt_list_entry entry)
{
	char path[256];
	const char *name = own_name;

	/* Without a slash, the loader finds it where it found us. */
	if (memchr(entry.text, '/', entry.size) &&
	    (strncmp(entry.text, own_name, entry.size) != 0 || own_name[entry.size])) {
		if (entry.size >= sizeof(path))
			return true;
		memcpy(path, entry.text, entry.size);
		path[entry.size] = '\0';
		name = path;
	}
	return lt_target_access(name, R_OK) >= 0;
}

static bool can_load(const struct lt_target *target, struct lt_list_entry entry)
{
	if (target->head.kind == LT_HEAD_FOREIGN || target->head.kind == LT_HEAD_REFUSES)
		return false;
	return is_reachable(entry);
}

/*
 * A filter of the program's own would end the new one for what our start does there, where it has
 * nobody to ask. What is known of the environment then is what the kernel can be asked.
 */
static bool is_shut_out(void)
{
	return lt_confined && lt_may(LT_CALL_PROBE) && !lt_may(LT_CALL_NEXT);
}

/* What becomes of the list's entries. */
static void choose(struct change *change, const struct lt_target *target, struct lt_list_entry ours)
{
	const char *list = change->value;
	const char *runtime = target->head.kind == LT_HEAD_LOADED ? target->head.runtime : "";
	size_t inherited = lt_list_own_runtime(list);

	if (!can_load(target, ours))
		change->cut = lt_list_cut(list, ours);
	else if (*runtime && !lt_list_find(list, runtime).text)
		strcpy(change->runtime, runtime);
	else if (!*runtime && inherited)
		change->cut = (struct lt_list_entry){ list, inherited };
}

/* Whether our library stays in the list, so that somebody reads the note. */
static bool keeps(const struct change *change, struct lt_list_entry ours)
{
	const char *cut = change->cut.text;

	return ours.text && (!cut || ours.text < cut || ours.text >= cut + change->cut.size);
}

/*
 * The unfinished line of the thread: sent if the program will probably start, kept if it certainly
 * won't, and sent as a part that can go on where nobody can tell.
 */
static void leave(const struct lt_target *target)
{
	if (target->fate == LT_TARGET_FAILS || !(lt_heard(~0u) || lt_ending) ||
	    !lt_process_is_ours())
		return;
	if (target->fate == LT_TARGET_UNSURE)
		lt_lines_flush_part();
	else
		lt_lines_flush();
	lt_log_lines_flush();
	lt_last_words();
	lt_lost_report();
	lt_lost_before_exec();
	lt_debug_report();
}

static void find_target(struct lt_target *target, const struct lt_exec *exec)
{
	target->head.kind = LT_HEAD_UNREADABLE;
	if (exec->elsewhere && exec->path[0] != '/' && (!exec->searches || strchr(exec->path, '/')))
		target->fate = LT_TARGET_UNSURE;
	else if (exec->searches)
		lt_target_of_name(target, exec->path);
	else
		lt_target_of_path(target, exec->folder, exec->path, exec->flags);
}

static __attribute__((noinline)) void decide(struct change *change, const struct lt_exec *exec,
					     char *const envp[])
{
	struct lt_target target = { .fate = LT_TARGET_STARTS };
	struct lt_list_entry ours = { NULL, 0 }, listed;
	bool unfinished = !exec->goes_on && lt_heard(LT_WORD_STDERR) && lt_process_is_ours() &&
			  lt_lines_unfinished();

	target.exact = unfinished;
	change->value =
		own_name && (lt_may(LT_CALLS_ALL) || is_shut_out()) ? preload_of(envp) : NULL;
	if (change->value)
		ours = lt_list_find(change->value, own_name);
	listed = ours;
	/* Names like $LIB are for the loader to fill in, in each program anew. */
	if (ours.text && memchr(ours.text, '$', ours.size))
		ours.text = NULL;
	if (lt_may(LT_CALLS_ALL) && (ours.text || unfinished))
		find_target(&target, exec);
	if (unfinished && lt_may(LT_CALLS_ALL))
		lt_target_check_rest(&target, exec->argv, envp);
	if (!exec->goes_on)
		leave(&target);
	change->cut = (struct lt_list_entry){ NULL, 0 };
	change->runtime[0] = '\0';
	change->exec = exec;
	if (ours.text && is_shut_out())
		change->cut = lt_list_cut(change->value, ours);
	else if (ours.text)
		choose(change, &target, ours);
	change->note = !is_shut_out() && keeps(change, listed) ? lt_exec_copies_size(exec) : 0;
	if (!change->note && !change->cut.text && !change->runtime[0])
		change->value = NULL;
}

static char *put(char *to, const char *text, size_t size)
{
	memcpy(to, text, size);
	return to + size;
}

/* Writes `NAME=VALUE` as it is to be; whether anything of the value is left. */
static bool put_variable(char *to, const struct change *change)
{
	const char *value = change->value;
	const char *cut = change->cut.text ? change->cut.text : value;
	const char *rest = cut + change->cut.size;

	to = put(to, VARIABLE, sizeof(VARIABLE) - 1);
	if (change->runtime[0]) {
		to = put(to, change->runtime, strlen(change->runtime));
		to = put(to, "::", 2);
	}
	to = put(to, value, (size_t)(cut - value));
	to = put(to, rest, strlen(rest) + 1) - 1;
	if (change->note)
		lt_exec_copies_write(to, change->note, change->exec);
	return change->runtime[0] || cut > value || *rest;
}

struct room {
	size_t pointers; /* of the environment, the NULL included */
	size_t size;	 /* of all that is built, in bytes */
};

static struct room room_for(const struct change *change, char *const envp[])
{
	struct room room = { 1, 0 };

	while (envp[room.pointers - 1])
		room.pointers++;
	room.size = room.pointers * sizeof(*envp) + sizeof(VARIABLE) + LT_RUNTIME_MAX + 2 +
		    strlen(change->value) + change->note;
	return room;
}

/* The environment with the changed variable, in `memory`. */
static char *const *build(char *memory, const struct room *room, const struct change *change,
			  char *const envp[])
{
	char **copy = (char **)memory, **end = copy;
	char *text = memory + room->pointers * sizeof(*copy);
	bool stays = put_variable(text, change);

	for (; *envp; envp++) {
		if (*envp + sizeof(VARIABLE) - 1 != change->value)
			*end++ = *envp;
		else if (stays)
			*end++ = text;
	}
	*end = NULL;
	return copy;
}

/* As much as the stack of a child of vfork is asked for: some 900 variables. */
#define STACK_MAX   8192
/* And as much as a signal handler's stack has to spare. */
#define STACK_SMALL 1024

static __attribute__((noinline)) int run_on_stack(const struct lt_exec *exec,
						  const struct room *room,
						  const struct change *change, char *const envp[])
{
	char *memory = alloca(room->size);

	return exec->make(exec, build(memory, room, change, envp));
}

static int run_changed(const struct lt_exec *exec, const struct change *change, char *const envp[])
{
	struct room room = room_for(change, envp);
	struct lt_mapping mapping;
	int result, error;

	if (room.size <= STACK_SMALL || (!lt_process_is_ours() && room.size <= STACK_MAX))
		return run_on_stack(exec, &room, change, envp);
	if (!lt_process_is_ours() || lt_mapping_open(&mapping, room.size))
		return exec->make(exec, envp);
	result = exec->make(exec, build(mapping.address, &room, change, envp));
	error = errno;
	lt_mapping_close(&mapping);
	errno = error;
	return result;
}

int lt_exec_run(const struct lt_exec *exec, char *const envp[])
{
	struct change change;

	lt_confine_ask();
	/* The call will fail; what is unfinished stays so. */
	if ((lt_may(LT_CALLS_ALL) || is_shut_out()) &&
	    (!can_read_strings(envp) || !can_read_strings(exec->argv)))
		return exec->make(exec, envp);
	decide(&change, exec, envp);
	return change.value ? run_changed(exec, &change, envp) : exec->make(exec, envp);
}

void lt_exec_lend(struct lt_lent *lent)
{
	const struct lt_exec shell = { .path = "/bin/sh", .folder = AT_FDCWD, .goes_on = true };
	struct change change;
	struct room room;

	lent->copy = NULL;
	lt_confine_ask();
	if (!environ || !lt_has_one_thread())
		return;
	decide(&change, &shell, environ);
	if (!change.value)
		return;
	room = room_for(&change, environ);
	/* Never the stack: a handler that leaves the call by siglongjmp leaves the copy in use. */
	if (lt_mapping_open(&lent->mapping, room.size))
		return;
	lent->before = environ;
	lent->copy = (char **)build(lent->mapping.address, &room, &change, environ);
	environ = lent->copy;
}

void lt_exec_take_back(struct lt_lent *lent)
{
	if (!lent->copy)
		return;
	/* A handler's setenv made an array of its own meanwhile, with strings of the copy. */
	if (environ != lent->copy)
		return;
	environ = lent->before;
	lt_mapping_close(&lent->mapping);
}

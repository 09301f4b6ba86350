/* SPDX-License-Identifier: MIT */
/* Reading what /proc says; see process_fields.h. Must never read beyond a text. */
#include "process_fields.h"

#include <string.h>

/* The kernel's USER_HZ, which is 100 on every architecture that we build for. */
#define TICK UINT64_C(10000000) /* ns */

/* Fields of /proc/PID/stat behind the name: state, ppid ... starttime. */
#define FIELD_PPID  1
#define FIELD_START 19

#define ID_DIGITS 64

static uint64_t number(const char *digit)
{
	uint64_t value = 0;

	for (; *digit >= '0' && *digit <= '9'; digit++)
		value = value * 10 + (uint64_t)(*digit - '0');
	return value;
}

bool lt_process_parse_stat(const char *text, struct lt_process_stat *stat)
{
	/* The name may hold anything, parentheses too. */
	const char *at = strrchr(text, ')');

	if (!at || at[1] != ' ')
		return false;
	at += 2;
	for (int field = 0; field < FIELD_START; field++) {
		if (field == FIELD_PPID)
			stat->ppid = (uint32_t)number(at);
		at = strchr(at, ' ');
		if (!at)
			return false;
		at++;
	}
	stat->start = number(at) * TICK;
	return true;
}

/* What stands behind `label` in a line that begins with it, or behind a number. */
static struct lt_process_text find_line(const char *text, const char *label)
{
	struct lt_process_text found = { "", 0 };

	for (const char *line = text; *line; line = strchr(line, '\n') + 1) {
		const char *rest = line + strspn(line, "0123456789");

		if (strncmp(rest, label, strlen(label)) == 0) {
			found.bytes = rest + strlen(label);
			found.size = strcspn(found.bytes, "\n");
			return found;
		}
		if (!strchr(line, '\n'))
			break;
	}
	return found;
}

struct lt_process_text lt_process_find_cgroup(const char *text)
{
	/* Version 1's is empty or missing where version 2 alone is used, and the other way round.
	 */
	struct lt_process_text named = find_line(text, ":name=systemd:");
	struct lt_process_text unified = find_line(text, "::");

	return unified.size > 1 || !named.size ? unified : named;
}

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

/* The last run of exactly 64 digits: a container in a container is its own. */
static const char *find_id(const struct lt_process_text *cgroup)
{
	const char *found = NULL;
	size_t run = 0;

	for (size_t i = 0; i <= cgroup->size; i++) {
		if (i < cgroup->size && is_hex(cgroup->bytes[i])) {
			run++;
			continue;
		}
		if (run == ID_DIGITS)
			found = cgroup->bytes + i - ID_DIGITS;
		run = 0;
	}
	return found;
}

/* What stands between two words in the path, up to a slash. */
static size_t find_name(const struct lt_process_text *cgroup, const char *before,
			const char *behind, const char **name)
{
	const char *place = memmem(cgroup->bytes, cgroup->size, before, strlen(before));
	size_t size = 0, left;

	if (!place)
		return 0;
	*name = place + strlen(before);
	left = (size_t)(cgroup->bytes + cgroup->size - *name);
	while (size < left && (*name)[size] != '/')
		size++;
	if (size < strlen(behind) ||
	    memcmp(*name + size - strlen(behind), behind, strlen(behind)) != 0)
		return 0;
	return size - strlen(behind);
}

void lt_process_find_container(const struct lt_process_text *cgroup,
			       char container[LT_CONTAINER_MAX + 1])
{
	static const struct {
		const char *before, *behind;
	} forms[] = {
		{ "/lxc.payload.", "" },
		{ "/lxc/", "" },
		{ "/machine.slice/machine-", ".scope" },
	};
	const char *name = find_id(cgroup);
	size_t size = name ? ID_DIGITS : 0;

	for (size_t i = 0; !size && i < sizeof(forms) / sizeof(forms[0]); i++)
		size = find_name(cgroup, forms[i].before, forms[i].behind, &name);
	if (size > LT_CONTAINER_MAX)
		size = LT_CONTAINER_MAX;
	if (size)
		memcpy(container, name, size);
	container[size] = '\0';
}

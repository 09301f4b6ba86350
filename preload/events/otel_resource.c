/* SPDX-License-Identifier: MIT */
/* See otel_resource.h. Must never trust that what stands in the environment follows any rule. */
#include "otel_resource.h"

#include <string.h>

#include "confinement.h"
#include "own_calls.h"
#include "settings.h"
#include "shim.h"
#include "valid_utf8.h"

static uint8_t names[LT_RESOURCE_MAX / 2], values[LT_RESOURCE_MAX / 2];

/* Without an address in it before it is used: each process would write to its page. */
struct lt_resource lt_resource;

/* The longest value that is looked at. */
static char value[sizeof(values)];

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Into `value`, with "%2C" as what it stands for; how long it is, or more than there is room for.
 */
static size_t decode(const char *text, size_t size)
{
	size_t used = 0;

	for (size_t i = 0; i < size; i++) {
		int high = text[i] == '%' && size - i > 2 ? digit(text[i + 1]) : -1;
		int low = high >= 0 ? digit(text[i + 2]) : -1;

		if (used == sizeof(value))
			return used + 1;
		value[used++] = low >= 0 ? (char)(high << 4 | low) : text[i];
		i += low >= 0 ? 2 : 0;
	}
	return used;
}

static void keep(struct lt_resource_text *text, const char *bytes, size_t size)
{
	text->size =
		(uint16_t)lt_utf8_clean(text->bytes, sizeof(text->bytes), bytes, size, false).out;
}

static bool is_called(const char *name, size_t size, const char *key)
{
	return strlen(key) == size && memcmp(name, key, size) == 0;
}

/* Attributes that the events have anyway: none may stand there twice. */
static bool is_ours(const char *name, size_t size)
{
	static const char *const ours[] = { "process.pid", "process.executable.name", "thread.id",
					    "log.iostream", "log.record.uid" };

	for (size_t i = 0; i < sizeof(ours) / sizeof(*ours); i++)
		if (is_called(name, size, ours[i]))
			return true;
	return (size > 7 && (memcmp(name, "logtap.", 7) == 0 || memcmp(name, "syslog.", 7) == 0));
}

static void trim(const char **text, size_t *size)
{
	while (*size && **text == ' ') {
		++*text;
		--*size;
	}
	while (*size && (*text)[*size - 1] == ' ')
		--*size;
}

static void take_pair(const char *name, size_t name_size, const char *text, size_t size)
{
	trim(&name, &name_size);
	trim(&text, &size);
	size = decode(text, size);
	if (size > sizeof(value) || is_ours(name, name_size))
		return;
	if (is_called(name, name_size, "service.name"))
		keep(&lt_resource.service, value, size);
	else if (is_called(name, name_size, "service.instance.id"))
		keep(&lt_resource.instance, value, size);
	else
		lt_attributes_add(&lt_resource.attributes, name, name_size, value, size);
}

static void take_list(const char *list)
{
	while (*list) {
		size_t size = strcspn(list, ",");
		const char *sign = memchr(list, '=', size);

		if (sign)
			take_pair(list, (size_t)(sign - list), sign + 1,
				  size - (size_t)(sign + 1 - list));
		list += size;
		list += *list == ',';
	}
}

void lt_resource_init(char *const *envp)
{
	const char *list = lt_environment_get(envp, "OTEL_RESOURCE_ATTRIBUTES");
	const char *service = lt_environment_get(envp, "OTEL_SERVICE_NAME");
	char id[64];

	memset(&lt_resource, 0, sizeof(lt_resource));
	lt_resource.attributes = (struct lt_attributes){ .names = names,
							 .values = values,
							 .names_room = sizeof(names),
							 .values_room = sizeof(values) };
	keep(&lt_resource.program, lt_program, strlen(lt_program));
	if (list)
		take_list(list);
	/* It goes before the list. */
	if (service && *service)
		keep(&lt_resource.service, service, strlen(service));
	if (lt_may(LT_CALL_OPEN) && lt_confine_read("/proc/sys/kernel/random/boot_id", id,
						    sizeof(id)) >= (long)sizeof(lt_resource.boot))
		memcpy(lt_resource.boot, id, sizeof(lt_resource.boot));
}

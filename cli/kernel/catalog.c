/* SPDX-License-Identifier: MIT */
/*
 * Knows which user_events tracepoints there are, by reading the kernel's list again and again: it
 * announces no changes. Reading the list is all that an idle pass does. Must never disable or
 * remove a tracepoint.
 */
#include <errno.h>
#include <event-parse.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tracefs.h>
#include <unistd.h>

#include <evh/decode.h>
#include <evh/format.h>

#include "catalog.h"

#define SYSTEM "user_events"

struct list {
	char *text;
	size_t size;
	size_t capacity;
};

struct catalog {
	struct tracefs_place place;
	struct tep_handle *formats;
	char *const *patterns;
	size_t pattern_count;
	struct list last, fresh;      /* the kernel's list, before and now */
	void *names;		      /* tsearch tree of entries */
	struct catalog_entry **by_id; /* 65536 of them, most NULL */
	void (*misfit)(const char *name);
};

static const char *without_system(const char *pattern)
{
	return strncmp(pattern, SYSTEM ":", sizeof(SYSTEM)) == 0 ? pattern + sizeof(SYSTEM)
								 : pattern;
}

bool catalog_provider(const char *pattern, char *provider, size_t size)
{
	struct evh_tracepoint_name parts;
	size_t length;

	pattern = without_system(pattern);
	length = strlen(pattern);
	if (length > 2 && strcmp(pattern + length - 2, "_*") == 0)
		length -= 2;
	else if (evh_tracepoint_name_parse(&parts, pattern, length) == 0)
		return false;
	if (length == 0 || length >= size || memchr(pattern, '*', length) ||
	    memchr(pattern, '?', length) || memchr(pattern, '[', length))
		return false;
	memcpy(provider, pattern, length);
	provider[length] = '\0';
	return true;
}

static bool matches(const struct catalog *catalog, const char *name)
{
	struct evh_tracepoint_name parts;
	bool parsed = evh_tracepoint_name_parse(&parts, name, strlen(name)) == 0;

	for (size_t i = 0; i < catalog->pattern_count; i++) {
		const char *pattern = without_system(catalog->patterns[i]);

		if (fnmatch(pattern, name, 0) == 0)
			return true;
		if (parsed && strlen(pattern) == parts.provider_size &&
		    memcmp(pattern, parts.provider, parts.provider_size) == 0)
			return true;
	}
	return false;
}

/* Reads a file of tracefs whole; their size isn't known before. */
static int list_read(struct list *list, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got;

	if (fd < 0)
		return -errno;
	list->size = 0;
	do {
		if (list->capacity - list->size < 4096) {
			size_t capacity = list->capacity ? list->capacity * 2 : 16384;
			char *text = realloc(list->text, capacity);

			if (!text) {
				close(fd);
				return -ENOMEM;
			}
			list->text = text;
			list->capacity = capacity;
		}
		got = read(fd, list->text + list->size, list->capacity - list->size - 1);
		if (got > 0)
			list->size += (size_t)got;
	} while (got > 0 || (got < 0 && errno == EINTR));
	got = got < 0 ? -errno : 0;
	close(fd);
	list->text[list->size] = '\0';
	return (int)got;
}

static int by_name(const void *a, const void *b)
{
	const struct catalog_entry *left = a;
	const struct catalog_entry *right = b;

	return strcmp(left->name, right->name);
}

static void entry_free(void *pointer)
{
	struct catalog_entry *entry = pointer;

	free(entry->name);
	free(entry);
}

static bool is_eventheader_name(const char *name)
{
	struct evh_tracepoint_name parts;

	return evh_tracepoint_name_parse(&parts, name, strlen(name)) == 0;
}

/* A name alone doesn't make an EventHeader tracepoint: its fields must be the ones. */
static void judge(struct catalog_entry *entry, struct tep_event *format)
{
	const struct tep_format_field *field = format->format.fields;
	static const char *const NAMES[] = {
		"eventheader_flags", "version", "id", "tag", "opcode", "level"
	};
	size_t matched = 0;

	entry->format = format;
	entry->id = (uint16_t)format->id;
	entry->header = field ? (size_t)field->offset : 0;
	for (; field && matched < 6 && strcmp(field->name, NAMES[matched]) == 0;
	     field = field->next)
		matched++;
	entry->eventheader = matched == 6 && !field && is_eventheader_name(entry->name);
}

static int load_format(struct catalog *catalog, struct catalog_entry *entry)
{
	struct tep_event *format = NULL;
	struct list text = { 0 };
	char below[512];
	char path[PATH_MAX];
	int result = -ENAMETOOLONG;

	if ((size_t)snprintf(below, sizeof(below), "events/" SYSTEM "/%s/format", entry->name) <
		    sizeof(below) &&
	    tracefs_place_path(&catalog->place, below, path, sizeof(path)) == 0)
		result = list_read(&text, path);
	if (result == 0 &&
	    (tep_parse_format(catalog->formats, &format, text.text, text.size, SYSTEM) != 0 ||
	     !format))
		result = -EBADMSG;
	if (result == 0)
		judge(entry, format);
	free(text.text);
	return result;
}

/* 1 when the tracepoint is new, matches and could be enabled. */
static int consider(struct catalog *catalog, struct tracefs_instance *instance, const char *name)
{
	struct catalog_entry *entry;
	struct catalog_entry key = { .name = (char *)name };

	if (!matches(catalog, name) || tfind(&key, &catalog->names, by_name))
		return 0;
	entry = calloc(1, sizeof(*entry));
	if (!entry)
		return -ENOMEM;
	entry->name = strdup(name);
	/* It may have gone since it was listed; should it come back, it is new again. */
	if (!entry->name || load_format(catalog, entry) < 0) {
		entry_free(entry);
		return 0;
	}
	/* First known, then enabled: its first event must find its layout. */
	catalog->by_id[entry->id] = entry;
	if (tracefs_event_enable(instance, SYSTEM, name) != 0) {
		catalog->by_id[entry->id] = NULL;
		entry_free(entry);
		return 0;
	}
	if (!tsearch(entry, &catalog->names, by_name))
		return -ENOMEM;
	if (catalog->misfit && !entry->eventheader && is_eventheader_name(name))
		catalog->misfit(name);
	return 1;
}

void catalog_on_misfit(struct catalog *catalog, void (*say)(const char *name))
{
	catalog->misfit = say;
}

int catalog_scan(struct catalog *catalog, struct tracefs_instance *instance)
{
	struct list swap;
	char path[PATH_MAX];
	char *line;
	char *next;
	int enabled = 0;
	int result = tracefs_place_path(&catalog->place, "user_events_status", path, sizeof(path));

	if (result == 0)
		result = list_read(&catalog->fresh, path);
	if (result < 0)
		return result;
	if (catalog->fresh.size == catalog->last.size &&
	    memcmp(catalog->fresh.text, catalog->last.text, catalog->last.size) == 0)
		return 0;
	swap = catalog->last;
	catalog->last = catalog->fresh;
	catalog->fresh = swap;
	/* A copy: the lines are cut into words, and the original is compared with next time. */
	line = strdup(catalog->last.text);
	if (!line)
		return -ENOMEM;
	for (char *at = line; *at; at = next) {
		size_t length = strcspn(at, "\n");

		next = at + length + (at[length] == '\n');
		at[length] = '\0';
		at[strcspn(at, " ")] = '\0';
		/* "Active: 3" and "Busy: 0" stand at the end; no tracepoint's name has a colon. */
		if (!*at || strchr(at, ':'))
			continue;
		result = consider(catalog, instance, at);
		if (result < 0)
			break;
		enabled += result;
	}
	free(line);
	return result < 0 ? result : enabled;
}

static bool is_of(const char *name, const char *provider, struct names *there)
{
	struct evh_tracepoint_name parts;

	if (evh_tracepoint_name_parse(&parts, name, strlen(name)) != 0) {
		names_met(there, name, strlen(name));
		return provider && strcmp(provider, name) == 0;
	}
	names_met(there, parts.provider, parts.provider_size);
	return provider && strlen(provider) == parts.provider_size &&
	       memcmp(provider, parts.provider, parts.provider_size) == 0;
}

bool catalog_exists(struct catalog *catalog, const char *provider, struct names *there)
{
	struct list list = { 0 };
	char path[PATH_MAX];
	bool found = false;

	there->count = 0;
	if (tracefs_place_path(&catalog->place, "user_events_status", path, sizeof(path)) == 0 &&
	    list_read(&list, path) == 0) {
		char *rest = NULL;

		for (char *line = strtok_r(list.text, "\n", &rest); line;
		     line = strtok_r(NULL, "\n", &rest)) {
			line[strcspn(line, " ")] = '\0';
			if (*line && !strchr(line, ':') &&
			    (is_of(line, provider, there) || (!provider && matches(catalog, line))))
				found = true;
		}
	}
	free(list.text);
	return found;
}

const struct catalog_entry *catalog_find(const struct catalog *catalog, uint16_t id)
{
	return catalog->by_id[id];
}

int catalog_open(struct catalog **catalog, const struct tracefs_place *place,
		 char *const patterns[], size_t count)
{
	struct catalog *made;

	*catalog = NULL;
	for (size_t i = 0; i < count; i++) {
		if (strchr(without_system(patterns[i]), ':'))
			return -EINVAL;
	}
	made = calloc(1, sizeof(*made));
	if (!made)
		return -ENOMEM;
	made->place = *place;
	made->patterns = patterns;
	made->pattern_count = count;
	made->formats = tep_alloc();
	made->by_id = calloc(UINT16_MAX + 1, sizeof(struct catalog_entry *));
	if (!made->formats || !made->by_id) {
		catalog_close(made);
		return -ENOMEM;
	}
	*catalog = made;
	return 0;
}

void catalog_close(struct catalog *catalog)
{
	if (!catalog)
		return;
	tdestroy(catalog->names, entry_free);
	tep_free(catalog->formats);
	free(catalog->by_id);
	free(catalog->last.text);
	free(catalog->fresh.text);
	free(catalog);
}

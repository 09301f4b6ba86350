/* SPDX-License-Identifier: MIT */
/* Output buffers: growing ones, and the caller's. Must never write beyond their capacity. */
#include <stdlib.h>

#include <evh/text.h>

#include "event.h"
#include "put.h"

void evh_text_use(struct evh_text *text, void *buffer, size_t capacity)
{
	*text = (struct evh_text){ .data = buffer, .capacity = capacity, .fixed = true };
}

void evh_text_free(struct evh_text *text)
{
	if (!text->fixed)
		free(text->data);
	*text = (struct evh_text){ 0 };
}

void evh_text_clear(struct evh_text *text)
{
	text->size = 0;
	text->error = 0;
}

static bool grow(struct evh_text *text, size_t needed)
{
	size_t capacity = text->capacity < 256 ? 256 : text->capacity;
	int saved = errno;
	char *data;

	while (capacity < needed && capacity <= SIZE_MAX / 2)
		capacity *= 2;
	data = capacity >= needed ? realloc(text->data, capacity) : NULL;
	errno = saved;
	if (!data)
		return false;
	text->data = data;
	text->capacity = capacity;
	return true;
}

char *evh_text_reserve(struct evh_text *text, size_t size)
{
	if (text->error != 0)
		return NULL;
	if (text->capacity - text->size >= size && text->data)
		return text->data + text->size;
	if (text->fixed)
		text->error = -ENOSPC;
	else if (size > SIZE_MAX - text->size || !grow(text, text->size + size))
		text->error = -ENOMEM;
	return text->error == 0 ? text->data + text->size : NULL;
}

void evh_text_append(struct evh_text *text, const void *data, size_t size)
{
	char *out = evh_text_reserve(text, size);

	if (!out)
		return;
	memcpy(out, data, size);
	text->size += size;
}

void evh_text_puts(struct evh_text *text, const char *string)
{
	evh_text_append(text, string, strlen(string));
}

void evh_text_u64(struct evh_text *text, uint64_t value)
{
	char buffer[PUT_ROOM(0)];

	evh_text_append(text, buffer, (size_t)(put_u64(buffer, value) - buffer));
}

void evh_text_i64(struct evh_text *text, int64_t value)
{
	char buffer[PUT_ROOM(0)];

	evh_text_append(text, buffer, (size_t)(put_i64(buffer, value) - buffer));
}

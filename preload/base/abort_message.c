/* SPDX-License-Identifier: MIT */
/* libc's last words. Must never write to what is libc's. */
#include "abort_message.h"

#include <stddef.h>

#include "real.h"

/* As glibc has had it since 2.13. */
struct message {
	unsigned size; /* of the mapping that holds it */
	char text[];
};

static const struct message *taken LT_START_DATA;

static const struct message *current(void)
{
	const struct message *const *place = (const void *)lt_real.__abort_msg;

	return place ? __atomic_load_n(place, __ATOMIC_ACQUIRE) : NULL;
}

const char *lt_abort_message_take(void)
{
	const struct message *message = current();

	if (!message || __atomic_exchange_n(&taken, message, __ATOMIC_RELAXED) == message)
		return NULL;
	return message->text;
}

void lt_abort_message_forget(void)
{
	__atomic_store_n(&taken, current(), __ATOMIC_RELAXED);
}

/* SPDX-License-Identifier: MIT */
/*
 * Programs that confine themselves with seccomp. A call of ours that their filter doesn't know
 * would kill them, so that from then on nothing but write(2) is used, which no program that logs
 * can forbid itself.
 */
#include "seccomp.h"

#include <linux/seccomp.h>
#include <stdarg.h>
#include <sys/prctl.h>

#include "debug_file.h"
#include "own_descriptor.h"
#include "real.h"

/* What the transport was before, in case the filter is refused. */
static enum evh_transport_kind free_kind;

bool lt_confine(void)
{
	if (lt_confined || lt_transport.kind == EVH_TRANSPORT_NONE || !lt_process_is_ours())
		return false;
	lt_thread_enter(&lt_thread);
	lt_debug_confine();
	evh_transport_announce(&lt_transport);
	free_kind = lt_transport.kind;
	if (!lt_guard_check())
		lt_transport.kind = EVH_TRANSPORT_NONE;
	lt_transport.confined = true;
	lt_confined = true;
	return true;
}

void lt_confine_undo(void)
{
	lt_confined = false;
	lt_transport.confined = false;
	lt_transport.kind = free_kind;
}

/* Every prctl takes its arguments as unsigned long, in registers. */
LT_EXPORT int prctl(int option, ...)
{
	va_list arguments;
	unsigned long values[4];
	bool confined = false;
	int result;

	va_start(arguments, option);
	for (int i = 0; i < 4; i++)
		values[i] = va_arg(arguments, unsigned long);
	va_end(arguments);
	if (lt_unlikely(option == PR_SET_SECCOMP))
		confined = lt_confine();
	result = LT_REAL(prctl)(option, values[0], values[1], values[2], values[3]);
	if (lt_unlikely(confined && result != 0))
		lt_confine_undo();
	return result;
}

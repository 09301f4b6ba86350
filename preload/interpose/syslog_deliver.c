/* SPDX-License-Identifier: MIT */
/* Handing a finished text to libc's syslog functions; see syslog_internal.h for the rule. */
#include "nested.h"
#include "syslog_internal.h"

void lt_syslog_call_listed(struct lt_syslog_call call, const char *format, ...)
{
	va_list arguments;

	call.format = format;
	va_start(arguments, format);
	lt_syslog_call_original(&call, arguments);
	va_end(arguments);
}

void lt_syslog_deliver_text(struct lt_syslog_call call, struct lt_finished_text text)
{
	struct lt_nested outer = lt_nested_enter(LT_NESTED_SYSLOG, __builtin_frame_address(0));

	lt_syslog_call_with_text(call, text);
	lt_nested_leave(&outer);
}

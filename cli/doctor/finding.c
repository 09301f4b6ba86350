/* SPDX-License-Identifier: MIT */
/* What a check of `logtap doctor` found: a verdict, a sentence, and the command that mends it. */
#include <stdarg.h>
#include <stdio.h>

#include "doctor.h"

static void set(struct finding *finding, enum doctor_verdict verdict, const char *format,
		va_list arguments)
{
	finding->verdict = verdict;
	vsnprintf(finding->text, sizeof(finding->text), format, arguments);
}

void finding_ok(struct finding *finding, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	set(finding, DOCTOR_OK, format, arguments);
	va_end(arguments);
}

void finding_problem(struct finding *finding, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	set(finding, DOCTOR_PROBLEM, format, arguments);
	va_end(arguments);
}

void finding_unknown(struct finding *finding, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	set(finding, DOCTOR_UNKNOWN, format, arguments);
	va_end(arguments);
}

void finding_fix(struct finding *finding, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(finding->fix, sizeof(finding->fix), format, arguments);
	va_end(arguments);
}

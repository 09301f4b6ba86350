/* SPDX-License-Identifier: MIT */
/*
 * Where libc ends the process: abort(), a failed assertion, a smashed stack. What a thread has
 * unfinished is sent before, and what libc is about to say by a private call.
 *
 * Must never keep the process from ending as it would without us: with libc's own abort(), the
 * program's handlers, and no memory of the heap, which may be broken.
 */
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "captured_call.h"
#include "exits.h"
#include "last_words.h"
#include "raw.h"
#include "real.h"
#include "self_signals.h"

static _Noreturn void end_without_libc(void)
{
	for (;;)
		LT_RAW1(SYS_exit_group, 127);
}

/* Whether it ends for sure: libc's abort() would call a handler of the program's first. */
static void leave(bool line_goes_on)
{
	if (!lt_heard(~0u))
		return;
	if (!lt_signal_aborts())
		lt_leave_perhaps();
	else if (line_goes_on)
		lt_leave_behind_line();
	else
		lt_leave_for_good();
}

LT_EXPORT void abort(void)
{
	leave(false);
	if (LT_REAL(abort))
		lt_real.abort();
	end_without_libc();
}

/* libc's text is still to come, and ends the thread's line. */
static void assertion_failed(const char *file)
{
	if (!lt_heard(~0u))
		return;
	if (file)
		lt_last_words_are_captured(file);
	leave(true);
}

_Noreturn void __assert_fail(const char *assertion, const char *file, unsigned line,
			     const char *function);
_Noreturn void __assert(const char *assertion, const char *file, int line);
_Noreturn void __assert_perror_fail(int error, const char *file, unsigned line,
				    const char *function);

LT_EXPORT void __assert_fail(const char *assertion, const char *file, unsigned line,
			     const char *function)
{
	assertion_failed(file);
	if (LT_REAL(__assert_fail))
		lt_real.__assert_fail(assertion, file, line, function);
	end_without_libc();
}

LT_EXPORT void __assert(const char *assertion, const char *file, int line)
{
	assertion_failed(file);
	if (LT_REAL(__assert))
		lt_real.__assert(assertion, file, line);
	end_without_libc();
}

LT_EXPORT void __assert_perror_fail(int error, const char *file, unsigned line,
				    const char *function)
{
	assertion_failed(file);
	if (LT_REAL(__assert_perror_fail))
		lt_real.__assert_perror_fail(error, file, line, function);
	end_without_libc();
}

/*
 * What libc is about to write by a private call, as all versions since 2.31 word it. It is sent
 * before, since there is no behind.
 */
static void say(const char *text, size_t size)
{
	if (!lt_heard(~0u))
		return;
	if (captured(STDERR_FILENO) && lt_settings.passthrough && lt_libc_is_since(31)) {
		lt_last_words_are_captured(text);
		lt_lines_take(STDERR_FILENO, text, size);
	}
	leave(false);
}

#define SAY(what)                                                                                  \
	say("*** " what " ***: terminated\n", sizeof("*** " what " ***: terminated\n") - 1)

_Noreturn void __stack_chk_fail(void);
_Noreturn void __chk_fail(void);

LT_EXPORT void __stack_chk_fail(void)
{
	SAY("stack smashing detected");
	if (LT_REAL(__stack_chk_fail))
		lt_real.__stack_chk_fail();
	end_without_libc();
}

LT_EXPORT void __chk_fail(void)
{
	SAY("buffer overflow detected");
	if (LT_REAL(__chk_fail))
		lt_real.__chk_fail();
	end_without_libc();
}

/* SPDX-License-Identifier: MIT */
/*
 * Lines of a stream: those that continue another have its severity, for a bounded distance, and
 * others don't. Each test writes a log the way programs do, with the severity it expects.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "severity/severity.h"

#include "stream_lines.h"

Test(stream, java)
{
	CHECK({ "warning", "2026-11-21 18:50:01,123 WARN [main] org.acme.Pool: no answer" },
	      { "warning", "java.net.ConnectException: Connection refused" },
	      { "warning", "\tat java.net.Socket.connect(Socket.java:589)" },
	      { "warning", "\tat org.acme.Error.raise(Error.java:3)" },
	      { "warning", "Caused by: java.io.EOFException: null" },
	      { "warning", "\t... 23 more" },
	      { "info", "2026-11-21 18:50:02,123 INFO [main] org.acme.Pool: ready" },
	      { "unknown", "Listening" });
}

Test(stream, uncaught_after_information)
{
	CHECK({ "info", "2026-11-21 18:50:01,123 INFO [main] org.acme.Pool: ready" },
	      { "err", "Exception in thread \"main\" java.lang.NullPointerException" },
	      { "err", "\tat org.acme.Main.main(Main.java:3)" });
}

Test(stream, python)
{
	CHECK({ "info", "INFO:root:starting" }, { "err", "Traceback (most recent call last):" },
	      { "err", "  File \"x.py\", line 3, in <module>" },
	      { "err", "    logger.info(\"warning: x\")" },
	      { "err", "    raise KeyboardInterrupt" }, { "err", "KeyboardInterrupt" },
	      { "unknown", "goodbye" }, { "unknown", "  indented" });
}

Test(stream, python_chained)
{
	CHECK({ "err", "Traceback (most recent call last):" }, { "err", "  File \"x.py\", line 3" },
	      { "err", "KeyError: 'a'" }, { "unknown", "" },
	      { "err", "During handling of the above exception, another exception occurred:" },
	      { "unknown", "" }, { "err", "Traceback (most recent call last):" },
	      { "err", "  File \"x.py\", line 5" }, { "err", "ValueError: b" });
}

Test(stream, python_logged)
{
	CHECK({ "crit", "CRITICAL:app:gone" }, { "crit", "Traceback (most recent call last):" },
	      { "crit", "  File \"x.py\", line 3" }, { "crit", "ValueError: b" });
}

/* A warning that Python prints is its own, whatever stands above it. */
Test(stream, python_warnings)
{
	CHECK({ "err", "ERROR:root:e" }, { "warning", "foo.py:3: UserWarning: x" },
	      { "warning", "  warnings.warn(\"x\")" }, { "err", "ERROR:root:e" },
	      { "warning", "RuntimeWarning: x" }, { "crit", "CRITICAL:root:e" },
	      { "warning", "<string>:3: DeprecationWarning: dep" });
	CHECK({ "err", "Traceback (most recent call last):" }, { "err", "  File \"x.py\", line 3" },
	      { "err", "ValueError: b" }, { "warning", "foo.py:3: UserWarning: x" },
	      { "unknown", "done" });
	/* python -W error: here the warning is what was raised */
	CHECK({ "err", "Traceback (most recent call last):" }, { "err", "  File \"x.py\", line 3" },
	      { "err", "UserWarning: x" }, { "warning", "UserWarning: y" });
}

/* What shows its own severity has that one; only an exception's class continues the line above. */
Test(stream, own_severity_first)
{
	CHECK({ "warning", "warning: slow" },
	      { "err", "==31==ERROR: AddressSanitizer: heap-use-after-free on address 0x602" },
	      { "err", "==31==ABORTING" }, { "warning", "warning: slow" },
	      { "err", "Uncaught TypeError: x is not a function" }, { "warning", "warning: slow" },
	      { "err", "Exception in thread \"main\" java.lang.NullPointerException" },
	      { "err", "\tat org.acme.Main.main(Main.java:3)" }, { "warning", "warning: slow" },
	      { "err", "SUMMARY: LeakSanitizer: 8 byte(s) leaked in 1 allocation(s)." });
}

Test(stream, node)
{
	CHECK({ "err", "TypeError: x is not a function" },
	      { "err", "    at Object.<anonymous> (/srv/x.js:3:9)" },
	      { "err", "    at Module._compile (node:internal/modules/cjs/loader:1254:14)" },
	      { "unknown", "Node.js v18.16.0" });
}

Test(stream, compilers)
{
	CHECK({ "unknown", "x.c: In function 'main':" },
	      { "warning", "x.c:3:7: warning: unused variable 'a' [-Wunused-variable]" },
	      { "warning", "    3 |   int a;" }, { "warning", "      |       ^" },
	      { "err", "x.c:4:3: error: 'b' undeclared" }, { "err", "    4 |   b = 1;" },
	      { "notice", "x.c:4:3: note: each undeclared identifier is reported only once" },
	      { "unknown", "make[1]: Leaving directory '/srv'" });
}

Test(stream, postgresql)
{
	CHECK({ "err", "ERROR:  relation \"x\" does not exist" },
	      { "err", "DETAIL:  there is no such relation" }, { "err", "HINT:  create it" },
	      { "err", "STATEMENT:  select 1" }, { "err", "\tfrom x" },
	      { "info", "LOG:  checkpoint starting: time" });
}

Test(stream, sanitizer)
{
	CHECK({ "err", "==31==ERROR: AddressSanitizer: heap-use-after-free on address 0x602" },
	      { "err", "    #0 0x55d0 in main x.c:3" }, { "unknown", "" },
	      { "err", "SUMMARY: AddressSanitizer: heap-use-after-free x.c:3 in main" },
	      { "err", "==31==ABORTING" }, { "unknown", "done" });
}

Test(stream, go_panic)
{
	CHECK({ "crit", "panic: boom" }, { "unknown", "" }, { "crit", "goroutine 1 [running]:" });
}

Test(stream, nothing_to_continue)
{
	CHECK({ "unknown", "  indented" }, { "unknown", "\tat org.acme.Main(Main.java:3)" },
	      { "unknown", "plain" }, { "unknown", "  indented again" });
}

Test(stream, bounded)
{
	struct lt_severity_state state = { 0 };
	size_t skip;

	cr_assert_eq(lt_severity_continue(&state, "error: x", 8, LT_DETECT_ON, &skip), 3);
	for (int i = 0; i < LT_SEVERITY_CONTINUED; i++)
		cr_expect_eq(lt_severity_continue(&state, "\tat x", 5, LT_DETECT_ON, &skip), 3);
	cr_expect_eq(lt_severity_continue(&state, "\tat x", 5, LT_DETECT_ON, &skip),
		     LT_SEVERITY_NONE);
	cr_expect_eq(lt_severity_continue(&state, "\tat x", 5, LT_DETECT_ON, &skip),
		     LT_SEVERITY_NONE);
}

/* Two threads are two states: what one says lends nothing to the other. */
Test(stream, streams_are_apart)
{
	struct lt_severity_state one = { 0 };
	struct lt_severity_state other = { 0 };
	size_t skip;

	lt_severity_continue(&one, "error: x", 8, LT_DETECT_ON, &skip);
	cr_expect_eq(lt_severity_continue(&other, "  y", 3, LT_DETECT_ON, &skip), LT_SEVERITY_NONE);
	cr_expect_eq(lt_severity_continue(&one, "  y", 3, LT_DETECT_ON, &skip), 3);
}

Test(stream, prefix)
{
	struct lt_severity_state state = { 0 };
	size_t skip;

	cr_expect_eq(lt_severity_continue(&state, "<4>x", 4, LT_DETECT_ON, &skip), 4);
	cr_expect_eq(skip, 3);
	cr_expect_eq(lt_severity_continue(&state, "  y", 3, LT_DETECT_ON, &skip), 4);
	cr_expect_eq(skip, 0);
	cr_expect_eq(lt_severity_continue(&state, "<6>  z", 6, LT_DETECT_ON, &skip), 6);
	cr_expect_eq(skip, 3);
}

/* A file's first lines: the numbers stand at the margin. */
Test(stream, rustc)
{
	CHECK({ "err", "error[E0308]: mismatched types" }, { "err", " --> src/main.rs:3:5" },
	      { "err", "  |" }, { "err", "3 |     let x: u8 = \"warning: x\";" },
	      { "err", "  |            -- ^^^ expected `u8`" }, { "err", "  |" },
	      { "err", "  = note: expected type `u8`" }, { "err", "help: remove the quotes" },
	      { "unknown", "" }, { "warning", "warning: unused variable: `y`" },
	      { "warning", " --> src/main.rs:4:9" }, { "unknown", "3 errors found" });
	CHECK({ "unknown", "3 | let x" });
}

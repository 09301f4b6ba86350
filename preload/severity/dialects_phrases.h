/* SPDX-License-Identifier: MIT */
/*
 * Last third of the dialects: fixed phrases, names made of a level word, keys of
 * structured lines, and the beginnings of lines that continue the one before. Data alone.
 */
#ifndef LOGTAP_DIALECTS_PHRASES_H
#define LOGTAP_DIALECTS_PHRASES_H

#include <syslog.h>

/*
 * Phrases that say it without a level word, or in a form of their own. They count where a field
 * of the line's head begins. WEAK: a line that begins so usually belongs to a logged error above
 * it, whose severity it then has. In ASCII order; a test holds that.
 * phrase, severity, weak, source, examples.
 */
#define LT_PHRASES(P)                                                                              \
	P("** (Mix) ", LOG_ERR, 0, "Elixir", "err", "** (Mix) Could not find task \"x\"", "err",   \
	  "** (Mix) Could not start application acme")                                             \
	P("** Message: ", LOG_NOTICE, 0, "GLib g_message", "notice",                               \
	  "** Message: 18:50:01.120: theme loaded", "notice", "** Message: ready")                 \
	P("*** No rule to make target", LOG_ERR, 0, "GNU make, below the first", "err",            \
	  "make[1]: *** No rule to make target 'x'.  Stop.", "err",                                \
	  "gmake[2]: *** No rule to make target 'y', needed by 'z'.  Stop.")                       \
	P("*** Process received signal ***", LOG_CRIT, 0, "Open MPI", "crit",                      \
	  "[gate:00031] *** Process received signal ***", "crit",                                  \
	  "[[1,0]] *** Process received signal ***")                                               \
	P("*** [", LOG_ERR, 0, "GNU make, below the first", "err",                                 \
	  "make[1]: *** [Makefile:12: all] Error 2", "err", "gmake[2]: *** [x.o] Error 1")         \
	P("*** buffer overflow detected ***", LOG_CRIT, 0, "glibc __fortify_fail", "crit",         \
	  "*** buffer overflow detected ***: terminated", "crit",                                  \
	  "*** buffer overflow detected ***: ./a.out terminated")                                  \
	P("*** stack smashing detected ***", LOG_CRIT, 0, "glibc __stack_chk_fail", "crit",        \
	  "*** stack smashing detected ***: terminated", "crit",                                   \
	  "*** stack smashing detected ***: <unknown> terminated")                                 \
	P("<e> ", LOG_ERR, 0, "webpack", "err", "<e> [webpack-dev-server] Invalid options", "err", \
	  "<e> boom")                                                                              \
	P("<i> ", LOG_INFO, 0, "webpack", "info",                                                  \
	  "<i> [webpack-dev-server] Project is running at:", "info", "<i> ready")                  \
	P("<w> ", LOG_WARNING, 0, "webpack", "warning", "<w> [webpack-dev-middleware] slow",       \
	  "warning", "<w> [webpack.cache] Caching failed")                                         \
	P("=CRASH REPORT", LOG_ERR, 0, "Erlang/OTP error_logger", "err",                           \
	  "=CRASH REPORT==== 21-Nov-2026::18:50:01 ===", "err",                                    \
	  "=CRASH REPORT==== 1-Jan-2027::00:00:00.120 ===")                                        \
	P("=ERROR REPORT", LOG_ERR, 0, "Erlang/OTP error_logger", "err",                           \
	  "=ERROR REPORT==== 21-Nov-2026::18:50:01 ===", "err",                                    \
	  "=ERROR REPORT==== 1-Jan-2027::00:00:00.120 ===")                                        \
	P("=INFO REPORT", LOG_INFO, 0, "Erlang/OTP error_logger", "info",                          \
	  "=INFO REPORT==== 21-Nov-2026::18:50:01 ===", "info",                                    \
	  "=INFO REPORT==== 1-Jan-2027::00:00:00.120 ===")                                         \
	P("=PROGRESS REPORT", LOG_INFO, 0, "Erlang/OTP error_logger", "info",                      \
	  "=PROGRESS REPORT==== 21-Nov-2026::18:50:01 ===", "info",                                \
	  "=PROGRESS REPORT==== 1-Jan-2027::00:00:00.120 ===")                                     \
	P("=SUPERVISOR REPORT", LOG_ERR, 0, "Erlang/OTP error_logger", "err",                      \
	  "=SUPERVISOR REPORT==== 21-Nov-2026::18:50:01 ===", "err",                               \
	  "=SUPERVISOR REPORT==== 1-Jan-2027::00:00:00.120 ===")                                   \
	P("=WARNING REPORT", LOG_WARNING, 0, "Erlang/OTP error_logger", "warning",                 \
	  "=WARNING REPORT==== 21-Nov-2026::18:50:01 ===", "warning",                              \
	  "=WARNING REPORT==== 1-Jan-2027::00:00:00.120 ===")                                      \
	P("A fatal error has been detected", LOG_CRIT, 0, "HotSpot", "crit",                       \
	  "# A fatal error has been detected by the Java Runtime Environment:", "crit",            \
	  "# A fatal error has been detected by GraalVM:")                                         \
	P("ASSERTION FAILED", LOG_CRIT, 0, "programs' own assert macros", "crit",                  \
	  "ASSERTION FAILED: n > 0, pool.c:12", "crit", "pool[31]: ASSERTION FAILED: n > 0")       \
	P("Aborted   ", LOG_CRIT, 0, "bash, dash: a child's death", "crit",                        \
	  "./run.sh: line 3:  3120 Aborted                 ./x", "crit",                           \
	  "bash: line 1:    31 Aborted                 ./xx")                                      \
	P("Aborted (core dumped)", LOG_CRIT, 0, "bash, dash: a child's death", "crit",             \
	  "Aborted (core dumped)", "crit", "./run.sh: line 3:  3120 Aborted (core dumped) ./x")    \
	P("Assertion ", LOG_CRIT, 0, "assert(3)", "crit",                                          \
	  "a.out: pool.c:12: take: Assertion `n > 0' failed.", "crit",                             \
	  "Assertion failed: (n > 0), function take, file pool.c, line 12.")                       \
	P("BUG: ", LOG_CRIT, 0, "Linux kernel oops", "crit",                                       \
	  "[  312.001200] BUG: unable to handle page fault for address: 0000000000001000", "crit", \
	  "kernel: BUG: soft lockup - CPU#1 stuck for 22s!")                                       \
	P("Bus error", LOG_CRIT, 0, "bash, dash: a child's death", "crit",                         \
	  "Bus error (core dumped)", "crit", "./run.sh: line 3:  3120 Bus error  ./x")             \
	P("CMake Deprecation Warning", LOG_WARNING, 0, "CMake message()", "warning",               \
	  "CMake Deprecation Warning at CMakeLists.txt:1 (cmake_minimum_required):", "warning",    \
	  "CMake Deprecation Warning (dev) in CMakeLists.txt:")                                    \
	P("CMake Error", LOG_ERR, 0, "CMake message()", "err",                                     \
	  "CMake Error at CMakeLists.txt:12 (find_package):", "err",                               \
	  "CMake Error: The source directory \"/srv/x\" does not exist.")                          \
	P("CMake Warning", LOG_WARNING, 0, "CMake message()", "warning",                           \
	  "CMake Warning (dev) at lib/CMakeLists.txt:3 (add_library):", "warning",                 \
	  "CMake Warning:")                                                                        \
	P("Caused by: ", LOG_ERR, 1, "java.lang.Throwable, anyhow", "err",                         \
	  "Caused by: java.net.ConnectException: Connection refused", "err",                       \
	  "Caused by: No such file or directory (os error 2)")                                     \
	P("Conditional jump or move depends on", LOG_ERR, 0, "valgrind memcheck", "err",           \
	  "==31== Conditional jump or move depends on uninitialised value(s)", "err",              \
	  "--31-- Conditional jump or move depends on it")                                         \
	P("Error is not recoverable", LOG_ERR, 0, "tar", "err",                                    \
	  "tar: Error is not recoverable: exiting now", "err",                                     \
	  "gtar: Error is not recoverable: exiting now")                                           \
	P("Error response from ", LOG_ERR, 0, "Docker", "err",                                     \
	  "docker: Error response from daemon: pull access denied for x.", "err",                  \
	  "Error response from daemon: No such container: x")                                      \
	P("Exception in thread ", LOG_ERR, 0, "java.lang.ThreadGroup, Python threading", "err",    \
	  "Exception in thread \"main\" java.lang.NullPointerException", "err",                    \
	  "Exception in thread Thread-1 (work):")                                                  \
	P("Floating point exception", LOG_CRIT, 0, "bash, dash: a child's death", "crit",          \
	  "Floating point exception (core dumped)", "crit",                                        \
	  "./run.sh: line 3:  3120 Floating point exception ./x")                                  \
	P("INTERNAL ERROR", LOG_ERR, 0, "compilers, databases", "err",                             \
	  "INTERNAL ERROR: page 12 is not a leaf", "err", "INTERNAL ERROR in plan cache")          \
	P("Illegal instruction", LOG_CRIT, 0, "bash, dash: a child's death", "crit",               \
	  "Illegal instruction (core dumped)", "crit",                                             \
	  "./run.sh: line 3:  3120 Illegal instruction     ./x")                                   \
	P("Internal error", LOG_ERR, 0, "compilers, databases", "err",                             \
	  "Internal error, please report it", "err", "xkbcomp: Internal error:   no keys")         \
	P("Invalid read of size ", LOG_ERR, 0, "valgrind memcheck", "err",                         \
	  "==31== Invalid read of size 4", "err", "==3120== Invalid read of size 16")              \
	P("Invalid write of size ", LOG_ERR, 0, "valgrind memcheck", "err",                        \
	  "==31== Invalid write of size 4", "err", "==3120== Invalid write of size 16")            \
	P("Java HotSpot(TM) 64-Bit Server VM warn", LOG_WARNING, 0, "HotSpot", "warning",          \
	  "Java HotSpot(TM) 64-Bit Server VM warning: ignoring option MaxPermSize", "warning",     \
	  "Java HotSpot(TM) 64-Bit Server VM warning: INFO: x")                                    \
	P("Kernel panic", LOG_EMERG, 0, "Linux panic()", "emerg",                                  \
	  "[    1.200000] Kernel panic - not syncing: VFS: Unable to mount root fs", "emerg",      \
	  "kernel: Kernel panic - not syncing: Fatal exception")                                   \
	P("Module not found: Error:", LOG_ERR, 0, "webpack", "err",                                \
	  "Module not found: Error: Can't resolve './x' in '/srv'", "err",                         \
	  "Module not found: Error: Can't walk dependencies")                                      \
	P("Oops: ", LOG_CRIT, 0, "Linux kernel oops", "crit",                                      \
	  "[  312.001200] Oops: 0002 [#1] PREEMPT SMP", "crit",                                    \
	  "kernel: Oops: general protection fault, maybe for address 0x0: 0000")                   \
	P("OpenJDK 64-Bit Server VM warning: ", LOG_WARNING, 0, "OpenJDK", "warning",              \
	  "OpenJDK 64-Bit Server VM warning: Sharing is only supported for boot loader",           \
	  "warning", "OpenJDK 64-Bit Server VM warning: Option UseConcMarkSweepGC was deprecated") \
	P("Out of memory: ", LOG_CRIT, 0, "Linux OOM killer, glibc", "crit",                       \
	  "[  312.001200] Out of memory: Killed process 3120 (x) total-vm:1kB", "crit",            \
	  "Out of memory: Kill process 3120 (x) score 900 or sacrifice child")                     \
	P("Panic on CPU", LOG_CRIT, 0, "Xen", "crit", "(XEN) Panic on CPU 0:", "crit",             \
	  "Panic on CPU 3:")                                                                       \
	P("SUMMARY: AddressSanitizer: ", LOG_ERR, 0, "compiler-rt", "err",                         \
	  "SUMMARY: AddressSanitizer: heap-use-after-free pool.c:12 in take", "err",               \
	  "SUMMARY: AddressSanitizer: 8 byte(s) leaked in 1 allocation(s).")                       \
	P("SUMMARY: LeakSanitizer: ", LOG_ERR, 0, "compiler-rt", "err",                            \
	  "SUMMARY: LeakSanitizer: 8 byte(s) leaked in 1 allocation(s).", "err",                   \
	  "SUMMARY: LeakSanitizer: 64 byte(s) leaked in 2 allocation(s).")                         \
	P("SUMMARY: MemorySanitizer: ", LOG_ERR, 0, "compiler-rt", "err",                          \
	  "SUMMARY: MemorySanitizer: use-of-uninitialized-value pool.c:12 in take", "err",         \
	  "SUMMARY: MemorySanitizer: use-of-uninitialized-value (a.out+0x1)")                      \
	P("SUMMARY: ThreadSanitizer: ", LOG_ERR, 0, "compiler-rt", "err",                          \
	  "SUMMARY: ThreadSanitizer: data race pool.c:12 in take", "err",                          \
	  "SUMMARY: ThreadSanitizer: data race (a.out+0x1)")                                       \
	P("SUMMARY: UndefinedBehaviorSanitizer: ", LOG_ERR, 0, "compiler-rt", "err",               \
	  "SUMMARY: UndefinedBehaviorSanitizer: undefined-behavior pool.c:12:3 in", "err",         \
	  "SUMMARY: UndefinedBehaviorSanitizer: undefined-behavior x.c:1:1")                       \
	P("Segmentation fault", LOG_CRIT, 0, "bash, dash: a child's death", "crit",                \
	  "Segmentation fault (core dumped)", "crit",                                              \
	  "./run.sh: line 3:  3120 Segmentation fault      ./x")                                   \
	P("Traceback (most recent call last)", LOG_ERR, 1, "Python traceback", "err",              \
	  "Traceback (most recent call last):", "err",                                             \
	  "web_1  | Traceback (most recent call last):")                                           \
	P("Uncaught ", LOG_ERR, 0, "node, browsers, PHP", "err",                                   \
	  "Uncaught TypeError: x is not a function", "err", "Uncaught Error: boom")                \
	P("Unhandled exception", LOG_ERR, 0, ".NET, Wine, Dart", "err",                            \
	  "Unhandled exception. System.NullReferenceException: Object reference", "err",           \
	  "Unhandled exception at 0x7ff: access violation")                                        \
	P("X Error of failed request: ", LOG_ERR, 0, "libX11", "err",                              \
	  "X Error of failed request:  BadWindow (invalid Window parameter)", "err",               \
	  "xterm: X Error of failed request:  BadMatch")                                           \
	P("assertion failed", LOG_CRIT, 0, "launchd, perl, programs' own assert macros", "crit",   \
	  "agent[31]: assertion failed: 20G95: libx + 12 [0x1]: 0x0", "crit",                      \
	  "assertion failed: n > 0 at pool.c line 12")                                             \
	P("corrupted double-linked list", LOG_CRIT, 0, "glibc malloc_printerr", "crit",            \
	  "corrupted double-linked list", "crit", "corrupted double-linked list (not small)")      \
	P("corrupted size vs. prev_size", LOG_CRIT, 0, "glibc malloc_printerr", "crit",            \
	  "corrupted size vs. prev_size", "crit", "corrupted size vs. prev_size in fastbins")      \
	P("double free or corruption", LOG_CRIT, 0, "glibc malloc_printerr", "crit",               \
	  "double free or corruption (fasttop)", "crit", "double free or corruption (!prev)")      \
	P("e: /", LOG_ERR, 0, "Kotlin up to 1.8", "err",                                           \
	  "e: /srv/x.kt: (3, 5): Unresolved reference: y", "err",                                  \
	  "e: /srv/y.kts: (1, 1): Expecting an element")                                           \
	P("e: file:", LOG_ERR, 0, "Kotlin", "err",                                                 \
	  "e: file:///srv/x.kt:3:5 Unresolved reference: y", "err",                                \
	  "e: file:///srv/x.kts:1:1 Expecting an element")                                         \
	P("free(): ", LOG_CRIT, 0, "glibc malloc_printerr", "crit",                                \
	  "free(): double free detected in tcache 2", "crit", "free(): invalid pointer")           \
	P("http: panic serving ", LOG_ERR, 0, "Go net/http", "err",                                \
	  "2026/11/21 18:50:01 http: panic serving 192.0.2.7:4711: boom", "err",                   \
	  "http: panic serving [::1]:4711: runtime error")                                         \
	P("information/", LOG_INFO, 0, "Icinga", "info",                                           \
	  "[2026-11-21 18:50:01 +0000] information/cli: Icinga application loader", "info",        \
	  "information/ConfigItem: Committing config item(s).")                                    \
	P("make: *** ", LOG_ERR, 0, "GNU make", "err", "make: *** [Makefile:12: all] Error 2",     \
	  "err", "make: *** No rule to make target 'x'.  Stop.")                                   \
	P("malloc(): ", LOG_CRIT, 0, "glibc malloc_printerr", "crit",                              \
	  "malloc(): corrupted top size", "crit", "malloc(): unaligned tcache chunk detected")     \
	P("malloc_consolidate(): ", LOG_CRIT, 0, "glibc malloc_printerr", "crit",                  \
	  "malloc_consolidate(): invalid chunk size", "crit",                                      \
	  "malloc_consolidate(): unaligned fastbin chunk detected")                                \
	P("munmap_chunk(): ", LOG_CRIT, 0, "glibc malloc_printerr", "crit",                        \
	  "munmap_chunk(): invalid pointer", "crit", "munmap_chunk(): invalid pointer ")           \
	P("npm ERR!", LOG_ERR, 0, "npm up to 9", "err", "npm ERR! code ENOENT", "err",             \
	  "npm ERR! Missing script: \"start\"")                                                    \
	P("npm WARN ", LOG_WARNING, 0, "npm up to 9", "warning",                                   \
	  "npm WARN deprecated har@5.1.5: no longer supported", "warning",                         \
	  "npm WARN old lockfile")                                                                 \
	P("npm error ", LOG_ERR, 0, "npm from 10", "err", "npm error code E404", "err",            \
	  "npm error Missing script: \"start\"")                                                   \
	P("npm notice", LOG_NOTICE, 0, "npm", "notice",                                            \
	  "npm notice New major version of npm available!", "notice",                              \
	  "npm notice created a lockfile")                                                         \
	P("npm warn ", LOG_WARNING, 0, "npm from 10", "warning",                                   \
	  "npm warn deprecated glob@7.2.3: no longer supported", "warning",                        \
	  "npm warn old lockfile")                                                                 \
	P("realloc(): ", LOG_CRIT, 0, "glibc malloc_printerr", "crit",                             \
	  "realloc(): invalid next size", "crit", "realloc(): invalid pointer")                    \
	P("rsync error: ", LOG_ERR, 0, "rsync", "err",                                             \
	  "rsync error: error in file IO (code 11) at main.c(713)", "err",                         \
	  "rsync error: syntax or usage error (code 1)")                                           \
	P("rsync warning: ", LOG_WARNING, 0, "rsync", "warning",                                   \
	  "rsync warning: some files vanished before they could be transferred", "warning",        \
	  "rsync warning: the --max-delete limit stopped 3 deletions")                             \
	P("terminate called ", LOG_CRIT, 0, "libstdc++ std::terminate", "crit",                    \
	  "terminate called after throwing an instance of 'std::bad_alloc'", "crit",               \
	  "terminate called without an active exception")                                          \
	P("terminating due to uncaught exception", LOG_CRIT, 0, "libc++abi from 16", "crit",       \
	  "libc++abi: terminating due to uncaught exception of type int", "crit",                  \
	  "libc++abi: terminating due to uncaught exception of type std::bad_alloc")               \
	P("terminating with uncaught exception", LOG_CRIT, 0, "libc++abi up to 15", "crit",        \
	  "libc++abi: terminating with uncaught exception of type int", "crit",                    \
	  "libc++abi: terminating with uncaught exception of type std::bad_alloc: x")              \
	P("thread '", LOG_CRIT, 0, "Rust's panic hook", "crit",                                    \
	  "thread 'main' panicked at src/main.rs:3:5:", "crit",                                    \
	  "thread '<unnamed>' panicked at 'boom', src/lib.rs:9:1")                                 \
	P("unhandled exception", LOG_ERR, 0, ".NET, Wine, asyncio", "err",                         \
	  "wine: unhandled exception 0xc0000005 in thread 9", "err",                               \
	  "unhandled exception during asyncio.run() shutdown")                                     \
	P("w: /", LOG_WARNING, 0, "Kotlin up to 1.8", "warning",                                   \
	  "w: /srv/x.kt: (3, 5): Variable 'y' is never used", "warning",                           \
	  "w: /srv/y.kt: (1, 1): deprecated: use z")                                               \
	P("w: file:", LOG_WARNING, 0, "Kotlin", "warning",                                         \
	  "w: file:///srv/x.kt:3:5 Variable 'y' is never used", "warning",                         \
	  "w: file:///srv/x.kt:1:1 Parameter 'z' is never used")

/*
 * Endings of a camel-case name before a colon: "ValueError: ...", "DeprecationWarning: ...".
 * All are weak. ending, severity, source, examples.
 */
#define LT_ENDINGS(E)                                                                              \
	E("Error", LOG_ERR, "Python, JavaScript, Ruby exceptions", "err",                          \
	  "ValueError: invalid literal for int()", "err",                                          \
	  "subprocess.CalledProcessError: Command 'x' returned 1")                                 \
	E("Exception", LOG_ERR, "Java, .NET, PHP exceptions", "err",                               \
	  "java.io.IOException: Broken pipe", "err", "System.IO.FileNotFoundException: /srv/x")    \
	E("Warning", LOG_WARNING, "Python warnings, node deprecations", "warning",                 \
	  "/srv/x.py:12: DeprecationWarning: invalid escape sequence", "warning",                  \
	  "(node:31) [DEP0005] DeprecationWarning: Buffer() is deprecated")

/* Facilities of syslog.conf(5), for columns like "daemon.err" (busybox, OpenWrt). */
#define LT_FACILITIES(F)                                                                           \
	F("auth")                                                                                  \
	F("authpriv")                                                                              \
	F("cron")                                                                                  \
	F("daemon")                                                                                \
	F("ftp")                                                                                   \
	F("kern")                                                                                  \
	F("lpr")                                                                                   \
	F("mail")                                                                                  \
	F("news")                                                                                  \
	F("security")                                                                              \
	F("syslog")                                                                                \
	F("user")                                                                                  \
	F("uucp")                                                                                  \
	F("local0")                                                                                \
	F("local1") F("local2") F("local3") F("local4") F("local5") F("local6") F("local7")

/*
 * Keys of JSON objects, and how their values are read. WORDS: a level word ("error", "E");
 * TENS: numbers of bunyan and pino (10 to 60, 40 is a warning); PYTHON: 10 to 50, 40 is
 * an error; SYSLOG: 0 to 7; GELF: 0 to 7 in a GELF
 * message (others count from 0 the other way round); OTEL: 1 to 24; MONGO: a letter.
 */
enum lt_value {
	LT_V_WORDS = 1,
	LT_V_TENS = 2,
	LT_V_SYSLOG = 4,
	LT_V_OTEL = 8,
	LT_V_MONGO = 16,
	LT_V_GELF = 32,
	LT_V_PYTHON = 64
};

#define LT_JSON_KEYS(K)                                                                            \
	K("level", LT_V_WORDS | LT_V_TENS | LT_V_GELF) /* zap, logrus, pino, GELF */               \
	K("lvl", LT_V_WORDS | LT_V_TENS)	       /* log15 */                                 \
	K("severity", LT_V_WORDS | LT_V_SYSLOG)	       /* Google Cloud, Stackdriver */             \
	K("log.level", LT_V_WORDS)		       /* Elastic Common Schema */                 \
	K("log_level", LT_V_WORDS)                                                                 \
	K("loglevel", LT_V_WORDS)                                                                  \
	K("logLevel", LT_V_WORDS)                                                                  \
	K("Level", LT_V_WORDS)                                                                     \
	K("LogLevel", LT_V_WORDS)   /* .NET */                                                     \
	K("levelname", LT_V_WORDS)  /* Python json loggers */                                      \
	K("level_name", LT_V_WORDS) /* Monolog */                                                  \
	K("levelno", LT_V_PYTHON)                                                                  \
	K("severity_text", LT_V_WORDS) /* OpenTelemetry */                                         \
	K("severityText", LT_V_WORDS)                                                              \
	K("SeverityText", LT_V_WORDS)                                                              \
	K("severityNumber", LT_V_OTEL)                                                             \
	K("SeverityNumber", LT_V_OTEL)                                                             \
	K("L", LT_V_WORDS) /* zap's development configuration */                                   \
	K("LEVEL", LT_V_WORDS)                                                                     \
	K("SEVERITY", LT_V_WORDS)                                                                  \
	K("Severity", LT_V_WORDS)                                                                  \
	K("@l", LT_V_WORDS)	   /* Serilog's compact form */                                    \
	K("@level", LT_V_WORDS)	   /* hclog: Terraform, Vault, Nomad */                            \
	K("PRIORITY", LT_V_SYSLOG) /* journalctl -o json */                                        \
	K("priority", LT_V_WORDS | LT_V_SYSLOG)                                                    \
	K("s", LT_V_MONGO) /* MongoDB from 4.4 */

/*
 * How lines begin (behind their indentation) that belong to the one before even where they are
 * not indented: frames of a stack trace, PostgreSQL's details. A word in them is code or data, so
 * it isn't looked for.
 */
#define LT_CONTINUATIONS(C)                                                                        \
	C("at ")     /* Java, JavaScript, .NET */                                                  \
	C("... ")    /* Java: "... 23 more" */                                                     \
	C("File \"") /* Python */                                                                  \
	C("#")	     /* sanitizers, gdb, PHP: "#0 0x..." */                                        \
	C("|")	     /* rustc, GCC: quoted source */                                               \
	C("^")	     /* the place under it */                                                      \
	C("~~~")                                                                                   \
	C("-->")                                                                                   \
	C("= ")	    /* rustc: "= note: ..." */                                                     \
	C("help: ") /* rustc */                                                                    \
	C("Suppressed: ")                                                                          \
	C("During handling of the above exception")                                                \
	C("The above exception was the direct cause")                                              \
	C("goroutine ")                                                                            \
	C("created by ")                                                                           \
	C("stack backtrace:")                                                                      \
	C("Stack trace:")                                                                          \
	C("Stack backtrace:")                                                                      \
	C("Call Trace:")                                                                           \
	C("DETAIL: ")                                                                              \
	C("HINT: ")                                                                                \
	C("STATEMENT: ")                                                                           \
	C("CONTEXT: ")                                                                             \
	C("QUERY: ")                                                                               \
	C("LOCATION: ")                                                                            \
	C("note: run with `RUST_BACKTRACE")                                                        \
	C("[signal SIG")

/* The same, where such a line may show a severity of its own: "==31==ERROR: ...". */
#define LT_SOFT_CONTINUATION "==" /* sanitizers, valgrind: "==31==  Address ..." */

#endif

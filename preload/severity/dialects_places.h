/* SPDX-License-Identifier: MIT */
/*
 * Second third of the dialects: where a word of the vocabulary (dialects_words.h) counts, and
 * where a single letter does. Data alone; line.c walks a line's head field by field and
 * asks these tables. It must never hold a word of its own.
 *
 * To teach it a new dialect, add a row here or in dialects_phrases.h. Every row names its source
 * and carries two examples behind their severities; tests/severity checks each of them.
 */
#ifndef LOGTAP_DIALECTS_PLACES_H
#define LOGTAP_DIALECTS_PLACES_H

#include <syslog.h>

/* What stands before the word, seen from the start of the line. */
enum lt_left {
	LT_START,   /* nothing */
	LT_TIME,    /* a time of day, with or without its zone */
	LT_NUMBER,  /* a pid, a thread, an id, a date */
	LT_COUNT,   /* a small number that opens the line: "3 errors" */
	LT_NAME,    /* a host, a logger, a column in capitals */
	LT_TAG,	    /* "program:", "program[12]:", "file.c:12:3:" */
	LT_BRACKET, /* a closed bracket */
	LT_BAR,	    /* a column's border: | or a quote */
	LT_OPEN,    /* the bracket that holds the word */
	LT_INNER,   /* a separator inside that bracket: [core:error] */
	LT_AFTER,   /* a time or number inside that bracket: [18:50:01 ERR] */
	LT_LATER,   /* a word inside that bracket, in a line with a time: [18:50:01 main INFO] */
	LT_KINDS,   /* "fatal error:", "syntax error:" */
	LT_WORD,    /* one ordinary word */
	LT_LEFTS
};

/* What stands behind it. */
enum lt_right {
	LT_R_NONE = 0,
	LT_R_COLON = 0x001,   /* a colon, and then not nothing: "errors: 0" */
	LT_R_GAP = 0x002,     /* one space and a word */
	LT_R_WIDE = 0x004,    /* more than one, or a tab */
	LT_R_LINK = 0x008,    /* one space and "while", "opening" ... */
	LT_R_CLOSE = 0x010,   /* the end of the bracket */
	LT_R_BRACKET = 0x020, /* an opening bracket */
	LT_R_COMMA = 0x040,
	LT_R_BAR = 0x080,
	LT_R_BANG = 0x100,
	LT_R_END = 0x200,
	LT_R_SLASH = 0x400,
	LT_R_DASH = 0x800,	 /* " - " */
	LT_R_CODE = 0x1000,	 /* a number and a colon: "error[E0308]:", "error C2065:" */
	LT_R_COLOUR = 0x2000,	 /* the end of an ANSI colour */
	LT_R_TICKS = 0x4000,	 /* letters only: " (123)" */
	LT_R_TAGGED = 0x8000,	 /* letters only: "/Tag:", "/Tag( 123)" */
	LT_R_GLOG = 0x10000,	 /* letters only: "1121 18:50:01" */
	LT_R_PROGNAME = 0x20000, /* letters only: ", [" */
	LT_R_TITLE = 0x80000,	 /* one space and a word with a capital */
	LT_R_NOUN = 0x40000,	 /* one space and "rate", "summary" ... */
	LT_R_TEXT = 0x100000,	 /* a colon, and then no number */
	LT_R_LOGGER = 0x200000,	 /* "/Name:" */
};

enum lt_form { LT_F_LOWER = 1, LT_F_TITLE = 2, LT_F_CAPITALS = 4, LT_F_ALL = 7 };

#define LT_L(left)   (1u << (left))
#define LT_L_HEAD    (LT_L(LT_START) | LT_L(LT_TIME) | LT_L(LT_TAG) | LT_L(LT_BRACKET))
#define LT_L_COLUMNS (LT_L_HEAD | LT_L(LT_NUMBER) | LT_L(LT_NAME) | LT_L(LT_BAR))
#define LT_L_INSIDE  (LT_L(LT_OPEN) | LT_L(LT_INNER) | LT_L(LT_AFTER))

/*
 * Where a word of the vocabulary counts:
 * use, forms, left, right, source, then two examples, each behind its severity's name.
 */
#define LT_PLACES(P)                                                                               \
	P(LT_BRACKETS, LT_F_ALL, LT_L(LT_OPEN) | LT_L(LT_INNER), LT_R_CLOSE,                       \
	  "nginx, Apache's %l and module:level, Xorg, Elasticsearch, .NET, GoogleTest", "err",     \
	  "2026/11/21 18:50:01 [error] 31#31: *7 open() \"/srv/x\" failed", "warning",             \
	  "[Sat Nov 21 18:50:01.120 2026] [mpm_event:warn] [pid 9:tid 9] slow")                    \
	P(LT_BRACKETS, LT_F_ALL, LT_L(LT_AFTER), LT_R_CLOSE, "Serilog's console, Zephyr", "info",  \
	  "[18:50:01 INF] Now listening on: http://[::]:80", "err",                                \
	  "[18:50:01.120 Error] The job stopped")                                                  \
	P(LT_BRACKETS, LT_F_CAPITALS, LT_L_INSIDE,                                                 \
	  LT_R_GAP | LT_R_WIDE | LT_R_LINK | LT_R_COLON | LT_R_COMMA | LT_R_BAR | LT_R_SLASH |     \
		  LT_R_BRACKET,                                                                    \
	  "Celery, Minecraft, env_logger, Chromium, Gradle", "warning",                            \
	  "[2026-11-21 18:50:01,120: WARNING/MainProcess] clock drift", "err",                     \
	  "[310:310:1121/185001.120:ERROR:gpu_init.cc(12)] no display")                            \
	P(LT_BRACKETS, LT_F_CAPITALS, LT_L(LT_LATER),                                              \
	  LT_R_GAP | LT_R_WIDE | LT_R_CLOSE | LT_R_COLON,                                          \
	  "log4j layouts with the whole head in one bracket: VMware", "info",                      \
	  "[2026-11-21 18:50:01,120 pool-3-thread-1  INFO  org.acme.Pool] ready", "err",           \
	  "[2026-11-21 18:50:01 'pool' 1397 ERROR] no idle connection")                            \
	P(LT_BRACKETS, LT_F_ALL, LT_L(LT_OPEN), LT_R_COLON, "the level and a time or a logger",    \
	  "info", "[info:2026-11-21T18:50:01.120Z] ready", "warning", "[warn:pool] slow")          \
	P(LT_BRACKETS, LT_F_ALL, LT_L(LT_OPEN), LT_R_DASH | LT_R_BAR,                              \
	  "language servers in an editor's output", "info", "[Info  - 6:50:01 PM] Indexing done",  \
	  "err", "[Error - 18:50:01] Request textDocument/hover failed")                           \
	P(LT_LABEL, LT_F_ALL, LT_L_COLUMNS | LT_L(LT_KINDS), LT_R_COLON | LT_R_CODE,               \
	  "GNU coding standards (Formatting Error Messages), git, GCC, rustc, MSVC, .NET, npm",    \
	  "warning", "src/main.c:12:5: warning: unused variable 'n' [-Wunused-variable]", "err",   \
	  "error[E0308]: mismatched types")                                                        \
	P(LT_LABEL, LT_F_CAPITALS, LT_L(LT_WORD), LT_R_COLON,                                      \
	  "PostgreSQL's log_line_prefix with names, programs that print their name first", "err",  \
	  "backupd ERROR: volume /srv is read-only", "crit",                                       \
	  "2026-11-21 18:50:01.120 UTC [31] app app FATAL:  role \"app\" does not exist")          \
	P(LT_LEAD, LT_F_TITLE, LT_L(LT_TIME), LT_R_GAP, "programs that print a time first", "err", \
	  "2026-11-21T18:50:01Z Error the pool is gone", "warning",                                \
	  "18:50:01 Warning disk /srv is nearly full")                                             \
	P(LT_LEAD, LT_F_LOWER, LT_L(LT_WORD), LT_R_TEXT,                                           \
	  "libraries and tools that print their name first", "err",                                \
	  "libGL error: failed to load driver: swrast", "warning",                                 \
	  "libpng warning: iCCP: known incorrect sRGB profile")                                    \
	P(LT_LABEL, LT_F_ALL, LT_L(LT_TIME) | LT_L(LT_BRACKET), LT_R_LOGGER, "Icinga", "debug",    \
	  "[2026-11-21 18:50:01 +0000] debug/IdoMysqlConnection: Query: SELECT 1", "crit",         \
	  "[2026-11-21 18:50:01 +0000] critical/config: Error: no such host")                      \
	P(LT_LABEL, LT_F_TITLE | LT_F_CAPITALS, LT_L_HEAD | LT_L(LT_KINDS), LT_R_BANG,             \
	  "Ansible, installers", "err", "ERROR! the playbook: site.yml could not be found",        \
	  "warning", "Warning! The disk is nearly full")                                           \
	P(LT_COLUMN, LT_F_CAPITALS, LT_L_COLUMNS | LT_L(LT_KINDS),                                 \
	  LT_R_GAP | LT_R_WIDE | LT_R_LINK | LT_R_BRACKET | LT_R_COMMA | LT_R_BAR | LT_R_DASH |    \
		  LT_R_END | LT_R_COLOUR | LT_R_COLON | LT_R_CODE,                                 \
	  "log4j %p, Hadoop, Spark, ZooKeeper, OpenStack, supercomputer RAS columns, loguru, zap", \
	  "warning", "2026-11-21 18:50:01,120 WARN [main] org.acme.Pool: no idle connection",      \
	  "crit", "- 1132222 2026.11.21 R1-M0 2026-11-21-18.50.01.12 R1-M0 RAS KERNEL FATAL bus")  \
	P(LT_COLUMN, LT_F_CAPITALS, LT_L_COLUMNS & ~(LT_L(LT_START) | LT_L(LT_TAG)), LT_R_NOUN,    \
	  "the same columns before a message that begins with a noun", "err",                      \
	  "2026-11-21 18:50:01,120 ERROR [main] page 7 is torn", "info",                           \
	  "26/11/21 18:50:01 INFO total of 3 blocks received")                                     \
	P(LT_COLUMN, LT_F_TITLE, LT_L(LT_TIME) | LT_L(LT_NUMBER) | LT_L(LT_BAR),                   \
	  LT_R_WIDE | LT_R_COMMA | LT_R_BAR | LT_R_DASH | LT_R_BRACKET | LT_R_COLOUR,              \
	  "Windows' component store, Windows event exports", "info",                               \
	  "2026-11-21 18:50:01, Info                  CSI    Appended to journal", "err",          \
	  "11/21/2026 6:50:01 PM\tError\tservice\t7031")                                           \
	P(LT_COLUMN, LT_F_TITLE, LT_L(LT_START), LT_R_COMMA | LT_R_WIDE | LT_R_COLOUR,             \
	  "Windows event exports, coloured consoles", "info",                                      \
	  "Information,11/21/2026 6:50:01 PM,Service Control Manager,7036", "err",                 \
	  "Error, can't open the tape")                                                            \
	P(LT_COLUMN, LT_F_LOWER, LT_L(LT_TIME) | LT_L(LT_BAR),                                     \
	  LT_R_GAP | LT_R_WIDE | LT_R_LINK | LT_R_BAR | LT_R_BRACKET | LT_R_COMMA | LT_R_DASH,     \
	  "Istio and other zap consoles, winston, syslog-ng templates", "info",                    \
	  "2026-11-21T18:50:01.120Z\tinfo\tproxy\tready", "warning",                               \
	  "2026-11-21 18:50:01 warning slow query")                                                \
	P(LT_COLUMN, LT_F_LOWER, LT_L(LT_NUMBER), LT_R_WIDE,                                       \
	  "zap's console with its time in seconds, Caddy", "info",                                 \
	  "1764700201.12\tinfo\thttp\tserver running", "err",                                      \
	  "1764700201.1234567\terror\thttp.handlers\tgone")                                        \
	P(LT_COLUMN, LT_F_LOWER, LT_L(LT_START), LT_R_TITLE, "yarn: the level, then a sentence",   \
	  "err", "error Couldn't find a package.json file in /srv", "info",                        \
	  "info Visit https://example.org/docs for this command.")                                 \
	P(LT_COLUMN | LT_LEAD, LT_F_LOWER | LT_F_TITLE, LT_L(LT_KINDS), LT_R_LINK | LT_R_COMMA,    \
	  "parsers: the kind of error and where", "err",                                           \
	  "bash: line 1: syntax error near unexpected token", "err",                               \
	  "x.awk: syntax error at source line 3")                                                  \
	P(LT_COLUMN, LT_F_LOWER, LT_L(LT_START), LT_R_WIDE | LT_R_DASH | LT_R_COLOUR,              \
	  "Next.js and other node tools' consoles", "warning",                                     \
	  "warn  - Fast refresh had to do a full reload", "info", "info  - Ready on port 3000")    \
	P(LT_COLUMN, LT_F_LOWER | LT_F_TITLE, LT_L_COLUMNS & ~LT_L(LT_START), LT_R_COLOUR,         \
	  "coloured consoles (tracing-subscriber, winston's colorize)", "err",                     \
	  "18:50:01 \033[31merror\033[0m upstream went away", "info",                              \
	  "[app] \033[32minfo\033[39m listening")                                                  \
	P(LT_LEAD, LT_F_LOWER | LT_F_TITLE, LT_L_HEAD, LT_R_LINK,                                  \
	  "ncurses, dpkg, many small tools: a sentence that begins with the word", "err",          \
	  "Error opening terminal: unknown.", "err",                                               \
	  "dpkg: error processing package nginx (--configure):")

/*
 * Where one capital letter counts, and which: letters, left, right, source, examples.
 */
#define LT_LETTER_PLACES(P)                                                                        \
	P("EWIFDVNCT", LT_L(LT_OPEN) | LT_L(LT_INNER), LT_R_CLOSE,                                 \
	  "spdlog %L, Serilog {Level:u1}", "err", "[18:50:01] [net] [E] handshake timed out",      \
	  "info", "[I] ready")                                                                     \
	P("EWIDC", LT_L(LT_OPEN), LT_R_GAP,                                                        \
	  "Tornado, Jupyter (the letter and a time open the bracket)", "info",                     \
	  "[I 18:50:01.120 NotebookApp] Serving notebooks", "err",                                 \
	  "[E 261121 18:50:01 web:1064] Uncaught exception")                                       \
	P("EWINDF", LT_L(LT_START), LT_R_COLON, "apt, lintian, debootstrap", "err",                \
	  "E: Unable to locate package nosuch", "warning",                                         \
	  "W: Target Packages is configured multiple times")                                       \
	P("EWIDFVA", LT_L(LT_START) | LT_L(LT_TIME) | LT_L(LT_NUMBER) | LT_L(LT_AFTER),            \
	  LT_R_TAGGED, "Android logcat -v brief, tag, time", "err",                                \
	  "E/AudioFlinger( 612): no such device", "info",                                          \
	  "11-21 18:50:01.120 I/ActivityManager( 901): Start proc")                                \
	P("EWIDFV", LT_L(LT_NUMBER), LT_R_LINK, "the same, before a tag of two words", "info",     \
	  "11-21 18:50:01.120  1702  2395 I chatty is off", "debug",                               \
	  "11-21 18:50:01.120   312   312 D wifi scan: done")                                      \
	P("EWIDFV", LT_L(LT_TIME) | LT_L(LT_NUMBER), LT_R_GAP | LT_R_WIDE,                         \
	  "Android logcat -v threadtime, MongoDB up to 4.2", "debug",                              \
	  "11-21 18:50:01.120  1702  2395 D WindowManager: relayout", "warning",                   \
	  "2026-11-21T18:50:01.120+0000 W STORAGE  [initandlisten] no journal")                    \
	P("EWIFDV", LT_L(LT_NUMBER), LT_R_BRACKET, "the same, before a tag in a bracket",          \
	  "warning", "11-21 18:50:01.120  root  1215  1215 W [18:50:01.096][dhd][wlan] slow",      \
	  "info", "11-21 18:50:01.120  1702  2395 I [boot] done")                                  \
	P("EWIFDV", LT_L(LT_START) | LT_L(LT_TAG) | LT_L(LT_BRACKET) | LT_L(LT_BAR), LT_R_GLOG,    \
	  "glog, klog, Abseil", "err", "E1121 18:50:01.123456   31 server.go:12] lease lost",      \
	  "info", "I1121 18:50:01.123456       1 main.go:7] starting")                             \
	P("EWIDFCA", LT_L(LT_START) | LT_L(LT_TAG) | LT_L(LT_BRACKET), LT_R_PROGNAME,              \
	  "Ruby's Logger", "err", "E, [2026-11-21T18:50:01.123456 #31] ERROR -- : job failed",     \
	  "debug", "D, [2026-11-21T18:50:01.123456 #31] DEBUG -- app: cache hit")                  \
	P("EWIDV", LT_L(LT_START), LT_R_TICKS,                                                     \
	  "ESP-IDF (milliseconds since the start), CUPS (a date in brackets)", "err",              \
	  "E (3120) wifi: esf_buf alloc failed", "info",                                           \
	  "I [21/Nov/2026:18:50:01 +0000] Saving job.cache")                                       \
	P("EWIDN", LT_L(LT_TIME), LT_R_BANG, "Telegraf", "info",                                   \
	  "2026-11-21T18:50:01Z I! Loaded inputs: cpu", "debug",                                   \
	  "2026-11-21T18:50:01Z D! [outputs.file] wrote batch")                                    \
	P("EWIFDV", LT_L(LT_BAR) | LT_L(LT_TIME) | LT_L(LT_NUMBER), LT_R_BAR,                      \
	  "loggers with a one-letter column", "warning", "18:50:01 | W | pool | nearly full",      \
	  "err", "18:50:01 | E | pool | gone")

/* The severity of a letter. A is Android's assert and Ruby's ANY. */
#define LT_LETTERS(L)                                                                              \
	L('A', LOG_CRIT)                                                                           \
	L('C', LOG_CRIT)                                                                           \
	L('D', LOG_DEBUG)                                                                          \
	L('E', LOG_ERR)                                                                            \
	L('F', LOG_CRIT)                                                                           \
	L('I', LOG_INFO)                                                                           \
	L('N', LOG_NOTICE)                                                                         \
	L('T', LOG_DEBUG)                                                                          \
	L('V', LOG_DEBUG)                                                                          \
	L('W', LOG_WARNING)

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The dialects in which a line of text says how severe it is, as data: the words, the places
 * where a word counts, the fixed phrases, the keys of structured lines. severity.c walks a line's
 * head field by field and asks these tables; it must never hold a word of its own.
 *
 * To teach it a new dialect, add a row. Every row of a place or a phrase names its source and
 * carries two examples with their severities; tests/severity checks each of them.
 */
#ifndef LOGTAP_DIALECTS_H
#define LOGTAP_DIALECTS_H

#include <syslog.h>

/*
 * How a word may be used. A severity counts as a COLUMN (bare, "ERROR foo"), as a LABEL (before
 * a colon), in BRACKETS, or as the LEAD of a sentence ("Error opening /x"). UPPER: only in
 * capitals; NO_LOWER: not in small letters.
 */
enum lt_use {
	LT_COLUMN = 0x01,
	LT_LABEL = 0x02,
	LT_BRACKETS = 0x04,
	LT_LEAD = 0x08,
	LT_UPPER = 0x10,
	LT_NO_LOWER = 0x20,
	LT_ANY = LT_COLUMN | LT_LABEL | LT_BRACKETS,
	/* Words that are no severity, but say what the next one is worth. */
	LT_DATE = 0x100,  /* part of a timestamp */
	LT_KEY = 0x200,	  /* "level=..." */
	LT_KIND = 0x400,  /* "syntax error:" */
	LT_PROSE = 0x800, /* from here on it is a sentence */
	LT_NOUN = 0x1000, /* "error rate", "ERROR SUMMARY": the level word only qualifies it */
	LT_LINK = 0x2000, /* "Error while ...", "Error in ..." */
};

#define LT_NO_SEVERITY (-1)

/*
 * The vocabulary, by first letter, in small letters. Sources of the severities: syslog(3); the
 * level tables of log4j, java.util.logging (SEVERE is its error, CONFIG its info), Python's
 * logging, zap, logrus and zerolog (three- and four-letter forms), Serilog and .NET (fail, dbug,
 * trce); nginx and Apache (trace1 to trace8); PostgreSQL (LOG, HINT, PANIC); MySQL (Note, System);
 * the Blue Gene RAS levels (FAILURE, SEVERE); systemd's boot status ([  OK  ], [FAILED]).
 * Every logger's FATAL and PANIC is "crit", not "emerg": one program gives up, not the system.
 */
#define LT_WORDS_A(W)                                                                              \
	W("alert", LOG_ALERT, LT_ANY)                                                              \
	W("am", LT_NO_SEVERITY, LT_DATE)                                                           \
	W("an", LT_NO_SEVERITY, LT_PROSE)                                                          \
	W("and", LT_NO_SEVERITY, LT_PROSE)                                                         \
	W("any", LT_NO_SEVERITY, LT_PROSE)                                                         \
	W("apr", LT_NO_SEVERITY, LT_DATE)                                                          \
	W("at", LT_NO_SEVERITY, LT_LINK | LT_KEY)                                                  \
	W("aug", LT_NO_SEVERITY, LT_DATE)
#define LT_WORDS_B(W) W("budget", LT_NO_SEVERITY, LT_NOUN)
#define LT_WORDS_C(W)                                                                              \
	W("caution", LOG_WARNING, LT_LABEL | LT_BRACKETS)                                          \
	W("cest", LT_NO_SEVERITY, LT_DATE)                                                         \
	W("cet", LT_NO_SEVERITY, LT_DATE)                                                          \
	W("checking", LT_NO_SEVERITY, LT_NOUN)                                                     \
	W("code", LT_NO_SEVERITY, LT_NOUN)                                                         \
	W("codes", LT_NO_SEVERITY, LT_NOUN)                                                        \
	W("command", LT_NO_SEVERITY, LT_KIND)                                                      \
	W("compilation", LT_NO_SEVERITY, LT_KIND)                                                  \
	W("compiler", LT_NO_SEVERITY, LT_KIND)                                                     \
	W("config", LOG_INFO, LT_LABEL | LT_BRACKETS | LT_COLUMN | LT_UPPER | LT_KIND)             \
	W("configuration", LT_NO_SEVERITY, LT_KIND)                                                \
	W("connection", LT_NO_SEVERITY, LT_KIND)                                                   \
	W("correction", LT_NO_SEVERITY, LT_NOUN)                                                   \
	W("count", LT_NO_SEVERITY, LT_NOUN)                                                        \
	W("counter", LT_NO_SEVERITY, LT_NOUN)                                                      \
	W("counters", LT_NO_SEVERITY, LT_NOUN)                                                     \
	W("counts", LT_NO_SEVERITY, LT_NOUN)                                                       \
	W("crit", LOG_CRIT, LT_ANY)                                                                \
	W("critical", LOG_CRIT, LT_ANY | LT_KIND)
#define LT_WORDS_D(W)                                                                              \
	W("database", LT_NO_SEVERITY, LT_KIND)                                                     \
	W("db", LT_NO_SEVERITY, LT_KIND)                                                           \
	W("dbg", LOG_DEBUG, LT_ANY)                                                                \
	W("dbug", LOG_DEBUG, LT_ANY)                                                               \
	W("debu", LOG_DEBUG, LT_ANY)                                                               \
	W("debug", LOG_DEBUG, LT_ANY)                                                              \
	W("dec", LT_NO_SEVERITY, LT_DATE)                                                          \
	W("depend", LOG_WARNING, LT_BRACKETS | LT_UPPER)                                           \
	W("deprecated", LOG_WARNING, LT_LABEL | LT_BRACKETS | LT_KIND)                             \
	W("deprecation", LOG_WARNING, LT_LABEL | LT_BRACKETS | LT_KIND)                            \
	W("detail", LOG_INFO, LT_LABEL | LT_UPPER)                                                 \
	W("detection", LT_NO_SEVERITY, LT_NOUN)                                                    \
	W("dpanic", LOG_CRIT, LT_ANY)                                                              \
	W("driver", LT_NO_SEVERITY, LT_KIND)                                                       \
	W("during", LT_NO_SEVERITY, LT_LINK)
#define LT_WORDS_E(W)                                                                              \
	W("ee", LOG_ERR, LT_BRACKETS | LT_UPPER)                                                   \
	W("emerg", LOG_EMERG, LT_ANY)                                                              \
	W("emergency", LOG_EMERG, LT_ANY)                                                          \
	W("eror", LOG_ERR, LT_ANY)                                                                 \
	W("err", LOG_ERR, LT_ANY)                                                                  \
	W("erro", LOG_ERR, LT_ANY)                                                                 \
	W("error", LOG_ERR, LT_ANY | LT_LEAD)                                                      \
	W("est", LT_NO_SEVERITY, LT_DATE)
#define LT_WORDS_F(W)                                                                              \
	W("fail", LOG_ERR, LT_LABEL | LT_BRACKETS)                                                 \
	W("failed", LOG_ERR, LT_LABEL | LT_BRACKETS | LT_UPPER)                                    \
	W("failure", LOG_ERR, LT_ANY | LT_NO_LOWER)                                                \
	W("fata", LOG_CRIT, LT_ANY)                                                                \
	W("fatal", LOG_CRIT, LT_ANY | LT_KIND | LT_LEAD)                                           \
	W("feb", LT_NO_SEVERITY, LT_DATE)                                                          \
	W("file", LT_NO_SEVERITY, LT_KIND)                                                         \
	W("fine", LOG_DEBUG, LT_ANY | LT_UPPER)                                                    \
	W("finer", LOG_DEBUG, LT_ANY | LT_UPPER)                                                   \
	W("finest", LOG_DEBUG, LT_ANY | LT_UPPER)                                                  \
	W("fixme", LOG_WARNING, LT_LABEL)                                                          \
	W("for", LT_NO_SEVERITY, LT_PROSE)                                                         \
	W("fri", LT_NO_SEVERITY, LT_DATE)                                                          \
	W("from", LT_NO_SEVERITY, LT_LINK)                                                         \
	W("ftl", LOG_CRIT, LT_ANY)
#define LT_WORDS_G(W) W("gmt", LT_NO_SEVERITY, LT_DATE)
#define LT_WORDS_H(W)                                                                              \
	W("handler", LT_NO_SEVERITY, LT_NOUN)                                                      \
	W("handlers", LT_NO_SEVERITY, LT_NOUN)                                                     \
	W("handling", LT_NO_SEVERITY, LT_NOUN)                                                     \
	W("hint", LOG_INFO, LT_LABEL)
#define LT_WORDS_I(W)                                                                              \
	W("ii", LOG_INFO, LT_BRACKETS | LT_UPPER)                                                  \
	W("import", LT_NO_SEVERITY, LT_KIND)                                                       \
	W("in", LT_NO_SEVERITY, LT_LINK)                                                           \
	W("inf", LOG_INFO, LT_ANY)                                                                 \
	W("info", LOG_INFO, LT_ANY)                                                                \
	W("information", LOG_INFO, LT_COLUMN | LT_BRACKETS | LT_NO_LOWER)                          \
	W("informational", LOG_INFO, LT_ANY | LT_NO_LOWER)                                         \
	W("input", LT_NO_SEVERITY, LT_KIND)                                                        \
	W("internal", LT_NO_SEVERITY, LT_KIND)                                                     \
	W("io", LT_NO_SEVERITY, LT_KIND)                                                           \
	W("is", LT_NO_SEVERITY, LT_PROSE)
#define LT_WORDS_J(W)                                                                              \
	W("jan", LT_NO_SEVERITY, LT_DATE)                                                          \
	W("javascript", LT_NO_SEVERITY, LT_KIND)                                                   \
	W("jul", LT_NO_SEVERITY, LT_DATE)                                                          \
	W("jun", LT_NO_SEVERITY, LT_DATE)
#define LT_WORDS_L(W)                                                                              \
	W("level", LT_NO_SEVERITY, LT_KEY | LT_NOUN)                                               \
	W("levels", LT_NO_SEVERITY, LT_NOUN)                                                       \
	W("limit", LT_NO_SEVERITY, LT_NOUN)                                                        \
	W("link", LT_NO_SEVERITY, LT_KIND)                                                         \
	W("linker", LT_NO_SEVERITY, LT_KIND)                                                       \
	W("log", LOG_INFO, LT_LABEL | LT_UPPER | LT_NOUN)                                          \
	W("logging", LT_NO_SEVERITY, LT_NOUN)                                                      \
	W("loglevel", LT_NO_SEVERITY, LT_KEY)                                                      \
	W("logs", LT_NO_SEVERITY, LT_NOUN)                                                         \
	W("lvl", LT_NO_SEVERITY, LT_KEY)
#define LT_WORDS_M(W)                                                                              \
	W("mar", LT_NO_SEVERITY, LT_DATE)                                                          \
	W("may", LT_NO_SEVERITY, LT_DATE)                                                          \
	W("message", LT_NO_SEVERITY, LT_NOUN)                                                      \
	W("messages", LT_NO_SEVERITY, LT_NOUN)                                                     \
	W("mode", LT_NO_SEVERITY, LT_NOUN)                                                         \
	W("module", LT_NO_SEVERITY, LT_KIND)                                                       \
	W("mon", LT_NO_SEVERITY, LT_DATE)
#define LT_WORDS_N(W)                                                                              \
	W("network", LT_NO_SEVERITY, LT_KIND)                                                      \
	W("ni", LOG_WARNING, LT_BRACKETS | LT_UPPER)                                               \
	W("no", LT_NO_SEVERITY, LT_PROSE)                                                          \
	W("not", LT_NO_SEVERITY, LT_PROSE)                                                         \
	W("note", LOG_NOTICE, LT_LABEL | LT_BRACKETS)                                              \
	W("noti", LOG_NOTICE, LT_ANY)                                                              \
	W("notice", LOG_NOTICE, LT_ANY)                                                            \
	W("nov", LT_NO_SEVERITY, LT_DATE)                                                          \
	W("ntc", LOG_NOTICE, LT_ANY)
#define LT_WORDS_O(W)                                                                              \
	W("occurred", LT_NO_SEVERITY, LT_LINK)                                                     \
	W("oct", LT_NO_SEVERITY, LT_DATE)                                                          \
	W("of", LT_NO_SEVERITY, LT_PROSE)                                                          \
	W("ok", LOG_INFO, LT_BRACKETS | LT_UPPER)                                                  \
	W("on", LT_NO_SEVERITY, LT_LINK)                                                           \
	W("or", LT_NO_SEVERITY, LT_PROSE)                                                          \
	W("output", LT_NO_SEVERITY, LT_NOUN | LT_KIND)
#define LT_WORDS_P(W)                                                                              \
	W("page", LT_NO_SEVERITY, LT_NOUN)                                                         \
	W("pages", LT_NO_SEVERITY, LT_NOUN)                                                        \
	W("pani", LOG_CRIT, LT_ANY)                                                                \
	W("panic", LOG_CRIT, LT_ANY)                                                               \
	W("parse", LT_NO_SEVERITY, LT_KIND)                                                        \
	W("parser", LT_NO_SEVERITY, LT_KIND)                                                       \
	W("pdt", LT_NO_SEVERITY, LT_DATE)                                                          \
	W("php", LT_NO_SEVERITY, LT_KIND)                                                          \
	W("pm", LT_NO_SEVERITY, LT_DATE)                                                           \
	W("priority", LT_NO_SEVERITY, LT_KEY)                                                      \
	W("protocol", LT_NO_SEVERITY, LT_KIND)                                                     \
	W("pst", LT_NO_SEVERITY, LT_DATE)
#define LT_WORDS_R(W)                                                                              \
	W("rate", LT_NO_SEVERITY, LT_NOUN)                                                         \
	W("rates", LT_NO_SEVERITY, LT_NOUN)                                                        \
	W("ratio", LT_NO_SEVERITY, LT_NOUN)                                                        \
	W("recovery", LT_NO_SEVERITY, LT_NOUN)                                                     \
	W("report", LT_NO_SEVERITY, LT_NOUN)                                                       \
	W("reporting", LT_NO_SEVERITY, LT_NOUN)                                                    \
	W("reports", LT_NO_SEVERITY, LT_NOUN)                                                      \
	W("runtime", LT_NO_SEVERITY, LT_KIND)
#define LT_WORDS_S(W)                                                                              \
	W("sat", LT_NO_SEVERITY, LT_DATE)                                                          \
	W("script", LT_NO_SEVERITY, LT_KIND)                                                       \
	W("security", LT_NO_SEVERITY, LT_KIND)                                                     \
	W("sep", LT_NO_SEVERITY, LT_DATE)                                                          \
	W("server", LT_NO_SEVERITY, LT_KIND)                                                       \
	W("sev", LT_NO_SEVERITY, LT_KEY)                                                           \
	W("severe", LOG_ERR, LT_ANY | LT_NO_LOWER)                                                 \
	W("severity", LT_NO_SEVERITY, LT_KEY)                                                      \
	W("ssl", LT_NO_SEVERITY, LT_KIND)                                                          \
	W("statement", LOG_INFO, LT_LABEL | LT_UPPER)                                              \
	W("statistics", LT_NO_SEVERITY, LT_NOUN)                                                   \
	W("stream", LT_NO_SEVERITY, LT_NOUN)                                                       \
	W("success", LOG_INFO, LT_COLUMN | LT_BRACKETS | LT_UPPER)                                 \
	W("summary", LT_NO_SEVERITY, LT_NOUN)                                                      \
	W("sun", LT_NO_SEVERITY, LT_DATE)                                                          \
	W("syntax", LT_NO_SEVERITY, LT_KIND)                                                       \
	W("system", LOG_NOTICE, LT_BRACKETS | LT_KIND)
#define LT_WORDS_T(W)                                                                              \
	W("that", LT_NO_SEVERITY, LT_PROSE)                                                        \
	W("the", LT_NO_SEVERITY, LT_PROSE)                                                         \
	W("this", LT_NO_SEVERITY, LT_PROSE)                                                        \
	W("threshold", LT_NO_SEVERITY, LT_NOUN)                                                    \
	W("thu", LT_NO_SEVERITY, LT_DATE)                                                          \
	W("tls", LT_NO_SEVERITY, LT_KIND)                                                          \
	W("to", LT_NO_SEVERITY, LT_PROSE)                                                          \
	W("total", LT_NO_SEVERITY, LT_NOUN)                                                        \
	W("trac", LOG_DEBUG, LT_ANY)                                                               \
	W("trace", LOG_DEBUG, LT_ANY)                                                              \
	W("trc", LOG_DEBUG, LT_ANY)                                                                \
	W("trce", LOG_DEBUG, LT_ANY)                                                               \
	W("tue", LT_NO_SEVERITY, LT_DATE)                                                          \
	W("type", LT_NO_SEVERITY, LT_KIND)
#define LT_WORDS_U(W)                                                                              \
	W("uncaught", LT_NO_SEVERITY, LT_KIND)                                                     \
	W("unexpected", LT_NO_SEVERITY, LT_KIND)                                                   \
	W("unhandled", LT_NO_SEVERITY, LT_KIND)                                                    \
	W("unrecoverable", LT_NO_SEVERITY, LT_KIND)                                                \
	W("usage", LT_NO_SEVERITY, LT_KIND)                                                        \
	W("user", LT_NO_SEVERITY, LT_KIND)                                                         \
	W("utc", LT_NO_SEVERITY, LT_DATE)
#define LT_WORDS_V(W)                                                                              \
	W("validation", LT_NO_SEVERITY, LT_KIND)                                                   \
	W("verb", LOG_DEBUG, LT_ANY | LT_UPPER)                                                    \
	W("verbose", LOG_DEBUG, LT_ANY)                                                            \
	W("vrb", LOG_DEBUG, LT_ANY)
#define LT_WORDS_W(W)                                                                              \
	W("warn", LOG_WARNING, LT_ANY)                                                             \
	W("warning", LOG_WARNING, LT_ANY | LT_LEAD)                                                \
	W("wed", LT_NO_SEVERITY, LT_DATE)                                                          \
	W("when", LT_NO_SEVERITY, LT_LINK)                                                         \
	W("while", LT_NO_SEVERITY, LT_LINK)                                                        \
	W("with", LT_NO_SEVERITY, LT_PROSE)                                                        \
	W("without", LT_NO_SEVERITY, LT_PROSE)                                                     \
	W("wrn", LOG_WARNING, LT_ANY)                                                              \
	W("ww", LOG_WARNING, LT_BRACKETS | LT_UPPER)

#define LT_WORD_MAX 13 /* "informational", "configuration" */

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
	LT_R_NOUN = 0x40000,	 /* one space and "rate", "summary" ... */
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
	P(LT_COLUMN, LT_F_TITLE, LT_L(LT_START), LT_R_COMMA | LT_R_COLOUR,                         \
	  "Windows event exports, coloured consoles", "info",                                      \
	  "Information,11/21/2026 6:50:01 PM,Service Control Manager,7036", "err",                 \
	  "Error, can't open the tape")                                                            \
	P(LT_COLUMN, LT_F_LOWER, LT_L(LT_TIME) | LT_L(LT_BAR),                                     \
	  LT_R_GAP | LT_R_WIDE | LT_R_LINK | LT_R_BAR | LT_R_BRACKET | LT_R_COMMA | LT_R_DASH,     \
	  "Istio and other zap consoles, winston, syslog-ng templates", "info",                    \
	  "2026-11-21T18:50:01.120Z\tinfo\tproxy\tready", "warning",                               \
	  "2026-11-21 18:50:01 warning slow query")                                                \
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
	P("EWIDFV", LT_L(LT_TIME) | LT_L(LT_NUMBER), LT_R_GAP | LT_R_WIDE,                         \
	  "Android logcat -v threadtime, MongoDB up to 4.2", "debug",                              \
	  "11-21 18:50:01.120  1702  2395 D WindowManager: relayout", "warning",                   \
	  "2026-11-21T18:50:01.120+0000 W STORAGE  [initandlisten] no journal")                    \
	P("EWIFDV", LT_L(LT_START) | LT_L(LT_TAG) | LT_L(LT_BRACKET) | LT_L(LT_BAR), LT_R_GLOG,    \
	  "glog, klog, Abseil", "err", "E1121 18:50:01.123456   31 server.go:12] lease lost",      \
	  "info", "I1121 18:50:01.123456       1 main.go:7] starting")                             \
	P("EWIDFCA", LT_L(LT_START) | LT_L(LT_TAG) | LT_L(LT_BRACKET), LT_R_PROGNAME,              \
	  "Ruby's Logger", "err", "E, [2026-11-21T18:50:01.123456 #31] ERROR -- : job failed",     \
	  "debug", "D, [2026-11-21T18:50:01.123456 #31] DEBUG -- app: cache hit")                  \
	P("EWIDV", LT_L(LT_START), LT_R_TICKS,                                                     \
	  "ESP-IDF (milliseconds since the start in parentheses)", "err",                          \
	  "E (3120) wifi: esf_buf alloc failed", "info", "I (330) cpu_start: Starting scheduler")  \
	P("EWIFDV", LT_L(LT_BAR), LT_R_BAR, "loggers with a one-letter column", "warning",         \
	  "18:50:01 | W | pool | nearly full", "err", "18:50:01 | E | pool | gone")

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

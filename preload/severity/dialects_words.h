/* SPDX-License-Identifier: MIT */
/*
 * First third of the dialects in which a line of text says how severe it is: the vocabulary.
 * Data alone. dialects_places.h says where a word of it counts; dialects_phrases.h has what is
 * said without one.
 *
 * To teach the reader a new word, add a row. tests/severity checks the examples of the others.
 */
#ifndef LOGTAP_DIALECTS_WORDS_H
#define LOGTAP_DIALECTS_WORDS_H

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
 * The vocabulary, by first letter and then by length (a test holds that), in small letters.
 * Sources of the severities: syslog(3); the level tables of log4j, java.util.logging (SEVERE is its
 * error, CONFIG its info), Python's logging, zap, logrus and zerolog (three- and four-letter
 * forms), Serilog and .NET (fail, dbug, trce); nginx and Apache (trace1 to trace8); PostgreSQL
 * (LOG, HINT, PANIC); MySQL (Note, System); the Blue Gene RAS levels (FAILURE, SEVERE); systemd's
 * boot status ([  OK  ], [FAILED]). Every logger's FATAL and PANIC is "crit", not "emerg": one
 * program gives up, not the system.
 */
#define LT_WORDS_A(W)                                                                              \
	W("am", LT_NO_SEVERITY, LT_DATE)                                                           \
	W("an", LT_NO_SEVERITY, LT_PROSE)                                                          \
	W("at", LT_NO_SEVERITY, LT_LINK | LT_KEY)                                                  \
	W("and", LT_NO_SEVERITY, LT_PROSE)                                                         \
	W("any", LT_NO_SEVERITY, LT_PROSE)                                                         \
	W("apr", LT_NO_SEVERITY, LT_DATE)                                                          \
	W("aug", LT_NO_SEVERITY, LT_DATE)                                                          \
	W("alert", LOG_ALERT, LT_ANY)
#define LT_WORDS_B(W) W("budget", LT_NO_SEVERITY, LT_NOUN)
#define LT_WORDS_C(W)                                                                              \
	W("cet", LT_NO_SEVERITY, LT_DATE)                                                          \
	W("cest", LT_NO_SEVERITY, LT_DATE)                                                         \
	W("code", LT_NO_SEVERITY, LT_NOUN)                                                         \
	W("crit", LOG_CRIT, LT_ANY)                                                                \
	W("codes", LT_NO_SEVERITY, LT_NOUN)                                                        \
	W("count", LT_NO_SEVERITY, LT_NOUN)                                                        \
	W("config", LOG_INFO, LT_LABEL | LT_BRACKETS | LT_COLUMN | LT_UPPER | LT_KIND)             \
	W("counts", LT_NO_SEVERITY, LT_NOUN)                                                       \
	W("caution", LOG_WARNING, LT_LABEL | LT_BRACKETS)                                          \
	W("command", LT_NO_SEVERITY, LT_KIND)                                                      \
	W("context", LOG_INFO, LT_LABEL | LT_UPPER)                                                \
	W("counter", LT_NO_SEVERITY, LT_NOUN)                                                      \
	W("checking", LT_NO_SEVERITY, LT_NOUN)                                                     \
	W("compiler", LT_NO_SEVERITY, LT_KIND)                                                     \
	W("counters", LT_NO_SEVERITY, LT_NOUN)                                                     \
	W("critical", LOG_CRIT, LT_ANY | LT_KIND)                                                  \
	W("connection", LT_NO_SEVERITY, LT_KIND)                                                   \
	W("correction", LT_NO_SEVERITY, LT_NOUN)                                                   \
	W("compilation", LT_NO_SEVERITY, LT_KIND)                                                  \
	W("configuration", LT_NO_SEVERITY, LT_KIND)
#define LT_WORDS_D(W)                                                                              \
	W("db", LT_NO_SEVERITY, LT_KIND)                                                           \
	W("dbg", LOG_DEBUG, LT_ANY)                                                                \
	W("dec", LT_NO_SEVERITY, LT_DATE)                                                          \
	W("dbug", LOG_DEBUG, LT_ANY)                                                               \
	W("debu", LOG_DEBUG, LT_ANY)                                                               \
	W("debug", LOG_DEBUG, LT_ANY)                                                              \
	W("depend", LOG_WARNING, LT_BRACKETS | LT_UPPER)                                           \
	W("detail", LOG_INFO, LT_LABEL | LT_UPPER)                                                 \
	W("dpanic", LOG_CRIT, LT_ANY)                                                              \
	W("driver", LT_NO_SEVERITY, LT_KIND)                                                       \
	W("during", LT_NO_SEVERITY, LT_LINK)                                                       \
	W("database", LT_NO_SEVERITY, LT_KIND)                                                     \
	W("detection", LT_NO_SEVERITY, LT_NOUN)                                                    \
	W("deprecated", LOG_WARNING, LT_LABEL | LT_BRACKETS | LT_KIND)                             \
	W("deprecation", LOG_WARNING, LT_LABEL | LT_BRACKETS | LT_KIND)
#define LT_WORDS_E(W)                                                                              \
	W("ee", LOG_ERR, LT_BRACKETS | LT_UPPER)                                                   \
	W("err", LOG_ERR, LT_ANY)                                                                  \
	W("est", LT_NO_SEVERITY, LT_DATE)                                                          \
	W("eror", LOG_ERR, LT_ANY)                                                                 \
	W("erro", LOG_ERR, LT_ANY)                                                                 \
	W("emerg", LOG_EMERG, LT_ANY)                                                              \
	W("error", LOG_ERR, LT_ANY | LT_LEAD)                                                      \
	W("emergency", LOG_EMERG, LT_ANY)
#define LT_WORDS_F(W)                                                                              \
	W("feb", LT_NO_SEVERITY, LT_DATE)                                                          \
	W("for", LT_NO_SEVERITY, LT_PROSE)                                                         \
	W("fri", LT_NO_SEVERITY, LT_DATE)                                                          \
	W("ftl", LOG_CRIT, LT_ANY)                                                                 \
	W("fail", LOG_ERR, LT_LABEL | LT_BRACKETS)                                                 \
	W("fata", LOG_CRIT, LT_ANY)                                                                \
	W("file", LT_NO_SEVERITY, LT_KIND)                                                         \
	W("fine", LOG_DEBUG, LT_ANY | LT_UPPER)                                                    \
	W("from", LT_NO_SEVERITY, LT_LINK)                                                         \
	W("fatal", LOG_CRIT, LT_ANY | LT_KIND | LT_LEAD)                                           \
	W("finer", LOG_DEBUG, LT_ANY | LT_UPPER)                                                   \
	W("fixme", LOG_WARNING, LT_LABEL)                                                          \
	W("failed", LOG_ERR, LT_LABEL | LT_BRACKETS | LT_UPPER)                                    \
	W("finest", LOG_DEBUG, LT_ANY | LT_UPPER)                                                  \
	W("failure", LOG_ERR, LT_ANY | LT_NO_LOWER)
#define LT_WORDS_G(W) W("gmt", LT_NO_SEVERITY, LT_DATE)
#define LT_WORDS_H(W)                                                                              \
	W("hint", LOG_INFO, LT_LABEL)                                                              \
	W("handler", LT_NO_SEVERITY, LT_NOUN)                                                      \
	W("handlers", LT_NO_SEVERITY, LT_NOUN)                                                     \
	W("handling", LT_NO_SEVERITY, LT_NOUN)
#define LT_WORDS_I(W)                                                                              \
	W("ii", LOG_INFO, LT_BRACKETS | LT_UPPER)                                                  \
	W("in", LT_NO_SEVERITY, LT_LINK)                                                           \
	W("io", LT_NO_SEVERITY, LT_KIND)                                                           \
	W("is", LT_NO_SEVERITY, LT_PROSE)                                                          \
	W("inf", LOG_INFO, LT_ANY)                                                                 \
	W("info", LOG_INFO, LT_ANY)                                                                \
	W("input", LT_NO_SEVERITY, LT_KIND)                                                        \
	W("import", LT_NO_SEVERITY, LT_KIND)                                                       \
	W("internal", LT_NO_SEVERITY, LT_KIND)                                                     \
	W("information", LOG_INFO, LT_COLUMN | LT_BRACKETS | LT_NO_LOWER)                          \
	W("informational", LOG_INFO, LT_ANY | LT_NO_LOWER)
#define LT_WORDS_J(W)                                                                              \
	W("jan", LT_NO_SEVERITY, LT_DATE)                                                          \
	W("jul", LT_NO_SEVERITY, LT_DATE)                                                          \
	W("jun", LT_NO_SEVERITY, LT_DATE)                                                          \
	W("javascript", LT_NO_SEVERITY, LT_KIND)
#define LT_WORDS_L(W)                                                                              \
	W("log", LOG_INFO, LT_LABEL | LT_UPPER | LT_NOUN)                                          \
	W("lvl", LT_NO_SEVERITY, LT_KEY)                                                           \
	W("link", LT_NO_SEVERITY, LT_KIND)                                                         \
	W("logs", LT_NO_SEVERITY, LT_NOUN)                                                         \
	W("level", LT_NO_SEVERITY, LT_KEY | LT_NOUN)                                               \
	W("limit", LT_NO_SEVERITY, LT_NOUN)                                                        \
	W("levels", LT_NO_SEVERITY, LT_NOUN)                                                       \
	W("linker", LT_NO_SEVERITY, LT_KIND)                                                       \
	W("logging", LT_NO_SEVERITY, LT_NOUN)
#define LT_WORDS_M(W)                                                                              \
	W("mar", LT_NO_SEVERITY, LT_DATE)                                                          \
	W("may", LT_NO_SEVERITY, LT_DATE)                                                          \
	W("mon", LT_NO_SEVERITY, LT_DATE)                                                          \
	W("mode", LT_NO_SEVERITY, LT_NOUN)                                                         \
	W("module", LT_NO_SEVERITY, LT_KIND)                                                       \
	W("message", LT_NO_SEVERITY, LT_NOUN)                                                      \
	W("messages", LT_NO_SEVERITY, LT_NOUN)
#define LT_WORDS_N(W)                                                                              \
	W("ni", LOG_WARNING, LT_BRACKETS | LT_UPPER)                                               \
	W("no", LT_NO_SEVERITY, LT_PROSE)                                                          \
	W("not", LT_NO_SEVERITY, LT_PROSE)                                                         \
	W("nov", LT_NO_SEVERITY, LT_DATE)                                                          \
	W("ntc", LOG_NOTICE, LT_ANY)                                                               \
	W("near", LT_NO_SEVERITY, LT_LINK)                                                         \
	W("note", LOG_NOTICE, LT_LABEL | LT_BRACKETS)                                              \
	W("noti", LOG_NOTICE, LT_ANY)                                                              \
	W("notice", LOG_NOTICE, LT_ANY)                                                            \
	W("network", LT_NO_SEVERITY, LT_KIND)
#define LT_WORDS_O(W)                                                                              \
	W("of", LT_NO_SEVERITY, LT_PROSE)                                                          \
	W("ok", LOG_INFO, LT_BRACKETS | LT_UPPER | LT_PROSE)                                       \
	W("on", LT_NO_SEVERITY, LT_LINK)                                                           \
	W("or", LT_NO_SEVERITY, LT_PROSE)                                                          \
	W("oct", LT_NO_SEVERITY, LT_DATE)                                                          \
	W("output", LT_NO_SEVERITY, LT_NOUN | LT_KIND)                                             \
	W("occurred", LT_NO_SEVERITY, LT_LINK)
#define LT_WORDS_P(W)                                                                              \
	W("pm", LT_NO_SEVERITY, LT_DATE)                                                           \
	W("pdt", LT_NO_SEVERITY, LT_DATE)                                                          \
	W("php", LT_NO_SEVERITY, LT_KIND)                                                          \
	W("pst", LT_NO_SEVERITY, LT_DATE)                                                          \
	W("page", LT_NO_SEVERITY, LT_NOUN)                                                         \
	W("pani", LOG_CRIT, LT_ANY)                                                                \
	W("pages", LT_NO_SEVERITY, LT_NOUN)                                                        \
	W("panic", LOG_CRIT, LT_ANY)                                                               \
	W("parse", LT_NO_SEVERITY, LT_KIND)                                                        \
	W("parser", LT_NO_SEVERITY, LT_KIND)                                                       \
	W("priority", LT_NO_SEVERITY, LT_KEY)                                                      \
	W("protocol", LT_NO_SEVERITY, LT_KIND)
#define LT_WORDS_R(W)                                                                              \
	W("rate", LT_NO_SEVERITY, LT_NOUN)                                                         \
	W("rates", LT_NO_SEVERITY, LT_NOUN)                                                        \
	W("ratio", LT_NO_SEVERITY, LT_NOUN)                                                        \
	W("report", LT_NO_SEVERITY, LT_NOUN)                                                       \
	W("reports", LT_NO_SEVERITY, LT_NOUN)                                                      \
	W("runtime", LT_NO_SEVERITY, LT_KIND)                                                      \
	W("recovery", LT_NO_SEVERITY, LT_NOUN)                                                     \
	W("reporting", LT_NO_SEVERITY, LT_NOUN)
#define LT_WORDS_S(W)                                                                              \
	W("sat", LT_NO_SEVERITY, LT_DATE)                                                          \
	W("sep", LT_NO_SEVERITY, LT_DATE)                                                          \
	W("sev", LT_NO_SEVERITY, LT_KEY)                                                           \
	W("ssl", LT_NO_SEVERITY, LT_KIND)                                                          \
	W("sun", LT_NO_SEVERITY, LT_DATE)                                                          \
	W("script", LT_NO_SEVERITY, LT_KIND)                                                       \
	W("server", LT_NO_SEVERITY, LT_KIND)                                                       \
	W("severe", LOG_ERR, LT_ANY | LT_NO_LOWER)                                                 \
	W("stream", LT_NO_SEVERITY, LT_NOUN)                                                       \
	W("syntax", LT_NO_SEVERITY, LT_KIND)                                                       \
	W("system", LOG_NOTICE, LT_BRACKETS | LT_KIND)                                             \
	W("success", LOG_INFO, LT_COLUMN | LT_BRACKETS | LT_UPPER)                                 \
	W("summary", LT_NO_SEVERITY, LT_NOUN)                                                      \
	W("security", LT_NO_SEVERITY, LT_KIND)                                                     \
	W("severity", LT_NO_SEVERITY, LT_KEY)                                                      \
	W("statement", LOG_INFO, LT_LABEL | LT_UPPER)                                              \
	W("statistics", LT_NO_SEVERITY, LT_NOUN)                                                   \
	W("severitytext", LT_NO_SEVERITY, LT_KEY)
#define LT_WORDS_T(W)                                                                              \
	W("to", LT_NO_SEVERITY, LT_PROSE)                                                          \
	W("the", LT_NO_SEVERITY, LT_PROSE)                                                         \
	W("thu", LT_NO_SEVERITY, LT_DATE)                                                          \
	W("tls", LT_NO_SEVERITY, LT_KIND)                                                          \
	W("trc", LOG_DEBUG, LT_ANY)                                                                \
	W("tue", LT_NO_SEVERITY, LT_DATE)                                                          \
	W("that", LT_NO_SEVERITY, LT_PROSE)                                                        \
	W("this", LT_NO_SEVERITY, LT_PROSE)                                                        \
	W("trac", LOG_DEBUG, LT_ANY)                                                               \
	W("trce", LOG_DEBUG, LT_ANY)                                                               \
	W("type", LT_NO_SEVERITY, LT_KIND)                                                         \
	W("total", LT_NO_SEVERITY, LT_NOUN)                                                        \
	W("trace", LOG_DEBUG, LT_ANY)                                                              \
	W("threshold", LT_NO_SEVERITY, LT_NOUN)
#define LT_WORDS_U(W)                                                                              \
	W("utc", LT_NO_SEVERITY, LT_DATE)                                                          \
	W("user", LT_NO_SEVERITY, LT_KIND)                                                         \
	W("usage", LT_NO_SEVERITY, LT_KIND)                                                        \
	W("uncaught", LT_NO_SEVERITY, LT_KIND)                                                     \
	W("unhandled", LT_NO_SEVERITY, LT_KIND)                                                    \
	W("unexpected", LT_NO_SEVERITY, LT_KIND)                                                   \
	W("unrecoverable", LT_NO_SEVERITY, LT_KIND)
#define LT_WORDS_V(W)                                                                              \
	W("vrb", LOG_DEBUG, LT_ANY)                                                                \
	W("verb", LOG_DEBUG, LT_ANY | LT_UPPER)                                                    \
	W("verbose", LOG_DEBUG, LT_ANY)                                                            \
	W("validation", LT_NO_SEVERITY, LT_KIND)
#define LT_WORDS_W(W)                                                                              \
	W("ww", LOG_WARNING, LT_BRACKETS | LT_UPPER)                                               \
	W("wed", LT_NO_SEVERITY, LT_DATE)                                                          \
	W("wrn", LOG_WARNING, LT_ANY)                                                              \
	W("warn", LOG_WARNING, LT_ANY)                                                             \
	W("when", LT_NO_SEVERITY, LT_LINK)                                                         \
	W("with", LT_NO_SEVERITY, LT_PROSE)                                                        \
	W("while", LT_NO_SEVERITY, LT_LINK)                                                        \
	W("warning", LOG_WARNING, LT_ANY | LT_LEAD)                                                \
	W("without", LT_NO_SEVERITY, LT_PROSE)

/* The words with LT_LEAD once more, for the short way past sentences. */
#define LT_LEADS(W) W("error") W("warning") W("fatal")

#define LT_WORD_MAX 13 /* "informational", "configuration" */

/* X(letter, its words by W): the letters of the alphabet in turn. */
#define LT_EVERY_LETTER(X, W)                                                                      \
	X(a, LT_WORDS_A(W))                                                                        \
	X(b, LT_WORDS_B(W))                                                                        \
	X(c, LT_WORDS_C(W))                                                                        \
	X(d, LT_WORDS_D(W))                                                                        \
	X(e, LT_WORDS_E(W))                                                                        \
	X(f, LT_WORDS_F(W))                                                                        \
	X(g, LT_WORDS_G(W))                                                                        \
	X(h, LT_WORDS_H(W))                                                                        \
	X(i, LT_WORDS_I(W))                                                                        \
	X(j, LT_WORDS_J(W))                                                                        \
	X(k, )                                                                                     \
	X(l, LT_WORDS_L(W))                                                                        \
	X(m, LT_WORDS_M(W))                                                                        \
	X(n, LT_WORDS_N(W))                                                                        \
	X(o, LT_WORDS_O(W))                                                                        \
	X(p, LT_WORDS_P(W))                                                                        \
	X(q, )                                                                                     \
	X(r, LT_WORDS_R(W))                                                                        \
	X(s, LT_WORDS_S(W))                                                                        \
	X(t, LT_WORDS_T(W))                                                                        \
	X(u, LT_WORDS_U(W))                                                                        \
	X(v, LT_WORDS_V(W))                                                                        \
	X(w, LT_WORDS_W(W))                                                                        \
	X(x, )                                                                                     \
	X(y, )                                                                                     \
	X(z, )

#endif

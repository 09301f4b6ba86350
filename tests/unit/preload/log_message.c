/* SPDX-License-Identifier: MIT */
/* Log messages as programs write them, taken apart: each form of a head, and what is none. */
#include "log_message.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static bool is_host(const char *name, size_t size)
{
	return size == 4 && memcmp(name, "here", 4) == 0;
}

static const struct lt_log_sender sender = { .pid = 42, .is_host = is_host };

/* As strace showed them on Debian 12, and what RFC 3164 and 5424 give as examples. */
static const struct {
	const char *written;
	int severity, facility;
	const char *ident, *text;
} rows[] = {
	/* logger, dnsmasq, nginx with and without a host, syslog-ng, SysLogHandler */
	{ "<13>Nov 28 22:50:29 x: hello", 5, 1, "x", "hello" },
	{ "<30>Nov 28 22:50:40 dnsmasq[42]: started, version", 6, 3, "dnsmasq",
	  "started, version" },
	{ "<189>Nov 28 22:50:30  nginx: 2026/11/28 22:50:30 [notice] 44#44: up", 5, 23, "nginx",
	  "2026/11/28 22:50:30 [notice] 44#44: up" },
	{ "<189>Nov 28 22:50:30 here nginx: up", 5, 23, "nginx", "up" },
	{ "<45>Nov 28 22:51:38 here syslog-ng[42]: starts", 5, 5, "syslog-ng", "starts" },
	{ "<11>x", 3, 1, NULL, "x" },
	/* another's pid stays */
	{ "<13>Nov 28 22:50:29 root[7]: on behalf", 5, 1, "root[7]", "on behalf" },
	{ "<13>Nov  8 22:50:29 x:", 5, 1, "x", "" },
	{ "<13>Nov  8 22:50:29 x: ", 5, 1, "x", "" },
	/* not this machine's name: it may as well be a text */
	{ "<13>Nov 28 22:50:29 there x: hello", 5, 1, NULL, "there x: hello" },
	{ "<13>Nov 28 22:50:29 two words: text", 5, 1, NULL, "two words: text" },
	{ "<13>Nov 28 22:50:29 here", 5, 1, NULL, "here" },
	{ "<13>Nov 28 22:50:29 here: x", 5, 1, "here", "x" },
	{ "<13>2026-11-28T22:50:29.123+01:00 here app: x", 5, 1, "app", "x" },
	/* without a priority, or with none that is one */
	{ "", 5, 1, NULL, "" },
	{ "text", 5, 1, NULL, "text" },
	{ "app: text", 5, 1, "app", "text" },
	{ "<>text", 5, 1, NULL, "<>text" },
	{ "<1234>text", 5, 1, NULL, "<1234>text" },
	{ "<13", 5, 1, NULL, "<13" },
	{ "<a>text", 5, 1, NULL, "<a>text" },
	{ "<0>text", 0, 0, NULL, "text" },
	{ "<191>text", 7, 23, NULL, "text" },
	{ "<999>text", 7, 124, NULL, "text" },
	/* no tags */
	{ "<13>:", 5, 1, NULL, ":" },
	{ "<13>: text", 5, 1, NULL, ": text" },
	{ "<13>[1]: text", 5, 1, NULL, "[1]: text" },
	{ "<13>a[42: text", 5, 1, "a[42", "text" },
	{ "<13>a[]: text", 5, 1, "a[]", "text" },
	{ "<13>http://x", 5, 1, NULL, "http://x" },
	{ "<13>Nov 28 22:50:2x x: hello", 5, 1, NULL, "Nov 28 22:50:2x x: hello" },
	{ "<13>Nox 28 22:50:29 x: hello", 5, 1, NULL, "Nox 28 22:50:29 x: hello" },
	/* RFC 5424 */
	{ "<34>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - 'su root' failed", 2, 4,
	  "su", "ID47 - 'su root' failed" },
	{ "<165>1 2003-08-24T05:14:15.000003-07:00 192.0.2.1 myproc 8710 - - %% It's time", 5, 20,
	  "myproc[8710]", "%% It's time" },
	{ "<165>1 - - evntslog 42 - [x@1 a=\"b ] c\\\" d\"][y] text", 5, 20, "evntslog",
	  "[x@1 a=\"b ] c\\\" d\"][y] text" },
	{ "<14>1 - - - - - - \xef\xbb\xbftext", 6, 1, NULL, "text" },
	{ "<14>1 - - app - - -", 6, 1, "app", "" },
	{ "<14>1 of these is no head: x", 6, 1, NULL, "1 of these is no head: x" },
	{ "<14>1 - - app - - x", 6, 1, NULL, "1 - - app - - x" },
	/* TCP */
	{ "36 <34>1 - - su 7 - - octets counted", 2, 4, "su[7]", "octets counted" },
};

Test(log_message, rows)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		size_t size = strlen(rows[i].written);
		/* On the heap, and no larger, so that a byte read beyond it is seen. */
		char *bytes = malloc(size + 1);
		struct lt_log_message message;

		memcpy(bytes, rows[i].written, size);
		lt_log_message_read(&message, bytes, size, &sender);
		cr_expect_eq(message.severity, rows[i].severity, "%s", rows[i].written);
		cr_expect_eq(message.facility, rows[i].facility, "%s", rows[i].written);
		if (rows[i].ident)
			cr_expect(message.ident && !strcmp(message.ident, rows[i].ident),
				  "%s: ident '%s'", rows[i].written, message.ident);
		else
			cr_expect_null(message.ident, "%s: %s", rows[i].written, message.ident);
		cr_expect(message.size == strlen(rows[i].text) &&
				  !memcmp(message.text, rows[i].text, message.size),
			  "%s: text '%.*s'", rows[i].written, (int)message.size, message.text);
		free(bytes);
	}
}

/* SPDX-License-Identifier: MIT */
/*
 * The cost of reading the severity of a line of 200 bytes, by the form of its head.
 *
 * usage: bench-severity [--rounds N] [--loops N] [--only NAME]
 */
#include <string.h>

#include "bench.h"
#include "severity/severity.h"

#define LENGTH 200

static const struct form {
	const char *name;
	const char *head;
} forms[] = {
	{ "severity-log4j",
	  "2026-11-21 18:50:01,123 WARN [main] org.acme.Pool: no idle connection" },
	{ "severity-compiler",
	  "src/main.c:12:5: warning: unused variable 'n' [-Wunused-variable]" },
	{ "severity-syslog",
	  "Nov 21 18:50:01 gate sshd[3120]: Failed password for root from 10.0.0.9" },
	{ "severity-json",
	  "{\"time\":\"2026-11-21T18:50:01Z\",\"level\":\"info\",\"msg\":\"ready\"}" },
	{ "severity-sentence", "The quick brown fox jumps over the lazy dog and runs away" },
	{ "severity-ras", "- 1132222 2026.11.21 R30-M0-N9-C:J16-U01 2026-11-21-18.50.01.123456 "
			  "R30-M0-N9-C:J16-U01 RAS KERNEL INFO parity error corrected" },
	{ "severity-logfmt",
	  "time=2026-11-21T18:50:01Z level=info caller=main.go:12 msg=\"ready\"" },
	{ "severity-access", "192.0.2.7 - - [21/Nov/2026:18:50:01 +0000] \"GET /index.html "
			     "HTTP/1.1\" 200 512 \"-\" \"curl/8.5\"" },
};

#define FORMS (sizeof(forms) / sizeof(*forms))

static char lines[FORMS][LENGTH];

static void fill(void)
{
	static const char more[] = " and the connection was kept open for another request";

	for (size_t i = 0; i < FORMS; i++) {
		size_t head = strlen(forms[i].head);

		memcpy(lines[i], forms[i].head, head);
		for (size_t at = head; at < LENGTH; at++)
			lines[i][at] = more[(at - head) % (sizeof(more) - 1)];
	}
}

static void read_severity(const char *line, unsigned long loops)
{
	size_t skip;

	while (loops-- > 0) {
		lt_severity_of_line(line, LENGTH, LT_DETECT_ON, &skip);
		__asm__ volatile("" ::: "memory");
	}
}

int main(int argc, char **argv)
{
	const char *only = NULL;
	unsigned long rounds = 15;
	unsigned long loops = 100000;
	const struct bench_option options[] = {
		{ "rounds", .number = &rounds },
		{ "loops", .number = &loops },
		{ "only", .text = &only },
		{ NULL },
	};

	if (!bench_options(argc, argv, options))
		return 2;
	fill();
	for (unsigned long round = 0; round < rounds; round++) {
		for (size_t i = 0; i < FORMS; i++) {
			size_t turn = (round + i) % FORMS;
			uint64_t start = bench_now();

			if (only && strcmp(only, forms[turn].name) != 0)
				continue;
			read_severity(lines[turn], loops);
			bench_sample(forms[turn].name, bench_now() - start, loops);
		}
	}
	return 0;
}

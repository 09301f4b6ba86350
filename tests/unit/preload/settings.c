/* SPDX-License-Identifier: MIT */
/* The settings table: every variable's good and bad values, defaults, program globs. */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "../../../preload/base/settings.h"

static struct lt_settings read_one(char *assignment, unsigned *bad)
{
	char *envp[] = { "HOME=/", assignment, NULL };
	struct lt_settings settings;

	*bad = lt_settings_from_environment(&settings, envp);
	return settings;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static bool same(const struct lt_settings *a, const struct lt_settings *b)
{
	return a->disabled == b->disabled && a->sink == b->sink && a->sink_fd == b->sink_fd &&
	       same_text(a->sink_path, b->sink_path) && same_text(a->provider, b->provider) &&
	       a->capture == b->capture && a->passthrough == b->passthrough && a->null == b->null &&
	       a->rate == b->rate && a->layout == b->layout && a->layout_time == b->layout_time &&
	       a->direct == b->direct && a->level == b->level &&
	       a->stderr_level == b->stderr_level && a->detect == b->detect &&
	       same_text(a->only, b->only) && same_text(a->skip, b->skip) &&
	       same_text(a->debug, b->debug);
}

Test(settings, defaults)
{
	unsigned bad;
	struct lt_settings s = read_one("X=y", &bad);

	cr_assert_eq(bad, 0);
	cr_assert_not(s.disabled);
	cr_assert_eq(s.sink, LT_SINK_USER_EVENTS);
	cr_assert_str_eq(s.provider, "logtap");
	cr_assert_eq(s.capture, LT_CAPTURE_SYSLOG | LT_CAPTURE_STDERR);
	cr_assert(s.passthrough);
	cr_assert(s.direct);
	cr_assert(s.null);
	cr_assert_eq(s.rate, 0);
	cr_assert_eq(s.layout, LT_LAYOUT_LOGTAP);
	cr_assert_eq(s.detect, LT_DETECT_ON);
	cr_assert_eq(s.level, 7);
	cr_assert_eq(s.stderr_level, 6);
	cr_assert_null(s.only);
	cr_assert_null(s.skip);
	cr_assert_null(s.debug);
}

Test(settings, good_values)
{
	unsigned bad;

	cr_expect_eq(read_one("LOGTAP_SINK=none", &bad).sink, LT_SINK_NONE);
	cr_expect_eq(read_one("LOGTAP_SINK=user_events:17", &bad).sink_fd, 17);
	cr_expect_str_eq(read_one("LOGTAP_SINK=file:/a b", &bad).sink_path, "/a b");
	cr_expect_eq(read_one("LOGTAP_SINK=unix:/a b", &bad).sink, LT_SINK_UNIX);
	cr_expect_str_eq(read_one("LOGTAP_SINK=unix:@a", &bad).sink_path, "@a");
	cr_expect_null(read_one("LOGTAP_PROVIDER=auto", &bad).provider);
	cr_expect_str_eq(read_one("LOGTAP_PROVIDER=_My9", &bad).provider, "_My9");
	cr_expect_eq(read_one("LOGTAP_CAPTURE=stderr", &bad).capture, LT_CAPTURE_STDERR);
	cr_expect_eq(read_one("LOGTAP_CAPTURE=stderr,syslog", &bad).capture, 3);
	cr_expect_not(read_one("LOGTAP_PASSTHROUGH=off", &bad).passthrough);
	cr_expect_not(read_one("LOGTAP_PASSTHROUGH=off", &bad).direct);
	cr_expect_not(read_one("LOGTAP_NULL=off", &bad).null);
	cr_expect_eq(read_one("LOGTAP_SINK=user_events:/run/x", &bad).sink, LT_SINK_USER_EVENTS_AT);
	cr_expect_str_eq(read_one("LOGTAP_SINK=user_events:/run/x", &bad).sink_path, "/run/x");
	cr_expect_eq(read_one("LOGTAP_LAYOUT=otel", &bad).layout, LT_LAYOUT_OTEL);
	cr_expect(read_one("LOGTAP_LAYOUT=otel", &bad).layout_time);
	cr_expect_not(read_one("LOGTAP_LAYOUT=otel", &bad).direct);
	cr_expect_eq(read_one("LOGTAP_LAYOUT=otel,notime", &bad).layout, LT_LAYOUT_OTEL);
	cr_expect_not(read_one("LOGTAP_LAYOUT=otel,notime", &bad).layout_time);
	cr_expect_eq(read_one("LOGTAP_LAYOUT=logtap", &bad).layout, LT_LAYOUT_LOGTAP);
	cr_expect_eq(read_one("LOGTAP_RATE=1000/10", &bad).rate, 1000);
	cr_expect_eq(read_one("LOGTAP_RATE=1000/10", &bad).rate_seconds, 10);
	cr_expect_not(read_one("LOGTAP_RATE=1000/10", &bad).direct);
	cr_expect_eq(read_one("LOGTAP_RATE=1000000000/86400", &bad).rate, 1000000000);
	cr_expect_eq(read_one("LOGTAP_RATE=off", &bad).rate, 0);
	cr_expect_eq(read_one("LOGTAP_DETECT=off", &bad).detect, LT_DETECT_OFF);
	cr_expect_eq(read_one("LOGTAP_DETECT=words", &bad).detect, LT_DETECT_WORDS);
	cr_expect_eq(read_one("LOGTAP_LEVEL=WARNING", &bad).level, 4);
	cr_expect_eq(read_one("LOGTAP_STDERR_LEVEL=3", &bad).stderr_level, 3);
	cr_expect_str_eq(read_one("LOGTAP_DEBUG=x", &bad).debug, "x");
	cr_expect(read_one("LOGTAP_DISABLE=0", &bad).disabled);
	cr_expect_not(read_one("LOGTAP_DISABLE=", &bad).disabled);
	cr_expect_eq(read_one("LOGTAP_LEVEL=", &bad).level, 7, "empty means unset");
	cr_expect_eq(bad, 0);
}

Test(settings, bad_values_leave_the_default)
{
	static char *const bad_ones[] = {
		"LOGTAP_SINK=journal",
		"LOGTAP_SINK=file:relative",
		"LOGTAP_SINK=file:",
		"LOGTAP_SINK=user_events:",
		"LOGTAP_SINK=user_events:2",
		"LOGTAP_SINK=user_events:4x",
		"LOGTAP_SINK=user_events:-5",
		"LOGTAP_SINK=user_events:99999999999",
		"LOGTAP_PROVIDER=9lives",
		"LOGTAP_PROVIDER=a b",
		"LOGTAP_PROVIDER=a/b",
		"LOGTAP_PROVIDER=a:b",
		"LOGTAP_CAPTURE=stdout",
		"LOGTAP_CAPTURE=stderr,",
		"LOGTAP_CAPTURE=,stderr",
		"LOGTAP_CAPTURE=stderr;syslog",
		"LOGTAP_NULL=0",
		"LOGTAP_LAYOUT=otlp",
		"LOGTAP_LAYOUT=otel,",
		"LOGTAP_LAYOUT=notime",
		"LOGTAP_RATE=10",
		"LOGTAP_RATE=0/10",
		"LOGTAP_RATE=10/",
		"LOGTAP_RATE=/10",
		"LOGTAP_RATE=10/0",
		"LOGTAP_RATE=10/86401",
		"LOGTAP_RATE=99999999999999999999999/1",
		"LOGTAP_RATE=1/1s",
		"LOGTAP_RATE=-1/1",
		"LOGTAP_PASSTHROUGH=yes",
		"LOGTAP_DETECT=1",
		"LOGTAP_LEVEL=8",
		"LOGTAP_LEVEL=loud",
		"LOGTAP_STDERR_LEVEL=-1",
		"LOGTAP_ONLY=a,,b",
		"LOGTAP_SKIP=,",
	};

	for (size_t i = 0; i < sizeof(bad_ones) / sizeof(*bad_ones); i++) {
		struct lt_settings defaults, read;
		unsigned bad;

		lt_settings_init(&defaults);
		read = read_one(bad_ones[i], &bad);
		cr_expect_eq(__builtin_popcount(bad), 1, "%s was accepted", bad_ones[i]);
		cr_expect(same(&defaults, &read), "%s changed something", bad_ones[i]);
	}
}

Test(settings, longest_provider_name)
{
	char assignment[300] = "LOGTAP_PROVIDER=";
	size_t start = strlen(assignment);
	unsigned bad;

	memset(assignment + start, 'p', LT_PROVIDER_MAX);
	assignment[start + LT_PROVIDER_MAX] = '\0';
	cr_expect_eq(strlen(read_one(assignment, &bad).provider), LT_PROVIDER_MAX);
	strcat(assignment, "p");
	read_one(assignment, &bad);
	cr_expect_neq(bad, 0);
}

Test(settings, programs)
{
	unsigned bad;
	struct lt_settings only = read_one("LOGTAP_ONLY=nginx,post*", &bad);
	struct lt_settings skip = read_one("LOGTAP_SKIP=?sh,bash", &bad);

	cr_expect(lt_settings_wants_program(&only, "nginx", "x"));
	cr_expect(lt_settings_wants_program(&only, "postgres", "x"));
	cr_expect_not(lt_settings_wants_program(&only, "nginx2", "x"));
	cr_expect_not(lt_settings_wants_program(&only, "", "x"));
	cr_expect_not(lt_settings_wants_program(&skip, "zsh", "x"));
	cr_expect_not(lt_settings_wants_program(&skip, "bash", "x"));
	cr_expect(lt_settings_wants_program(&skip, "sh", "x"));
	/* A script's own name, beside its interpreter's. */
	cr_expect(lt_settings_wants_program(&only, "python3", "postgres.py"));
	cr_expect_not(lt_settings_wants_program(&skip, "python3", "bash"));
}

Test(settings, provider_of_a_program)
{
	char name[LT_PROVIDER_MAX + 1], long_name[400];

	lt_settings_provider_of(name, "my-prog.2");
	cr_expect_str_eq(name, "my_prog_2");
	lt_settings_provider_of(name, "7z");
	cr_expect_str_eq(name, "_7z");
	lt_settings_provider_of(name, "");
	cr_expect_str_eq(name, "_");
	memset(long_name, 'x', sizeof(long_name) - 1);
	long_name[sizeof(long_name) - 1] = '\0';
	lt_settings_provider_of(name, long_name);
	cr_expect_eq(strlen(name), LT_PROVIDER_MAX);
}

Test(settings, table_is_complete)
{
	for (size_t i = 0; i < lt_setting_count; i++) {
		const struct lt_setting *row = &lt_setting_table[i];
		struct lt_settings settings;

		cr_expect_eq(lt_setting_find(row->variable), row);
		lt_settings_init(&settings);
		cr_expect(!row->fallback[0] || !lt_setting_apply(row, &settings, row->fallback),
			  "%s: its own default is bad", row->variable);
		cr_expect(row->help[0] && row->expected[0] && row->argument[0]);
	}
	cr_expect_null(lt_setting_find("LOGTAP_NONSENSE"));
}

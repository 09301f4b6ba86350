/* SPDX-License-Identifier: MIT */
/* The machine's settings: which lines are read, in which order, and what is too much. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "settings_files.h"

static char folder[] = "/tmp/logtap-settings-XXXXXX";
static char room[LT_SETTINGS_ROOM];

static void make_folder(void)
{
	char path[64];

	cr_assert(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/conf.d", folder);
	cr_assert_eq(mkdir(path, 0755), 0);
}

static void remove_folder(void)
{
	char command[96];

	snprintf(command, sizeof(command), "rm -r '%s'", folder);
	cr_assert_eq(system(command), 0);
}

static void put(const char *name, const char *text, size_t size)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "w");
	cr_assert(file && fwrite(text, 1, size, file) == size && fclose(file) == 0);
}

/* What was visited, a line each. */
static void note(void *data, const char *file, unsigned line, const char *key, const char *value)
{
	char *out = data;

	sprintf(out + strlen(out), "%s:%u %s%s%s\n", file, line, key, value ? "=" : " ?",
		value ? value : "");
}

static const char *read_all(bool list)
{
	static char seen[8192];
	long fd = lt_settings_files_open(folder);

	cr_assert_geq(fd, 0);
	seen[0] = '\0';
	lt_settings_files_read(fd, list, room, note, seen);
	lt_settings_files_close(fd);
	return seen;
}

TestSuite(settings_files, .init = make_folder, .fini = remove_folder);

Test(settings_files, lines)
{
	static const char text[] =
		"# a comment\n\n  \t\nA=1\n B = 2 3 \r\nnonsense\n=4\nC=\nD==5\nE=6";

	put("logtap.conf", text, sizeof(text) - 1);
	cr_assert_str_eq(read_all(true),
			 "logtap.conf:4 A=1\nlogtap.conf:5 B=2 3\n"
			 "logtap.conf:6 nonsense ?\nlogtap.conf:7 =4\n"
			 "logtap.conf:8 C=\nlogtap.conf:9 D==5\nlogtap.conf:10 E=6\n");
}

Test(settings_files, order)
{
	put("system.conf", "A=6\n", 4);
	put("logtap.conf", "A=0\n", 4);
	put("conf.d/20-x.conf", "A=2\n", 4);
	put("conf.d/10-x.conf", "A=1\n", 4);
	put("conf.d/.hidden.conf", "A=3\n", 4);
	put("conf.d/30-x.conf~", "A=4\n", 4);
	put("conf.d/.conf", "A=5\n", 4);
	cr_assert_str_eq(read_all(true), "system.conf:1 A=6\nlogtap.conf:1 A=0\n"
					 "conf.d/10-x.conf:1 A=1\nconf.d/20-x.conf:1 A=2\n");
	cr_assert_str_eq(read_all(false), "system.conf:1 A=6\nlogtap.conf:1 A=0\n");
}

Test(settings_files, nothing_there)
{
	cr_assert_str_eq(read_all(true), "");
	cr_assert_lt(lt_settings_files_open("/nonexistent/logtap"), 0);
	lt_settings_files_close(-2);
}

Test(settings_files, too_much)
{
	/* Comments for all the room, and a line across its end: not half of that is read. */
	static char text[LT_SETTINGS_ROOM + 4096];
	const char *seen;

	memset(text, '#', sizeof(text));
	for (size_t i = 63; i < sizeof(text); i += 64)
		text[i] = '\n';
	memcpy(text, "A=1\n", 4);
	put("logtap.conf", text, sizeof(text));
	put("conf.d/a.conf", "A=2\n", 4);
	seen = read_all(true);
	cr_assert_str_eq(seen, "logtap.conf:1 A=1\n");
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = i % 64 == 63 ? '\n' : 'B';
	put("logtap.conf", text, sizeof(text));
	for (int pass = 0; pass < 2; pass++) {
		long fd = lt_settings_files_open(folder);
		struct lt_settings settings;

		lt_settings_init(&settings);
		cr_assert_eq(lt_settings_from_files(&settings, fd, true, room), 0);
		lt_settings_files_close(fd);
	}
}

Test(settings_files, many_files)
{
	char name[32];

	for (int i = 0; i < 300; i++) {
		snprintf(name, sizeof(name), "conf.d/%03d.conf", i);
		put(name, "A=1\n", 4);
	}
	cr_assert(strstr(read_all(true), "conf.d/299.conf:1 A=1\n"));
}

Test(settings_files, what_they_mean)
{
	static const char text[] =
		"LOGTAP_LEVEL=err\nLOGTAP_CAPTURE=nonsense\nLOGTAP_STDERR_LEVEL=x\n"
		"level=debug\nLOGTAP_OTHER=1\n";
	static const char more[] = "LOGTAP_STDERR_LEVEL=notice\n";
	char *envp[] = { "LOGTAP_SKIP=sh", NULL };
	struct lt_settings settings;
	unsigned bad;
	long fd;

	put("logtap.conf", text, sizeof(text) - 1);
	put("conf.d/a.conf", more, sizeof(more) - 1);
	fd = lt_settings_files_open(folder);
	lt_settings_init(&settings);
	bad = lt_settings_from_files(&settings, fd, true, room);
	lt_settings_files_close(fd);
	cr_assert_eq(bad, 1U << (lt_setting_find("LOGTAP_CAPTURE") - lt_setting_table));
	cr_assert_eq(settings.level, 3);
	cr_assert_eq(settings.stderr_level, 5);
	cr_assert_eq(settings.capture, LT_CAPTURE_SYSLOG | LT_CAPTURE_STDERR);
	cr_assert_eq(lt_settings_add_environment(&settings, envp), 0);
	cr_assert_str_eq(settings.skip, "sh");
	cr_assert_eq(settings.level, 3);
}

/* SPDX-License-Identifier: MIT */
/*
 * What is read of a service, from its unit file and from what systemd shows of it, and the drop-in
 * that follows. Both sources must lead to the same.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit_dropin.h"
#include "unit_facts.h"

#define LIBRARY "/usr/lib/logtap/liblogtap.so"

static struct unit_facts facts_of(const char *text, bool shown)
{
	static struct unit_facts facts;
	char *copy = strdup(text);

	memset(&facts, 0, sizeof(facts));
	(shown ? unit_facts_read_shown : unit_facts_read)(&facts, copy);
	free(copy);
	return facts;
}

static const struct dropin *dropin_of(const struct unit_facts *facts, const char *file)
{
	static struct dropin dropin;
	char sink[128];
	struct dropin_wish wish = { .unit = "x.service",
				    .library = LIBRARY,
				    .who = "root",
				    .when = "now",
				    .file = file,
				    .sink = file ? sink : NULL,
				    .has_user_events = true };

	snprintf(sink, sizeof(sink), "file:%s?id=1", file ? file : "");
	unit_dropin_make(&dropin, facts, &wish);
	return &dropin;
}

/* As systemd 252 shows a service without any option; `~` is an empty list. */
#define PLAIN                                                                                      \
	"User=\nDynamicUser=no\nRootDirectory=\nRootImage=\nMountAPIVFS=no\nProtectSystem=no\n"    \
	"ProtectHome=no\nPrivateTmp=no\nReadOnlyPaths=\nInaccessiblePaths=\nNoExecPaths=\n"        \
	"Environment=\nEnvironmentFiles=\nSystemCallFilter=~\nSystemCallLog=~\n"                   \
	"SystemCallArchitectures=\nRestrictNamespaces=no\nRestrictRealtime=no\n"                   \
	"RestrictAddressFamilies=~\nRestrictSUIDSGID=no\nLockPersonality=no\n"                     \
	"MemoryDenyWriteExecute=no\nProtectClock=no\nProtectHostname=no\nPrivateDevices=no\n"      \
	"ProtectKernelModules=no\nProtectKernelLogs=no\nProtectKernelTunables=no\n"

Test(unit_dropin, nothing_set)
{
	struct unit_facts facts = facts_of(
		"LoadState=loaded\n"
		"ExecStart={ path=/usr/sbin/x ; argv[]=/usr/sbin/x -n ; ignore_errors=no }\n" PLAIN,
		true);
	const struct dropin *dropin = dropin_of(&facts, NULL);

	cr_assert(facts.found && !facts.filter && !*facts.user && !facts.strict);
	cr_assert_str_eq(facts.exec, "/usr/sbin/x");
	cr_assert_str_eq(dropin->obstacle, "");
	cr_assert_str_eq(strchr(dropin->text, '['),
			 "[Service]\nEnvironment=\"LD_PRELOAD=" LIBRARY "\"\n");
}

Test(unit_dropin, not_loaded)
{
	cr_assert(!facts_of("LoadState=not-found\n" PLAIN, true).found);
	cr_assert(!facts_of("LoadState=masked\n" PLAIN, true).found);
	cr_assert(!facts_of("", false).found);
}

struct pair {
	const char *written, *shown;
	const char *line; /* in the drop-in, for a recording; or in the obstacle */
};

Test(unit_dropin, both_sources)
{
	static const struct pair PAIRS[] = {
		{ "Environment=\"LD_PRELOAD=/a.so:/b.so\" C=1",
		  "Environment=LD_PRELOAD=/a.so:/b.so C=1",
		  "LD_PRELOAD=/a.so:/b.so:" LIBRARY "\"" },
		{ "Environment='A=x y' LD_PRELOAD=" LIBRARY,
		  "Environment=\"A=x y\" LD_PRELOAD=" LIBRARY, "\"LD_PRELOAD=" LIBRARY "\"" },
		{ "ProtectSystem=strict", "ProtectSystem=strict", "ReadWritePaths=-/var/x.data" },
		{ "ReadOnlyPaths=-/var +/x", "ReadOnlyPaths=-/var +/x",
		  "ReadWritePaths=-/var/x.data" },
		{ "NoExecPaths=/", "NoExecPaths=/", "ExecPaths=-" LIBRARY },
		{ "RootDirectory=/srv/r\nMountAPIVFS=true", "RootDirectory=/srv/r\nMountAPIVFS=yes",
		  "BindPaths=-/var/x.data:/run/logtap-preload/x.data\n"
		  "Environment=\"LOGTAP_SINK=file:/run/logtap-preload/x.data?id=1\"" },
		{ "RootImage=/srv/i", "RootImage=/srv/i", "has the image /srv/i" },
		{ "DynamicUser=1", "DynamicUser=yes", "a user of its own" },
	};

	for (size_t i = 0; i < sizeof(PAIRS) / sizeof(*PAIRS); i++) {
		char text[1024];

		for (int shown = 0; shown < 2; shown++) {
			struct unit_facts facts;
			const struct dropin *dropin;

			snprintf(text, sizeof(text), "%s%s\n", shown ? "" : "[Service]\n",
				 shown ? PAIRS[i].shown : PAIRS[i].written);
			facts = facts_of(text, shown);
			dropin = dropin_of(&facts, "/var/x.data");
			cr_assert(strstr(dropin->text, PAIRS[i].line) ||
					  strstr(dropin->obstacle, PAIRS[i].line),
				  "of '%s': %s%s", text, dropin->text, dropin->obstacle);
		}
	}
}

Test(unit_dropin, what_is_no_section_service)
{
	struct unit_facts facts =
		facts_of("User=a\n[Unit]\nUser=b\n# [Service]\n[Service]\n;User=c\n#User=d\n"
			 " ExecStart = -/bin/x \\\n  y\n[Install]\nUser=e\n",
			 false);

	cr_assert_str_eq(facts.user, "");
	cr_assert_str_eq(facts.exec, "/bin/x");
}

/* No service is kept from starting: what may be missing has a `-`, a group is there. */
Test(unit_dropin, never_stops_a_service)
{
	static const char *const OPTIONS[] = { "User=w",	   "ReadOnlyPaths=/sys",
					       "NoExecPaths=/",	   "ProtectSystem=strict",
					       "RootDirectory=/r", "ProtectKernelTunables=yes" };

	for (unsigned set = 0; set < 1U << (sizeof(OPTIONS) / sizeof(*OPTIONS)); set++) {
		for (int recorded = 0; recorded < 2; recorded++) {
			char text[512] = "[Service]\n";
			struct unit_facts facts;
			const struct dropin *dropin;

			for (size_t i = 0; i < sizeof(OPTIONS) / sizeof(*OPTIONS); i++)
				if (set & 1U << i)
					snprintf(text + strlen(text), sizeof(text) - strlen(text),
						 "%s\n", OPTIONS[i]);
			facts = facts_of(text, false);
			dropin = dropin_of(&facts, recorded ? "/var/x.data" : NULL);
			for (const char *at = dropin->text; (at = strstr(at, "Paths=")); at++)
				cr_assert_eq(at[6], '-', "of '%s': %s", text, dropin->text);
			cr_assert(!strstr(dropin->text, "SupplementaryGroups"));
		}
	}
}

Test(unit_dropin, same)
{
	cr_assert(unit_dropin_is_same("# by a, at 1\nx\n", "# by b, at 2\nx\n"));
	cr_assert(!unit_dropin_is_same("# by a\nx\n", "# by a\ny\n"));
	cr_assert(!unit_dropin_is_same("", "# by a\n"));
}

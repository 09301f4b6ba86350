/* SPDX-License-Identifier: MIT */
/* Programs that `enable --system` leaves out; see denied.h. */
#include "denied.h"

#include <stdio.h>

#include "system_files.h"

struct denied {
	const char *names; /* as LOGTAP_SKIP takes them */
	const char *why;
};

static const struct denied DENIED[] = {
	{ "init,systemd,systemd-shutdown", "process 1: what goes wrong there ends the machine" },
	{ "systemd-udevd,systemd-journald,journalctl",
	  "run before everything else, or read what all others say" },
	{ "sshd,login,agetty,getty",
	  "the ways in, should anything else go wrong; of sshd all processes, where they have no "
	  "other name" },
	{ "dpkg,dpkg-deb,apt,apt-get,apt-cache,unattended-upgr,rpm,dnf,yum,zypper,pacman,apk",
	  "replace this library, libc and the loader while they run" },
	{ "ldconfig,ld.so", "work on what the loader reads" },
	{ "logtap,perf,trace-cmd", "read events: each line that they write would be another one" },
};

size_t denied_text(char *text, size_t room)
{
	int size = snprintf(text, room,
			    "%s --system\n"
			    "# Programs that are left out where the library comes from " SYSTEM_LIST
			    ".\n"
			    "# LOGTAP_SKIP in logtap.conf, or in the environment, takes the place "
			    "of this list.\n",
			    SYSTEM_MARK);

	for (size_t i = 0; i < sizeof(DENIED) / sizeof(*DENIED); i++)
		size += snprintf(text + size, room - (size_t)size, "#   %s: %s\n", DENIED[i].names,
				 DENIED[i].why);
	size += snprintf(text + size, room - (size_t)size, "LOGTAP_SKIP=");
	for (size_t i = 0; i < sizeof(DENIED) / sizeof(*DENIED); i++)
		size += snprintf(text + size, room - (size_t)size, "%s%s", i ? "," : "",
				 DENIED[i].names);
	size += snprintf(text + size, room - (size_t)size, "\n");
	return (size_t)size;
}

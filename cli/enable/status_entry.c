/* SPDX-License-Identifier: MIT */
/* Where the entry of enable --system leads: for each loader, to what the link points at, not what
 * it says. */
#include <stdio.h>
#include <string.h>

#include "root_files.h"
#include "status.h"

const char *status_loader_problem(int root, const char *entry, const char *line, size_t size)
{
	static char problem[PATH_MAX + 64];
	const char *folder = memchr(line, ' ', size);
	const char *place = strstr(entry, "$LIB");
	size_t length;
	char path[PATH_MAX];
	int error;

	if (!folder || !place || folder[1] == '-')
		return NULL;
	folder++;
	length = strcspn(folder, " \n");
	snprintf(path, sizeof(path), "%.*s%.*s%s", (int)(place - entry), entry, (int)length, folder,
		 place + 4);
	error = root_exists(root, path);
	if (!error)
		return NULL;
	snprintf(problem, sizeof(problem), "%s leads nowhere: %s", path, strerror(-error));
	return problem;
}

/* SPDX-License-Identifier: MIT */
/*
 * Taking off what `logtap enable` put on. Shared by `logtap disable`, by what enable does when a
 * trial fails, and by the static logtap-disable: must need nothing but the kernel. The caller has
 * the lock (root_lock) and holds signals.
 */
#ifndef LOGTAP_TAKE_OFF_H
#define LOGTAP_TAKE_OFF_H

#include <stdbool.h>

/* Told of each thing that was taken off (0), or could not be (a negative errno). */
typedef void (*take_off_said)(void *data, const char *path, int result);

struct take_off {
	int root;
	bool dry; /* says what would be done */
	take_off_said said;
	void *data;
	unsigned done;	 /* how many things were taken off */
	unsigned failed; /* how many could not be */
};

/* The entry, and the folder that it points into; a unit brings them back at the next boot. */
void take_off_entry(struct take_off *off);

/* All of `enable --system`. */
void take_off_system(struct take_off *off);

/* The drop-in of a service: "NAME.service". */
void take_off_unit(struct take_off *off, const char *unit);

/* Those of all services. */
void take_off_units(struct take_off *off);

/* Calls for each service that has a drop-in of ours: a negative errno, or 0. */
typedef void (*unit_visit)(void *data, const char *unit);
int take_off_each_unit(int root, unit_visit visit, void *data);

/* Creates the file that switches the library off in every program that starts. */
void take_off_switch(struct take_off *off);

#endif

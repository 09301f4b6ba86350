/* SPDX-License-Identifier: MIT */
/* What the checks of `logtap doctor` share. Each check is one function that fills one finding. */
#ifndef LOGTAP_DOCTOR_H
#define LOGTAP_DOCTOR_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "tracefs_place.h"

enum doctor_verdict { DOCTOR_OK, DOCTOR_PROBLEM, DOCTOR_UNKNOWN };

struct finding {
	enum doctor_verdict verdict;
	char text[768];
	char fix[1024]; /* the exact command that mends it; empty when there is none */
};

/* What is known before the checks, filled by doctor.c. */
struct doctor {
	struct tracefs_place place;
	int place_error;	     /* 0 or why there is no place */
	char library[PATH_MAX];	     /* the preload library */
	int library_error;	     /* 0, or what launch_find_library said */
	const char *program;	     /* as given; NULL without one */
	char program_path[PATH_MAX]; /* where it was found */
	int program_error;	     /* 0, or what program_find said */
	const char *sudo;  /* "sudo " for ordinary users, "" for root: in front of fixes */
	char report[4096]; /* the shim's own report of a trial run; empty: there is none */
	char loader[512];  /* what the loader said about the library; empty: nothing */
	int trial_error;   /* 0, or why no trial run was possible */
};

void finding_ok(struct finding *finding, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void finding_problem(struct finding *finding, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void finding_unknown(struct finding *finding, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void finding_fix(struct finding *finding, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* kernel.c */
void doctor_kernel(const struct doctor *doctor, struct finding *finding);
void doctor_tracefs(const struct doctor *doctor, struct finding *finding);
void doctor_permission(const struct doctor *doctor, struct finding *finding);
void doctor_registration(const struct doctor *doctor, struct finding *finding);
void doctor_room(const struct doctor *doctor, struct finding *finding);

/* collect.c */
void doctor_perf(const struct doctor *doctor, struct finding *finding);
void doctor_tracepoints(const struct doctor *doctor, struct finding *finding);

/* library.c */
void doctor_trial(struct doctor *doctor); /* starts a program under the library, once */
void doctor_library(const struct doctor *doctor, struct finding *finding);
void doctor_loader(const struct doctor *doctor, struct finding *finding);
void doctor_slot(const struct doctor *doctor, struct finding *finding);
void doctor_settings(const struct doctor *doctor, struct finding *finding);

/* program.c */
void doctor_program(const struct doctor *doctor, struct finding *finding);

#endif

/* SPDX-License-Identifier: MIT */
/* What is known of the machine that events come from. */
#ifndef LOGTAP_HOST_H
#define LOGTAP_HOST_H

struct host {
	char name[256];
	char id[33];	  /* machine-id; "": there is none */
	char boot_id[37]; /* with dashes, as the kernel has it; "": it doesn't say */
};

/* Asks the machine. */
void host_find(struct host *host);

#endif

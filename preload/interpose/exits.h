/* SPDX-License-Identifier: MIT */
/* What is done before a process becomes another program, or ends. */
#ifndef LT_EXITS_H
#define LT_EXITS_H

void lt_leave(void);
void lt_leave_for_good(void);

#endif

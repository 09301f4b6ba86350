/* SPDX-License-Identifier: MIT */
/* What is done before a process ends or becomes another program; also called from jumps.S. */
#ifndef LT_LEAVE_H
#define LT_LEAVE_H

void lt_leave(void);

#endif

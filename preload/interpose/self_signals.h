/* SPDX-License-Identifier: MIT */
/* Signals that a process sends itself, which may end it. */
#ifndef LT_SELF_SIGNALS_H
#define LT_SELF_SIGNALS_H

#include "shim.h"

/* Whether abort() ends the process for sure: no handler of the program's comes in between. */
bool lt_signal_aborts(void);

/* syscall() is about to make this call, of kill and its relatives. */
void lt_signal_sending(long number, long a, long b, long c);

#endif

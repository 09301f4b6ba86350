/* SPDX-License-Identifier: MIT */
/* Waiting for the signals that end a command. */
#include "end_signals.h"

#include <signal.h>
#include <sys/signalfd.h>

int end_signals_open(int flags)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGHUP);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	return signalfd(-1, &signals, flags | SFD_CLOEXEC);
}

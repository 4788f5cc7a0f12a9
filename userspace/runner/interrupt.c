// SPDX-License-Identifier: GPL-2.0-only
/*
 * The signals are blocked, and wait in a signalfd that nobody reads: whoever
 * polls it together with something else cannot miss one in between, and once
 * interrupted stays interrupted.
 */
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <sys/signalfd.h>

#include "runner/interrupt.h"

static int fd = -1;
static sigset_t before;

void interrupts_take(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action;
	sigset_t taken;
	size_t i;

	sigemptyset(&taken);
	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		sigaction(signals[i], NULL, &action);
		if (action.sa_handler != SIG_IGN)
			sigaddset(&taken, signals[i]);
	}
	sigprocmask(SIG_BLOCK, &taken, &before);
	fd = signalfd(-1, &taken, SFD_CLOEXEC);
}

void interrupts_give_back(void)
{
	if (fd >= 0)
		sigprocmask(SIG_SETMASK, &before, NULL);
}

int interrupts_fd(void)
{
	return fd;
}

bool interrupted(void)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };

	return poll(&poll_fd, 1, 0) > 0;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Starts a program so that it finds everything as if it had been started
 * without us: descriptors, signals, process group, environment, limits.
 */
#ifndef LAUNCH_H
#define LAUNCH_H

#include <sys/types.h>

/**
 * struct launch - a program about to be started
 * @pid: its process, which waits
 * @link: what it waits for, and how it tells that it failed
 */
struct launch {
	pid_t pid;
	int link;
};

/*
 * Forks. Before anything else is opened or changed, for the program gets it
 * all. From now on all signals are blocked here, and the descriptors that are
 * the program's are closed, all but stderr. Returns 0 or an exit status.
 */
int launch_prepare(struct launch *launch, char **command);
/* Executes it; returns 0, or an errno when that failed. */
int launch_go(struct launch *launch);
/* Ends the process that waits. */
void launch_cancel(struct launch *launch);

#endif /* LAUNCH_H */

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Children of a scenario: they share its memory as fork() leaves it, and sleep.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run.h"
#include "scenario.h"

/**
 * child_fork() - fork a child that sleeps until child_end()
 * @run: the run
 */
pid_t child_fork(struct run *run)
{
	pid_t pid = fork();

	if (pid < 0)
		run_broken(run, "fork: %s", strerror(errno));
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		run_forget(run);
		for (;;)
			pause();
	}
	return pid;
}

/**
 * child_end() - kill a child, and wait until its memory is gone
 * @run: the run
 * @child: the child
 */
void child_end(struct run *run, pid_t child)
{
	kill(child, SIGKILL);
	if (waitpid(child, NULL, 0) != child)
		run_broken(run, "waitpid: %s", strerror(errno));
}

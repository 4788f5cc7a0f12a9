// SPDX-License-Identifier: GPL-2.0-only
/*
 * A process executes another program while the device uses its memory: the
 * process stays, the memory goes.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/prctl.h>
#include <signal.h>
#include <unistd.h>

#include "runner/fixture.h"
#include "fixtures/scenario.h"

#define BYTES	(16 * SMALL_PAGE)

/* The program waits to be killed, too: it reads from a pipe. */
static void execute(int go) __attribute__((noreturn));

static void execute(int go)
{
	char byte;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (read(go, &byte, 1) == 1)
		execl("/proc/self/exe", "devtlb", "--version", NULL);
	_exit(1);
}

static pid_t fork_executor(struct run *run, int *go)
{
	int fds[2];
	pid_t child;

	if (pipe(fds))
		run_broken(run, "pipe: %s", strerror(errno));
	child = fork();
	if (child < 0)
		run_broken(run, "fork: %s", strerror(errno));
	if (child == 0) {
		int null = open("/dev/null", O_WRONLY);

		run_forget(run);
		dup2(null, STDOUT_FILENO);
		close(fds[1]);
		execute(fds[0]);
	}
	close(fds[0]);
	*go = fds[1];
	return child;
}

static void exec_scenario(struct run *run)
{
	char *at = map_small(run, BYTES);

	while (run_next_round(run)) {
		struct sweep *sweep;
		pid_t child;
		int go;

		fill_pattern(at, BYTES, 1);
		child = fork_executor(run, &go);
		run_bind_other(run, child);
		sweep = sweep_start(run, at, BYTES, SMALL_PAGE,
				    SWEEP_LOAD_STORE);
		sweep_wait_pass(sweep);

		operation_begin(run, "exec", at, BYTES);
		if (write(go, "", 1) != 1)
			run_broken(run, "pipe: %s", strerror(errno));
		run_wait_released(run);
		operation_end(run);
		run_check(run);
		sweep_stop(sweep);
		close(go);
		child_end(run, child);
	}
}

SCENARIO(exec) = {
	.name = "exec",
	.title = "executes a program in place of one whose memory the device writes to",
	.run = exec_scenario,
};

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The memory of a killed process is taken away before it has exited, as the OOM
 * killer does: the page tables stay, and with them the device. So that it does
 * not exit by itself meanwhile, it is traced, and stops at its end.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runner/fixture.h"
#include "fixtures/scenario.h"
#include "model/wait_until.h"

#ifndef SYS_process_mrelease
#define SYS_process_mrelease	448
#endif

/* More than the LRU batches of a CPU hold back from being freed. */
#define BYTES	(64 * SMALL_PAGE)

/* A page request of the device is a user of the memory for a moment. */
#define BUSY_S	5

static void wait_stopped(struct run *run, pid_t child)
{
	int status;

	if (waitpid(child, &status, 0) != child || !WIFSTOPPED(status))
		run_broken(run, "the child did not stop");
}

static void trace(struct run *run, int request, pid_t child, long data)
{
	if (ptrace(request, child, NULL, data))
		run_broken(run, "ptrace: %s", strerror(errno));
}

/* With pages of its own: what others share is not freed. */
static pid_t fork_victim(struct run *run, void *at)
{
	pid_t child = fork();

	if (child < 0)
		run_broken(run, "fork: %s", strerror(errno));
	if (child == 0) {
		run_forget(run);
		if (ptrace(PTRACE_TRACEME, 0, NULL, NULL))
			_exit(1);
		fill_pattern(at, BYTES, 2);
		raise(SIGSTOP);
		for (;;)
			pause();
	}
	wait_stopped(run, child);
	trace(run, PTRACE_SETOPTIONS, child,
	      PTRACE_O_TRACEEXIT | PTRACE_O_EXITKILL);
	trace(run, PTRACE_CONT, child, 0);
	return child;
}

static int pidfd_of(struct run *run, pid_t child)
{
	int pidfd = syscall(SYS_pidfd_open, child, 0);

	if (pidfd < 0)
		run_broken(run, "pidfd_open: %s", strerror(errno));
	return pidfd;
}

/* Of no process at all: whether there is such a system call. */
static void need_mrelease(struct run *run)
{
	if (syscall(SYS_process_mrelease, -1, 0) == 0 || errno != EBADF)
		run_skip(run, "this kernel has no process_mrelease(); it needs CONFIG_MMU=y");
}

static int mrelease_once(int pidfd)
{
	return syscall(SYS_process_mrelease, pidfd, 0) ? errno : 0;
}

static void release_memory(struct run *run, pid_t child)
{
	int pidfd = pidfd_of(run, child);
	int error;

	wait_until((error = mrelease_once(pidfd)) != EINVAL && error != EAGAIN,
		   BUSY_S);
	close(pidfd);
	if (error)
		run_broken(run, "process_mrelease: %s", strerror(error));
}

static void mrelease(struct run *run)
{
	char *at = map_small(run, BYTES);

	need_mrelease(run);
	while (run_next_round(run)) {
		struct sweep *sweep;
		pid_t victim;

		fill_pattern(at, BYTES, 1);
		victim = fork_victim(run, at);
		run_bind_other(run, victim);
		sweep = sweep_start(run, at, BYTES, SMALL_PAGE,
				    SWEEP_LOAD_STORE);
		sweep_wait_pass(sweep);

		kill(victim, SIGKILL);
		wait_stopped(run, victim);
		operation_begin(run, "process_mrelease()", at, BYTES);
		release_memory(run, victim);
		operation_end(run);

		run_check(run);
		sweep_stop(sweep);
		trace(run, PTRACE_DETACH, victim, 0);
		child_end(run, victim);
	}
}

SCENARIO(mrelease) = {
	.name = "mrelease",
	.title = "takes the memory of a killed process away, by process_mrelease()",
	.run = mrelease,
};

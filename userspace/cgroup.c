// SPDX-License-Identifier: GPL-2.0-only
/*
 * A memory cgroup for one run, so that the kernel reclaims from it and from
 * nobody else. As with settings, another process takes it away when the run has
 * ended, however that was: it can't be removed with the run in it.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "cgroup.h"
#include "run.h"

#define ROOT		"/sys/fs/cgroup"
#define SUBTREE		ROOT "/cgroup.subtree_control"

#define PATH_SIZE	128

/* The kernel lets go of a dead process a little later. */
#define TRIES		1000

static bool put(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY);
	ssize_t length = strlen(value);
	bool done;

	if (fd < 0)
		return false;
	done = write(fd, value, length) == length;
	close(fd);
	return done;
}

static bool names_memory(const char *path)
{
	int fd = open(path, O_RDONLY);
	char names[512] = " ";
	ssize_t length;

	if (fd < 0)
		return false;
	length = read(fd, names + 1, sizeof(names) - 3);
	close(fd);
	if (length < 0)
		return false;
	names[1 + length] = '\0';
	names[strcspn(names, "\n")] = ' ';
	return strstr(names, " memory ");
}

static void path_of_run(char path[PATH_SIZE], pid_t run, const char *file)
{
	snprintf(path, PATH_SIZE, ROOT "/devtlb.%d%s", run, file);
}

static void keeper(int run_pidfd, pid_t run, bool enabled)
	__attribute__((noreturn));

static void keeper(int run_pidfd, pid_t run, bool enabled)
{
	struct pollfd dies = { .fd = run_pidfd, .events = POLLIN };
	struct timespec nap = { .tv_nsec = 1000000 };
	char path[PATH_SIZE];
	int tries;

	while (poll(&dies, 1, -1) < 0 && errno == EINTR)
		;
	path_of_run(path, run, "");
	for (tries = 0; tries < TRIES && rmdir(path) && errno == EBUSY; tries++)
		nanosleep(&nap, NULL);
	if (enabled)
		put(SUBTREE, "-memory");
	_exit(0);
}

static void fork_keeper(struct run *run, bool enabled)
{
	pid_t self = getpid();
	int run_pidfd = syscall(SYS_pidfd_open, self, 0);
	sigset_t all, before;
	pid_t pid;

	if (run_pidfd < 0)
		run_broken(run, "pidfd_open: %s", strerror(errno));
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	pid = fork();
	if (pid == 0) {
		client_close(run_client(run));
		keeper(run_pidfd, self, enabled);
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	close(run_pidfd);
	if (pid < 0)
		run_broken(run, "fork: %s", strerror(errno));
	/* Out of the group that is killed at a time-out. */
	setpgid(pid, pid);
}

void cgroup_enter(struct run *run)
{
	bool enabled = names_memory(SUBTREE);
	char path[PATH_SIZE], self[16];

	if (!names_memory(ROOT "/cgroup.controllers"))
		run_skip(run, "no memory controller at " ROOT "; mount -t cgroup2 none " ROOT);
	fork_keeper(run, !enabled);
	if (!enabled && !put(SUBTREE, "+memory"))
		run_skip(run, "cannot enable the memory controller in %s: %s",
			 SUBTREE, strerror(errno));
	path_of_run(path, getpid(), "");
	if (mkdir(path, 0755))
		run_skip(run, "mkdir %s: %s", path, strerror(errno));
	path_of_run(path, getpid(), "/cgroup.procs");
	snprintf(self, sizeof(self), "%d", getpid());
	if (!put(path, self))
		run_skip(run, "%s: %s", path, strerror(errno));
	path_of_run(path, getpid(), "/memory.reclaim");
	if (access(path, W_OK))
		run_skip(run, "this kernel has no memory.reclaim (Linux 5.19)");
}

void cgroup_reclaim(struct run *run, size_t bytes)
{
	char path[PATH_SIZE], amount[32];

	path_of_run(path, getpid(), "/memory.reclaim");
	snprintf(amount, sizeof(amount), "%zu", bytes);
	if (!put(path, amount) && errno != EAGAIN)
		run_broken(run, "%s: %s", path, strerror(errno));
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * A run may end at any moment: by itself, by SIGKILL at its time-out, or with
 * the tool. So another process, the keeper, waits for its death and puts back
 * what it changed. The keeper holds the pipe of the run's result open, and the
 * tool reads that to its end: it starts no other run before. What the time-out
 * or another tool starts waits for the lock of each file.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "run.h"
#include "setting.h"

#define SETTINGS_MAX	8
#define VALUE_MAX	64

/**
 * struct kept - a setting that is put back
 * @path: the file
 * @fd: the file, locked
 * @before: what it said
 */
struct kept {
	const char *path;
	int fd;
	char before[VALUE_MAX];
};

static int close_all(struct kept *kept, size_t nr)
{
	while (nr > 0)
		close(kept[--nr].fd);
	return -1;
}

/* Files that list their choices have the chosen one as "always [madvise]". */
static void only_chosen(char *value)
{
	char *open = strchr(value, '[');
	char *close = open ? strchr(open, ']') : NULL;

	if (close) {
		*close = '\0';
		memmove(value, open + 1, close - open);
	}
}

static int keep(struct kept *kept, const struct setting *setting)
{
	ssize_t length;

	kept->path = setting->path;
	kept->fd = open(setting->path, O_RDONLY);
	if (kept->fd < 0)
		return -1;
	/* Whoever has it locked puts it back when it ends. */
	flock(kept->fd, LOCK_EX);
	length = read(kept->fd, kept->before, VALUE_MAX - 1);
	if (length <= 0) {
		close(kept->fd);
		return -1;
	}
	kept->before[length] = '\0';
	only_chosen(kept->before);
	return 0;
}

static int keep_all(struct kept *kept, const struct setting *settings, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		if (keep(&kept[i], &settings[i]))
			return close_all(kept, i);
	}
	return 0;
}

static bool put(const char *path, const char *value)
{
	ssize_t length = strlen(value);
	/* Anew, for not all of them can be written to after they were read. */
	int fd = open(path, O_WRONLY);
	bool done;

	if (fd < 0)
		return false;
	done = write(fd, value, length) == length;
	close(fd);
	return done;
}

static void keeper(int run_pidfd, const struct kept *kept, size_t nr)
	__attribute__((noreturn));

static void keeper(int run_pidfd, const struct kept *kept, size_t nr)
{
	struct pollfd dies = { .fd = run_pidfd, .events = POLLIN };

	while (poll(&dies, 1, -1) < 0 && errno == EINTR)
		;
	while (nr > 0) {
		nr--;
		put(kept[nr].path, kept[nr].before);
	}
	_exit(0);
}

static void fork_keeper(struct run *run, const struct kept *kept, size_t nr)
{
	int run_pidfd = syscall(SYS_pidfd_open, getpid(), 0);
	sigset_t all, before;
	pid_t pid;

	if (run_pidfd < 0)
		run_broken(run, "pidfd_open: %s", strerror(errno));
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	pid = fork();
	if (pid == 0) {
		/* The device is not to outlive the run because of it. */
		client_close(run_client(run));
		keeper(run_pidfd, kept, nr);
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	close(run_pidfd);
	if (pid < 0)
		run_broken(run, "fork: %s", strerror(errno));
	/* Out of the group that is killed at a time-out. */
	setpgid(pid, pid);
}

void setting_change_again(struct run *run, const struct setting *setting)
{
	if (!put(setting->path, setting->value))
		run_skip(run, "cannot write %s to %s: %s", setting->value,
			 setting->path, strerror(errno));
}

bool setting_try(const struct setting *setting)
{
	return put(setting->path, setting->value);
}

bool settings_change(struct run *run, const struct setting *settings, size_t nr)
{
	struct kept kept[SETTINGS_MAX];
	size_t i;

	if (nr > SETTINGS_MAX)
		run_broken(run, "more than %d settings", SETTINGS_MAX);
	if (keep_all(kept, settings, nr))
		return false;
	fork_keeper(run, kept, nr);
	for (i = 0; i < nr; i++) {
		if (settings[i].value)
			setting_change_again(run, &settings[i]);
	}
	/* The locks are the keeper's, too, and stay. */
	close_all(kept, nr);
	return true;
}

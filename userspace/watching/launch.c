// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/command.h"
#include "watching/launch.h"

/* What a process inherits and we change, and what it does not inherit. */
struct inherited {
	sigset_t blocked;
	struct sigaction child_action;
	int parent_death_signal;
};

static int prepare_failed(const char *what)
{
	fprintf(stderr, "devtlb: cannot %s: %s\n", what, strerror(errno));
	return EXIT_USAGE;
}

/* Out of the way of those that have fixed numbers, even if they are closed. */
static int open_link(int link[2])
{
	int pair[2];
	int i;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return -1;
	for (i = 0; i < 2; i++) {
		link[i] = fcntl(pair[i], F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
		close(pair[i]);
	}
	return link[0] < 0 || link[1] < 0 ? -1 : 0;
}

static void execute(const struct inherited *inherited, int link,
		    char **command) __attribute__((noreturn));

static void execute(const struct inherited *inherited, int link,
		    char **command)
{
	ssize_t got;
	char go;
	int err;

	/* Whoever wanted us to end with our parent wanted the program to. */
	prctl(PR_SET_PDEATHSIG, inherited->parent_death_signal);
	sigaction(SIGCHLD, &inherited->child_action, NULL);
	sigprocmask(SIG_SETMASK, &inherited->blocked, NULL);
	do
		got = read(link, &go, sizeof(go));
	while (got < 0 && errno == EINTR);
	if (got == sizeof(go)) {
		execvp(command[0], command);
		err = errno;
		send(link, &err, sizeof(err), MSG_NOSIGNAL);
	}
	_exit(EXIT_USAGE);
}

/*
 * Who is at the other end of a pipe must see it closed when the program closes
 * it, and not when we end.
 */
static void let_go(int link)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	if (fcntl(STDERR_FILENO, F_GETFD) < 0)
		dup2(null, STDERR_FILENO);
	close_range(STDERR_FILENO + 1, link - 1, 0);
	close_range(link + 1, ~0U, 0);
}

int launch_prepare(struct launch *launch, char **command)
{
	struct sigaction by_default = { .sa_handler = SIG_DFL };
	struct inherited inherited;
	sigset_t all;
	int link[2];

	if (open_link(link) < 0)
		return prepare_failed("make a socket");
	prctl(PR_GET_PDEATHSIG, &inherited.parent_death_signal);
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &inherited.blocked);
	/* Where it is ignored, there is nothing to wait for. */
	sigaction(SIGCHLD, &by_default, &inherited.child_action);
	launch->pid = fork();
	if (launch->pid < 0)
		return prepare_failed("fork");
	if (launch->pid == 0) {
		close(link[0]);
		execute(&inherited, link[1], command);
	}
	close(link[1]);
	launch->link = link[0];
	let_go(launch->link);
	return 0;
}

int launch_go(struct launch *launch)
{
	int err = 0;

	/* That it has ended since will show when somebody waits for it. */
	send(launch->link, "", 1, MSG_NOSIGNAL);
	if (recv(launch->link, &err, sizeof(err), MSG_WAITALL) != sizeof(err))
		err = 0;
	close(launch->link);
	if (err)
		waitpid(launch->pid, NULL, 0);
	return err;
}

void launch_cancel(struct launch *launch)
{
	close(launch->link);
	waitpid(launch->pid, NULL, 0);
}

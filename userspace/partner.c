// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "partner.h"
#include "run.h"
#include "scenario.h"

/**
 * struct partner - a child that waits for work
 * @run: whose
 * @pid: its process
 * @socket: a byte to it: work; an int back: how it went
 */
struct partner {
	struct run *run;
	pid_t pid;
	int socket;
};

static void serve(int socket, int (*work)(void *context), void *context)
	__attribute__((noreturn));

static void serve(int socket, int (*work)(void *context), void *context)
{
	char told;

	while (read(socket, &told, 1) == 1) {
		int err = work(context);

		if (write(socket, &err, sizeof(err)) != sizeof(err))
			break;
	}
	_exit(0);
}

struct partner *partner_start(struct run *run, int (*work)(void *context),
			      void *context)
{
	struct partner *partner = calloc(1, sizeof(*partner));
	int sockets[2];

	if (!partner)
		run_broken(run, "out of memory");
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets))
		run_broken(run, "socketpair: %s", strerror(errno));
	partner->run = run;
	partner->socket = sockets[0];
	partner->pid = fork();
	if (partner->pid < 0)
		run_broken(run, "fork: %s", strerror(errno));
	if (partner->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		run_forget(run);
		close(sockets[0]);
		serve(sockets[1], work, context);
	}
	close(sockets[1]);
	return partner;
}

void partner_work(struct partner *partner, const char *what)
{
	int err;

	if (write(partner->socket, "", 1) != 1 ||
	    read(partner->socket, &err, sizeof(err)) != sizeof(err))
		run_broken(partner->run, "the other process is gone");
	if (err)
		run_broken(partner->run, "%s, in another process: %s", what,
			   strerror(err));
}

void partner_end(struct partner *partner)
{
	close(partner->socket);
	child_end(partner->run, partner->pid);
	free(partner);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * A finding that is raised while "devtlb monitor" begins: it is heard of. Prints
 * TAP.
 *
 * Usage: monitor TOOL, which is one that waits in between: see held.c.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"
#include "held.h"
#include "model/mutant.h"
#include "model/wait_until.h"

#define PAGE		4096UL
#define PATIENCE_S	30
#define HEARD		"/tmp/heard"

static pid_t start_monitor(const char *tool)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	if (!freopen(HEARD, "w", stdout))
		_exit(126);
	execl(tool, tool, "monitor", NULL);
	_exit(127);
}

static bool was_heard(void)
{
	return system("grep -q FINDING " HEARD) == 0;
}

/* The device keeps what it may not write to any more: one finding. */
static int raise_finding(uint32_t pasid, char *page)
{
	struct client_audit audit = { };
	int err;

	mprotect(page, PAGE, PROT_READ);
	err = client_audit(client, pasid, &audit);
	return err ? : !audit.breaches;
}

int main(int argc, char **argv)
{
	static const struct mutant drop = { .kind = DEVTLB_MUTANT_DROP };
	char *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct client_prefetch prefetch = { };
	uint32_t pasid = 0;
	int err, status = -1;
	pid_t monitor;

	if (argc != 2)
		return 2;
	setvbuf(stdout, NULL, _IOLBF, 0);
	client = connect_or_bail_out();
	*(volatile char *)page = 1;
	err = client_bind(client, 0, false, &pasid) ? :
	      client_mutant_add(client, pasid, &drop) ? :
	      client_prefetch(client, pasid, (uintptr_t)page, PAGE, true, false,
			      &prefetch);
	monitor = start_monitor(argv[1]);
	wait_until(access(HELD, F_OK) == 0, PATIENCE_S);
	err = err ? : raise_finding(pasid, page);
	/* What is there when it goes on is there for good. */
	fclose(fopen(LET_GO, "w"));
	wait_until(was_heard(), PATIENCE_S);
	report(!err && was_heard(),
	       "a finding that is raised while monitor begins is heard of",
	       "error %d", err);
	kill(monitor, SIGINT);
	waitpid(monitor, &status, 0);
	report(WIFEXITED(status) && WEXITSTATUS(status) == 1,
	       "... and monitor ends with exit status 1", "status %#x", status);
	client_close(client);
	return 0;
}

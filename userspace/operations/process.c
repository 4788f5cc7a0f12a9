// SPDX-License-Identifier: GPL-2.0-only
/* Processes: fork, vfork, execve, exit. */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

#include "operations/actor.h"
#include "operations/operation.h"
#include "operations/source.h"

static long fork_actor(const long *argument)
{
	pid_t child = fork();

	if (child == 0)
		actor_be(argument[0]);
	return child < 0 ? -errno : 0;
}

/* The child borrows the address space until it exits. */
static long vfork_child(const long *argument)
{
	pid_t child = vfork();

	if (child == 0)
		_exit(0);
	return child < 0 ? -errno : 0;
}

/* What is executed goes on as this actor: see actor_resume(). */
static long execute(const long *argument)
{
	static char resume[sizeof(ACTOR_OPTION) + ADDRESS_MAX + 16];
	static char * const arguments[] = { "devtlb", "fuzz", resume, NULL };
	static char * const environment[] = { NULL };

	snprintf(resume, sizeof(resume), ACTOR_OPTION "%s:%d", actor_address,
		 actor_number);
	execve("/proc/self/exe", arguments, environment);
	return -errno;
}

static long leave(const long *argument)
{
	_exit(0);
}

OPERATION(fork) = {
	.name = "fork",
	.title = "forks another actor",
	.argument = { A_NEW_ONE("actor") },
	PERFORM(fork_actor),
	.effect = EFFECT_FORK,
	.weight = 24,
};

OPERATION(vfork) = {
	.name = "vfork",
	.title = "lends its memory to a child that exits",
	PERFORM(vfork_child),
	.weight = 1,
};

OPERATION(exec) = {
	.name = "exec",
	.title = "executes the same program anew",
	PERFORM(execute),
	.effect = EFFECT_EXEC,
	.weight = 1,
};

OPERATION(exit) = {
	.name = "exit",
	.title = "exits",
	PERFORM(leave),
	.effect = EFFECT_EXIT,
	.weight = 5,
};

SOURCE();

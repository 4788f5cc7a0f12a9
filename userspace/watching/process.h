/* SPDX-License-Identifier: GPL-2.0-only */
/* Processes, as /proc shows them. */
#ifndef PROCESS_H
#define PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/**
 * struct process - a process
 * @pid: its number
 * @parent: its parent's
 * @start: when it began: with @pid, which one it is
 * @kernel: a kernel thread
 * @ended: it runs no more, and waits for its parent to take notice
 */
struct process {
	pid_t pid;
	pid_t parent;
	unsigned long long start;
	bool kernel;
	bool ended;
};

/* False when there is none. */
bool process_read(struct process *process, pid_t pid);
/* Does this very process still run? */
bool process_runs(const struct process *process);
/* Is @pid the process @ancestor, or one that descends from it? */
bool process_descends(pid_t pid, pid_t ancestor);
/* All of them, in an array that the caller frees; returns how many. */
size_t processes_read(struct process **processes);

#endif /* PROCESS_H */

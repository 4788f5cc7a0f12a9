// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "watching/process.h"

/* The kernel's. */
#define PF_KTHREAD	0x00200000

bool process_read(struct process *process, pid_t pid)
{
	unsigned int flags = 0;
	char path[32], text[1024];
	const char *rest = NULL;
	char state = 0;
	FILE *file;
	int got = 0;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	file = fopen(path, "re");
	if (!file)
		return false;
	/* A name may have blanks and brackets. */
	if (fgets(text, sizeof(text), file))
		rest = strrchr(text, ')');
	fclose(file);
	*process = (struct process) { .pid = pid };
	if (rest)
		got = sscanf(rest, ") %c %d %*d %*d %*d %*d %u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu",
			     &state, &process->parent, &flags, &process->start);
	process->kernel = flags & PF_KTHREAD;
	process->ended = state == 'Z' || state == 'X';
	return got == 4;
}

bool process_runs(const struct process *process)
{
	struct process now;

	return process_read(&now, process->pid) && !now.ended &&
	       now.start == process->start;
}

bool process_descends(pid_t pid, pid_t ancestor)
{
	struct process process;

	while (pid != ancestor) {
		if (pid <= 1 || !process_read(&process, pid))
			return false;
		pid = process.parent;
	}
	return true;
}

size_t processes_read(struct process **processes)
{
	DIR *directory = opendir("/proc");
	struct process *all = NULL;
	struct dirent *entry;
	size_t nr = 0;

	while (directory && (entry = readdir(directory))) {
		pid_t pid = atoi(entry->d_name);

		if (pid <= 0)
			continue;
		all = reallocarray(all, nr + 1, sizeof(*all));
		if (!all)
			abort();
		nr += process_read(&all[nr], pid);
	}
	if (directory)
		closedir(directory);
	*processes = all;
	return nr;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands between a program and whoever started us: what is sent to us reaches
 * the program, and what becomes of the program becomes of us. All signals are
 * blocked while it works; see launch.h.
 */
#ifndef RELAY_H
#define RELAY_H

#include <stdbool.h>
#include <sys/types.h>

/**
 * struct relay - a program that runs
 * @pid: its process, our child
 * @stopped: by job control
 * @ended: it is over
 * @status: then, as waitpid() has it
 */
struct relay {
	pid_t pid;
	bool stopped;
	bool ended;
	int status;
};

/* Works for so many seconds; returns early when the program has ended. */
void relay_for(struct relay *relay, double seconds);
/* As the shell counts it: 128 + N when signal N killed it. */
int relay_exit_status(const struct relay *relay);
/* Returns the exit status, unless a signal killed the program: then us, too. */
int relay_end_alike(const struct relay *relay);

#endif /* RELAY_H */

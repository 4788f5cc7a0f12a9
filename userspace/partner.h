/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Another process that does to a run's memory what the run's own process does
 * not: through a file, or from outside. A child as fork() leaves it.
 */
#ifndef PARTNER_H
#define PARTNER_H

#include <sys/types.h>

struct run;
struct partner;

/*
 * @work: in the child, each time it is told to; returns 0, or an errno.
 * What it needs has to be there before.
 */
struct partner *partner_start(struct run *run, int (*work)(void *context),
			      void *context);
/* Returns when it has done it; @what: for the message that it failed. */
void partner_work(struct partner *partner, const char *what);
void partner_end(struct partner *partner);

#endif /* PARTNER_H */

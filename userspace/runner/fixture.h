/* SPDX-License-Identifier: GPL-2.0-only */
/* A run, as the fixtures that scenarios are written with see it. */
#ifndef FIXTURE_H
#define FIXTURE_H

#include <stdint.h>

#include "model/registry.h"

struct client;
struct run;

/**
 * struct fixture - something that must be there before any scenario begins
 * @prepare: makes it, in the run's own process, before memory is bound
 */
struct fixture {
	void (*prepare)(struct run *run);
};

#define FIXTURE(id) REGISTER(fixtures, struct fixture, id)

struct client *run_client(struct run *run);
uint32_t run_pasid(struct run *run);
uint32_t run_check_every(const struct run *run);
/* In a forked child: let go of what would keep the run from ending. */
void run_forget(struct run *run);

#endif /* FIXTURE_H */

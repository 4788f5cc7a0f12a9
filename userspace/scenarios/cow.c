// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copy on write: the seed of rule B. The child keeps the old pages, so they are
 * freed only when the child ends: until then a device that was not told goes on
 * reading them.
 */
#include "fixtures/scenario.h"

/* A fork and an audit for so many copies. */
#define PAGES	64
#define BYTES	(PAGES * SMALL_PAGE)

#define OLD(round)	(0x0100000000000000ULL | (round))
#define NEW(round)	(0x0200000000000000ULL | (round))

static void cow(struct run *run)
{
	void *at = map_small(run, BYTES);
	struct sweep *sweep;
	uint64_t round;

	/* The device is not to see the zero page here. */
	fill_pattern(at, BYTES, OLD(1));
	sweep = sweep_start(run, at, BYTES, SMALL_PAGE, SWEEP_LOAD);
	for (round = 1; run_next_round(run); round++) {
		pid_t child;

		fill_pattern(at, BYTES, OLD(round));
		child = child_fork(run);
		sweep_wait_pass(sweep);

		operation_begin(run, "copy on write", at, BYTES);
		fill_pattern(at, BYTES, NEW(round));
		operation_end(run);
		sweep_wait_pass(sweep);

		child_end(run, child);
		run_check(run);
	}
	sweep_stop(sweep);
}

SCENARIO(cow) = {
	.name = "cow",
	.title = "writes to pages that a child shares",
	.run = cow,
};

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copy on write: the seed of rule B. The child keeps the old page, so it is
 * freed only when the child ends: until then a device that was not told goes on
 * reading it.
 */
#include "scenario.h"

#define OLD(round)	(0x0100000000000000ULL | (round))
#define NEW(round)	(0x0200000000000000ULL | (round))

static void cow(struct run *run)
{
	volatile uint64_t *page = map_small(run, SMALL_PAGE);
	uint64_t round;

	for (round = 1; run_next_round(run); round++) {
		struct sweep *sweep;
		pid_t child;

		page[0] = OLD(round);
		child = child_fork(run);
		sweep = sweep_start(run, (void *)page, SMALL_PAGE, SMALL_PAGE,
				    SWEEP_LOAD);
		sweep_wait_pass(sweep);

		page[0] = NEW(round);
		sweep_wait_pass(sweep);

		child_end(run, child);
		run_check(run);
		sweep_stop(sweep);
	}
}

SCENARIO(cow) = {
	.name = "cow",
	.title = "writes to a page that a child shares",
	.sites = SITES_OF_BOTH(.reach = { "wp_page_copy" },
				.drop = { "wp_page_copy" }),
	.run = cow,
};

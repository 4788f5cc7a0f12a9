// SPDX-License-Identifier: GPL-2.0-only
/*
 * fork() makes the parent's private hugetlbfs pages read-only; a device that was
 * not told goes on writing.
 */
#include "fixtures/scenario.h"

#define BYTES	(2 * LARGE_PAGE)

static void hugetlb_fork(struct run *run)
{
	void *at = map_hugetlb(run, BYTES);
	struct sweep *sweep = sweep_start(run, at, BYTES, LARGE_PAGE / 16,
					  SWEEP_COUNT);

	while (run_next_round(run)) {
		pid_t child;

		sweep_wait_pass(sweep);
		operation_begin(run, "fork()", at, BYTES);
		child = child_fork(run);
		operation_end(run);
		/* What the device stores to is copied from here on. */
		sweep_wait_pass(sweep);

		run_check(run);
		sweep_check_stored(sweep);
		child_end(run, child);
	}
	sweep_stop_stored(sweep);
}

SCENARIO(hugetlb_fork) = {
	.name = "hugetlb-fork",
	.title = "forks while the device writes to hugetlbfs pages",
	.run = hugetlb_fork,
};

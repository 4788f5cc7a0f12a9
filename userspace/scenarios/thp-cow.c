// SPDX-License-Identifier: GPL-2.0-only
/* Copy on write of 4K in a large page that a child shares: split, then copy. */
#include <sys/mman.h>

#include "fixtures/scenario.h"

static void thp_cow(struct run *run)
{
	uint64_t round;

	for (round = 2; run_next_round(run); round++) {
		char *at = map_large(run, LARGE_PAGE);
		struct sweep *sweep;
		pid_t child;

		fill_pattern(at, LARGE_PAGE, 1);
		child = child_fork(run);
		sweep = sweep_start(run, at, LARGE_PAGE, LARGE_PAGE / 16,
				    SWEEP_LOAD);
		sweep_wait_pass(sweep);

		operation_begin(run, "copy on write", at, LARGE_PAGE);
		*(volatile uint64_t *)(at + LARGE_PAGE / 2) = round;
		operation_end(run);
		sweep_wait_pass(sweep);

		run_check(run);
		sweep_stop(sweep);
		child_end(run, child);
		munmap(at, LARGE_PAGE);
	}
}

SCENARIO(thp_cow) = {
	.name = "thp-cow",
	.title = "writes to 4K of a transparent huge page that a child shares",
	.run = thp_cow,
};

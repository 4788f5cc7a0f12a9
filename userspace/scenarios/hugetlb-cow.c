// SPDX-License-Identifier: GPL-2.0-only
/* Copy on write of a hugetlbfs page: the entry goes to another page of 2M. */
#include <sys/mman.h>

#include "fixtures/scenario.h"

static void hugetlb_cow(struct run *run)
{
	char *at = map_hugetlb(run, LARGE_PAGE);
	/* Every 4K, so that a fractured translation is held whole. */
	struct sweep *sweep = sweep_start(run, at, LARGE_PAGE, SMALL_PAGE,
					  SWEEP_LOAD);
	uint64_t round;

	for (round = 2; run_next_round(run); round++) {
		pid_t child = child_fork(run);

		sweep_wait_pass(sweep);

		operation_begin(run, "copy on write", at, LARGE_PAGE);
		*(volatile uint64_t *)(at + LARGE_PAGE / 2) = round;
		operation_end(run);
		sweep_wait_pass(sweep);

		run_check(run);
		child_end(run, child);
	}
	sweep_stop(sweep);
}

SCENARIO(hugetlb_cow) = {
	.name = "hugetlb-cow",
	.title = "writes to a hugetlbfs page that a child shares",
	.run = hugetlb_cow,
};

SCENARIO(hugetlb_cow_fractured) = {
	.name = "hugetlb-cow-fractured",
	.title = "writes to a hugetlbfs page that the device holds in pieces of 4K",
	.shows = "N1",
	.fracture = true,
	.run = hugetlb_cow,
};

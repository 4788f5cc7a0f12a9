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
		child = child_fork(run);
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
	.sites = {
		[DEVTLB_CALLBACK_INVALIDATE_RANGE] = {
			.reach = { "copy_hugetlb_page_range" },
			.drop = { "copy_hugetlb_page_range" },
		},
		/* One flush for all that was copied. */
		[DEVTLB_CALLBACK_ARCH_INVALIDATE] = {
			.reach = { "dup_mmap" },
			.drop = { "dup_mmap" },
		},
	},
	.run = hugetlb_fork,
};

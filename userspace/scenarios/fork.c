// SPDX-License-Identifier: GPL-2.0-only
/*
 * fork() makes the parent's pages read-only; a device that was not told goes on
 * writing.
 */
#include "fixtures/scenario.h"

#define BYTES	(16 * SMALL_PAGE)

static void fork_scenario(struct run *run)
{
	char *at = map_small(run, BYTES);
	struct sweep *sweep;

	fill_pattern(at, BYTES, 1);
	sweep = sweep_start(run, at, BYTES, SMALL_PAGE, SWEEP_LOAD_STORE);
	while (run_next_round(run)) {
		pid_t child;

		sweep_wait_pass(sweep);
		child = child_fork(run);
		sweep_wait_pass(sweep);

		run_check(run);
		sweep_check_stored(sweep);
		child_end(run, child);
	}
	sweep_stop_stored(sweep);
}

SCENARIO(fork) = {
	.name = "fork",
	.title = "forks while the device writes",
	.sites = {
		[DEVTLB_CALLBACK_INVALIDATE_RANGE] = {
			.reach = { "copy_page_range" },
			.drop = { "copy_page_range" },
		},
		[DEVTLB_CALLBACK_ARCH_INVALIDATE] = {
			.reach = { "dup_mmap" },
			.drop = { "dup_mmap" },
		},
	},
	.run = fork_scenario,
};

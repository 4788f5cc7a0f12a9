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
		operation_begin(run, "fork()", at, BYTES);
		child = child_fork(run);
		operation_end(run);
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
	.run = fork_scenario,
};

// SPDX-License-Identifier: GPL-2.0-only
/*
 * A process is killed while the device uses its memory: ->release is the last
 * that the device hears. Another process, so that there is somebody left to
 * tell.
 */
#include "fixtures/scenario.h"

/*
 * Twice what a CPU's batch for the LRU takes and more: a page in there is not
 * freed with its process where nobody drains it (Linux 7.3 does not at exit).
 */
#define BYTES	(64 * SMALL_PAGE)

static void exit_scenario(struct run *run)
{
	char *at = map_small(run, BYTES);

	while (run_next_round(run)) {
		struct sweep *sweep;
		pid_t victim;

		fill_pattern(at, BYTES, 1);
		victim = child_fork(run);
		run_bind_other(run, victim);
		sweep = sweep_start(run, at, BYTES, SMALL_PAGE,
				    SWEEP_LOAD_STORE);
		sweep_wait_pass(sweep);

		operation_begin(run, "exit", at, BYTES);
		child_end(run, victim);
		run_wait_released(run);
		operation_end(run);
		run_check(run);
		sweep_stop(sweep);
	}
}

SCENARIO(exit) = {
	.name = "exit",
	.title = "kills a process whose memory the device writes to",
	.run = exit_scenario,
};

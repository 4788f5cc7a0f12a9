// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "fixtures/scenario.h"

/* More than the LRU batches of a CPU hold back from being freed. */
#define BYTES	(64 * SMALL_PAGE)

static void munmap_scenario(struct run *run)
{
	while (run_next_round(run)) {
		char *at = map_small(run, BYTES);
		struct sweep *sweep;

		fill_pattern(at, BYTES, 1);
		sweep = sweep_start(run, at, BYTES, SMALL_PAGE,
				    SWEEP_LOAD_STORE);
		sweep_wait_pass(sweep);

		operation_begin(run, "munmap()", at, BYTES);
		if (munmap(at, BYTES))
			run_broken(run, "munmap: %s", strerror(errno));
		operation_end(run);

		run_check(run);
		sweep_stop(sweep);
	}
}

SCENARIO(munmap) = {
	.name = "munmap",
	.title = "unmaps memory that the device writes to",
	.run = munmap_scenario,
};

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Invalidations overtake fills: the device walks the page table all the time
 * while pages come and go. What it walked before an invalidation must not be
 * installed after it.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "fixtures/scenario.h"

#define BYTES	(64 * SMALL_PAGE)
#define CHECKS	10
#define LOOPS	5

static void refill_once(struct run *run, void *at, uint64_t pattern)
{
	if (madvise(at, BYTES, MADV_DONTNEED))
		run_broken(run, "madvise(MADV_DONTNEED): %s", strerror(errno));
	fill_pattern(at, BYTES, pattern);
}

static void refill(struct run *run)
{
	/* Longer than it takes to install what was walked. */
	struct timespec nap = { .tv_nsec = 5000000 };
	char *at = map_small(run, BYTES);
	struct sweep *sweep = sweep_start(run, at, BYTES, SMALL_PAGE,
					  SWEEP_LOAD_STORE);

	while (run_next_round(run)) {
		int check, loop;

		for (check = 0; check < CHECKS; check++) {
			operation_begin(run, "MADV_DONTNEED", at, BYTES);
			for (loop = 0; loop < LOOPS; loop++)
				refill_once(run, at, loop);
			operation_end(run);
			/* Not a pass: that would replace what is stale. */
			nanosleep(&nap, NULL);
			run_check(run);
		}
		sweep_wait_pass(sweep);
		sweep_check_stored(sweep);
	}
	sweep_stop_stored(sweep);
}

SCENARIO(refill) = {
	.name = "refill",
	.title = "gives up memory and touches it while the device translates it again",
	.run = refill,
};

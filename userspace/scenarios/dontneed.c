// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "scenario.h"

/* More than the LRU batches of a CPU hold back from being freed. */
#define BYTES	(64 * SMALL_PAGE)

static void dontneed(struct run *run)
{
	char *at = map_small(run, BYTES);
	struct sweep *sweep = sweep_start(run, at, BYTES, SMALL_PAGE,
					  SWEEP_LOAD_STORE);

	while (run_next_round(run)) {
		fill_pattern(at, BYTES, 1);
		sweep_wait_pass(sweep);

		if (madvise(at, BYTES, MADV_DONTNEED))
			run_broken(run, "madvise(MADV_DONTNEED): %s",
				   strerror(errno));
		/* The device faults the memory in again, as zeroes. */
		sweep_wait_pass(sweep);

		run_check(run);
		sweep_check_stored(sweep);
	}
	sweep_stop_stored(sweep);
}

SCENARIO(dontneed) = {
	.name = "dontneed",
	.title = "gives up memory that the device writes to, by MADV_DONTNEED",
	.sites = SITES_OF_BOTH(.reach = { "zap_page_range_single" },
				.drop = { "zap_page_range_single" }),
	.run = dontneed,
};

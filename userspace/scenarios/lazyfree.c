// SPDX-License-Identifier: GPL-2.0-only
/*
 * MADV_FREE marks pages clean; reclaim drops those that still are, and keeps
 * those that were written to since. The dirty bit decides, so a device has to
 * set it before it stores, and the page that it stored to must stay.
 */
#include <sys/mman.h>

#include "fixtures/scenario.h"

/* More than the LRU batches of the CPUs hold back from reclaim. */
#define BYTES	(64 * SMALL_PAGE)

static void lazyfree(struct run *run)
{
	char *stored = map_small(run, BYTES);
	char *loaded = map_small(run, BYTES);
	struct sweep *stores = sweep_start(run, stored, BYTES, SMALL_PAGE,
					   SWEEP_LOAD_STORE);
	struct sweep *loads = sweep_start(run, loaded, BYTES, SMALL_PAGE,
					  SWEEP_LOAD);

	while (run_next_round(run)) {
		fill_pattern(stored, BYTES, 1);
		fill_pattern(loaded, BYTES, 1);
		sweep_wait_pass(stores);
		sweep_wait_pass(loads);

		preparation_begin(run, "MADV_FREE", stored, BYTES);
		must_advise(run, stored, BYTES, MADV_FREE, "MADV_FREE");
		operation_end(run);
		must_advise(run, loaded, BYTES, MADV_FREE, "MADV_FREE");
		/* The pages are still there, writable and clean. */
		sweep_wait_pass(stores);
		sweep_wait_pass(loads);
		run_check(run);

		/*
		 * First what is freed: who reclaims more makes up for the
		 * flushes that are still due, and the device would hold nothing
		 * of it any more.
		 */
		operation_begin(run, "reclaim after MADV_FREE", loaded, BYTES);
		must_advise(run, loaded, BYTES, MADV_PAGEOUT, "MADV_PAGEOUT");
		operation_end(run);
		must_advise(run, stored, BYTES, MADV_PAGEOUT, "MADV_PAGEOUT");
		run_check(run);
		sweep_check_stored(stores);
	}
	sweep_stop_stored(stores);
	sweep_stop(loads);
}

SCENARIO(lazyfree) = {
	.name = "lazyfree",
	.title = "reclaims memory after MADV_FREE, of which the device wrote to a part",
	.run = lazyfree,
};

static void thp_lazyfree(struct run *run)
{
	while (run_next_round(run)) {
		char *at = map_large(run, LARGE_PAGE);
		struct sweep *sweep = sweep_start(run, at, LARGE_PAGE,
						  LARGE_PAGE / 16, SWEEP_LOAD);

		sweep_wait_pass(sweep);
		preparation_begin(run, "MADV_FREE", at, LARGE_PAGE);
		must_advise(run, at, LARGE_PAGE, MADV_FREE, "MADV_FREE");
		operation_end(run);
		sweep_wait_pass(sweep);
		run_check(run);

		operation_begin(run, "reclaim after MADV_FREE", at, LARGE_PAGE);
		must_advise(run, at, LARGE_PAGE, MADV_PAGEOUT, "MADV_PAGEOUT");
		operation_end(run);
		run_check(run);
		sweep_stop(sweep);
		munmap(at, LARGE_PAGE);
	}
}

SCENARIO(thp_lazyfree) = {
	.name = "thp-lazyfree",
	.title = "reclaims a transparent huge page after MADV_FREE",
	.run = thp_lazyfree,
};

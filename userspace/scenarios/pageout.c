// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages are written to swap, and freed; the next access brings them back, the
 * device's as well. What it stored last must be what was written.
 */
#include <sys/mman.h>

#include "fixtures/scenario.h"

/* More than the LRU batches of the CPUs hold back from reclaim. */
#define BYTES	(64 * SMALL_PAGE)

static void page_out(struct run *run, void *at, size_t bytes)
{
	must_advise(run, at, bytes, MADV_PAGEOUT, "MADV_PAGEOUT");
}

static void pageout(struct run *run)
{
	struct sweep *sweep;
	void *at;

	need_swap(run);
	at = map_small(run, BYTES);
	fill_pattern(at, BYTES, 1);
	sweep = sweep_start(run, at, BYTES, SMALL_PAGE, SWEEP_COUNT);
	while (run_next_round(run)) {
		sweep_wait_pass(sweep);
		operation_begin(run, "swap-out", at, BYTES);
		page_out(run, at, BYTES);
		operation_end(run);
		run_check(run);

		sweep_wait_pass(sweep);
		sweep_check_stored(sweep);
	}
	sweep_stop_stored(sweep);
}

SCENARIO(pageout) = {
	.name = "pageout",
	.title = "swaps out pages that the device writes to, by MADV_PAGEOUT",
	.run = pageout,
};

static void thp_pageout(struct run *run)
{
	need_swap(run);
	while (run_next_round(run)) {
		char *at = map_large(run, LARGE_PAGE);
		struct sweep *sweep = sweep_start(run, at, LARGE_PAGE,
						  LARGE_PAGE / 16, SWEEP_COUNT);

		sweep_wait_pass(sweep);
		operation_begin(run, "swap-out", at, LARGE_PAGE);
		page_out(run, at, LARGE_PAGE);
		operation_end(run);
		run_check(run);

		sweep_wait_pass(sweep);
		sweep_stop_stored(sweep);
		munmap(at, LARGE_PAGE);
	}
}

SCENARIO(thp_pageout) = {
	.name = "thp-pageout",
	.title = "swaps out a transparent huge page that the device writes to",
	.run = thp_pageout,
};

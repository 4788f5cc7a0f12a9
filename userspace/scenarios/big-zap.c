// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel gathers pages before it frees them, as many as it can remember. Of
 * more it frees the first ones halfway, and must have told the device by then.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "scenario.h"

/* The kernel remembers about 10000. */
#define PAGES	10240
#define BYTES	(PAGES * SMALL_PAGE)

#define STRIDE	(BYTES / 64)

static void big_zap(struct run *run)
{
	char *at = map_small(run, BYTES);
	struct sweep *sweep = sweep_start(run, at, BYTES, STRIDE,
					  SWEEP_LOAD_STORE);

	while (run_next_round(run)) {
		fill_pattern(at, BYTES, 1);
		sweep_wait_pass(sweep);

		if (madvise(at, BYTES, MADV_DONTNEED))
			run_broken(run, "madvise(MADV_DONTNEED): %s",
				   strerror(errno));
		sweep_wait_pass(sweep);

		run_check(run);
		sweep_check_stored(sweep);
	}
	sweep_stop_stored(sweep);
}

SCENARIO(big_zap) = {
	.name = "big-zap",
	.title = "gives up more memory than the kernel frees at once",
	/* Each round faults 40M in. */
	.slow = true,
	/* It tells halfway, and at the end. */
	.sites = SITES_OF_BOTH(.reach = { "unmap_page_range|tlb_flush_mmu",
					  "tlb_finish_mmu" },
				.drop = { "zap_page_range_single" }),
	.run = big_zap,
};

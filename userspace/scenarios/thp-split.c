// SPDX-License-Identifier: GPL-2.0-only
/*
 * A piece of a large page goes away, so its entry is split. The device holds
 * one translation for all of it, which a notification about the piece must kill
 * whole.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "fixtures/scenario.h"

static void thp_split(struct run *run)
{
	while (run_next_round(run)) {
		char *at = map_large(run, LARGE_PAGE);
		struct sweep *sweep = sweep_start(run, at, LARGE_PAGE,
						  LARGE_PAGE / 16,
						  SWEEP_LOAD_STORE);

		sweep_wait_pass(sweep);

		operation_begin(run, "MADV_DONTNEED", at, LARGE_PAGE);
		if (madvise(at + LARGE_PAGE / 2, SMALL_PAGE, MADV_DONTNEED))
			run_broken(run, "madvise(MADV_DONTNEED): %s",
				   strerror(errno));
		operation_end(run);
		sweep_wait_pass(sweep);

		run_check(run);
		sweep_stop_stored(sweep);
		munmap(at, LARGE_PAGE);
	}
}

SCENARIO(thp_split) = {
	.name = "thp-split",
	.title = "gives up 4K of a transparent huge page",
	.run = thp_split,
};

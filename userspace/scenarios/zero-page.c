// SPDX-License-Identifier: GPL-2.0-only
/*
 * A read maps the shared zero page, which is never freed; a write replaces it.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "fixtures/scenario.h"

static void zero_page(struct run *run)
{
	volatile uint64_t *page = map_small(run, SMALL_PAGE);
	struct sweep *sweep = sweep_start(run, (void *)page, SMALL_PAGE,
					  SMALL_PAGE, SWEEP_LOAD);
	uint64_t round;

	for (round = 1; run_next_round(run); round++) {
		if (madvise((void *)page, SMALL_PAGE, MADV_DONTNEED))
			run_broken(run, "madvise(MADV_DONTNEED): %s",
				   strerror(errno));
		(void)page[0];
		sweep_wait_pass(sweep);

		operation_begin(run, "copy on write", (void *)page, SMALL_PAGE);
		page[0] = round;
		operation_end(run);
		sweep_wait_pass(sweep);

		run_check(run);
	}
	sweep_stop(sweep);
}

SCENARIO(zero_page) = {
	.name = "zero-page",
	.title = "writes where a read mapped the zero page",
	.run = zero_page,
};

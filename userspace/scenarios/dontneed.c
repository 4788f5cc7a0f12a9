// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "fixtures/scenario.h"

/* More than the LRU batches of a CPU hold back from being freed. */
#define BYTES		(64 * SMALL_PAGE)

/* More than the kernel can remember: about 10000 pages. */
#define BIG_BYTES	(10240 * SMALL_PAGE)
#define BIG_STRIDE	(BIG_BYTES / 64)

static void dontneed_rounds(struct run *run, size_t bytes, size_t stride)
{
	char *at = map_small(run, bytes);
	struct sweep *sweep = sweep_start(run, at, bytes, stride,
					  SWEEP_LOAD_STORE);

	while (run_next_round(run)) {
		fill_pattern(at, bytes, 1);
		sweep_wait_pass(sweep);

		operation_begin(run, "MADV_DONTNEED", at, bytes);
		if (madvise(at, bytes, MADV_DONTNEED))
			run_broken(run, "madvise(MADV_DONTNEED): %s",
				   strerror(errno));
		operation_end(run);
		/* The device faults the memory in again, as zeroes. */
		sweep_wait_pass(sweep);

		run_check(run);
		sweep_check_stored(sweep);
	}
	sweep_stop_stored(sweep);
}

static void dontneed(struct run *run)
{
	dontneed_rounds(run, BYTES, SMALL_PAGE);
}

SCENARIO(dontneed) = {
	.name = "dontneed",
	.title = "gives up memory that the device writes to, by MADV_DONTNEED",
	.run = dontneed,
};

/*
 * The kernel gathers pages before it frees them, as many as it can remember. Of
 * more it frees the first ones halfway, and must have told the device by then.
 */
static void big_zap(struct run *run)
{
	dontneed_rounds(run, BIG_BYTES, BIG_STRIDE);
}

SCENARIO(big_zap) = {
	.name = "big-zap",
	.title = "gives up more memory than the kernel frees at once",
	/* Each round faults 40M in. */
	.slow = true,
	.run = big_zap,
};

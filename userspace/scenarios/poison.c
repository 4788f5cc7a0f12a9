// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel takes a page frame away that is going bad, and migrates what is in
 * it; or one that is bad, of which nothing can be saved.
 *
 * The frame is given back to the kernel at once; a run that is killed in
 * between leaves one 4K page out of use until the next boot.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "fixtures/scenario.h"

#define BYTES	(16 * SMALL_PAGE)

/* The page that is taken away. */
#define BAD	(8 * SMALL_PAGE)

static void soft_offline(struct run *run)
{
	char *at = map_small(run, BYTES);
	struct sweep *sweep;

	prepare_poison(run);
	fill_pattern(at, BYTES, 1);
	sweep = sweep_start(run, at, BYTES, SMALL_PAGE, SWEEP_COUNT);
	while (run_next_round(run)) {
		sweep_wait_pass(sweep);
		operation_begin(run, "soft offline", at, BYTES);
		unpoison(run, soft_offline_page(run, at + BAD));
		operation_end(run);
		sweep_wait_pass(sweep);

		run_check(run);
		sweep_check_stored(sweep);
	}
	sweep_stop_stored(sweep);
}

SCENARIO(soft_offline) = {
	.name = "soft-offline",
	.title = "takes a page frame out of use that the device writes to",
	.run = soft_offline,
};

static void hwpoison(struct run *run)
{
	char *at = map_small(run, BYTES);
	struct sweep *sweep = sweep_start(run, at, BYTES, SMALL_PAGE,
					  SWEEP_LOAD_STORE);

	prepare_poison(run);
	while (run_next_round(run)) {
		uint64_t frame;

		fill_pattern(at, BYTES, 1);
		sweep_wait_pass(sweep);

		/* At the last moment: compaction moves pages, too. */
		frame = present_frame_of(run, at + BAD);
		operation_begin(run, "memory failure", at, BYTES);
		poison_page(run, at + BAD);
		operation_end(run);
		/* Nobody reads that page any more, the device no more than us. */
		sweep_wait_pass(sweep);
		run_check(run);

		if (madvise(at + BAD, SMALL_PAGE, MADV_DONTNEED))
			run_broken(run, "madvise(MADV_DONTNEED): %s",
				   strerror(errno));
		unpoison(run, frame);
	}
	sweep_stop(sweep);
}

SCENARIO(hwpoison) = {
	.name = "hwpoison",
	.title = "loses a page to a memory failure while the device writes to it",
	.run = hwpoison,
};

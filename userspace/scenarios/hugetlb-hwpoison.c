// SPDX-License-Identifier: GPL-2.0-only
/*
 * A 4K page of a hugetlbfs page fails: hard, and the kernel takes the page away
 * from whoever maps it, or soft, and the kernel moves what is there elsewhere.
 * Either way the page is freed, in pieces; the bad one is taken back after each
 * round.
 */
#include <sys/mman.h>

#include "fixtures/scenario.h"

static void hugetlb_hwpoison(struct run *run)
{
	prepare_hugetlb_poison(run);
	while (run_next_round(run)) {
		void *at = map_hugetlb(run, LARGE_PAGE);
		uint64_t frame = frame_of(run, at);
		/* Every 4K, so that a fractured translation is held whole. */
		struct sweep *sweep = sweep_start(run, at, LARGE_PAGE,
						  SMALL_PAGE, SWEEP_LOAD_STORE);

		sweep_wait_pass(sweep);

		operation_begin(run, "memory failure", at, LARGE_PAGE);
		poison_page(run, at);
		operation_end(run);
		/* Every access is refused. */
		sweep_wait_pass(sweep);

		run_check(run);
		sweep_stop(sweep);
		munmap(at, LARGE_PAGE);
		unpoison_hugetlb(run, frame);
	}
}

SCENARIO(hugetlb_hwpoison) = {
	.name = "hugetlb-hwpoison",
	.title = "poisons a hugetlbfs page that the device writes to",
	.run = hugetlb_hwpoison,
};

SCENARIO(hugetlb_hwpoison_fractured) = {
	.name = "hugetlb-hwpoison-fractured",
	.title = "poisons a hugetlbfs page that the device holds in pieces of 4K",
	.shows = "N1",
	.fracture = true,
	.run = hugetlb_hwpoison,
};

static void hugetlb_soft_offline(struct run *run)
{
	struct sweep *sweep;
	void *at;

	prepare_hugetlb_poison(run);
	at = map_hugetlb(run, LARGE_PAGE);
	sweep = sweep_start(run, at, LARGE_PAGE, SMALL_PAGE, SWEEP_COUNT);
	while (run_next_round(run)) {
		uint64_t frame;

		sweep_wait_pass(sweep);
		operation_begin(run, "soft offline", at, LARGE_PAGE);
		frame = soft_offline_page(run, at);
		operation_end(run);
		sweep_wait_pass(sweep);

		run_check(run);
		sweep_check_stored(sweep);
		unpoison_hugetlb(run, frame);
	}
	sweep_stop_stored(sweep);
}

SCENARIO(hugetlb_soft_offline) = {
	.name = "hugetlb-soft-offline",
	.title = "takes a hugetlbfs page out of use that the device writes to",
	.run = hugetlb_soft_offline,
};

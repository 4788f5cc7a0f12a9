// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copy on write: the seed of rule B. The child keeps the old pages, so they are
 * freed only when the child ends: until then a device that was not told goes on
 * reading them.
 */
#include <sys/mman.h>

#include "fixtures/scenario.h"

/* A fork and an audit for so many copies. */
#define PAGES	64
#define BYTES	(PAGES * SMALL_PAGE)

#define OLD(round)	(0x0100000000000000ULL | (round))
#define NEW(round)	(0x0200000000000000ULL | (round))

/* The device holds the pages that @child has, too. */
static void copy_and_check(struct run *run, void *at, uint64_t round,
			   struct sweep *sweep, pid_t child)
{
	operation_begin(run, "copy on write", at, BYTES);
	fill_pattern(at, BYTES, NEW(round));
	operation_end(run);
	sweep_wait_pass(sweep);

	child_end(run, child);
	run_check(run);
}

static void cow(struct run *run)
{
	void *at = map_small(run, BYTES);
	struct sweep *sweep;
	uint64_t round;

	/* The device is not to see the zero page here. */
	fill_pattern(at, BYTES, OLD(1));
	sweep = sweep_start(run, at, BYTES, SMALL_PAGE, SWEEP_LOAD);
	for (round = 1; run_next_round(run); round++) {
		pid_t child;

		fill_pattern(at, BYTES, OLD(round));
		child = child_fork(run);
		sweep_wait_pass(sweep);

		copy_and_check(run, at, round, sweep, child);
	}
	sweep_stop(sweep);
}

SCENARIO(cow) = {
	.name = "cow",
	.title = "writes to pages that a child shares",
	.run = cow,
};

/* Of the pages at @at, those that are mapped and in the swap cache. */
static size_t cached_pages(struct run *run, char *at)
{
	size_t i, nr = 0;

	for (i = 0; i < PAGES; i++) {
		uint64_t frame = frame_of(run, at + i * SMALL_PAGE);

		nr += frame && is_in_swap_cache(run, frame);
	}
	return nr;
}

/*
 * The child has the swap slots, too, so a page that comes back for one process
 * stays in the swap cache for the other.
 */
static void cow_swap_cache(struct run *run)
{
	struct sweep *sweep;
	uint64_t round;
	char *at;

	need_swap(run);
	at = map_small(run, BYTES);
	for (round = 1; run_next_round(run); round++) {
		pid_t child;

		fill_pattern(at, BYTES, OLD(round));
		must_advise(run, at, BYTES, MADV_PAGEOUT, "MADV_PAGEOUT");
		child = child_fork(run);
		/* Which swaps in. */
		sweep = sweep_start(run, at, BYTES, SMALL_PAGE, SWEEP_LOAD);
		sweep_wait_pass(sweep);
		if (!cached_pages(run, at))
			run_broken(run, "no page is in the swap cache");

		copy_and_check(run, at, round, sweep, child);
		sweep_stop(sweep);
	}
}

SCENARIO(cow_swap_cache) = {
	.name = "cow-swap-cache",
	.title = "writes to pages that a child shares and that are in the swap cache, too",
	.run = cow_swap_cache,
};

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reclaim finds pages by their age, not by their address. MADV_COLD makes them
 * old. A large page that was used is given another chance first.
 */
#include <sys/mman.h>

#include "fixtures/cgroup.h"
#include "fixtures/scenario.h"
#include "model/wait_until.h"

#ifndef MADV_COLD
#define MADV_COLD	20
#endif

#define BYTES	(64 * SMALL_PAGE)

/*
 * All but the last page, which the device leaves alone: it tells when reclaim has
 * come through. Whatever is taken first is held: Linux 6.12 tells of that by a
 * flush of everything, and of those that follow in one go the device may hold
 * nothing any more.
 */
#define USED	(BYTES - SMALL_PAGE)

/* For each way of trying. */
#define RECLAIM_S	4

/* The kernel takes what it finds first, of which there is more than ours. */
static bool reclaim_once(struct run *run, char *unused, size_t bytes)
{
	cgroup_reclaim(run, bytes);
	return !frame_of(run, unused);
}

/*
 * What the device fills anew after each look of the kernel at the accessed bit is
 * used, and where reclaim is not by generations (lru_gen) it goes back to the
 * active list each time. So in the end the device makes no accesses, and holds
 * what it has.
 */
static void reclaim(struct run *run, struct sweep *sweep, char *unused,
		    size_t bytes)
{
	if (wait_until(reclaim_once(run, unused, bytes), RECLAIM_S))
		return;
	sweep_halt(sweep);
	if (!wait_until(reclaim_once(run, unused, bytes), RECLAIM_S))
		run_skip(run, "the kernel did not reclaim the memory in %d seconds",
			 2 * RECLAIM_S);
}

static void memcg_reclaim(struct run *run)
{
	char *at;

	need_swap(run);
	cgroup_enter(run);
	at = map_small(run, BYTES);
	while (run_next_round(run)) {
		struct sweep *sweep;

		fill_pattern(at, BYTES, 1);
		sweep = sweep_start(run, at, USED, SMALL_PAGE, SWEEP_COUNT);
		must_advise(run, at, BYTES, MADV_COLD, "MADV_COLD");
		/* The device was told of that, and holds it again after a pass. */
		sweep_wait_pass(sweep);
		operation_begin(run, "reclaim", at, BYTES);
		reclaim(run, sweep, at + USED, BYTES);
		operation_end(run);
		run_check(run);
		sweep_stop_stored(sweep);
	}
}

SCENARIO(memcg_reclaim) = {
	.name = "memcg-reclaim",
	.title = "reclaims cold memory that the device writes to, by memory.reclaim",
	.run = memcg_reclaim,
};

static void thp_reclaim(struct run *run)
{
	need_swap(run);
	cgroup_enter(run);
	while (run_next_round(run)) {
		char *at = map_large(run, LARGE_PAGE);
		struct sweep *sweep = sweep_start(run, at, LARGE_PAGE,
						  LARGE_PAGE / 16, SWEEP_COUNT);

		sweep_wait_pass(sweep);
		operation_begin(run, "reclaim", at, LARGE_PAGE);
		reclaim(run, sweep, at + SMALL_PAGE, LARGE_PAGE);
		operation_end(run);
		run_check(run);
		sweep_stop_stored(sweep);
		munmap(at, LARGE_PAGE);
	}
}

SCENARIO(thp_reclaim) = {
	.name = "thp-reclaim",
	.title = "reclaims a transparent huge page that the device writes to",
	.run = thp_reclaim,
};

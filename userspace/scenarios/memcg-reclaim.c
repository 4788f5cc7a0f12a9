// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reclaim finds pages by their age, not by their address. MADV_COLD makes them
 * old. A large page that was used is given another chance first.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "fixtures/cgroup.h"
#include "fixtures/scenario.h"
#include "model/wait_until.h"

#define BYTES	(64 * SMALL_PAGE)

#define RECLAIM_S	8

/*
 * Linux 6.12 tells of each page that reclaim takes by a flush of everything: of
 * any other page of the process's that went first, the device would hold nothing
 * any more. So these stay.
 */
static void lock_all_else(struct run *run)
{
	if (mlockall(MCL_CURRENT))
		run_broken(run, "mlockall: %s", strerror(errno));
}

/* The kernel takes what it finds first, of which there is more than ours. */
static bool reclaim_once(struct run *run, char *at, size_t bytes)
{
	size_t i;

	cgroup_reclaim(run, bytes);
	for (i = 0; i < bytes; i += SMALL_PAGE) {
		if (!frame_of(run, at + i))
			return true;
	}
	return false;
}

static bool use_and_hold(struct run *run, char *at, size_t bytes)
{
	size_t i;

	for (i = 0; i < bytes; i += SMALL_PAGE)
		(void)*(volatile char *)(at + i);
	return device_holds(run, at, bytes);
}

/*
 * Once while the device is at it. But what the device fills anew after each look
 * of the kernel at the accessed bit is used, and where reclaim is not by
 * generations (lru_gen) it goes back to the active list each time. So then the
 * device makes no accesses, and holds what it has.
 */
static void reclaim(struct run *run, struct sweep *sweep, char *at,
		    size_t bytes)
{
	cgroup_reclaim(run, bytes);
	sweep_halt(sweep);
	if (!wait_until(use_and_hold(run, at, bytes), RECLAIM_S))
		run_skip(run, "the memory did not stay mapped for %d seconds; free some",
			 RECLAIM_S);
	if (!wait_until(reclaim_once(run, at, bytes), RECLAIM_S))
		run_skip(run, "the kernel did not reclaim the memory in %d seconds",
			 RECLAIM_S);
}

static void memcg_reclaim(struct run *run)
{
	char *at;

	need_swap(run);
	cgroup_enter(run);
	lock_all_else(run);
	at = map_small(run, BYTES);
	while (run_next_round(run)) {
		struct sweep *sweep;

		fill_pattern(at, BYTES, 1);
		sweep = sweep_start(run, at, BYTES, SMALL_PAGE, SWEEP_COUNT);
		must_advise(run, at, BYTES, MADV_COLD, "MADV_COLD");
		sweep_wait_pass(sweep);
		operation_begin(run, "reclaim", at, BYTES);
		reclaim(run, sweep, at, BYTES);
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
	lock_all_else(run);
	while (run_next_round(run)) {
		char *at = map_large(run, LARGE_PAGE);
		struct sweep *sweep = sweep_start(run, at, LARGE_PAGE,
						  LARGE_PAGE / 16, SWEEP_COUNT);

		sweep_wait_pass(sweep);
		operation_begin(run, "reclaim", at, LARGE_PAGE);
		reclaim(run, sweep, at, LARGE_PAGE);
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

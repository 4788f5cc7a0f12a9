// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "fixtures/scenario.h"

/* More than the LRU batches of a CPU hold back from being freed. */
#define BYTES	(64 * SMALL_PAGE)

static void munmap_scenario(struct run *run)
{
	while (run_next_round(run)) {
		char *at = map_small(run, BYTES);
		struct sweep *sweep;

		fill_pattern(at, BYTES, 1);
		sweep = sweep_start(run, at, BYTES, SMALL_PAGE,
				    SWEEP_LOAD_STORE);
		sweep_wait_pass(sweep);

		if (munmap(at, BYTES))
			run_broken(run, "munmap: %s", strerror(errno));

		run_check(run);
		sweep_stop(sweep);
	}
}

SCENARIO(munmap) = {
	.name = "munmap",
	.title = "unmaps memory that the device writes to",
	.sites = {
		[DEVTLB_CALLBACK_INVALIDATE_RANGE] = {
			.reach = { "unmap_vmas", "unmap_region" },
			.drop = { "unmap_region" },
		},
		[DEVTLB_CALLBACK_ARCH_INVALIDATE] = {
			.reach = { "unmap_region|vms_clear_ptes" },
			.drop = { "unmap_region", "vms_clear_ptes" },
		},
	},
	.run = munmap_scenario,
};

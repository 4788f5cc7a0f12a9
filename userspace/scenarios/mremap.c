// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "scenario.h"

#define BYTES	(16 * SMALL_PAGE)

static void mremap_scenario(struct run *run)
{
	while (run_next_round(run)) {
		char *from = map_small(run, BYTES);
		char *to = reserve_aligned(run, BYTES, SMALL_PAGE);
		struct sweep *sweep;

		fill_pattern(from, BYTES, 1);
		sweep = sweep_start(run, from, BYTES, SMALL_PAGE,
				    SWEEP_LOAD_STORE);
		sweep_wait_pass(sweep);

		/*
		 * The pages move, and are not freed: nothing but an audit can
		 * tell.
		 */
		if (mremap(from, BYTES, BYTES, MREMAP_MAYMOVE | MREMAP_FIXED,
			   to) != to)
			run_broken(run, "mremap: %s", strerror(errno));

		run_check(run);
		sweep_stop(sweep);
		munmap(to, BYTES);
	}
}

SCENARIO(mremap) = {
	.name = "mremap",
	.title = "moves memory that the device writes to",
	/* The old place is unmapped after the move. */
	.sites = SITES_OF_BOTH(.reach = { "move_page_tables" },
				.drop = { "move_vma" }),
	.run = mremap_scenario,
};

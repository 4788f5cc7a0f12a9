// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "scenario.h"

#define BYTES	(2 * LARGE_PAGE)

static void move(struct run *run, void *from, void *to, size_t bytes)
{
	if (mremap(from, bytes, bytes, MREMAP_MAYMOVE | MREMAP_FIXED, to) != to)
		run_broken(run, "mremap: %s", strerror(errno));
}

static void hugetlb_mremap(struct run *run)
{
	while (run_next_round(run)) {
		void *from = map_hugetlb(run, BYTES);
		void *to = reserve_aligned(run, BYTES, LARGE_PAGE);
		struct sweep *sweep = sweep_start(run, from, BYTES,
						  LARGE_PAGE / 16,
						  SWEEP_LOAD_STORE);

		sweep_wait_pass(sweep);

		/*
		 * The pages move, and are not freed: nothing but an audit can
		 * tell.
		 */
		move(run, from, to, BYTES);

		run_check(run);
		sweep_stop(sweep);
		munmap(to, BYTES);
	}
}

SCENARIO(hugetlb_mremap) = {
	.name = "hugetlb-mremap",
	.title = "moves hugetlbfs pages that the device writes to",
	/* The old place is unmapped after the move. */
	.sites = SITES_OF_BOTH(.reach = { "move_hugetlb_page_tables" },
				.drop = { "move_vma" }),
	.run = hugetlb_mremap,
};

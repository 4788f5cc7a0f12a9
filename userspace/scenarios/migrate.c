// SPDX-License-Identifier: GPL-2.0-only
/*
 * Migration between NUMA nodes: of small, transparent huge and hugetlbfs pages.
 */
#include <sys/mman.h>

#include "fixtures/scenario.h"

#define SMALL_BYTES	(16 * SMALL_PAGE)

/* There and back again while the device reads and writes. */
static void migrate_rounds(struct run *run, void *at, size_t bytes,
			   size_t page_size, size_t stride)
{
	struct nodes nodes = need_two_nodes(run);
	struct sweep *sweep = sweep_start(run, at, bytes, stride,
					  SWEEP_COUNT);

	while (run_next_round(run)) {
		int to = node_of(run, at) == nodes.first ? nodes.second
							 : nodes.first;

		sweep_wait_pass(sweep);
		operation_begin(run, "migration", at, bytes);
		move_to_node(run, at, bytes, page_size, to);
		operation_end(run);
		sweep_wait_pass(sweep);

		run_check(run);
		sweep_check_stored(sweep);
	}
	sweep_stop_stored(sweep);
}

static void migrate(struct run *run)
{
	void *at = map_small(run, SMALL_BYTES);

	fill_pattern(at, SMALL_BYTES, 1);
	migrate_rounds(run, at, SMALL_BYTES, SMALL_PAGE, SMALL_PAGE);
}

static void thp_migrate(struct run *run)
{
	need_two_nodes(run);
	migrate_rounds(run, map_large(run, LARGE_PAGE), LARGE_PAGE, LARGE_PAGE,
		       LARGE_PAGE / 16);
}

static void hugetlb_migrate(struct run *run)
{
	need_two_nodes(run);
	/* Every 4K, so that a fractured translation is held whole. */
	migrate_rounds(run, map_hugetlb(run, LARGE_PAGE), LARGE_PAGE, LARGE_PAGE,
		       SMALL_PAGE);
}

SCENARIO(migrate) = {
	.name = "migrate",
	.title = "migrates 4K pages between nodes while the device writes to them",
	.run = migrate,
};

SCENARIO(thp_migrate) = {
	.name = "thp-migrate",
	.title = "migrates a transparent huge page between nodes",
	.run = thp_migrate,
};

SCENARIO(hugetlb_migrate) = {
	.name = "hugetlb-migrate",
	.title = "migrates a hugetlbfs page between nodes",
	.run = hugetlb_migrate,
};

SCENARIO(hugetlb_migrate_fractured) = {
	.name = "hugetlb-migrate-fractured",
	.title = "migrates a hugetlbfs page that the device holds in pieces of 4K",
	.shows = "N1",
	.fracture = true,
	.run = hugetlb_migrate,
};

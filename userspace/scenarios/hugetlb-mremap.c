// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <linux/mempolicy.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fixtures/scenario.h"
#include "model/wait_until.h"

#define BYTES	(2 * LARGE_PAGE)

/*
 * What is moved while it is migrated, but for one page, which stays what the
 * device holds: when the others have migrated before the move, nobody else would
 * miss what the move did not tell.
 */
#define PAGES		12
#define MIGRATED	(PAGES - 1)
#define PAGES_BYTES	(PAGES * LARGE_PAGE)
/*
 * What a page-table page of large pages maps, and how many of them there are:
 * the kernel moves no more than it could give memory for.
 */
#define GIGABYTE	(1UL << 30)
#define TABLES		2
#define SPAN		(TABLES * GIGABYTE)

/* Of a round: not every one is won. */
#define RACES		4

#define TIMEOUT_S	10

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
		operation_begin(run, "mremap()", from, BYTES);
		move(run, from, to, BYTES);
		operation_end(run);

		run_check(run);
		sweep_stop(sweep);
		munmap(to, BYTES);
	}
}

SCENARIO(hugetlb_mremap) = {
	.name = "hugetlb-mremap",
	.title = "moves hugetlbfs pages that the device writes to",
	.run = hugetlb_mremap,
};

/**
 * struct migration - pages that a thread migrates
 * @run: the run
 * @at: where they are
 * @node: where they go
 * @moved: pages that the kernel says it moved
 */
struct migration {
	struct run *run;
	char *at;
	int node;
	int moved;
};

/* Takes the pages off their lists first, and then moves one after the other. */
static void *migrate(void *data)
{
	struct migration *migration = data;
	int nodes[MIGRATED], status[MIGRATED];
	void *pages[MIGRATED];
	int i;

	for (i = 0; i < MIGRATED; i++) {
		pages[i] = migration->at + i * LARGE_PAGE;
		nodes[i] = migration->node;
		status[i] = -EBUSY;
	}
	if (syscall(SYS_move_pages, 0, (unsigned long)MIGRATED, pages, nodes,
		    status, MPOL_MF_MOVE) < 0)
		run_broken(migration->run, "move_pages: %s", strerror(errno));
	for (i = 0; i < MIGRATED; i++)
		migration->moved += status[i] == migration->node;
	return NULL;
}

static void give_up_page(struct run *run, char *at)
{
	must_advise(run, at, LARGE_PAGE, MADV_DONTNEED, "MADV_DONTNEED");
}

/*
 * A few pages, and after them nothing but page tables, which take mremap() its
 * time: the device is told when it has been through all of them.
 */
static char *map_long_way(struct run *run)
{
	char *at = reserve_aligned(run, SPAN, GIGABYTE);
	int i;

	if (mmap(at, SPAN, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED |
		 MAP_ANONYMOUS | MAP_NORESERVE | MAP_HUGETLB |
		 (21 << MAP_HUGE_SHIFT), -1, 0) == MAP_FAILED)
		run_skip(run, "no 2M huge pages to map (%s); run: echo 32 > /proc/sys/vm/nr_hugepages",
			 strerror(errno));
	fill_pattern(at, PAGES_BYTES, 1);
	for (i = 1; i < TABLES; i++) {
		*(volatile char *)(at + i * GIGABYTE) = 1;
		give_up_page(run, at + i * GIGABYTE);
	}
	return at;
}

/* The others are on the kernel's list by then. */
static void wait_first_page_moves(struct run *run, char *at, uint64_t frame)
{
	if (!spin_until(frame_of(run, at) != frame, TIMEOUT_S))
		run_skip(run, "no page migrated in %d seconds", TIMEOUT_S);
}

static void move_while_migrating(struct run *run, char *from, char *to)
{
	struct nodes nodes = need_two_nodes(run);
	struct migration migration = { .run = run, .at = from };
	uint64_t frame = frame_of(run, from);
	pthread_t thread;

	migration.node = node_of(run, from) == nodes.first ? nodes.second
							   : nodes.first;
	if (pthread_create(&thread, NULL, migrate, &migration))
		run_broken(run, "cannot start a thread");
	wait_first_page_moves(run, from, frame);
	move(run, from, to, SPAN);
	pthread_join(thread, NULL);
	if (migration.moved == 0)
		run_skip(run, "no page migrated; free some 2M huge pages");
}

static void race(struct run *run)
{
	char *from = map_long_way(run);
	char *to = reserve_aligned(run, SPAN, GIGABYTE);
	struct sweep *sweep = sweep_start(run, from, PAGES_BYTES,
					  LARGE_PAGE / 4, SWEEP_LOAD_STORE);

	sweep_wait_pass(sweep);
	/* It keeps what it holds; the CPUs are for the other two. */
	sweep_stop(sweep);
	operation_begin(run, "mremap() during migration", from, PAGES_BYTES);
	move_while_migrating(run, from, to);
	operation_end(run);
	run_check(run);
	munmap(to, SPAN);
}

static void hugetlb_mremap_migrate(struct run *run)
{
	int i;

	need_two_nodes(run);
	while (run_next_round(run)) {
		for (i = 0; i < RACES; i++)
			race(run);
	}
}

SCENARIO(hugetlb_mremap_migrate) = {
	.name = "hugetlb-mremap-migrate",
	.title = "moves private hugetlbfs pages while a thread migrates them",
	.shows = "W5",
	.function = "huge_pte_alloc",
	.function_delay = 1000,
	.run = hugetlb_mremap_migrate,
};

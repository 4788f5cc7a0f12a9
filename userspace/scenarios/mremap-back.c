// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory moves while its pages migrate. Migration looks for a page wherever it
 * may be mapped, and tells the device of each such place, whether the page is
 * still there or not; so it tells of the old place, too, before it frees the
 * page. Unless it finds the page in the new place first: then it stops there.
 * It does where the new place is a piece of an area that begins before the old
 * one: the upper half of an area comes back to it and merges.
 *
 * The pages are isolated before the move begins, for that takes mmap_lock, and
 * migrated while it is under way: between the page tables that are moved, each
 * waits for the lock of the reverse mapping that the other one holds.
 */
#include <errno.h>
#include <linux/mempolicy.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fixtures/scenario.h"
#include "model/wait_until.h"

/* Moved one by one, with a page each: each is another chance. */
#define TABLES		64
#define HALF		(TABLES * LARGE_PAGE)

/*
 * Those that migrate, and those that the device uses; they are moved first. One
 * stays where it is: when the others have migrated before the move, nobody else
 * would miss what the move did not tell.
 */
#define MIGRATED	32
#define PAGES		(MIGRATED + 1)
#define BYTES		(PAGES * SMALL_PAGE)

/* Not congruent to the place that it comes back to. */
#define SHIFT		(16 * SMALL_PAGE)

#define TIMEOUT_S	20

struct migration {
	pthread_t thread;
	char *at;
	int node;
	int error;
};

static void touch(char *at)
{
	size_t offset;

	fill_pattern(at, BYTES, 1);
	for (offset = 0; offset < HALF; offset += LARGE_PAGE)
		*(volatile uint64_t *)(at + offset) = 1;
}

static void *migrate(void *arg)
{
	struct migration *migration = arg;
	int nodes[MIGRATED], status[MIGRATED];
	void *pages[MIGRATED];
	unsigned long i;

	for (i = 0; i < MIGRATED; i++) {
		pages[i] = migration->at + i * SMALL_PAGE;
		nodes[i] = migration->node;
	}
	if (syscall(SYS_move_pages, 0, (unsigned long)MIGRATED, pages, nodes,
		    status, MPOL_MF_MOVE) < 0)
		migration->error = errno;
	return NULL;
}

/* Returns when a page has arrived: from then on all of them are isolated. */
static void start_migration(struct run *run, struct migration *migration)
{
	if (pthread_create(&migration->thread, NULL, migrate, migration))
		run_broken(run, "cannot start a thread");
	if (spin_until(pages_elsewhere(run, migration->at, SMALL_PAGE,
				       SMALL_PAGE, migration->node) == 0,
		       TIMEOUT_S))
		return;
	if (migration->error)
		run_skip(run, "move_pages: %s", strerror(migration->error));
	run_skip(run, "no page migrated in %d seconds; run it on a machine that is less busy",
		 TIMEOUT_S);
}

static void move(struct run *run, void *from, void *to)
{
	if (mremap(from, HALF, HALF, MREMAP_MAYMOVE | MREMAP_FIXED, to) != to)
		run_broken(run, "mremap: %s", strerror(errno));
}

/* Nobody else's memory gets into the hole that a move left. */
static void fill_hole(struct run *run, char *at)
{
	if (mmap(at, HALF, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED |
		 MAP_NORESERVE, -1, 0) != at)
		run_broken(run, "mmap: %s", strerror(errno));
}

/* Maps two halves, and moves the upper one away. */
static char *map_half_away(struct run *run, char *area)
{
	char *away = reserve_aligned(run, SHIFT + HALF, LARGE_PAGE) + SHIFT;

	if (mprotect(area, 2 * HALF, PROT_READ | PROT_WRITE))
		run_broken(run, "mprotect: %s", strerror(errno));
	madvise(area, 2 * HALF, MADV_NOHUGEPAGE);
	touch(area + HALF);
	move(run, area + HALF, away);
	fill_hole(run, area + HALF);
	return away;
}

static void round_of_moves(struct run *run, const struct nodes *nodes,
			   bool merges)
{
	char *area = reserve_aligned(run, 3 * HALF, LARGE_PAGE);
	char *away = map_half_away(run, area);
	struct migration migration = { .at = away };
	struct sweep *sweep;

	migration.node = node_of(run, away) == nodes->first ? nodes->second
							    : nodes->first;
	sweep = sweep_start(run, away, BYTES, SMALL_PAGE, SWEEP_LOAD_STORE);
	sweep_wait_pass(sweep);

	start_migration(run, &migration);
	operation_begin(run, "mremap() during migration", away, BYTES);
	move(run, away, merges ? area + HALF : area + 2 * HALF);
	pthread_join(migration.thread, NULL);
	operation_end(run);

	run_check(run);
	sweep_stop(sweep);
	munmap(area, 3 * HALF);
}

static void move_rounds(struct run *run, bool merges)
{
	struct nodes nodes = need_two_nodes(run);

	while (run_next_round(run))
		round_of_moves(run, &nodes, merges);
}

static void mremap_back(struct run *run)
{
	move_rounds(run, true);
}

SCENARIO(mremap_back) = {
	.name = "mremap-back",
	.title = "moves memory back to where it was, while its pages migrate",
	.shows = "W1",
	/* As many rounds as that race wants. */
	.slow = true,
	.range_end = 2000,
	.rounds = 24,
	.run = mremap_back,
};

static void mremap_migrate(struct run *run)
{
	move_rounds(run, false);
}

SCENARIO(mremap_migrate) = {
	.name = "mremap-migrate",
	.title = "moves memory while its pages migrate",
	.run = mremap_migrate,
};

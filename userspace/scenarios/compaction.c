// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compaction moves pages out of the way, wherever it finds memory in pieces.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "scenario.h"

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE	23
#endif

/*
 * Most pages of it are given up again, and leave holes. More than the kernel
 * finds in holes of others: pages move to higher frames, of which there must be
 * some with holes.
 */
#define PAGES	16384
#define KEEP	64
#define KEPT	(PAGES / KEEP)
#define BYTES	(PAGES * SMALL_PAGE)
#define STRIDE	(KEEP * SMALL_PAGE)

#define COMPACT	"/proc/sys/vm/compact_memory"

/* In which nothing of ours was in the way. */
#define TRIES	10

static void give_up(struct run *run, void *at, size_t bytes)
{
	if (madvise(at, bytes, MADV_DONTNEED))
		run_broken(run, "madvise(MADV_DONTNEED): %s", strerror(errno));
}

static void fragment(struct run *run, char *at)
{
	size_t i;

	give_up(run, at, BYTES);
	if (madvise(at, BYTES, MADV_POPULATE_WRITE))
		run_skip(run, "madvise(MADV_POPULATE_WRITE): %s; needs Linux 5.14 or newer",
			 strerror(errno));
	for (i = 0; i < KEPT; i++)
		give_up(run, at + i * STRIDE + SMALL_PAGE, STRIDE - SMALL_PAGE);
}

static void compact(struct run *run)
{
	int fd = open(COMPACT, O_WRONLY);

	if (fd < 0)
		run_skip(run, "%s: %s; the kernel needs CONFIG_COMPACTION=y",
			 COMPACT, strerror(errno));
	if (write(fd, "1", 1) != 1)
		run_broken(run, "%s: %s", COMPACT, strerror(errno));
	close(fd);
}

static void remember_frames(struct run *run, const char *at, uint64_t *frames)
{
	size_t i;

	for (i = 0; i < KEPT; i++)
		frames[i] = frame_of(run, at + i * STRIDE);
}

static size_t moved_pages(struct run *run, const char *at,
			  const uint64_t *frames)
{
	size_t moved = 0, i;

	for (i = 0; i < KEPT; i++)
		moved += frame_of(run, at + i * STRIDE) != frames[i];
	return moved;
}

/* Whether any of them moved; not where they all are at the far end already. */
static bool compact_once(struct run *run, char *at)
{
	uint64_t frames[KEPT];
	struct sweep *sweep;
	bool moved;

	fragment(run, at);
	remember_frames(run, at, frames);
	sweep = sweep_start(run, at, BYTES, STRIDE, SWEEP_COUNT);
	sweep_wait_pass(sweep);

	compact(run);
	moved = moved_pages(run, at, frames) > 0;
	if (moved) {
		sweep_wait_pass(sweep);
		run_check(run);
	}
	sweep_stop_stored(sweep);
	return moved;
}

static void compaction(struct run *run)
{
	char *at = map_small(run, BYTES);

	while (run_next_round(run)) {
		int tries;

		for (tries = 0; tries < TRIES; tries++) {
			if (compact_once(run, at))
				break;
		}
		if (tries == TRIES)
			run_skip(run, "compaction moved none of %d pages in %d tries; free some memory",
				 KEPT, TRIES);
	}
}

SCENARIO(compaction) = {
	.name = "compaction",
	.title = "compacts memory in which the device writes to the pages",
	/* Each round compacts all memory. */
	.slow = true,
	.sites = SITES_OF_BOTH(.reach = { "try_to_migrate_one" },
				.drop = { "try_to_migrate_one" }),
	.run = compaction,
};

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compaction moves pages out of the way, wherever it finds memory in pieces.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fixtures/scenario.h"

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE	23
#endif

/*
 * Most pages of an area are given up again, and leave holes. More than the
 * kernel finds in holes of others: pages move to higher frames, of which there
 * must be some with holes.
 */
#define PAGES	16384
#define KEEP	64
#define STRIDE	(KEEP * SMALL_PAGE)
#define AREA	(PAGES * SMALL_PAGE)

/*
 * Nothing moves if what is kept is at the far end of its node already, where it
 * would come to lie again, or if a page that cannot move ends the compaction of
 * the node before. So what one try leaves stays for the next, which is on the
 * other node if there is one.
 */
#define TRIES	8
#define KEPT	(TRIES * PAGES / KEEP)

#define COMPACT	"/proc/sys/vm/compact_memory"

static void give_up(struct run *run, void *at, size_t bytes)
{
	if (madvise(at, bytes, MADV_DONTNEED))
		run_broken(run, "madvise(MADV_DONTNEED): %s", strerror(errno));
}

static void fragment(struct run *run, char *area)
{
	char *at;

	must_advise(run, area, AREA, MADV_POPULATE_WRITE, "MADV_POPULATE_WRITE");
	for (at = area; at < area + AREA; at += STRIDE)
		give_up(run, at + SMALL_PAGE, STRIDE - SMALL_PAGE);
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

static void remember_frames(struct run *run, const char *at, size_t bytes,
			    uint64_t *frames)
{
	size_t i;

	for (i = 0; i < bytes / STRIDE; i++)
		frames[i] = present_frame_of(run, at + i * STRIDE);
}

static bool any_moved(struct run *run, const char *at, size_t bytes,
		      const uint64_t *frames)
{
	size_t i;

	for (i = 0; i < bytes / STRIDE; i++) {
		if (present_frame_of(run, at + i * STRIDE) != frames[i])
			return true;
	}
	return false;
}

/* Whether any of the pages moved. */
static bool compact_once(struct run *run, char *at, size_t bytes)
{
	uint64_t frames[KEPT];
	struct sweep *sweep;
	bool moved;

	remember_frames(run, at, bytes, frames);
	sweep = sweep_start(run, at, bytes, STRIDE, SWEEP_COUNT);
	sweep_wait_pass(sweep);

	operation_begin(run, "compaction", at, bytes);
	compact(run);
	operation_end(run);
	moved = any_moved(run, at, bytes, frames);
	if (moved) {
		sweep_wait_pass(sweep);
		run_check(run);
	}
	sweep_stop_stored(sweep);
	return moved;
}

static void compaction(struct run *run)
{
	char *at = map_small(run, TRIES * AREA);
	struct nodes nodes;
	int i;

	find_nodes(&nodes);
	for (i = 0; i < TRIES; i++)
		prefer_node(at + i * AREA, AREA,
			    i % 2 == 0 ? nodes.first : nodes.second);
	while (run_next_round(run)) {
		size_t bytes = 0;

		give_up(run, at, TRIES * AREA);
		do {
			if (bytes == TRIES * AREA)
				run_skip(run, "compaction moved none of %d pages; free some memory",
					 KEPT);
			fragment(run, at + bytes);
			bytes += AREA;
		} while (!compact_once(run, at, bytes));
	}
}

SCENARIO(compaction) = {
	.name = "compaction",
	.title = "compacts memory in which the device writes to the pages",
	/* Each round compacts all memory. */
	.slow = true,
	.run = compaction,
};

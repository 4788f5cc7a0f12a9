// SPDX-License-Identifier: GPL-2.0-only
/*
 * A block of memory is taken offline, as if it were to be removed: all that is
 * in it migrates. Blocks in which the kernel has memory of its own stay.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "fixtures/scenario.h"
#include "runner/setting.h"

#define BYTES	(64 * SMALL_PAGE)

#define MEMORY		"/sys/devices/system/memory"
#define PATH_SIZE	64

/* Blocks that are tried, or were taken offline and are not again. */
#define BLOCKS_MAX	16

/*
 * Fresh memory comes from elsewhere as long as what was tried before is held.
 * Every other try is on another node, if there is one.
 */
#define HELD_BYTES	(32UL << 20)

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE	23
#endif

static unsigned long frames_of_block(struct run *run)
{
	FILE *file = fopen(MEMORY "/block_size_bytes", "r");
	unsigned long bytes;

	if (!file || fscanf(file, "%lx", &bytes) != 1)
		run_skip(run, "memory has no blocks (%s/block_size_bytes); the kernel needs CONFIG_MEMORY_HOTREMOVE=y",
			 MEMORY);
	fclose(file);
	return bytes / SMALL_PAGE;
}

static void path_of_block(char path[PATH_SIZE], unsigned long block)
{
	snprintf(path, PATH_SIZE, MEMORY "/memory%lu/state", block);
}

/* However the run ends, the block is online then. */
static void keep_block(struct run *run, unsigned long block)
{
	static unsigned long kept[BLOCKS_MAX];
	static unsigned int nr_kept;
	char path[PATH_SIZE];
	unsigned int i;

	for (i = 0; i < nr_kept; i++) {
		if (kept[i] == block)
			return;
	}
	if (nr_kept == BLOCKS_MAX)
		run_skip(run, "none of %d blocks of memory could be taken offline",
			 BLOCKS_MAX);
	path_of_block(path, block);
	if (!settings_change(run, &(struct setting) { path, NULL }, 1))
		run_skip(run, "%s: %s", path, strerror(errno));
	kept[nr_kept++] = block;
}

static bool try_block(struct run *run, unsigned long block)
{
	char path[PATH_SIZE];

	keep_block(run, block);
	path_of_block(path, block);
	return setting_try(&(struct setting) { path, "offline" });
}

static void bring_back(struct run *run, unsigned long block)
{
	char path[PATH_SIZE];

	path_of_block(path, block);
	setting_change_again(run, &(struct setting) { path, "online" });
}

/* What a child shares is copied at the next write, and the keepers are children. */
static char *map_ours(struct run *run, size_t bytes, int node)
{
	char *at = map_small(run, bytes);

	prefer_node(at, bytes, node);
	madvise(at, bytes, MADV_DONTFORK);
	return at;
}

/* Returns false where the block can't be taken offline. */
static bool offline_once(struct run *run, unsigned long frames, int node)
{
	char *at = map_ours(run, BYTES, node);
	struct sweep *sweep;
	unsigned long block;
	bool offline;

	fill_pattern(at, BYTES, 1);
	block = present_frame_of(run, at) / frames;
	sweep = sweep_start(run, at, BYTES, SMALL_PAGE, SWEEP_COUNT);
	sweep_wait_pass(sweep);

	operation_begin(run, "memory offline", at, BYTES);
	offline = try_block(run, block);
	operation_end(run);
	sweep_wait_pass(sweep);
	if (offline) {
		run_check(run);
		bring_back(run, block);
	}
	sweep_stop_stored(sweep);
	munmap(at, BYTES);
	return offline;
}

static void memory_offline(struct run *run)
{
	unsigned long frames = frames_of_block(run);
	struct nodes nodes;

	find_nodes(&nodes);
	while (run_next_round(run)) {
		int tries;

		for (tries = 0; tries < BLOCKS_MAX; tries++) {
			int node = tries % 2 == 0 ? nodes.first : nodes.second;

			if (offline_once(run, frames, node))
				break;
			madvise(map_ours(run, HELD_BYTES, node), HELD_BYTES,
				MADV_POPULATE_WRITE);
		}
		if (tries == BLOCKS_MAX)
			run_skip(run, "no block of memory in which there are pages of ours could be taken offline");
	}
}

SCENARIO(memory_offline) = {
	.name = "memory-offline",
	.title = "takes memory offline that the device writes to",
	/* The kernel waits for all CPUs, more than once for each block. */
	.slow = true,
	.run = memory_offline,
};

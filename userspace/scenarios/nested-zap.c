// SPDX-License-Identifier: GPL-2.0-only
/*
 * A thread unmaps memory, and the page table with it, while another one clears
 * accessed bits. Both gather what is to be flushed; when the other one gathers,
 * too, neither knows what that one has told, and the kernel forces a flush of
 * everything.
 *
 * Up to Linux 6.5 the device is told of an empty range then. Its translations
 * are gone already, by the end of the notifier range; not so where its page-walk
 * cache found the table, once more, between that and the end of the gather.
 */
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>

#include "fixtures/scenario.h"

/* What one page of entries maps; the neighbours are in other tables. */
#define BYTES	LARGE_PAGE
#define STRIDE	(BYTES / 16)

/* The other thread's: so much that it gathers nearly all the time. */
#define COLD	(1024 * SMALL_PAGE)

static bool quiet;

static void *cool(void *at)
{
	while (!__atomic_load_n(&quiet, __ATOMIC_RELAXED))
		madvise(at, COLD, MADV_COLD);
	return NULL;
}

static void map_again(struct run *run, char *at)
{
	map_small_at(run, at, BYTES);
	fill_pattern(at, STRIDE, 1);
}

static void nested_zap(struct run *run)
{
	char *at = reserve_aligned(run, BYTES, BYTES);
	void *other = map_small(run, COLD);
	struct sweep *sweep = sweep_start(run, at, BYTES, STRIDE,
					  SWEEP_LOAD_STORE);
	pthread_t thread;

	fill_pattern(other, COLD, 1);
	must_advise(run, other, COLD, MADV_COLD, "MADV_COLD");
	if (pthread_create(&thread, NULL, cool, other))
		run_broken(run, "cannot start a thread");
	while (run_next_round(run)) {
		map_again(run, at);
		sweep_wait_pass(sweep);

		operation_begin(run, "munmap()", at, BYTES);
		if (munmap(at, BYTES))
			run_broken(run, "munmap: %s", strerror(errno));
		operation_end(run);
		run_check(run);
	}
	__atomic_store_n(&quiet, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	sweep_stop(sweep);
}

SCENARIO(nested_zap) = {
	.name = "nested-zap",
	.title = "unmaps memory and its page table while a thread gathers flushes, too",
	.shows = "W4",
	/* As many rounds as that race wants. */
	.slow = true,
	/* Time for the device to walk. */
	.function = "free_pgtables",
	.function_delay = 1000,
	.rounds = 64,
	.run = nested_zap,
};

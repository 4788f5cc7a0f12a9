// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two threads take memory away at once. Each frees what it gathered; when the
 * other one gathers too, neither knows what the other has told, and the kernel
 * forces a flush of everything. One of them frees page tables as well.
 *
 * Up to Linux 6.5 the device is told of an empty range then. Its translations
 * are gone already, by the end of the notifier range; not so where its page-walk
 * cache found the table, once more, between that and the end of the gather.
 */
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>

#include "scenario.h"

/* What one page of entries maps; the neighbours are in other tables. */
#define BYTES	LARGE_PAGE
#define STRIDE	(BYTES / 16)

/* The other thread's. */
#define ZAPPED	(256 * SMALL_PAGE)

static bool quiet;

static void *zap(void *at)
{
	while (!__atomic_load_n(&quiet, __ATOMIC_RELAXED)) {
		fill_pattern(at, ZAPPED, 1);
		madvise(at, ZAPPED, MADV_DONTNEED);
	}
	return NULL;
}

static void map_again(struct run *run, char *at)
{
	if (mmap(at, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE |
		 MAP_ANONYMOUS | MAP_FIXED, -1, 0) != at)
		run_broken(run, "mmap: %s", strerror(errno));
	madvise(at, BYTES, MADV_NOHUGEPAGE);
	fill_pattern(at, STRIDE, 1);
}

static void nested_zap(struct run *run)
{
	char *at = reserve_aligned(run, BYTES, BYTES);
	void *other = map_small(run, ZAPPED);
	struct sweep *sweep = sweep_start(run, at, BYTES, STRIDE,
					  SWEEP_LOAD_STORE);
	pthread_t thread;

	if (pthread_create(&thread, NULL, zap, other))
		run_broken(run, "cannot start a thread");
	while (run_next_round(run)) {
		map_again(run, at);
		sweep_wait_pass(sweep);

		if (munmap(at, BYTES))
			run_broken(run, "munmap: %s", strerror(errno));
		run_check(run);
	}
	__atomic_store_n(&quiet, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	sweep_stop(sweep);
}

SCENARIO(nested_zap) = {
	.name = "nested-zap",
	.title = "unmaps memory and its page table while another thread gives up memory",
	.shows = "W4",
	/* Of 8, two in three runs showed it. */
	.rounds = 64,
	.sites = SITES_OF_BOTH(.reach = { "tlb_finish_mmu",
					  "unmap_region|vms_clear_ptes" },
				.drop = { "unmap_region", "vms_clear_ptes" }),
	.run = nested_zap,
};

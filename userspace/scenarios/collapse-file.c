// SPDX-License-Identifier: GPL-2.0-only
/*
 * Small pages of a tmpfs become a large one, and page tables go: a device may
 * neither keep the pages nor walk the tables.
 */
#include <errno.h>
#include <linux/membarrier.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "fixtures/filesystem.h"
#include "fixtures/partner.h"
#include "fixtures/scenario.h"

#define STRIDE	(LARGE_PAGE / 32)

/* Until khugepaged leaves a table alone. */
#define TRIES	200

static void nap(long milliseconds)
{
	struct timespec time = { .tv_nsec = milliseconds * 1000000 };

	nanosleep(&time, NULL);
}

/* The pages that the device uses; the kernel fills the gaps with zeroes. */
static void fill_small(struct run *run, int file, void *at)
{
	size_t offset;

	set_file_size(run, file, 0);
	set_file_size(run, file, LARGE_PAGE);
	for (offset = 0; offset < LARGE_PAGE; offset += STRIDE)
		*(volatile uint64_t *)(at + offset) = 1;
}

static void collapse_shmem(struct run *run)
{
	int file = create_file(run, mount_tmpfs(run, "never"), LARGE_PAGE);
	void *at = map_file_aligned(run, file, LARGE_PAGE, MAP_SHARED);

	while (run_next_round(run)) {
		struct sweep *sweep;

		fill_small(run, file, at);
		sweep = sweep_start(run, at, LARGE_PAGE, STRIDE, SWEEP_COUNT);
		sweep_wait_pass(sweep);
		operation_begin(run, "collapse", at, LARGE_PAGE);
		must_collapse(run, collapse_now(at));
		operation_end(run);
		run_check(run);
		sweep_wait_pass(sweep);

		run_check(run);
		sweep_stop_stored(sweep);
	}
}

SCENARIO(collapse_shmem) = {
	.name = "collapse-shmem",
	.title = "collapses 4K pages of a tmpfs that the device writes to",
	.run = collapse_shmem,
};

/* Linux 6.1 fails after the work is done, where there is no page table yet. */
static int touch_and_collapse(void *at)
{
	(void)*(volatile char *)at;
	return collapse_now(at);
}

static void collapse_shmem_other(struct run *run)
{
	struct partner *partner;
	void *at;
	int file;

	need_thp(run);
	file = create_file(run, mount_tmpfs(run, "never"), LARGE_PAGE);
	at = map_file_aligned(run, file, LARGE_PAGE, MAP_SHARED);
	partner = partner_start(run, touch_and_collapse, at);

	while (run_next_round(run)) {
		struct sweep *sweep;

		fill_small(run, file, at);
		sweep = sweep_start(run, at, LARGE_PAGE, STRIDE, SWEEP_COUNT);
		sweep_wait_pass(sweep);
		operation_begin(run, "collapse", at, LARGE_PAGE);
		partner_work(partner, "madvise(MADV_COLLAPSE)");
		operation_end(run);
		run_check(run);
		sweep_wait_pass(sweep);

		run_check(run);
		sweep_stop_stored(sweep);
	}
	partner_end(partner);
}

SCENARIO(collapse_shmem_other) = {
	.name = "collapse-shmem-other",
	.title = "lets another process collapse 4K pages of a tmpfs that the two map",
	.run = collapse_shmem_other,
};

static void map_half(struct run *run, int file, char *at, size_t offset)
{
	if (mmap(at + offset, LARGE_PAGE / 2, PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_FIXED, file, offset) != at + offset)
		run_broken(run, "mmap of a file: %s", strerror(errno));
}

/*
 * A half of a huge page cannot be mapped by one entry: it gets a page table,
 * which stays when the other half comes.
 */
static void map_by_table(struct run *run, int file, char *at)
{
	munmap(at, LARGE_PAGE);
	map_half(run, file, at, 0);
	*(volatile char *)at = 1;
	map_half(run, file, at, LARGE_PAGE / 2);
	fill_pattern(at, LARGE_PAGE, 1);
}

/* khugepaged may be through with it before it is held. */
static void must_map_by_table(struct run *run, int file, char *at)
{
	int i;

	for (i = 0; i < TRIES; i++) {
		map_by_table(run, file, at);
		if (!is_mapped_large(run, at))
			return;
	}
	run_skip(run, "the huge page was mapped by one entry each time");
}

/* Some kernels free page tables when nobody can be reading them any more. */
static void wait_tables_freed(void)
{
	syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0);
	nap(10);
}

/* The pages stay where they are: what goes is the table. */
static void collapse_table(struct run *run)
{
	char *at;
	int file;

	hold_khugepaged(run);
	file = create_file(run, mount_tmpfs(run, "always"), LARGE_PAGE);
	at = map_file_aligned(run, file, LARGE_PAGE, MAP_SHARED);
	fill_pattern(at, LARGE_PAGE, 1);
	if (!is_mapped_large(run, at))
		run_skip(run, "the kernel gave no huge page for a tmpfs; free some memory, or run: echo 1 > /proc/sys/vm/compact_memory");
	while (run_next_round(run)) {
		struct sweep *sweep;

		must_map_by_table(run, file, at);
		sweep = sweep_start(run, at, LARGE_PAGE, STRIDE, SWEEP_COUNT);
		sweep_wait_pass(sweep);
		operation_begin(run, "end of a page table", at, LARGE_PAGE);
		must_collapse(run, collapse_now(at));
		wait_tables_freed();
		operation_end(run);
		run_check(run);

		sweep_stop_stored(sweep);
	}
}

SCENARIO(collapse_table) = {
	.name = "collapse-table",
	.title = "replaces the page table of a huge page of a tmpfs by one entry",
	.run = collapse_table,
};

// SPDX-License-Identifier: GPL-2.0-only
/*
 * munmap() of all that a page-table page maps frees that page, too. A device
 * may cache where the table is, to walk less: it must forget that with the
 * translations, or it walks memory that is somebody else's.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "fixtures/scenario.h"

/* What one page of entries maps; the neighbours are in other tables. */
#define BYTES	LARGE_PAGE
#define STRIDE	(BYTES / 16)

static void map_and_fill(struct run *run, char *at)
{
	map_small_at(run, at, BYTES);
	fill_pattern(at, BYTES, 1);
}

static void unmap_and_check(struct run *run, char *at)
{
	operation_begin(run, "munmap()", at, BYTES);
	if (munmap(at, BYTES))
		run_broken(run, "munmap: %s", strerror(errno));
	operation_end(run);

	run_check(run);
}

static void tables(struct run *run)
{
	char *at = reserve_aligned(run, BYTES, BYTES);

	while (run_next_round(run)) {
		struct sweep *sweep;

		map_and_fill(run, at);
		sweep = sweep_start(run, at, BYTES, STRIDE, SWEEP_LOAD_STORE);
		sweep_wait_pass(sweep);

		unmap_and_check(run, at);
		sweep_stop(sweep);
	}
}

SCENARIO(tables) = {
	.name = "tables",
	.title = "unmaps memory together with the page table that maps it",
	.run = tables,
};

/*
 * Nobody is to fill it again. In halves: what empties all of a table in one go may
 * free the table as well (CONFIG_PT_RECLAIM).
 */
static void map_empty_table(struct run *run, char *at)
{
	map_and_fill(run, at);
	if (mprotect(at, BYTES, PROT_NONE))
		run_broken(run, "mprotect: %s", strerror(errno));
	must_advise(run, at, BYTES / 2, MADV_DONTNEED, "MADV_DONTNEED");
	must_advise(run, at + BYTES / 2, BYTES / 2, MADV_DONTNEED,
		    "MADV_DONTNEED");
}

/*
 * There is no page any more whose notification could stand in for the table's.
 * Up to Linux 6.5 the end of the notifier range does, of a range without pages,
 * too; but a walk in the time that is left until the table goes finds it again.
 */
static void tables_empty(struct run *run)
{
	char *at = reserve_aligned(run, BYTES, BYTES);
	struct sweep *sweep = sweep_start(run, at, BYTES, STRIDE, SWEEP_LOAD);

	while (run_next_round(run)) {
		map_empty_table(run, at);
		/* It is refused each access, and has walked. */
		sweep_wait_pass(sweep);

		unmap_and_check(run, at);
	}
	sweep_stop(sweep);
}

SCENARIO(tables_empty) = {
	.name = "tables-empty",
	.title = "unmaps memory of which nothing is left but the page table",
	/* Time for the device to walk. */
	.function = "free_pgtables",
	.function_delay = 1000,
	.run = tables_empty,
};

/* Of the process, in page tables of the last level. */
static unsigned long table_kilobytes(struct run *run)
{
	FILE *status = fopen("/proc/self/status", "re");
	unsigned long kilobytes = 0;
	char line[128];

	if (!status)
		run_broken(run, "/proc/self/status: %s", strerror(errno));
	while (fgets(line, sizeof(line), status)) {
		if (sscanf(line, "VmPTE: %lu", &kilobytes) == 1)
			break;
	}
	fclose(status);
	return kilobytes;
}

/* The memory stays mapped: only the page table goes. */
static void tables_reclaim(struct run *run)
{
	char *at = reserve_aligned(run, BYTES, BYTES);
	struct sweep *sweep = sweep_start(run, at, BYTES, STRIDE, SWEEP_LOAD);

	while (run_next_round(run)) {
		unsigned long before;

		map_empty_table(run, at);
		sweep_wait_pass(sweep);

		before = table_kilobytes(run);
		operation_begin(run, "MADV_DONTNEED", at, BYTES);
		must_advise(run, at, BYTES, MADV_DONTNEED, "MADV_DONTNEED");
		operation_end(run);
		if (table_kilobytes(run) >= before)
			run_skip(run, "this kernel keeps the page tables of memory that stays mapped; it needs CONFIG_PT_RECLAIM=y (Linux 6.14)");

		run_check(run);
	}
	sweep_stop(sweep);
}

SCENARIO(tables_reclaim) = {
	.name = "tables-reclaim",
	.title = "discards memory of which nothing is left but the page table",
	.run = tables_reclaim,
};

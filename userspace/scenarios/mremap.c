// SPDX-License-Identifier: GPL-2.0-only
/*
 * mremap() moves pages, and does not free them: nothing but an audit can tell.
 * How it moves depends on where to: entry by entry, or a whole page table at
 * once where both places are aligned alike, or a large page's entry.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "fixtures/scenario.h"

#define BYTES		(16 * SMALL_PAGE)
#define HUGE_PAGE	(1UL << 30)

#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP	4
#endif

/**
 * struct move - memory, and where it goes
 * @bytes: how much
 * @alignment: of the place that it leaves
 * @stride: from one page that is touched to the next
 * @offset: of the new place, from the same alignment
 * @flags: of mremap(), more than that it moves
 * @large: in large pages
 * @areas: that it is made of, where it is more than one
 */
struct move {
	size_t bytes;
	size_t alignment;
	size_t stride;
	size_t offset;
	int flags;
	bool large;
	size_t areas;
};

static void touch(void *at, const struct move *move)
{
	size_t offset;

	for (offset = 0; offset < move->bytes; offset += move->stride)
		*(volatile uint64_t *)(at + offset) = 1;
}

static void *map_aligned(struct run *run, const struct move *move)
{
	void *at;

	if (move->large)
		return map_large(run, move->bytes);
	at = reserve_aligned(run, move->bytes, move->alignment);
	if (mprotect(at, move->bytes, PROT_READ | PROT_WRITE))
		run_broken(run, "mprotect: %s", strerror(errno));
	madvise(at, move->bytes, MADV_NOHUGEPAGE);
	return at;
}

/* What is dumped and what is not is in different areas. */
static void divide(struct run *run, char *at, const struct move *move)
{
	size_t i, bytes = move->areas ? move->bytes / move->areas : 0;

	for (i = 1; i < move->areas; i += 2)
		must_advise(run, at + i * bytes, bytes, MADV_DONTDUMP,
			    "MADV_DONTDUMP");
}

static void move_now(struct run *run, void *from, void *to,
		     const struct move *move)
{
	int flags = MREMAP_MAYMOVE | MREMAP_FIXED | move->flags;

	if (mremap(from, move->bytes, move->bytes, flags, to) == to)
		return;
	if (move->areas && errno == EFAULT)
		run_skip(run, "this kernel moves one area at a time (Linux 6.17)");
	run_broken(run, "mremap: %s", strerror(errno));
}

static void move_rounds(struct run *run, const struct move *move)
{
	while (run_next_round(run)) {
		void *from = map_aligned(run, move);
		void *to = reserve_aligned(run, move->offset + move->bytes,
					   move->alignment) + move->offset;
		struct sweep *sweep;

		divide(run, from, move);
		touch(from, move);
		sweep = sweep_start(run, from, move->bytes, move->stride,
				    SWEEP_LOAD_STORE);
		sweep_wait_pass(sweep);

		operation_begin(run, "mremap()", from, move->bytes);
		move_now(run, from, to, move);
		operation_end(run);

		run_check(run);
		sweep_stop(sweep);
		munmap(to, move->bytes);
	}
}

static void mremap_scenario(struct run *run)
{
	move_rounds(run, &(struct move) {
		.bytes = BYTES, .alignment = LARGE_PAGE,
		.offset = SMALL_PAGE, .stride = SMALL_PAGE,
	});
}

SCENARIO(mremap) = {
	.name = "mremap",
	.title = "moves memory that the device writes to",
	.run = mremap_scenario,
};

static void mremap_pmd(struct run *run)
{
	move_rounds(run, &(struct move) {
		.bytes = 2 * LARGE_PAGE, .alignment = LARGE_PAGE,
		.stride = LARGE_PAGE / 8,
	});
}

SCENARIO(mremap_pmd) = {
	.name = "mremap-pmd",
	.title = "moves 4K pages of which a whole page table changes its place",
	.run = mremap_pmd,
};

static void mremap_pud(struct run *run)
{
	move_rounds(run, &(struct move) {
		.bytes = HUGE_PAGE, .alignment = HUGE_PAGE,
		.stride = HUGE_PAGE / 16,
	});
}

SCENARIO(mremap_pud) = {
	.name = "mremap-pud",
	.title = "moves 1G of which all page tables change their place at once",
	.run = mremap_pud,
};

static void mremap_areas(struct run *run)
{
	move_rounds(run, &(struct move) {
		.bytes = 3 * BYTES, .alignment = LARGE_PAGE,
		.offset = SMALL_PAGE, .stride = SMALL_PAGE, .areas = 3,
	});
}

SCENARIO(mremap_areas) = {
	.name = "mremap-areas",
	.title = "moves memory of three areas at once",
	.run = mremap_areas,
};

static void mremap_keep(struct run *run)
{
	move_rounds(run, &(struct move) {
		.bytes = BYTES, .alignment = LARGE_PAGE,
		.offset = SMALL_PAGE, .stride = SMALL_PAGE,
		.flags = MREMAP_DONTUNMAP,
	});
}

SCENARIO(mremap_keep) = {
	.name = "mremap-keep",
	.title = "moves pages, and keeps the old place mapped, by MREMAP_DONTUNMAP",
	.run = mremap_keep,
};

static void thp_mremap(struct run *run)
{
	move_rounds(run, &(struct move) {
		.bytes = LARGE_PAGE, .alignment = LARGE_PAGE,
		.stride = LARGE_PAGE / 16, .large = true,
	});
}

SCENARIO(thp_mremap) = {
	.name = "thp-mremap",
	.title = "moves a transparent huge page",
	.run = thp_mremap,
};

static void thp_mremap_split(struct run *run)
{
	move_rounds(run, &(struct move) {
		.bytes = LARGE_PAGE, .alignment = LARGE_PAGE,
		.offset = SMALL_PAGE, .stride = LARGE_PAGE / 16, .large = true,
	});
}

SCENARIO(thp_mremap_split) = {
	.name = "thp-mremap-split",
	.title = "moves a transparent huge page to where it has to be split",
	.run = thp_mremap_split,
};

static void mremap_shrink(struct run *run)
{
	while (run_next_round(run)) {
		char *at = map_small(run, 2 * BYTES);
		struct sweep *sweep;

		fill_pattern(at, 2 * BYTES, 1);
		sweep = sweep_start(run, at, 2 * BYTES, SMALL_PAGE,
				    SWEEP_LOAD_STORE);
		sweep_wait_pass(sweep);

		operation_begin(run, "mremap()", at, 2 * BYTES);
		if (mremap(at, 2 * BYTES, BYTES, 0) != at)
			run_broken(run, "mremap: %s", strerror(errno));
		operation_end(run);

		run_check(run);
		sweep_stop(sweep);
	}
}

SCENARIO(mremap_shrink) = {
	.name = "mremap-shrink",
	.title = "gives up half of the memory that the device writes to, by mremap()",
	.run = mremap_shrink,
};

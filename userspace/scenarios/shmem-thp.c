// SPDX-License-Identifier: GPL-2.0-only
/*
 * A huge page of a file is mapped by one entry, and a piece of it goes away: the
 * kernel drops the entry, and what is left comes back by faults. The device
 * holds the page in pieces of 4K, and has to hear of those, too, that stay in
 * the file.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fixtures/filesystem.h"
#include "fixtures/scenario.h"

/* Many more than a notification of a piece could cover for. */
#define STRIDE	(LARGE_PAGE / 64)

/*
 * Where the piece is that goes away: not where the device could fault it in
 * again, and all of the huge page with it.
 */
#define PIECE	(LARGE_PAGE / 2 + SMALL_PAGE)

/**
 * struct huge - a huge page of a file
 * @file: the file
 * @at: where it is mapped
 */
struct huge {
	int file;
	char *at;
};

static void allocate_huge(struct run *run, const struct huge *huge)
{
	if (fallocate(huge->file, 0, 0, LARGE_PAGE))
		run_broken(run, "fallocate: %s", strerror(errno));
}

static void need_mapped_large(struct run *run, const struct huge *huge)
{
	*(volatile char *)huge->at = 1;
	if (!is_mapped_large(run, huge->at))
		run_skip(run, "the kernel gave no huge page for a tmpfs; free some memory, or run: echo 1 > /proc/sys/vm/compact_memory");
}

static void map_huge(struct run *run, struct huge *huge, int directory)
{
	huge->file = create_file(run, directory, LARGE_PAGE);
	allocate_huge(run, huge);
	huge->at = map_file_aligned(run, huge->file, LARGE_PAGE,
				    MAP_SHARED);
	need_mapped_large(run, huge);
}

static void unmap_huge(struct huge *huge)
{
	munmap(huge->at, LARGE_PAGE);
	close(huge->file);
}

/* @give_up: how a piece of it goes away, or all; a new page for each round. */
static void split_rounds(struct run *run, const char *name,
			 void (*give_up)(struct run *run, struct huge *huge))
{
	int directory = mount_tmpfs(run, "always");

	while (run_next_round(run)) {
		struct sweep *sweep;
		struct huge huge;

		map_huge(run, &huge, directory);
		sweep = sweep_start(run, huge.at, LARGE_PAGE, STRIDE,
				    SWEEP_LOAD_STORE);
		sweep_wait_pass(sweep);

		operation_begin(run, name, huge.at, LARGE_PAGE);
		give_up(run, &huge);
		operation_end(run);
		run_check(run);
		sweep_wait_pass(sweep);

		run_check(run);
		sweep_stop(sweep);
		unmap_huge(&huge);
	}
}

static void unmap_piece(struct run *run, struct huge *huge)
{
	if (munmap(huge->at + PIECE, SMALL_PAGE))
		run_broken(run, "munmap: %s", strerror(errno));
}

static void shmem_thp_munmap(struct run *run)
{
	split_rounds(run, "munmap()", unmap_piece);
}

static void protect_piece(struct run *run, struct huge *huge)
{
	if (mprotect(huge->at + PIECE, SMALL_PAGE, PROT_READ))
		run_broken(run, "mprotect: %s", strerror(errno));
}

static void shmem_thp_mprotect(struct run *run)
{
	split_rounds(run, "mprotect()", protect_piece);
}

static void give_up_piece(struct run *run, struct huge *huge)
{
	if (madvise(huge->at + PIECE, SMALL_PAGE, MADV_DONTNEED))
		run_broken(run, "madvise(MADV_DONTNEED): %s", strerror(errno));
}

static void shmem_thp_dontneed(struct run *run)
{
	split_rounds(run, "MADV_DONTNEED", give_up_piece);
}

static void move_piece(struct run *run, struct huge *huge)
{
	void *to = reserve_aligned(run, SMALL_PAGE, SMALL_PAGE);

	if (mremap(huge->at + PIECE, SMALL_PAGE, SMALL_PAGE,
		   MREMAP_MAYMOVE | MREMAP_FIXED, to) != to)
		run_broken(run, "mremap: %s", strerror(errno));
	munmap(to, SMALL_PAGE);
}

static void shmem_thp_mremap(struct run *run)
{
	split_rounds(run, "mremap()", move_piece);
}

/* Of some pages, one of which the device uses. */
static void punch_piece(struct run *run, struct huge *huge)
{
	if (fallocate(huge->file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
		      LARGE_PAGE / 2, STRIDE))
		run_broken(run, "fallocate: %s", strerror(errno));
}

static void shmem_thp_punch(struct run *run)
{
	split_rounds(run, "fallocate(FALLOC_FL_PUNCH_HOLE)", punch_piece);
}

/* Half of it stays in the file. */
static void truncate_half(struct run *run, struct huge *huge)
{
	set_file_size(run, huge->file, LARGE_PAGE / 2);
}

static void shmem_thp_truncate(struct run *run)
{
	split_rounds(run, "ftruncate()", truncate_half);
}

static void give_up_all(struct run *run, struct huge *huge)
{
	if (madvise(huge->at, LARGE_PAGE, MADV_DONTNEED))
		run_broken(run, "madvise(MADV_DONTNEED): %s", strerror(errno));
}

static void shmem_thp_unmap(struct run *run)
{
	split_rounds(run, "MADV_DONTNEED", give_up_all);
}

#define SPLIT	"/sys/kernel/debug/split_huge_pages"

/* The page becomes 512 small ones, each with its old contents. */
static void split_page(struct run *run, struct huge *huge)
{
	FILE *file = fopen(SPLIT, "w");

	if (!file)
		run_skip(run, "cannot open " SPLIT ": %s; run: mount -t debugfs none /sys/kernel/debug",
			 strerror(errno));
	fprintf(file, "%d,0x%lx,0x%lx", getpid(), (unsigned long)huge->at,
		(unsigned long)huge->at + LARGE_PAGE);
	if (fclose(file))
		run_broken(run, SPLIT ": %s", strerror(errno));
}

static void shmem_thp_split(struct run *run)
{
	split_rounds(run, "split", split_page);
}

/* It is split for that, too. */
static void page_out(struct run *run, struct huge *huge)
{
	must_advise(run, huge->at, LARGE_PAGE, MADV_PAGEOUT, "MADV_PAGEOUT");
}

static void shmem_thp_pageout(struct run *run)
{
	need_swap(run);
	split_rounds(run, "swap-out", page_out);
}

SCENARIO(shmem_thp_munmap) = {
	.name = "shmem-thp-munmap",
	.title = "unmaps 4K of a huge page of a file",
	.fracture = true,
	.run = shmem_thp_munmap,
};

SCENARIO(shmem_thp_mprotect) = {
	.name = "shmem-thp-mprotect",
	.title = "makes 4K of a huge page of a file read-only",
	.fracture = true,
	.run = shmem_thp_mprotect,
};

SCENARIO(shmem_thp_dontneed) = {
	.name = "shmem-thp-dontneed",
	.title = "unmaps 4K of a huge page of a file, by MADV_DONTNEED",
	.fracture = true,
	.run = shmem_thp_dontneed,
};

SCENARIO(shmem_thp_mremap) = {
	.name = "shmem-thp-mremap",
	.title = "moves 4K of a huge page of a file elsewhere",
	.fracture = true,
	.run = shmem_thp_mremap,
};

SCENARIO(shmem_thp_punch) = {
	.name = "shmem-thp-punch",
	.title = "punches a hole of 32K in a huge page of a file",
	.fracture = true,
	.run = shmem_thp_punch,
};

SCENARIO(shmem_thp_truncate) = {
	.name = "shmem-thp-truncate",
	.title = "truncates a file in the middle of a huge page",
	.fracture = true,
	.run = shmem_thp_truncate,
};

SCENARIO(shmem_thp_split) = {
	.name = "shmem-thp-split",
	.title = "lets the kernel split a huge page of a file into small ones",
	.fracture = true,
	.run = shmem_thp_split,
};

SCENARIO(shmem_thp_pageout) = {
	.name = "shmem-thp-pageout",
	.title = "swaps out a huge page of a tmpfs that the device writes to",
	.fracture = true,
	.run = shmem_thp_pageout,
};

SCENARIO(shmem_thp_unmap) = {
	.name = "shmem-thp-unmap",
	.title = "unmaps a huge page of a file, by MADV_DONTNEED",
	.fracture = true,
	.run = shmem_thp_unmap,
};

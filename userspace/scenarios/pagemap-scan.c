// SPDX-License-Identifier: GPL-2.0-only
/*
 * PAGEMAP_SCAN tells which pages were written to, and write-protects them in the
 * same step, so that the next scan tells of the next store. One that the device
 * makes by a translation of before is missed by both.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "fixtures/scenario.h"
#include "fixtures/userfaultfd.h"

#define SMALL_BYTES	(16 * SMALL_PAGE)

/* Newer than many a header; by names that none has. */
struct scan {
	uint64_t size;
	uint64_t flags;
	uint64_t start;
	uint64_t end;
	uint64_t stopped_at;
	uint64_t regions;
	uint64_t max_regions;
	uint64_t max_pages;
	uint64_t inverted;
	uint64_t all_of;
	uint64_t any_of;
	uint64_t tell;
};

struct region {
	uint64_t start;
	uint64_t end;
	uint64_t categories;
};

#define IOCTL_SCAN	_IOWR('f', 16, struct scan)
#define WRITE_PROTECT	(1 << 0)
#define IS_WRITTEN	(1 << 1)

static int open_pagemap(struct run *run)
{
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		run_broken(run, "/proc/self/pagemap: %s", strerror(errno));
	return fd;
}

/* Write-protects what was written to; returns how many bytes that is. */
static size_t scan(struct run *run, int pagemap, void *at, size_t bytes)
{
	struct region regions[SMALL_BYTES / SMALL_PAGE];
	struct scan arg = {
		.size = sizeof(arg),
		.flags = WRITE_PROTECT,
		.start = (uintptr_t)at,
		.end = (uintptr_t)at + bytes,
		.regions = (uintptr_t)regions,
		.max_regions = sizeof(regions) / sizeof(regions[0]),
		.all_of = IS_WRITTEN,
		.tell = IS_WRITTEN,
	};
	size_t written = 0;
	int i, nr;

	nr = ioctl(pagemap, IOCTL_SCAN, &arg);
	if (nr < 0)
		run_broken(run, "PAGEMAP_SCAN: %s", strerror(errno));
	for (i = 0; i < nr; i++)
		written += regions[i].end - regions[i].start;
	return written;
}

/**
 * struct scanner - what scans
 * @uffd: lets stores to protected pages pass by themselves
 * @pagemap: the file that is asked
 */
struct scanner {
	struct uffd *uffd;
	int pagemap;
};

static struct scanner open_scanner(struct run *run)
{
	return (struct scanner) {
		.uffd = uffd_open(run, UFFD_FEATURE_WP_ASYNC),
		.pagemap = open_pagemap(run),
	};
}

/* The device wrote to all of it since the last scan. */
static void scan_round(struct run *run, const struct scanner *scanner, void *at,
		       size_t bytes, struct sweep *sweep)
{
	size_t written;

	sweep_wait_pass(sweep);
	operation_begin(run, "PAGEMAP_SCAN", at, bytes);
	written = scan(run, scanner->pagemap, at, bytes);
	operation_end(run);
	run_check(run);
	if (written != bytes)
		run_broken(run, "the device wrote to %zu bytes, the kernel tells of %zu",
			   bytes, written);
}

static void scan_rounds(struct run *run, void *at, size_t bytes, size_t stride)
{
	const struct scanner scanner = open_scanner(run);
	struct sweep *sweep;

	uffd_register(scanner.uffd, at, bytes, UFFDIO_REGISTER_MODE_WP);
	sweep = sweep_start(run, at, bytes, stride, SWEEP_COUNT);
	while (run_next_round(run))
		scan_round(run, &scanner, at, bytes, sweep);
	sweep_stop_stored(sweep);
}

static void pagemap_scan(struct run *run)
{
	void *at = map_small(run, SMALL_BYTES);

	fill_pattern(at, SMALL_BYTES, 1);
	scan_rounds(run, at, SMALL_BYTES, SMALL_PAGE);
}

static void pagemap_scan_hugetlb(struct run *run)
{
	scan_rounds(run, map_hugetlb(run, LARGE_PAGE), LARGE_PAGE,
		    LARGE_PAGE / 16);
}

/* The store after the scan splits the large page, so each round takes another. */
static void pagemap_scan_thp(struct run *run)
{
	const struct scanner scanner = open_scanner(run);

	while (run_next_round(run)) {
		void *at = map_large(run, LARGE_PAGE);
		struct sweep *sweep;

		uffd_register(scanner.uffd, at, LARGE_PAGE,
			      UFFDIO_REGISTER_MODE_WP);
		sweep = sweep_start(run, at, LARGE_PAGE, LARGE_PAGE / 16,
				    SWEEP_COUNT);
		scan_round(run, &scanner, at, LARGE_PAGE, sweep);
		sweep_wait_pass(sweep);
		run_check(run);
		sweep_stop_stored(sweep);
		munmap(at, LARGE_PAGE);
	}
}

SCENARIO(pagemap_scan) = {
	.name = "pagemap-scan",
	.title = "write-protects 4K pages that the device wrote to, by PAGEMAP_SCAN",
	.run = pagemap_scan,
};

SCENARIO(pagemap_scan_thp) = {
	.name = "pagemap-scan-thp",
	.title = "write-protects a transparent huge page, by PAGEMAP_SCAN",
	.run = pagemap_scan_thp,
};

SCENARIO(pagemap_scan_hugetlb) = {
	.name = "pagemap-scan-hugetlb",
	.title = "write-protects a hugetlbfs page, by PAGEMAP_SCAN",
	.run = pagemap_scan_hugetlb,
};

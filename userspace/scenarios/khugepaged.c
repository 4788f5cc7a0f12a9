// SPDX-License-Identifier: GPL-2.0-only
/* What MADV_COLLAPSE does at once, khugepaged does when it comes by. */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "fixtures/filesystem.h"
#include "fixtures/scenario.h"
#include "model/wait_until.h"
#include "runner/setting.h"

#define KHUGEPAGED	"/sys/kernel/mm/transparent_hugepage/khugepaged/"

#define STRIDE		(LARGE_PAGE / 32)
#define TIMEOUT_S	20

static void scan_fast(struct run *run)
{
	static const struct setting settings[] = {
		{ KHUGEPAGED "max_ptes_none", "511" },
		{ KHUGEPAGED "pages_to_scan", "65536" },
		{ KHUGEPAGED "alloc_sleep_millisecs", "0" },
		{ KHUGEPAGED "scan_sleep_millisecs", "0" },
	};

	if (!settings_change(run, settings,
			     sizeof(settings) / sizeof(settings[0])))
		run_skip(run, "this kernel has no khugepaged; it needs CONFIG_TRANSPARENT_HUGEPAGE=y");
}

static void advise(struct run *run, void *at, int advice)
{
	if (madvise(at, LARGE_PAGE, advice))
		run_skip(run, "this kernel has no transparent huge pages");
}

/*
 * A huge page of a file is mapped by who touches it; not by the device, if that
 * was not told that it has to ask again.
 */
static bool touch_and_look(struct run *run, void *at)
{
	(void)*(volatile char *)at;
	return is_mapped_large(run, at);
}

static void wait_collapsed(struct run *run, void *at)
{
	if (!wait_until(touch_and_look(run, at), TIMEOUT_S))
		run_skip(run, "khugepaged collapsed nothing in %d seconds; free some memory, and run: echo madvise > /sys/kernel/mm/transparent_hugepage/enabled",
			 TIMEOUT_S);
}

/* The pages that the device uses; the kernel fills the gaps with zeroes. */
static void fill_small(void *at)
{
	size_t offset;

	for (offset = 0; offset < LARGE_PAGE; offset += STRIDE)
		*(volatile uint64_t *)(at + offset) = 1;
}

/* The memory is in small pages. */
static void collapse_round(struct run *run, void *at)
{
	struct sweep *sweep = sweep_start(run, at, LARGE_PAGE, STRIDE,
					  SWEEP_COUNT);

	sweep_wait_pass(sweep);
	operation_begin(run, "collapse by khugepaged", at, LARGE_PAGE);
	advise(run, at, MADV_HUGEPAGE);
	wait_collapsed(run, at);
	operation_end(run);
	run_check(run);
	sweep_wait_pass(sweep);

	run_check(run);
	sweep_stop_stored(sweep);
	advise(run, at, MADV_NOHUGEPAGE);
}

static void khugepaged(struct run *run)
{
	void *at;

	scan_fast(run);
	at = reserve_aligned(run, LARGE_PAGE, LARGE_PAGE);
	if (mprotect(at, LARGE_PAGE, PROT_READ | PROT_WRITE))
		run_broken(run, "mprotect: %s", strerror(errno));
	advise(run, at, MADV_NOHUGEPAGE);
	while (run_next_round(run)) {
		madvise(at, LARGE_PAGE, MADV_DONTNEED);
		fill_small(at);
		collapse_round(run, at);
	}
}

SCENARIO(khugepaged) = {
	.name = "khugepaged",
	.title = "lets khugepaged collapse 4K pages that the device writes to",
	.run = khugepaged,
};

/*
 * A process becomes known to khugepaged by advice. For files, the kernel asks
 * what the advice before that was.
 */
static void introduce(struct run *run, void *at)
{
	advise(run, at, MADV_HUGEPAGE);
	advise(run, at, MADV_HUGEPAGE);
	advise(run, at, MADV_NOHUGEPAGE);
}

static void khugepaged_shmem(struct run *run)
{
	int file;
	void *at;

	scan_fast(run);
	file = create_file(run, mount_tmpfs(run, "advise"), LARGE_PAGE);
	at = map_file_aligned(run, file, LARGE_PAGE, MAP_SHARED);
	introduce(run, at);
	while (run_next_round(run)) {
		set_file_size(run, file, 0);
		set_file_size(run, file, LARGE_PAGE);
		fill_small(at);
		collapse_round(run, at);
	}
}

SCENARIO(khugepaged_shmem) = {
	.name = "khugepaged-shmem",
	.title = "lets khugepaged collapse 4K pages of a tmpfs that the device writes to",
	.run = khugepaged_shmem,
};

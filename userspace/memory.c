// SPDX-License-Identifier: GPL-2.0-only
/* Memory for scenarios: of a known page size, or the scenario is skipped. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "scenario.h"

static void *map(struct run *run, size_t bytes, int flags)
{
	void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);

	if (at == MAP_FAILED)
		run_broken(run, "mmap of %zu bytes: %s", bytes, strerror(errno));
	return at;
}

/**
 * map_small() - anonymous private memory that stays in 4K pages
 * @run: the run
 * @bytes: a multiple of 4K
 */
void *map_small(struct run *run, size_t bytes)
{
	void *at = map(run, bytes, 0);

	/* Fails where there are no large pages at all, which is as good. */
	madvise(at, bytes, MADV_NOHUGEPAGE);
	return at;
}

/**
 * reserve_aligned() - an aligned piece of address space, inaccessible
 * @run: the run
 * @bytes: how much
 * @alignment: a power of two
 */
void *reserve_aligned(struct run *run, size_t bytes, size_t alignment)
{
	char *at = mmap(NULL, bytes + alignment, PROT_NONE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	char *aligned;

	if (at == MAP_FAILED)
		run_broken(run, "mmap of %zu bytes: %s", bytes, strerror(errno));
	aligned = (char *)(((uintptr_t)at + alignment - 1) & ~(alignment - 1));
	return aligned;
}

static bool kernel_has_thp(void)
{
	char mode[64] = "";
	int fd = open("/sys/kernel/mm/transparent_hugepage/enabled", O_RDONLY);
	bool has;

	if (fd < 0)
		return false;
	has = read(fd, mode, sizeof(mode) - 1) > 0 && !strstr(mode, "[never]");
	close(fd);
	return has;
}

/**
 * is_mapped_large() - is a transparent huge page mapped here by one entry?
 * @run: the run
 * @at: any address of it
 */
bool is_mapped_large(struct run *run, const void *at)
{
	FILE *smaps = fopen("/proc/self/smaps", "r");
	bool here = false, large = false;
	char line[512];

	if (!smaps)
		run_broken(run, "/proc/self/smaps: %s", strerror(errno));
	while (fgets(line, sizeof(line), smaps)) {
		unsigned long start, end, kilobytes;

		if (sscanf(line, "%lx-%lx ", &start, &end) == 2)
			here = (uintptr_t)at >= start && (uintptr_t)at < end;
		else if (here &&
			 (sscanf(line, "AnonHugePages: %lu", &kilobytes) == 1 ||
			  sscanf(line, "ShmemPmdMapped: %lu", &kilobytes) == 1))
			large |= kilobytes >= LARGE_PAGE >> 10;
	}
	fclose(smaps);
	return large;
}

/**
 * map_large() - anonymous private memory in transparent huge pages, written to
 * @run: the run; skipped where the kernel gives none
 * @bytes: a multiple of 2M
 */
void *map_large(struct run *run, size_t bytes)
{
	void *at = reserve_aligned(run, bytes, LARGE_PAGE);
	size_t offset;

	if (!kernel_has_thp())
		run_skip(run, "transparent huge pages are off; run: echo madvise > /sys/kernel/mm/transparent_hugepage/enabled");
	if (mprotect(at, bytes, PROT_READ | PROT_WRITE) ||
	    madvise(at, bytes, MADV_HUGEPAGE))
		run_broken(run, "madvise(MADV_HUGEPAGE): %s", strerror(errno));
	for (offset = 0; offset < bytes; offset += LARGE_PAGE)
		*(volatile char *)(at + offset) = 1;
	if (!is_mapped_large(run, at))
		run_skip(run, "the kernel gave no transparent huge page; free some memory, or run: echo 1 > /proc/sys/vm/compact_memory");
	return at;
}

/**
 * map_hugetlb() - anonymous private memory in hugetlbfs pages of 2M, written to
 * @run: the run; skipped where the pool has none
 * @bytes: a multiple of 2M
 */
void *map_hugetlb(struct run *run, size_t bytes)
{
	void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE |
			MAP_ANONYMOUS | MAP_HUGETLB | (21 << MAP_HUGE_SHIFT),
			-1, 0);

	if (at == MAP_FAILED)
		run_skip(run, "no free 2M huge pages (%s); run: echo 8 > /proc/sys/vm/nr_hugepages",
			 strerror(errno));
	fill_pattern(at, bytes, 1);
	return at;
}

/**
 * fill_pattern() - write to the first word of each 4K
 * @at: memory
 * @bytes: of it
 * @pattern: the value
 */
void fill_pattern(void *at, size_t bytes, uint64_t pattern)
{
	size_t offset;

	for (offset = 0; offset < bytes; offset += SMALL_PAGE)
		*(volatile uint64_t *)(at + offset) = pattern;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * UFFDIO_WRITEPROTECT of pages that the device writes to. When it has returned,
 * no store may pass that user space was not asked about: it tracks writes that
 * way. Here another thread of the process is asked, and unprotects the page.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "fixtures/scenario.h"
#include "fixtures/userfaultfd.h"

#define SMALL_BYTES	(16 * SMALL_PAGE)

static struct uffd *open_answered(struct run *run, uint64_t features, void *at,
				  size_t bytes, size_t page_size)
{
	struct uffd *uffd = uffd_open(run, features);

	uffd_register(uffd, at, bytes, UFFDIO_REGISTER_MODE_WP);
	uffd_answer_stores(uffd, page_size);
	return uffd;
}

static void protect_rounds(struct run *run, uint64_t features, void *at,
			   size_t bytes, size_t page_size, size_t stride)
{
	struct uffd *uffd = open_answered(run, features, at, bytes, page_size);
	struct sweep *sweep = sweep_start(run, at, bytes, stride, SWEEP_COUNT);

	while (run_next_round(run)) {
		sweep_wait_pass(sweep);
		operation_begin(run, "UFFDIO_WRITEPROTECT", at, bytes);
		uffd_write_protect(uffd, at, bytes);
		operation_end(run);
		run_check(run);

		/* Each store is asked about, and made then. */
		sweep_wait_pass(sweep);
		run_check(run);
		sweep_check_stored(sweep);
	}
	sweep_stop_stored(sweep);
}

static void uffd_wp(struct run *run)
{
	void *at = map_small(run, SMALL_BYTES);

	fill_pattern(at, SMALL_BYTES, 1);
	protect_rounds(run, UFFD_FEATURE_PAGEFAULT_FLAG_WP, at, SMALL_BYTES,
		       SMALL_PAGE, SMALL_PAGE);
}

static void uffd_wp_thp(struct run *run)
{
	void *at = map_large(run, LARGE_PAGE);

	protect_rounds(run, UFFD_FEATURE_PAGEFAULT_FLAG_WP, at, LARGE_PAGE,
		       LARGE_PAGE, LARGE_PAGE / 16);
	if (!is_mapped_large(run, at))
		run_broken(run, "the large page was split");
}

static void uffd_wp_shmem(struct run *run)
{
	void *at = mmap(NULL, SMALL_BYTES, PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		run_broken(run, "mmap: %s", strerror(errno));
	fill_pattern(at, SMALL_BYTES, 1);
	protect_rounds(run, UFFD_FEATURE_WP_HUGETLBFS_SHMEM, at, SMALL_BYTES,
		       SMALL_PAGE, SMALL_PAGE);
}

static void uffd_wp_hugetlb(struct run *run)
{
	void *at = map_hugetlb(run, LARGE_PAGE);

	protect_rounds(run, UFFD_FEATURE_WP_HUGETLBFS_SHMEM, at, LARGE_PAGE,
		       LARGE_PAGE, LARGE_PAGE / 16);
}

SCENARIO(uffd_wp) = {
	.name = "uffd-wp",
	.title = "write-protects 4K pages that the device writes to, by UFFDIO_WRITEPROTECT",
	.run = uffd_wp,
};

SCENARIO(uffd_wp_thp) = {
	.name = "uffd-wp-thp",
	.title = "write-protects a transparent huge page, by UFFDIO_WRITEPROTECT",
	.run = uffd_wp_thp,
};

SCENARIO(uffd_wp_shmem) = {
	.name = "uffd-wp-shmem",
	.title = "write-protects shared memory, by UFFDIO_WRITEPROTECT",
	.run = uffd_wp_shmem,
};

SCENARIO(uffd_wp_hugetlb) = {
	.name = "uffd-wp-hugetlb",
	.title = "write-protects a hugetlbfs page, by UFFDIO_WRITEPROTECT",
	.run = uffd_wp_hugetlb,
};

/* More than the device stores to, so that each UFFDIO_WRITEPROTECT takes long. */
#define RACE_BYTES	(256 * SMALL_PAGE)
#define RACES		10

/*
 * Write faults while protection changes elsewhere in the address space: the CPUs
 * are flushed late, and the fault must not rely on what it sees. Where the
 * kernel resolves the faults by itself, all of them go that way.
 */
static void uffd_wp_race(struct run *run)
{
	bool async = uffd_has(UFFD_FEATURE_WP_ASYNC);
	void *at = map_small(run, RACE_BYTES);
	struct sweep *sweep;
	struct uffd *uffd;
	int i;

	fill_pattern(at, RACE_BYTES, 1);
	uffd = uffd_open(run, UFFD_FEATURE_PAGEFAULT_FLAG_WP |
			 (async ? UFFD_FEATURE_WP_ASYNC : 0));
	uffd_register(uffd, at, RACE_BYTES, UFFDIO_REGISTER_MODE_WP);
	if (!async)
		uffd_answer_stores(uffd, SMALL_PAGE);
	sweep = sweep_start(run, at, SMALL_BYTES, SMALL_PAGE, SWEEP_COUNT);
	while (run_next_round(run)) {
		sweep_wait_pass(sweep);
		operation_begin(run, "UFFDIO_WRITEPROTECT", at, RACE_BYTES);
		for (i = 0; i < RACES; i++)
			uffd_write_protect(uffd, at, RACE_BYTES);
		operation_end(run);
		run_check(run);
		sweep_wait_pass(sweep);
		sweep_check_stored(sweep);
	}
	sweep_stop_stored(sweep);
}

SCENARIO(uffd_wp_race) = {
	.name = "uffd-wp-race",
	.title = "write-protects pages again and again while the device's stores unprotect them",
	.run = uffd_wp_race,
};

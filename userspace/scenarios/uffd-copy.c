// SPDX-License-Identifier: GPL-2.0-only
/*
 * UFFDIO_COPY puts a page where reclaim took one away. Reclaim holds the lock of
 * the page that it takes, which keeps a fault from mapping another one until the
 * device was told. UFFDIO_COPY into a private mapping of a file in memory takes
 * no such lock: all that it asks is whether the entry is empty.
 */
#include <errno.h>
#include <linux/memfd.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fixtures/cgroup.h"
#include "fixtures/scenario.h"
#include "fixtures/userfaultfd.h"

/* More than the LRU batches of a CPU hold back from reclaim. */
#define PAGES	32
#define BYTES	(PAGES * SMALL_PAGE)

#define TRIES	200

#define IN_FILE	0x0100000000000000ULL
#define COPIED	0x0200000000000000ULL

/**
 * struct copier - a thread that copies to where no page is
 * @uffd: for it
 * @at: the memory
 * @source: 4K
 * @stop: it is to end
 * @copied: pages so far
 */
struct copier {
	struct uffd *uffd;
	char *at;
	void *source;
	atomic_bool stop;
	atomic_int copied;
};

static int create_file(struct run *run)
{
	uint64_t page[SMALL_PAGE / sizeof(uint64_t)] = { IN_FILE };
	int fd = memfd_create("devtlb", MFD_CLOEXEC);
	int i;

	if (fd < 0)
		run_broken(run, "memfd_create: %s", strerror(errno));
	for (i = 0; i < PAGES; i++) {
		if (write(fd, page, sizeof(page)) != sizeof(page))
			run_broken(run, "write: %s", strerror(errno));
	}
	return fd;
}

static char *map_file(struct run *run)
{
	int fd = create_file(run);
	void *at = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);

	if (at == MAP_FAILED)
		run_broken(run, "mmap: %s", strerror(errno));
	close(fd);
	return at;
}

static void *copy(void *arg)
{
	struct copier *copier = arg;
	int i;

	while (!copier->stop) {
		for (i = 0; i < PAGES; i++)
			copier->copied += uffd_copy(copier->uffd, copier->at +
						    i * SMALL_PAGE,
						    copier->source);
	}
	return NULL;
}

/*
 * Reclaims, not by MADV_PAGEOUT: that one says that a flush is pending while it
 * is at it, which makes a late one legal.
 */
static void reclaim_while_copying(struct run *run, struct copier *copier)
{
	int before = copier->copied;
	pthread_t thread;
	int err, tries;

	must_advise(run, copier->at, BYTES, MADV_COLD, "MADV_COLD");
	copier->stop = false;
	err = pthread_create(&thread, NULL, copy, copier);
	if (err)
		run_broken(run, "pthread_create: %s", strerror(err));
	for (tries = 0; tries < TRIES && copier->copied == before; tries++)
		cgroup_reclaim(run, BYTES);
	copier->stop = true;
	pthread_join(thread, NULL);
	if (copier->copied == before)
		run_skip(run, "the kernel reclaimed nothing when asked %d times",
			 TRIES);
}

static void uffd_copy_scenario(struct run *run)
{
	struct copier copier = { .at = NULL };
	struct sweep *sweep;

	cgroup_enter(run);
	copier.at = map_file(run);
	copier.source = map_small(run, SMALL_PAGE);
	fill_pattern(copier.source, SMALL_PAGE, COPIED);
	copier.uffd = uffd_open(run, UFFD_FEATURE_MISSING_SHMEM);
	uffd_register(copier.uffd, copier.at, BYTES,
		      UFFDIO_REGISTER_MODE_MISSING);
	sweep = sweep_start(run, copier.at, BYTES, SMALL_PAGE, SWEEP_LOAD);
	while (run_next_round(run)) {
		sweep_wait_pass(sweep);
		operation_begin(run, "reclaim", copier.at, BYTES);
		reclaim_while_copying(run, &copier);
		operation_end(run);
		run_check(run);
		sweep_wait_pass(sweep);
		/* The pages of the file come back. */
		must_advise(run, copier.at, BYTES, MADV_DONTNEED, "MADV_DONTNEED");
	}
	sweep_stop(sweep);
}

SCENARIO(uffd_copy) = {
	.name = "uffd-copy",
	.title = "copies pages, by UFFDIO_COPY, to where reclaim takes some of a private file mapping",
	.shows = "S2",
	.range_end = 5000,
	/* Reclaims the process itself, too, with each end of a range held back. */
	.slow = true,
	.run = uffd_copy_scenario,
};

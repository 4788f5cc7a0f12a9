// SPDX-License-Identifier: GPL-2.0-only
/*
 * A page of a file is written to disk, and may be written to meanwhile: the
 * kernel makes it clean and read-only first, so that the next store says that
 * it is dirty again. What a device stores without asking never gets to the disk.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

#include "fixtures/filesystem.h"
#include "fixtures/scenario.h"

#define BYTES	(16 * SMALL_PAGE)

/* The pages that come back are what the disk has. */
static void reread(struct run *run, int file, void *at)
{
	int err;

	if (msync(at, BYTES, MS_SYNC) || madvise(at, BYTES, MADV_DONTNEED))
		run_broken(run, "msync or madvise: %s", strerror(errno));
	err = posix_fadvise(file, 0, BYTES, POSIX_FADV_DONTNEED);
	if (err)
		run_broken(run, "posix_fadvise: %s", strerror(err));
}

static void writeback(struct run *run)
{
	int file = create_file(run, mount_ext4(run), BYTES);
	void *at = map_file(run, file, BYTES, MAP_SHARED);
	struct sweep *sweep;

	fill_pattern(at, BYTES, 1);
	sweep = sweep_start(run, at, BYTES, SMALL_PAGE, SWEEP_COUNT);
	while (run_next_round(run)) {
		sweep_wait_pass(sweep);
		if (msync(at, BYTES, MS_SYNC))
			run_broken(run, "msync: %s", strerror(errno));
		run_check(run);
		sweep_check_stored(sweep);
	}
	sweep_halt(sweep);
	reread(run, file, at);
	sweep_stop_stored(sweep);
}

SCENARIO(writeback) = {
	.name = "writeback",
	.title = "writes pages of a file to disk that the device stores to, by msync()",
	.sites = SITES_OF_BOTH(.reach = { "page_vma_mkclean_one" },
				.drop = { "page_vma_mkclean_one" }),
	.run = writeback,
};

// SPDX-License-Identifier: GPL-2.0-only
/*
 * A page of a file is written to disk, and may be written to meanwhile: the
 * kernel makes it clean and read-only first, so that the next store says that
 * it is dirty again. What a device stores without asking never gets to the disk.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fixtures/filesystem.h"
#include "fixtures/scenario.h"

#define PAGES	16
#define BYTES	(PAGES * SMALL_PAGE)

/* By way of the disk, past the page cache. */
static int open_direct(struct run *run, int file)
{
	char path[32];
	int direct;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	direct = open(path, O_RDONLY | O_DIRECT | O_CLOEXEC);
	if (direct < 0)
		run_skip(run, "open(O_DIRECT): %s", strerror(errno));
	return direct;
}

/*
 * What a device stored before the page was made clean must be on the disk when
 * the page has been written, whatever anybody knows of translations: a black box.
 */
static void write_and_compare(struct run *run, struct sweep *sweep, char *at,
			      int direct)
{
	static char disk[BYTES] __attribute__((aligned(SMALL_PAGE)));
	const uint64_t *word = (uint64_t *)disk + 1;
	uint64_t stored[PAGES];
	size_t i;

	for (i = 0; i < PAGES; i++)
		stored[i] = sweep_acknowledged(sweep, i);
	operation_begin(run, "write-back", at, BYTES);
	if (msync(at, BYTES, MS_SYNC))
		run_broken(run, "msync: %s", strerror(errno));
	operation_end(run);
	if (pread(direct, disk, BYTES, 0) != (ssize_t)BYTES)
		run_broken(run, "read past the page cache: %s", strerror(errno));
	for (i = 0; i < PAGES; i++, word += SMALL_PAGE / sizeof(*word)) {
		if (*word < stored[i])
			run_lost_store(run, at + i * SMALL_PAGE + sizeof(*word),
				       stored[i], *word);
	}
}

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
	int direct = open_direct(run, file);
	void *at = map_file(run, file, BYTES, MAP_SHARED);
	struct sweep *sweep;

	fill_pattern(at, BYTES, 1);
	sweep = sweep_start(run, at, BYTES, SMALL_PAGE, SWEEP_COUNT);
	while (run_next_round(run)) {
		sweep_wait_pass(sweep);
		write_and_compare(run, sweep, at, direct);
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
	.run = writeback,
};

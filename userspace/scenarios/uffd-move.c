// SPDX-License-Identifier: GPL-2.0-only
/*
 * UFFDIO_MOVE takes pages away from where the device accesses them. The page
 * lives on elsewhere: a device that was not told goes on using it, and stores to
 * what is somebody else's memory by then.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "fixtures/scenario.h"
#include "fixtures/userfaultfd.h"

#define SMALL_BYTES	(16 * SMALL_PAGE)

/**
 * struct places - where pages are moved
 * @from: where the device accesses them
 * @to: where there are none
 * @bytes: of each
 */
struct places {
	char *from;
	char *to;
	size_t bytes;
};

static void give_up(struct run *run, void *at, size_t bytes)
{
	if (madvise(at, bytes, MADV_DONTNEED))
		run_broken(run, "madvise(MADV_DONTNEED): %s", strerror(errno));
}

static struct uffd *open_for_move(struct run *run, const struct places *places)
{
	struct uffd *uffd = uffd_open(run, UFFD_FEATURE_MOVE);

	uffd_register(uffd, places->to, places->bytes,
		      UFFDIO_REGISTER_MODE_MISSING);
	return uffd;
}

/* The device faults the source in again after each move. */
static void move_small_rounds(struct run *run, enum sweep_kind kind)
{
	const struct places places = {
		.from = map_small(run, SMALL_BYTES),
		.to = map_small(run, SMALL_BYTES),
		.bytes = SMALL_BYTES,
	};
	struct uffd *uffd = open_for_move(run, &places);
	struct sweep *sweep = sweep_start(run, places.from, SMALL_BYTES,
					  SMALL_PAGE, kind);

	while (run_next_round(run)) {
		sweep_wait_pass(sweep);
		operation_begin(run, "UFFDIO_MOVE", places.from, SMALL_BYTES);
		uffd_move(uffd, places.to, places.from, SMALL_BYTES);
		operation_end(run);
		run_check(run);

		sweep_wait_pass(sweep);
		give_up(run, places.to, SMALL_BYTES);
		run_check(run);
		sweep_check_stored(sweep);
	}
	sweep_stop_stored(sweep);
}

static void uffd_move_scenario(struct run *run)
{
	move_small_rounds(run, SWEEP_LOAD_STORE);
}

/* Nobody writes: all there is to move is the zero page. */
static void uffd_move_zero(struct run *run)
{
	move_small_rounds(run, SWEEP_LOAD);
}

static void *map_source(struct run *run, enum sweep_kind kind)
{
	return kind == SWEEP_LOAD ? map_large_zero(run) :
				    map_large(run, LARGE_PAGE);
}

/*
 * A large page moves whole if all of it is asked for, else it is split. Another
 * mapping each time: what the device stores to the huge zero page splits it.
 */
static void move_large_rounds(struct run *run, size_t offset, size_t bytes,
			      enum sweep_kind kind)
{
	struct places places = {
		.to = (char *)map_for_large(run, LARGE_PAGE) + offset,
		.bytes = bytes,
	};
	struct uffd *uffd = open_for_move(run, &places);

	while (run_next_round(run)) {
		char *large = map_source(run, kind);
		struct sweep *sweep;

		places.from = large + offset;
		sweep = sweep_start(run, places.from, bytes, bytes / 16, kind);
		sweep_wait_pass(sweep);

		operation_begin(run, "UFFDIO_MOVE", places.from, bytes);
		uffd_move(uffd, places.to, places.from, bytes);
		operation_end(run);
		run_check(run);

		sweep_wait_pass(sweep);
		give_up(run, places.to, bytes);
		run_check(run);
		sweep_stop_stored(sweep);
		munmap(large, LARGE_PAGE);
	}
}

static void uffd_move_thp(struct run *run)
{
	move_large_rounds(run, 0, LARGE_PAGE, SWEEP_LOAD_STORE);
}

static void uffd_move_zero_thp(struct run *run)
{
	move_large_rounds(run, 0, LARGE_PAGE, SWEEP_LOAD);
}

static void uffd_move_thp_split(struct run *run)
{
	move_large_rounds(run, LARGE_PAGE / 2, SMALL_BYTES, SWEEP_LOAD_STORE);
}

SCENARIO(uffd_move) = {
	.name = "uffd-move",
	.title = "moves 4K pages away that the device writes to, by UFFDIO_MOVE",
	.run = uffd_move_scenario,
};

SCENARIO(uffd_move_zero) = {
	.name = "uffd-move-zero",
	.title = "moves the zero page away, by UFFDIO_MOVE",
	.run = uffd_move_zero,
};

SCENARIO(uffd_move_thp) = {
	.name = "uffd-move-thp",
	.title = "moves a transparent huge page away, by UFFDIO_MOVE",
	.run = uffd_move_thp,
};

SCENARIO(uffd_move_zero_thp) = {
	.name = "uffd-move-zero-thp",
	.title = "moves the huge zero page away, by UFFDIO_MOVE",
	.run = uffd_move_zero_thp,
};

SCENARIO(uffd_move_thp_split) = {
	.name = "uffd-move-thp-split",
	.title = "moves a piece of a transparent huge page away, by UFFDIO_MOVE",
	.run = uffd_move_thp_split,
};

// SPDX-License-Identifier: GPL-2.0-only
/* Advice about many pieces of memory at once, from another process or one's own. */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "fixtures/partner.h"
#include "fixtures/scenario.h"

/* More than the LRU batches of a CPU hold back from being freed. */
#define BYTES	(64 * SMALL_PAGE)
/* Of one page, then two, and so on, the last one takes what is left. */
#define PIECES	10

/**
 * struct advised - whom it is about
 * @pid: the process
 * @piece: its memory, in pieces
 */
struct advised {
	pid_t pid;
	struct iovec piece[PIECES];
};

static struct advised advised_of(char *at)
{
	struct advised advised = { .pid = getpid() };
	char *end = at + BYTES;
	int i;

	for (i = 0; i < PIECES; i++) {
		size_t bytes = i == PIECES - 1 ? (size_t)(end - at) :
						 (i + 1) * SMALL_PAGE;

		advised.piece[i] = (struct iovec) { at, bytes };
		at += bytes;
	}
	return advised;
}

/* Returns 0 if all of it was done, or an errno. */
static int advise(const struct advised *advised, int advice)
{
	int pidfd = syscall(SYS_pidfd_open, advised->pid, 0);
	ssize_t done;
	int err = 0;

	if (pidfd < 0)
		return errno;
	done = syscall(SYS_process_madvise, pidfd, advised->piece, PIECES,
		       advice, 0);
	if (done < 0)
		err = errno;
	else if ((size_t)done < BYTES)
		err = EAGAIN;
	close(pidfd);
	return err;
}

static int page_out(void *context)
{
	return advise(context, MADV_PAGEOUT);
}

/* The address space may be loaded on no CPU but the device's. */
static void process_pageout(struct run *run)
{
	struct advised advised;
	struct partner *partner;
	struct sweep *sweep;
	char *at;

	need_swap(run);
	at = map_small(run, BYTES);
	advised = advised_of(at);
	/* Before there are pages: none is to be shared. */
	partner = partner_start(run, page_out, &advised);
	fill_pattern(at, BYTES, 1);
	sweep = sweep_start(run, at, BYTES, SMALL_PAGE, SWEEP_COUNT);
	while (run_next_round(run)) {
		sweep_wait_pass(sweep);
		operation_begin(run, "swap-out", at, BYTES);
		partner_work(partner, "process_madvise(MADV_PAGEOUT)");
		operation_end(run);
		run_check(run);

		sweep_wait_pass(sweep);
		sweep_check_stored(sweep);
	}
	sweep_stop_stored(sweep);
	partner_end(partner);
}

SCENARIO(process_pageout) = {
	.name = "process-pageout",
	.title = "lets another process swap out pieces of memory, by process_madvise()",
	.run = process_pageout,
};

/* Since 6.16 the kernel flushes once for all pieces. */
static void process_dontneed(struct run *run)
{
	char *at = map_small(run, BYTES);
	struct advised advised = advised_of(at);
	struct sweep *sweep = sweep_start(run, at, BYTES, SMALL_PAGE,
					  SWEEP_LOAD_STORE);

	while (run_next_round(run)) {
		int err;

		fill_pattern(at, BYTES, 1);
		sweep_wait_pass(sweep);

		operation_begin(run, "MADV_DONTNEED", at, BYTES);
		err = advise(&advised, MADV_DONTNEED);
		if (err == EINVAL)
			run_skip(run, "this kernel's process_madvise() does no MADV_DONTNEED (Linux 6.13)");
		if (err)
			run_broken(run, "process_madvise(MADV_DONTNEED): %s",
				   strerror(err));
		operation_end(run);
		/* The device faults the memory in again, as zeroes. */
		sweep_wait_pass(sweep);

		run_check(run);
		sweep_check_stored(sweep);
	}
	sweep_stop_stored(sweep);
}

SCENARIO(process_dontneed) = {
	.name = "process-dontneed",
	.title = "gives up pieces of memory at once, by process_madvise()",
	.run = process_dontneed,
};

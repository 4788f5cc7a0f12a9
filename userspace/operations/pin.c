// SPDX-License-Identifier: GPL-2.0-only
/* What holds on to pages: a pin for reading, and a pipe that pages are put into. */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/uio.h>
#include <unistd.h>

#include "operations/arena.h"
#include "operations/operation.h"
#include "operations/source.h"

/* Of a pipe that is as large as anybody may make it. */
#define PIPE_BYTES	(256 * PAGE)

/* Page by page, so that one that cannot be read ends it; returns how many could. */
static long read_pinned(const long *argument)
{
	static char page[PAGE];
	const struct iovec to = { page, sizeof(page) };
	long i;

	for (i = 0; i < argument[1]; i++) {
		const struct iovec from = { at(argument[0] + i), PAGE };

		if (process_vm_readv(getpid(), &to, 1, &from, 1, 0) < 0)
			return i ? i : -errno;
	}
	return i;
}

/* The pages that the last one was given are let go. Returns how many it takes. */
static long put_into_pipe(const long *argument)
{
	static int ends[2] = { -1, -1 };
	const struct iovec pages = {
		.iov_base = at(argument[0]),
		.iov_len = argument[1] * PAGE,
	};
	ssize_t put;

	if (ends[0] >= 0) {
		close(ends[0]);
		close(ends[1]);
		ends[0] = -1;
	}
	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK))
		return -errno;
	fcntl(ends[1], F_SETPIPE_SZ, PIPE_BYTES);
	put = vmsplice(ends[1], &pages, 1, SPLICE_F_NONBLOCK);
	return put < 0 ? -errno : put / PAGE;
}

OPERATION(read_pinned) = {
	.name = "read-pinned",
	.title = "pins pages and reads them, process_vm_readv()",
	.argument = { ANY_PAGE("page"), ANY_PAGES("pages") },
	PERFORM(read_pinned),
	.weight = 10,
};

OPERATION(splice) = {
	.name = "splice",
	.title = "puts pages into a pipe, which has them until the next time",
	.argument = { ANY_PAGE("page"), ANY_PAGES("pages") },
	PERFORM(put_into_pipe),
	.weight = 3,
};

SOURCE();

// SPDX-License-Identifier: GPL-2.0-only
/*
 * io_uring with registered buffers, which are pinned: reads and writes of a file,
 * while the process forks, makes the buffers read-only and writable again, and
 * gives up what is next to them.
 */
#include <liburing.h>
#include <sys/wait.h>

#include "program.h"

#define BUFFERS		8
#define BUFFER		(16 * PAGE)

static struct io_uring ring;
static int file;

static void transfer(char *memory, int buffer, bool out)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&ring);
	struct io_uring_cqe *cqe;
	char *at = memory + 2 * buffer * BUFFER;

	if (out)
		io_uring_prep_write_fixed(sqe, file, at, BUFFER, buffer * BUFFER, buffer);
	else
		io_uring_prep_read_fixed(sqe, file, at, BUFFER, buffer * BUFFER, buffer);
	io_uring_submit(&ring);
	if (io_uring_wait_cqe(&ring, &cqe) || cqe->res != (int)BUFFER)
		fail("transfer");
	io_uring_cqe_seen(&ring, cqe);
}

static void round_trip(char *memory, int buffer, uint64_t value)
{
	char *at = memory + 2 * buffer * BUFFER;
	size_t i;

	for (i = 0; i < BUFFER / PAGE; i++)
		*word_of(at, i) = value + i;
	transfer(memory, buffer, true);
	if (value % 8 == 0 && fork() == 0)
		_exit(0);
	mprotect(at, BUFFER, PROT_READ);
	mprotect(at, BUFFER, PROT_READ | PROT_WRITE);
	memset(at + BUFFER, value, BUFFER);
	madvise(at + BUFFER, BUFFER, MADV_DONTNEED);
	for (i = 0; i < BUFFER / PAGE; i++)
		*word_of(at, i) = 0;
	transfer(memory, buffer, false);
	for (i = 0; i < BUFFER / PAGE; i++)
		check_word("read back", at, i, value + i);
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
}

int main(int argc, char **argv)
{
	struct iovec vectors[BUFFERS];
	uint64_t value = 0;
	char *memory;
	int i;

	program_begin(argc, argv);
	if (io_uring_queue_init(BUFFERS, &ring, 0) < 0)
		lacking("io_uring");
	file = memfd_create("file", 0);
	memory = map_anonymous(2 * BUFFERS * BUFFER);
	for (i = 0; i < BUFFERS; i++)
		vectors[i] = (struct iovec){ memory + 2 * i * BUFFER, BUFFER };
	while (time_left()) {
		if (io_uring_register_buffers(&ring, vectors, BUFFERS) < 0)
			fail("io_uring_register_buffers");
		for (i = 0; i < 4 * BUFFERS; i++)
			round_trip(memory, i % BUFFERS, ++value);
		io_uring_unregister_buffers(&ring);
		madvise(memory, 2 * BUFFERS * BUFFER, MADV_DONTNEED);
	}
	return 0;
}

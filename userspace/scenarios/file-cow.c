// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copy on write where it is not a store of the process to anonymous memory: of
 * a page of a file, of memory that the process may not write to itself, and by
 * another process.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "fixtures/filesystem.h"
#include "fixtures/partner.h"
#include "fixtures/scenario.h"

#define PAGES	16
#define BYTES	(PAGES * SMALL_PAGE)

#define OLD(round)	(0x0100000000000000ULL | (round))
#define NEW(round)	(0x0200000000000000ULL | (round))

/* A private mapping of a file whose pages are in memory. */
static void *map_private_file(struct run *run)
{
	int file = create_file(run, mount_tmpfs(run, "never"), BYTES);
	void *contents = map_file(run, file, BYTES, MAP_SHARED);

	fill_pattern(contents, BYTES, OLD(0));
	return map_file(run, file, BYTES, MAP_PRIVATE);
}

/* Back to the file's pages. */
static void forget_copies(struct run *run, void *at)
{
	if (madvise(at, BYTES, MADV_DONTNEED))
		run_broken(run, "madvise(MADV_DONTNEED): %s", strerror(errno));
}

static void file_cow(struct run *run)
{
	void *at = map_private_file(run);
	struct sweep *sweep = sweep_start(run, at, BYTES, SMALL_PAGE,
					  SWEEP_LOAD);
	uint64_t round;

	for (round = 1; run_next_round(run); round++) {
		sweep_wait_pass(sweep);
		operation_begin(run, "copy on write", at, BYTES);
		fill_pattern(at, BYTES, NEW(round));
		operation_end(run);
		run_check(run);
		sweep_wait_pass(sweep);
		forget_copies(run, at);
	}
	sweep_stop(sweep);
}

SCENARIO(file_cow) = {
	.name = "file-cow",
	.title = "writes to a private mapping of a file",
	.run = file_cow,
};

static void write_by_force(struct run *run, int memory, void *at,
			   uint64_t pattern)
{
	size_t offset;

	for (offset = 0; offset < BYTES; offset += SMALL_PAGE) {
		if (pwrite(memory, &pattern, sizeof(pattern),
			   (uintptr_t)at + offset) != sizeof(pattern))
			run_skip(run, "cannot write to /proc/self/mem: %s; boot with proc_mem.force_override=always",
				 strerror(errno));
	}
}

/* As a debugger sets its breakpoints. */
static void forced_cow(struct run *run)
{
	int memory = open("/proc/self/mem", O_RDWR | O_CLOEXEC);
	void *at = map_private_file(run);
	struct sweep *sweep;
	uint64_t round;

	if (memory < 0)
		run_broken(run, "/proc/self/mem: %s", strerror(errno));
	if (mprotect(at, BYTES, PROT_READ))
		run_broken(run, "mprotect: %s", strerror(errno));
	sweep = sweep_start(run, at, BYTES, SMALL_PAGE, SWEEP_LOAD);
	for (round = 1; run_next_round(run); round++) {
		sweep_wait_pass(sweep);
		operation_begin(run, "copy on write by force", at, BYTES);
		write_by_force(run, memory, at, NEW(round));
		operation_end(run);
		run_check(run);
		sweep_wait_pass(sweep);
		forget_copies(run, at);
	}
	sweep_stop(sweep);
}

SCENARIO(forced_cow) = {
	.name = "forced-cow",
	.title = "writes by force to memory that is read-only, through /proc/self/mem",
	.run = forced_cow,
};

/**
 * struct remote - what the other process writes to
 * @pid: this process
 * @at: where its memory is
 * @words: a word for each page
 */
struct remote {
	pid_t pid;
	void *at;
	uint64_t words[PAGES];
};

static int write_remote(void *context)
{
	struct remote *remote = context;
	struct iovec theirs[PAGES];
	struct iovec ours = { remote->words, sizeof(remote->words) };
	ssize_t written;
	int i;

	for (i = 0; i < PAGES; i++)
		theirs[i] = (struct iovec) {
			.iov_base = remote->at + i * SMALL_PAGE,
			.iov_len = sizeof(remote->words[0]),
		};
	written = process_vm_writev(remote->pid, &ours, 1, theirs, PAGES, 0);
	return written == sizeof(remote->words) ? 0 : errno;
}

static void set_words(struct remote *remote, uint64_t word)
{
	int i;

	for (i = 0; i < PAGES; i++)
		remote->words[i] = word;
}

/* A child each round, for it shares the pages that are to be copied. */
static void process_vm_writev_scenario(struct run *run)
{
	struct remote remote = {
		.pid = getpid(),
		.at = map_small(run, BYTES),
	};
	struct sweep *sweep;
	uint64_t round;

	fill_pattern(remote.at, BYTES, OLD(0));
	sweep = sweep_start(run, remote.at, BYTES, SMALL_PAGE, SWEEP_LOAD);
	for (round = 1; run_next_round(run); round++) {
		struct partner *partner;

		set_words(&remote, NEW(round));
		partner = partner_start(run, write_remote, &remote);
		sweep_wait_pass(sweep);
		operation_begin(run, "copy on write by another process",
				remote.at, BYTES);
		partner_work(partner, "process_vm_writev");
		operation_end(run);
		run_check(run);
		sweep_wait_pass(sweep);
		partner_end(partner);
	}
	sweep_stop(sweep);
}

SCENARIO(process_vm_writev_by_child) = {
	.name = "process-vm-writev",
	.title = "lets another process write to memory that the two share since fork()",
	.run = process_vm_writev_scenario,
};

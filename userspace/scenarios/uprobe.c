// SPDX-License-Identifier: GPL-2.0-only
/*
 * A uprobe replaces a page of a program by a copy with a breakpoint, in each
 * process that has it mapped; without it the page of the file comes back. The
 * process maps the program, and does not run it.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fixtures/filesystem.h"
#include "fixtures/scenario.h"

#define BYTES	(4 * SMALL_PAGE)

/* An instruction that may have a probe: of one byte, that does nothing. */
#define NOP	0x90

#define TYPE	"/sys/bus/event_source/devices/uprobe/type"

static unsigned int event_type(struct run *run)
{
	FILE *file = fopen(TYPE, "r");
	unsigned int type;

	if (!file || fscanf(file, "%u", &type) != 1)
		run_skip(run, "cannot read " TYPE ": the kernel needs CONFIG_UPROBE_EVENTS=y");
	fclose(file);
	return type;
}

static int create_program(struct run *run, const char *huge, size_t bytes)
{
	int file = create_file(run, mount_tmpfs(run, huge), bytes);
	void *text = map_file(run, file, bytes, MAP_SHARED);

	memset(text, NOP, bytes);
	munmap(text, bytes);
	return file;
}

static void protect(struct run *run, void *at, size_t bytes, int protection)
{
	if (mprotect(at, bytes, protection))
		run_broken(run, "mprotect: %s", strerror(errno));
}

/*
 * A perf event: it goes with the process, whatever happens to it. Of a CPU, so
 * that it is in whoever maps the program, which is nobody else: with the first
 * event of a task the kernel patches its scheduler, which some emulators get
 * wrong.
 */
static int set_probe(struct run *run, unsigned int type, int file, size_t at)
{
	char path[32];
	struct perf_event_attr attr = {
		.type = type,
		.size = sizeof(attr),
		.uprobe_path = (uintptr_t)path,
		.probe_offset = at,
	};
	int event;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	event = syscall(SYS_perf_event_open, &attr, -1,
			sched_getcpu(), -1, PERF_FLAG_FD_CLOEXEC);
	if (event < 0)
		run_skip(run, "cannot set a uprobe: %s; see /proc/sys/kernel/perf_event_paranoid",
			 strerror(errno));
	return event;
}

/* The probe, @offset bytes into the program, comes and goes. */
static void probe_rounds(struct run *run, int file, size_t offset, void *at,
			 size_t bytes, size_t stride)
{
	unsigned int type = event_type(run);
	struct sweep *sweep = sweep_start(run, at, bytes, stride, SWEEP_LOAD);

	while (run_next_round(run)) {
		int event;

		sweep_wait_pass(sweep);
		operation_begin(run, "uprobe", at, bytes);
		event = set_probe(run, type, file, offset);
		operation_end(run);
		run_check(run);

		sweep_wait_pass(sweep);
		/* From Linux 6.16 on, the copy goes if nobody else uses it. */
		have_new_pages_let_go();
		preparation_begin(run, "end of a uprobe", at, bytes);
		close(event);
		operation_end(run);
		run_check(run);
	}
	sweep_stop(sweep);
}

static void uprobe(struct run *run)
{
	int file = create_program(run, "never", BYTES);
	void *at = map_file(run, file, BYTES, MAP_PRIVATE);

	protect(run, at, BYTES, PROT_READ | PROT_EXEC);
	probe_rounds(run, file, 0, at, BYTES, SMALL_PAGE);
}

SCENARIO(uprobe) = {
	.name = "uprobe",
	.title = "sets a uprobe in a program that is mapped, and removes it",
	.run = uprobe,
};

/*
 * A huge page is mapped by a page table while it has a probe, and by one entry
 * again when it has none: the kernel faults it in itself, when it has removed
 * the probe and looks whether there is one. What the device holds is true then,
 * so that the notification of the table's end is never missed.
 */
static void uprobe_huge(struct run *run)
{
	int file = create_program(run, "always", LARGE_PAGE);
	void *at = map_file_aligned(run, file, LARGE_PAGE, MAP_PRIVATE);

	protect(run, at, LARGE_PAGE, PROT_READ | PROT_EXEC);
	(void)*(volatile char *)at;
	if (!is_mapped_large(run, at))
		run_skip(run, "the kernel gave no huge page for a tmpfs; free some memory, or run: echo 1 > /proc/sys/vm/compact_memory");
	/* Not in a page that the device reads: only the split tells of those. */
	probe_rounds(run, file, SMALL_PAGE, at, LARGE_PAGE, LARGE_PAGE / 32);
}

SCENARIO(uprobe_huge) = {
	.name = "uprobe-huge",
	.title = "sets a uprobe in a huge page of a program, and removes it",
	.fracture = true,
	.run = uprobe_huge,
};

/*
 * The process makes the page writable, once it has its probe. To remove that,
 * the kernel copies the page, and replaces it then: what is stored in between is
 * lost, whoever stores it.
 */
static void uprobe_write(struct run *run)
{
	unsigned int type = event_type(run);
	int file = create_program(run, "never", SMALL_PAGE);
	void *at = map_file(run, file, SMALL_PAGE, MAP_PRIVATE);

	while (run_next_round(run)) {
		struct sweep *sweep;
		int event;

		protect(run, at, SMALL_PAGE, PROT_READ | PROT_EXEC);
		(void)*(volatile char *)at;
		event = set_probe(run, type, file, 0);
		protect(run, at, SMALL_PAGE, PROT_READ | PROT_WRITE);
		sweep = sweep_start(run, at, SMALL_PAGE, SMALL_PAGE / 8,
				    SWEEP_COUNT);
		sweep_wait_pass(sweep);

		operation_begin(run, "end of a uprobe", at, SMALL_PAGE);
		close(event);
		operation_end(run);
		run_check(run);
		sweep_wait_pass(sweep);
		sweep_stop_stored(sweep);
	}
}

SCENARIO(uprobe_write) = {
	.name = "uprobe-write",
	.title = "removes a uprobe from a page that the device writes to",
	.shows = "U1",
	.function = "__replace_page",
	.function_delay = 1000,
	/* The device must get to a store meanwhile. */
	.rounds = 32,
	.run = uprobe_write,
};

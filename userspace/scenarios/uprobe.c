// SPDX-License-Identifier: GPL-2.0-only
/*
 * A uprobe replaces a page of a program by a copy with a breakpoint, in each
 * process that has it mapped; without it the page of the file comes back. The
 * process maps the program, and does not run it.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "filesystem.h"
#include "scenario.h"

/* The probe is in the first one; each takes its time. */
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

static int create_program(struct run *run)
{
	int file = create_file(run, mount_tmpfs(run, "never"), BYTES);
	void *text = map_file(run, file, BYTES, MAP_SHARED);

	memset(text, NOP, BYTES);
	munmap(text, BYTES);
	return file;
}

/* A perf event: it goes with the process, whatever happens to it. */
static int set_probe(struct run *run, unsigned int type, int file)
{
	char path[32];
	struct perf_event_attr attr = {
		.type = type,
		.size = sizeof(attr),
		.uprobe_path = (uintptr_t)path,
	};
	int event;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	event = syscall(SYS_perf_event_open, &attr, 0, -1, -1,
			PERF_FLAG_FD_CLOEXEC);
	if (event < 0)
		run_skip(run, "cannot set a uprobe: %s; see /proc/sys/kernel/perf_event_paranoid",
			 strerror(errno));
	return event;
}

static void uprobe(struct run *run)
{
	unsigned int type = event_type(run);
	int file = create_program(run);
	void *at = map_file(run, file, BYTES, MAP_PRIVATE);
	struct sweep *sweep;

	if (mprotect(at, BYTES, PROT_READ | PROT_EXEC))
		run_broken(run, "mprotect: %s", strerror(errno));
	sweep = sweep_start(run, at, BYTES, SMALL_PAGE, SWEEP_LOAD);
	while (run_next_round(run)) {
		int event;

		sweep_wait_pass(sweep);
		event = set_probe(run, type, file);
		run_check(run);

		sweep_wait_pass(sweep);
		close(event);
		run_check(run);
	}
	sweep_stop(sweep);
}

SCENARIO(uprobe) = {
	.name = "uprobe",
	.title = "sets uprobes in a program that is mapped, and removes them",
	.sites = SITES_OF_BOTH(.reach = { "__replace_page|uprobe_write_opcode" },
				.drop = { "__replace_page" }),
	.run = uprobe,
};

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Operations of a run. The module says what the kernel retired meanwhile, and
 * from where it was told; the page table, which pages are mapped otherwise than
 * before: that one tells a kernel that says nothing from one that did nothing.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "model/page_monitor.h"
#include "model/result.h"
#include "runner/running.h"

#define PAGE_BYTES	4096UL

static uint64_t page_at(const struct run_operation *now, unsigned int i)
{
	return now->start + i * now->stride;
}

/* Of each page that is looked at, its frame; 0 where it has none. */
static void read_frames(struct run *run, uint64_t *frame)
{
	const struct run_operation *now = &run->operation;
	char path[32];
	unsigned int i;
	int fd;

	memset(frame, 0, now->nr * sizeof(*frame));
	snprintf(path, sizeof(path), "/proc/%d/pagemap", run->pid ? : getpid());
	fd = open(path, O_RDONLY | O_CLOEXEC);
	for (i = 0; fd >= 0 && i < now->nr; i++) {
		uint64_t entry;
		off_t offset = page_at(now, i) / PAGE_BYTES * sizeof(entry);

		if (pread(fd, &entry, sizeof(entry), offset) == sizeof(entry))
			frame[i] = entry_frame(entry);
	}
	if (fd >= 0)
		close(fd);
}

/*
 * Only where the kernel said nothing at all: the device may have held nothing of
 * what it said, after a flush of everything, for one. And what it does hold of a
 * page that it was not told of is for the detectors.
 */
static void find_silent_page(struct run *run)
{
	const struct run_operation *now = &run->operation;
	struct silent_page *silent = &now->of->silent;
	uint64_t frame[OPERATION_PAGES];
	unsigned int i;

	if (run_get_count(run, "invalidations") != now->told)
		return;
	read_frames(run, frame);
	for (i = 0; i < now->nr && !silent->at; i++) {
		if (now->frame[i] && frame[i] != now->frame[i])
			*silent = (struct silent_page) {
				page_at(now, i), now->frame[i], frame[i]
			};
	}
}

static void begin(struct run *run, const char *name, const void *at,
		  size_t bytes, bool proves)
{
	struct run_operation *now = &run->operation;
	size_t pages = bytes / PAGE_BYTES;

	if (now->of)
		run_broken(run, "\"%s\" begins before \"%s\" has ended", name,
			   now->of->name);
	*now = (struct run_operation) {
		.of = operation_find(&run->operations, name, proves),
		.start = (uintptr_t)at,
		.nr = pages < OPERATION_PAGES ? pages : OPERATION_PAGES,
	};
	if (!now->of)
		run_broken(run, "more than %d operations", OPERATIONS_MAX);
	now->stride = pages / now->nr * PAGE_BYTES;
	now->of->times++;
	read_frames(run, now->frame);
	now->told = run_get_count(run, "invalidations");
	run_must(run, client_operation_begin(run->client, run->pasid,
					     now->start, bytes),
		 "begin an operation");
}

void operation_begin(struct run *run, const char *name, const void *at,
		     size_t bytes)
{
	begin(run, name, at, bytes, true);
}

void preparation_begin(struct run *run, const char *name, const void *at,
		       size_t bytes)
{
	begin(run, name, at, bytes, false);
}

/*
 * What stands in for what an armed run drops is dropped from now on, too: of two
 * notifications of the same page a clean run sees only the first at work.
 */
static void drop_stand_ins(struct run *run, struct json_object *sites)
{
	size_t i;

	for (i = 0; i < json_object_array_length(sites); i++) {
		struct json_object *site = json_object_array_get_idx(sites, i);

		if (get_number(site, "retired") &&
		    drop_chain(run->mutants, &run->nr_mutants,
			       get_string(site, "chain")))
			run_must(run, client_mutant_add(run->client, run->pasid,
							&run->mutants[run->nr_mutants - 1]),
				 "add mutant");
	}
}

void operation_end(struct run *run)
{
	struct operation *operation = run->operation.of;
	struct json_object *sites;

	run_must(run, client_operation_end(run->client, run->pasid),
		 "end an operation");
	sites = run_get_sites(run);
	if (!operation_learn(operation, sites) && run->kind == RUN_CLEAN)
		find_silent_page(run);
	if (run->kind == RUN_ARMED && operation->proves)
		drop_stand_ins(run, sites);
	json_object_put(sites);
	run->operation.of = NULL;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the mock device does with one process's memory, in a guest: every page
 * size is one translation, or pieces when fractured; programs compute what
 * they say. Needs a free hugetlbfs page of 2M and one of 1G. Prints TAP.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "guest.h"
#include "model/watch_limits.h"

/* Four loads spread over a page: how many translations does that take? */
static void page_size(void *page, size_t size,
		      bool fracture, uint64_t want, const char *name)
{
	struct devtlb_insn program[] = {
		{ .op = DEVTLB_OP_LOAD, .reg = 1, .index = 0,
		  .addr = (uintptr_t)page, .stride = size / 4 },
		{ .op = DEVTLB_OP_LOOP, .reg = 0, .value = 4 },
	};
	struct json_object *thread = NULL;
	uint64_t got = 0;
	uint32_t pasid;

	if (page == MAP_FAILED) {
		report(false, name, "%s", strerror(errno));
		return;
	}
	*(volatile char *)page = 1;
	if (client_bind(client, 0, fracture, &pasid) == 0) {
		thread = run_program(pasid, program,
				     ARRAY_SIZE(program));
		got = info_number("translations");
		client_unbind(client, pasid);
	}
	report_number(thread && got == want && number(thread, "faults") == 0, name,
		      got, want);
	json_object_put(thread);
}

static void *map(size_t size, int flags)
{
	return mmap(NULL, size, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
}

static void *map_thp(void)
{
	const size_t size = 2UL << 20;
	char *at = map(2 * size, 0);

	at = (char *)(((uintptr_t)at + size - 1) & ~(size - 1));
	madvise(at, size, MADV_HUGEPAGE);
	return at;
}

static void page_sizes(void)
{
	const size_t large = 2UL << 20, gigantic = 1UL << 30;

	page_size(map(4096, 0), 4096, false, 1,
		  "a page of 4K is one translation");
	page_size(map_thp(), large, false, 1,
		  "a transparent huge page is one translation");
	page_size(map(large, MAP_HUGETLB | (21 << MAP_HUGE_SHIFT)),
		  large, false, 1, "a hugetlbfs page of 2M is one translation");
	page_size(map(gigantic, MAP_HUGETLB | (30 << MAP_HUGE_SHIFT)),
		  gigantic, false, 1,
		  "a hugetlbfs page of 1G is one translation");
	page_size(map_thp(), large, true, 4,
		  "fractured, it is as many as were accessed");
	page_size(map(large, MAP_HUGETLB | (21 << MAP_HUGE_SHIFT)),
		  large, true, 4, "fractured, a hugetlbfs page, too");
}

static void programs(void)
{
	static const uint64_t want[] = { 40, 42, 7, 3 };
	volatile uint64_t *word = map(4096, 0);
	struct devtlb_insn program[] = {
		{ .op = DEVTLB_OP_SET, .reg = 1, .value = 40 },
		{ .op = DEVTLB_OP_LOG, .reg = 1 },
		{ .op = DEVTLB_OP_ADD, .reg = 1, .value = 2 },
		{ .op = DEVTLB_OP_STORE, .reg = 1, .addr = (uintptr_t)word },
		{ .op = DEVTLB_OP_FENCE },
		{ .op = DEVTLB_OP_WAIT, .addr = (uintptr_t)word, .value = 42 },
		{ .op = DEVTLB_OP_LOAD, .reg = 2, .addr = (uintptr_t)word },
		{ .op = DEVTLB_OP_LOG, .reg = 2 },
		{ .op = DEVTLB_OP_LOAD, .reg = 3,
		  .addr = (uintptr_t)(word + 1) },
		{ .op = DEVTLB_OP_LOG, .reg = 3 },
		/* Three turns, each adding one to register 5. */
		{ .op = DEVTLB_OP_ADD, .reg = 5, .value = 1 },
		{ .op = DEVTLB_OP_LOOP, .reg = 4, .value = 3, .target = 10 },
		{ .op = DEVTLB_OP_LOG, .reg = 5 },
	};
	struct json_object *thread = NULL, *log = NULL;
	uint32_t pasid;
	size_t i;

	word[1] = 7;
	if (client_bind(client, 0, false, &pasid) == 0) {
		thread = run_program(pasid, program,
				     ARRAY_SIZE(program));
		client_unbind(client, pasid);
	}
	report_number(thread && word[0] == 42, "a store is in the process's memory",
		      word[0], 42);
	log = thread ? json_object_object_get(thread, "log") : NULL;
	for (i = 0; i < ARRAY_SIZE(want); i++) {
		static const char * const names[] = {
			"set and log", "add, store, wait and load",
			"a load of what the process stored", "a loop",
		};
		uint64_t got = log ? json_object_get_uint64(
				json_object_array_get_idx(log, i)) : 0;

		report_number(got == want[i], names[i], got, want[i]);
	}
	json_object_put(thread);
}

/* Nothing that the process may not access. */
static void refusals(void)
{
	char *none = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
			  -1, 0);
	char *constant = map(4096, 0);
	struct devtlb_insn program[] = {
		{ .op = DEVTLB_OP_LOAD, .addr = (uintptr_t)none },
		{ .op = DEVTLB_OP_STORE, .addr = (uintptr_t)constant },
		{ .op = DEVTLB_OP_LOAD, .addr = 0xffffffff80000000ULL },
		{ .op = DEVTLB_OP_LOAD, .addr = 0 },
		{ .op = DEVTLB_OP_LOAD, .addr = 0x8000000000000000ULL },
	};
	struct json_object *thread = NULL;
	uint32_t pasid;
	uint64_t got = 0;

	*constant = 1;
	mprotect(constant, 4096, PROT_READ);
	if (client_bind(client, 0, false, &pasid) == 0) {
		thread = run_program(pasid, program,
				     ARRAY_SIZE(program));
		client_unbind(client, pasid);
	}
	if (thread)
		got = number(thread, "faults");
	report_number(got == ARRAY_SIZE(program),
		      "PROT_NONE, read-only, kernel, null and non-canonical addresses are refused",
		      got, ARRAY_SIZE(program));
	json_object_put(thread);
}

/* What cannot be listed is not listed as nothing. */
static void empty_dump(void)
{
	struct json_object *threads = NULL;
	int err = client_threads(client, 1000000, &threads);

	report_number(err == -ENOENT, "the threads of a PASID that is not there",
		      err, -ENOENT);
	json_object_put(threads);
}

/* Is it refused, and does the sentence name what is not there? */
static void report_missing(int err, const char *name)
{
	report_number(err == -ENOENT && strstr(client_error(client), "1000000"), name,
		      err, -ENOENT);
}

/* What a dump has, one by one. */
static void by_number(void)
{
	static const struct watch_limits limits = { };
	const struct devtlb_insn nothing[] = { { .op = DEVTLB_OP_FENCE } };
	struct json_object *object = NULL, *sites = NULL;
	uint32_t pasid = 0, thread = 0, watch = 0, site = 0;
	void *page;
	int err;

	err = client_bind(client, 0, false, &pasid) ? :
	      client_thread_start(client, pasid, nothing, 1, 0, &thread) ? :
	      client_watch_start(client, &limits, &watch);
	page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	*(volatile char *)page = 1;
	munmap(page, 4096);
	err = err ? : client_pasid(client, pasid, &object);
	report_number(!err && number(object, "id") == pasid, "a PASID by its number",
		      err, 0);
	json_object_put(object);
	object = NULL;
	err = client_thread(client, pasid, thread, &object);
	report_number(!err && number(object, "id") == thread, "a thread by its number",
		      err, 0);
	json_object_put(object);
	object = NULL;
	err = client_watch(client, watch, &object);
	report_number(!err && number(object, "id") == watch, "a watch by its number",
		      err, 0);
	json_object_put(object);
	object = NULL;
	err = client_sites(client, pasid, &sites);
	if (!err && json_object_array_length(sites))
		site = number(json_object_array_get_idx(sites, 0), "id");
	err = err ? : client_site(client, pasid, site, &object);
	report_number(!err && number(object, "id") == site && number(object, "count"),
		      "a site by its number", err, 0);
	json_object_put(object);
	json_object_put(sites);
	report_missing(client_pasid(client, 1000000, NULL),
		       "a PASID that is not there, and the sentence says which");
	report_missing(client_thread(client, pasid, 1000000, NULL),
		       "... a thread");
	report_missing(client_watch(client, 1000000, NULL), "... a watch");
	report_missing(client_site(client, pasid, 1000000, NULL), "... a site");
	report_missing(client_finding(client, pasid, 1000000, NULL), "... a finding");
	report_missing(client_unbind(client, 1000000),
		       "... a PASID, where a job looks for it");
	client_watch_stop(client, watch);
	client_unbind(client, pasid);
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	client = connect_or_bail_out();
	printf("1..23\n");
	page_sizes();
	programs();
	refusals();
	empty_dump();
	by_number();
	client_close(client);
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * addresses LEVELS: what the device does at addresses beyond 47 bits, where page
 * tables of LEVELS levels have such, and with pages of 1G; and which page tables it
 * remembers, of every level. Needs a free hugetlbfs page of 1G. Prints TAP.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "guest.h"
#include "model/mutant.h"

#define PAGE		4096UL
#define GIGABYTE	(1UL << 30)
/* Beyond what four levels have. */
#define HIGH		(1UL << 52)
#define FOUR_LEVELS_END	(1UL << 47)

static const struct mutant drop = { .kind = DEVTLB_MUTANT_DROP };
static const struct mutant drop_of_tables = {
	.kind = DEVTLB_MUTANT_DROP,
	.only = DEVTLB_ONLY_TABLES,
};

/*
 * A device of this process's, with a defect if one is given, that has loaded and
 * stored at an address. Returns 0 if it could not.
 */
static uint32_t use(void *at, const struct mutant *defect)
{
	const struct devtlb_insn program[] = {
		{ .op = DEVTLB_OP_SET, .reg = 1, .value = 42 },
		{ .op = DEVTLB_OP_LOAD, .reg = 2, .addr = (uintptr_t)at },
		{ .op = DEVTLB_OP_STORE, .reg = 1, .addr = (uintptr_t)at },
	};
	struct json_object *thread;
	uint32_t pasid;

	if (client_bind(client, 0, false, &pasid))
		return 0;
	if (defect && client_mutant_add(client, pasid, defect))
		return 0;
	*(volatile uint64_t *)at = 1;
	thread = run_program(pasid, program, ARRAY_SIZE(program));
	json_object_put(thread);
	return thread ? pasid : 0;
}

/* Of the findings, how many have one of these sizes? */
static unsigned int findings_of(uint32_t pasid, uint64_t smallest,
				uint64_t largest)
{
	struct client_audit audit;
	struct json_object *findings;
	unsigned int nr = 0;
	size_t i;

	if (client_audit(client, pasid, &audit) ||
	    client_findings(client, pasid, &findings))
		return ~0U;
	for (i = 0; i < json_object_array_length(findings); i++) {
		uint64_t size = number(json_object_array_get_idx(findings, i),
				       "size");

		nr += size >= smallest && size <= largest;
	}
	json_object_put(findings);
	return nr;
}

static void *map(void *hint, size_t bytes, int flags)
{
	return mmap(hint, bytes, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
}

static void high_addresses(unsigned int levels)
{
	uint64_t *at = map((void *)HIGH, PAGE, 0);
	bool is_high = (uintptr_t)at >= FOUR_LEVELS_END;
	uint32_t pasid;

	report_number(at != MAP_FAILED && is_high == (levels == 5),
		      "an address beyond 47 bits, where the kernel has such",
		      (uintptr_t)at, HIGH);
	pasid = use(at, NULL);
	report_number(*at == 42, "the device loads and stores there", *at, 42);
	report_number(count_of(pasid, "tables") == levels - 1,
		      "... and remembers a table of each level below the root",
		      count_of(pasid, "tables"), levels - 1);
	madvise(at, PAGE, MADV_DONTNEED);
	report_number(pasid && count_of(pasid, "held") == 0 &&
		      count_of(pasid, "tables") == 0,
		      "... and forgets them all when it is told",
		      count_of(pasid, "held"), 0);
	client_unbind(client, pasid);

	pasid = use(at, &drop);
	madvise(at, PAGE, MADV_DONTNEED);
	report_number(findings_of(pasid, PAGE, PAGE) > 0,
		      "... and is found not to have been told", 0, 1);
	client_unbind(client, pasid);
	munmap(at, PAGE);
}

/* Nothing else is mapped by these tables but the root: they go with the page. */
static void tables_of_each_level(unsigned int levels)
{
	void *at = map((void *)(levels == 5 ? HIGH : 1UL << 41), PAGE, 0);
	uint32_t pasid = use(at, &drop_of_tables);
	unsigned int lowest, upper;

	munmap(at, PAGE);
	lowest = findings_of(pasid, 2UL << 20, 2UL << 20);
	upper = findings_of(pasid, GIGABYTE, ~0UL);
	report_number(lowest == 1 && upper == levels - 2,
		      "a table of each level is found to be freed under the device",
		      lowest + upper, levels - 1);
	client_unbind(client, pasid);
}

static void gigabyte(unsigned int levels)
{
	void *at = map(NULL, GIGABYTE, MAP_HUGETLB | (30 << MAP_HUGE_SHIFT));
	uint32_t pasid;

	if (at == MAP_FAILED) {
		report(false, "a page of 1G", "%s", strerror(errno));
		return;
	}
	pasid = use(at, NULL);
	report_number(count_of(pasid, "held") == 1 &&
		      count_of(pasid, "tables") == levels - 3,
		      "a page of 1G is one translation, and its table is remembered",
		      count_of(pasid, "tables"), levels - 3);
	munmap(at, GIGABYTE);
	report_number(pasid && count_of(pasid, "held") == 0 &&
		      count_of(pasid, "tables") == 0 && findings_of(pasid, 0, ~0UL) == 0,
		      "... and the device is told that it goes, and its table",
		      count_of(pasid, "held"), 0);
	client_unbind(client, pasid);

	at = map(NULL, GIGABYTE, MAP_HUGETLB | (30 << MAP_HUGE_SHIFT));
	pasid = use(at, &drop);
	mprotect(at, GIGABYTE, PROT_READ);
	report_number(findings_of(pasid, GIGABYTE, GIGABYTE) == 1,
		      "... it is found that it may no longer be written", 0, 1);
	client_unbind(client, pasid);
	mprotect(at, GIGABYTE, PROT_READ | PROT_WRITE);
	pasid = use(at, &drop);
	munmap(at, GIGABYTE);
	report_number(findings_of(pasid, GIGABYTE, GIGABYTE) >= 1,
		      "... and that it went back to its pool", 0, 1);
	client_unbind(client, pasid);
}

int main(int argc, char **argv)
{
	unsigned int levels = argc == 2 ? atoi(argv[1]) : 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	client = connect_or_bail_out();
	high_addresses(levels);
	tables_of_each_level(levels);
	gigabyte(levels);
	client_close(client);
	return 0;
}

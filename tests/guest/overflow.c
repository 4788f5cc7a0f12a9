// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the module remembers is bounded: what happens when there is more. Prints
 * TAP.
 *
 * Usage: overflow [little], which is for a module that has little room: for
 * LITTLE_FINDINGS findings, and for fewer sites and stacks than there are here.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "guest.h"
#include "model/mutant.h"

#define PAGE		4096UL
/* DEVTLB_LOG_MAX, DEVTLB_EFFECTS_MAX, DEVTLB_RECENT_MAX of the module, and more. */
#define LOG_MAX		256
#define LOGGED		300
#define STALE_PAGES	400UL
#define OTHERS		200
#define OTHERS_FEW	5
#define LITTLE_FINDINGS	2
#define ZAPS		500

static uint64_t found_by_rule_b(uint32_t pasid)
{
	struct json_object *findings;
	uint64_t nr = 0;
	size_t i;

	if (client_findings(client, pasid, &findings))
		return ~0ULL;
	for (i = 0; i < json_object_array_length(findings); i++) {
		struct json_object *finding =
			json_object_array_get_idx(findings, i);

		if (strcmp(string(finding, "rule"), "B") == 0)
			nr += number(finding, "count");
	}
	json_object_put(findings);
	return nr;
}

/* Of what the module has got by vmalloc(), what a function of it asked for. */
static uint64_t bytes_of(const char *function)
{
	FILE *file = fopen("/proc/vmallocinfo", "r");
	char line[512], caller[128];
	uint64_t bytes, sum = 0;

	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%*s %" SCNu64 " %127[^+]", &bytes, caller) == 2 &&
		    strcmp(caller, function) == 0)
			sum += bytes;
	}
	if (file)
		fclose(file);
	return sum;
}

/* A word for each 2M of memory, and a few pages; not one for each page. */
static void map_of_what_is_held(void)
{
	uint64_t memory = (uint64_t)sysconf(_SC_PHYS_PAGES) * PAGE;
	uint64_t most = memory / (64 << 10) + 2 * PAGE;
	uint64_t bytes = bytes_of("devtlb_reverse_map_init");

	report_number(bytes > 0 && bytes <= most,
		      "the reverse map of nothing is small", bytes, most);
}

static void log_beyond_its_room(void)
{
	const struct devtlb_insn program[] = {
		{ .op = DEVTLB_OP_ADD, .reg = 1, .value = 1 },
		{ .op = DEVTLB_OP_LOG, .reg = 1 },
		{ .op = DEVTLB_OP_LOOP, .reg = 0, .value = LOGGED },
	};
	struct json_object *thread, *log;
	uint32_t pasid = 0;
	size_t kept;

	client_bind(client, 0, false, &pasid);
	thread = run_program(pasid, program, ARRAY_SIZE(program));
	log = json_object_object_get(thread, "log");
	kept = log ? json_object_array_length(log) : 0;
	report_number(kept == LOG_MAX &&
		      json_object_get_uint64(json_object_array_get_idx(log, 0)) == 1 &&
		      number(thread, "log-lost") == LOGGED - LOG_MAX,
		      "of a log that is full the first values stay, and the others are counted",
		      number(thread, "log-lost"), LOGGED - LOG_MAX);
	json_object_put(thread);
	client_unbind(client, pasid);
}

static int create_file(void)
{
	int file = memfd_create("overflow", 0);

	if (ftruncate(file, 2 * STALE_PAGES * PAGE))
		return -1;
	return file;
}

/* The second half of the file has other words than the first. */
static char *map_half(int file, unsigned int half, void *at)
{
	size_t bytes = STALE_PAGES * PAGE, offset;
	char *memory = mmap(at, bytes, PROT_READ | PROT_WRITE,
			    MAP_SHARED | (at ? MAP_FIXED : 0), file, half * bytes);

	for (offset = 0; offset < bytes; offset += PAGE)
		*(volatile uint64_t *)(memory + offset) = half + 1;
	return memory;
}

/* No page is freed, and none is anonymous: only an access sees that they differ. */
static void more_stale_reads_than_notes(void)
{
	const struct mutant drop = { .kind = DEVTLB_MUTANT_DROP };
	int file = create_file();
	char *memory = map_half(file, 0, NULL);
	const struct devtlb_insn program[] = {
		{ .op = DEVTLB_OP_LOAD, .reg = 1, .index = 0,
		  .addr = (uintptr_t)memory, .stride = PAGE },
		{ .op = DEVTLB_OP_LOOP, .reg = 0, .value = STALE_PAGES },
	};
	uint32_t pasid = 0;

	client_bind(client, 0, false, &pasid);
	client_mutant_add(client, pasid, &drop);
	json_object_put(run_program(pasid, program, ARRAY_SIZE(program)));
	map_half(file, 1, memory);
	json_object_put(run_program(pasid, program, ARRAY_SIZE(program)));
	report_number(count_of(pasid, "stale-reads") == STALE_PAGES,
		      "more stale reads than notes can be made of are counted, each",
		      count_of(pasid, "stale-reads"), STALE_PAGES);
	report_number(found_by_rule_b(pasid) == STALE_PAGES &&
		      count_of(pasid, "findings-lost") == 0,
		      "... and are found, each", found_by_rule_b(pasid), STALE_PAGES);
	client_unbind(client, pasid);
	munmap(memory, STALE_PAGES * PAGE);
	close(file);
}

/* Gives up a page, which the device is told of. */
static void zap(char *at)
{
	*(volatile char *)at = 1;
	madvise(at, PAGE, MADV_DONTNEED);
}

static void notify(unsigned int times)
{
	char *at = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	while (times--)
		zap(at);
	munmap(at, PAGE);
}

/* Does the finding say who told last, when so many others came after it? */
static int says_last_site(unsigned int others)
{
	const struct mutant drop = {
		.kind = DEVTLB_MUTANT_DROP,
		.site = "do_mprotect_pkey",
	};
	char *at = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	const struct devtlb_insn program[] = {
		{ .op = DEVTLB_OP_STORE, .reg = 1, .addr = (uintptr_t)at },
	};
	struct json_object *findings, *finding;
	struct client_audit audit;
	uint32_t pasid = 0;
	int says = -1;

	client_bind(client, 0, false, &pasid);
	client_mutant_add(client, pasid, &drop);
	zap(at);
	json_object_put(run_program(pasid, program, ARRAY_SIZE(program)));
	mprotect(at, PAGE, PROT_READ);
	notify(others);
	if (client_audit(client, pasid, &audit) == 0 &&
	    client_findings(client, pasid, &findings) == 0) {
		finding = json_object_array_get_idx(findings, 0);
		if (finding && json_object_object_get(finding, "withheld-site"))
			says = !!json_object_object_get(finding, "last-site");
		json_object_put(findings);
	}
	client_unbind(client, pasid);
	munmap(at, PAGE);
	return says;
}

static void more_notifications_than_are_remembered(void)
{
	int few = says_last_site(OTHERS_FEW), many = says_last_site(OTHERS);

	report_number(few == 1, "a finding says who told last", few, 1);
	report_number(many == 0,
		      "... and does not guess, when more came since than are remembered",
		      many, 0);
}

/* Of so many notifications of a few stacks, how many had theirs unwound? */
static uint64_t percent_unwound(unsigned int zaps)
{
	uint64_t unwound, recalled;
	uint32_t pasid = 0;

	client_bind(client, 0, false, &pasid);
	notify(10);
	unwound = info_number("stacks-unwound");
	recalled = info_number("stacks-recalled");
	notify(zaps);
	unwound = info_number("stacks-unwound") - unwound;
	recalled = info_number("stacks-recalled") - recalled;
	client_unbind(client, pasid);
	return unwound + recalled >= zaps ? 100 * unwound / (unwound + recalled)
					  : ~0ULL;
}

static void stacks_are_recognised(void)
{
	uint64_t percent = percent_unwound(ZAPS);

	report_number(percent < 5, "a stack that was seen is not unwound again",
		      percent, 5);
}

/* One page each, which the device may write to; nobody tells it of these. */
static void discard(char *at)
{
	madvise(at, PAGE, MADV_DONTNEED);
}

static void protect(char *at)
{
	mprotect(at, PAGE, PROT_READ);
}

static void replace(char *at)
{
	mmap(at, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
}

static void move(char *at)
{
	mremap(at, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED,
	       mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

static uint64_t sum_of_counts(struct json_object *list)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < json_object_array_length(list); i++)
		sum += number(json_object_array_get_idx(list, i), "count");
	return sum;
}

static void more_findings_than_there_is_room_for(void)
{
	static void (*const retire[])(char *at) = {
		discard, protect, replace, move,
	};
	const struct mutant drop = { .kind = DEVTLB_MUTANT_DROP };
	char *memory = mmap(NULL, ARRAY_SIZE(retire) * PAGE,
			    PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	const struct devtlb_insn program[] = {
		{ .op = DEVTLB_OP_STORE, .reg = 1, .index = 0,
		  .addr = (uintptr_t)memory, .stride = PAGE },
		{ .op = DEVTLB_OP_LOOP, .reg = 0, .value = ARRAY_SIZE(retire) },
	};
	uint64_t all, lost, kept;
	struct json_object *findings;
	struct client_audit audit;
	uint32_t pasid = 0;
	size_t i;

	client_bind(client, 0, false, &pasid);
	client_mutant_add(client, pasid, &drop);
	json_object_put(run_program(pasid, program, ARRAY_SIZE(program)));
	for (i = 0; i < ARRAY_SIZE(retire); i++)
		retire[i](memory + i * PAGE);
	client_audit(client, pasid, &audit);
	if (client_findings(client, pasid, &findings))
		findings = json_object_new_array();
	kept = json_object_array_length(findings);
	all = count_of(pasid, "findings");
	lost = count_of(pasid, "findings-lost");
	report_number(kept == LITTLE_FINDINGS,
		      "when there is no room for more findings, the first stay",
		      kept, LITTLE_FINDINGS);
	report_number(lost > 0 && sum_of_counts(findings) + lost == all,
		      "... and the others are counted", sum_of_counts(findings) + lost,
		      all);
	json_object_put(findings);
	client_unbind(client, pasid);
}

/* Notifications of those sites that found no room. */
static uint64_t overflow_of(struct json_object *sites)
{
	size_t i;

	for (i = 0; i < json_object_array_length(sites); i++) {
		struct json_object *site = json_object_array_get_idx(sites, i);

		if (string(site, "chain")[0] == '(')
			return number(site, "count");
	}
	return 0;
}

static void more_sites_than_there_is_room_for(void)
{
	char *memory = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct json_object *sites;
	uint32_t pasid = 0;
	uint64_t all;

	client_bind(client, 0, false, &pasid);
	notify(ZAPS);
	*(volatile char *)memory = 1;
	move(memory);
	all = count_of(pasid, "invalidations");
	if (client_sites(client, pasid, &sites))
		sites = json_object_new_array();
	report_number(overflow_of(sites) > 0 && overflow_of(sites) < all,
		      "when there is no room for more sites, the others are one",
		      overflow_of(sites), 1);
	report_number(sum_of_counts(sites) == all,
		      "... and no notification is forgotten", sum_of_counts(sites), all);
	json_object_put(sites);
	client_unbind(client, pasid);
}

static void more_stacks_than_there_is_room_for(void)
{
	uint64_t percent = percent_unwound(ZAPS);

	report_number(percent > 20 && percent <= 100,
		      "when there is no room for more stacks, they are unwound",
		      percent, 100);
}

static void with_little_room(void)
{
	more_findings_than_there_is_room_for();
	more_sites_than_there_is_room_for();
	more_stacks_than_there_is_room_for();
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	client = connect_or_bail_out();
	if (argc > 1 && strcmp(argv[1], "little") == 0) {
		with_little_room();
		client_close(client);
		return 0;
	}
	map_of_what_is_held();
	log_beyond_its_room();
	more_stale_reads_than_notes();
	more_notifications_than_are_remembered();
	stacks_are_recognised();
	client_close(client);
	return 0;
}

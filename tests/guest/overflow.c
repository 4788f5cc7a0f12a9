// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the module remembers is bounded: what happens when there is more. Prints
 * TAP.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "client/client.h"
#include "model/mutant.h"
#include "model/wait_until.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define PAGE		4096UL
#define PATIENCE_S	120
/* DEVTLB_LOG_MAX, DEVTLB_EFFECTS_MAX, DEVTLB_RECENT_MAX of the module, and more. */
#define LOG_MAX		256
#define LOGGED		300
#define STALE_PAGES	400UL
#define OTHERS		200
#define OTHERS_FEW	5

static struct client *client;
static unsigned int row;

static void report(bool passed, const char *name, unsigned long long got,
		   unsigned long long want)
{
	printf("%sok %u - %s\n", passed ? "" : "not ", ++row, name);
	if (!passed)
		printf("# got %llu, want %llu; %s\n", got, want,
		       client_error(client));
}

static uint64_t number(struct json_object *object, const char *key)
{
	return json_object_get_uint64(json_object_object_get(object, key));
}

static uint64_t count_of(uint32_t pasid, const char *key)
{
	struct json_object *pasids;
	uint64_t count = 0;
	size_t i;

	if (client_pasids(client, &pasids))
		return ~0ULL;
	for (i = 0; i < json_object_array_length(pasids); i++) {
		struct json_object *one = json_object_array_get_idx(pasids, i);

		if (number(one, "id") == pasid)
			count = number(one, key);
	}
	json_object_put(pasids);
	return count;
}

/* Of the last device thread; NULL until it has finished. */
static struct json_object *finished_thread(uint32_t pasid)
{
	struct json_object *threads, *last;

	if (client_threads(client, pasid, &threads))
		return NULL;
	last = json_object_array_get_idx(threads,
					 json_object_array_length(threads) - 1);
	if (strcmp(json_object_get_string(json_object_object_get(last, "state")),
		   "finished") == 0)
		json_object_get(last);
	else
		last = NULL;
	json_object_put(threads);
	return last;
}

static struct json_object *run_program(uint32_t pasid,
				       const struct devtlb_insn *program,
				       unsigned int nr)
{
	struct json_object *done = NULL;
	uint32_t thread;

	if (client_thread_start(client, pasid, program, nr, 1, &thread))
		return NULL;
	wait_until((done = finished_thread(pasid)), PATIENCE_S);
	return done;
}

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

		if (strcmp(json_object_get_string(json_object_object_get(
			finding, "rule")), "B") == 0)
			nr += number(finding, "count");
	}
	json_object_put(findings);
	return nr;
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
	report(kept == LOG_MAX &&
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
	report(count_of(pasid, "stale-reads") == STALE_PAGES,
	       "more stale reads than notes can be made of are counted, each",
	       count_of(pasid, "stale-reads"), STALE_PAGES);
	report(found_by_rule_b(pasid) == STALE_PAGES &&
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

	report(few == 1, "a finding says who told last", few, 1);
	report(many == 0,
	       "... and does not guess, when more came since than are remembered",
	       many, 0);
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	client = client_open();
	if (!client_connected(client)) {
		printf("Bail out! %s\n", client_error(client));
		return 1;
	}
	log_beyond_its_room();
	more_stale_reads_than_notes();
	more_notifications_than_are_remembered();
	client_close(client);
	return 0;
}

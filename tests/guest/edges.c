// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mutants that spoil an edge: from which translations does each keep the device?
 * Eight pages around the end of a page table; four of them are given up. Prints
 * TAP.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"
#include "model/mutant.h"

#define PAGE		4096UL
#define TABLE		(2UL << 20)
#define PAGES		8UL
/* Given up; the table ends in the middle of them. */
#define FIRST		2UL
#define NR		4UL

/* The device makes an access to each of the pages. */
static int access_pages(uint32_t pasid, const char *at, size_t nr, bool write)
{
	struct devtlb_insn program[] = {
		{ .op = write ? DEVTLB_OP_STORE : DEVTLB_OP_LOAD, .reg = 1,
		  .index = 2, .addr = (uintptr_t)at, .stride = PAGE },
		{ .op = DEVTLB_OP_LOOP, .reg = 2, .value = nr, .target = 0 },
	};
	struct json_object *thread = run_program(pasid, program,
						 ARRAY_SIZE(program));
	uint32_t id = thread ? number(thread, "id") : 0;

	json_object_put(thread);
	return client_thread_stop(client, pasid, id);
}

/*
 * From how many translations was a notification withheld? Each is counted once,
 * however often.
 */
static uint64_t spared(uint32_t pasid)
{
	struct json_object *sites;
	uint64_t nr = 0;
	size_t i;

	if (client_sites(client, pasid, &sites))
		return ~0ULL;
	for (i = 0; i < json_object_array_length(sites); i++) {
		struct json_object *site = json_object_array_get_idx(sites, i);

		nr += number(site, "survived") - number(site, "again");
	}
	json_object_put(sites);
	return nr;
}

/* Eight pages, the fifth of them in another page table. */
static char *map_around_table_end(void)
{
	char *at = mmap(NULL, 3 * TABLE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
			-1, 0);
	uintptr_t end = ((uintptr_t)at + 2 * TABLE - 1) & ~(TABLE - 1);

	at = mmap((void *)(end - PAGES / 2 * PAGE), PAGES * PAGE,
		  PROT_READ | PROT_WRITE,
		  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	madvise(at, PAGES * PAGE, MADV_NOHUGEPAGE);
	return at;
}

/* Pages of a large folio that is mapped in pieces. */
static char *map_pieces_of_large(void)
{
	char *at = mmap(NULL, 2 * TABLE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	at = (char *)(((uintptr_t)at + TABLE - 1) & ~(TABLE - 1));
	madvise(at, TABLE, MADV_HUGEPAGE);
	memset(at, 1, TABLE);
	mprotect(at + TABLE - PAGE, PAGE, PROT_READ);
	return at;
}

static int bind_with(const struct mutant *mutant, uint32_t *pasid)
{
	return client_bind(client, 0, false, pasid) ? :
	       client_mutant_add(client, *pasid, mutant);
}

/* Four of the pages are given up. */
static void spares(struct mutant mutant, uint64_t want, const char *name)
{
	char *at = map_around_table_end();
	uint64_t got = ~0ULL;
	uint32_t pasid;

	memset(at, 1, PAGES * PAGE);
	snprintf(mutant.site, sizeof(mutant.site), "do_madvise");
	if (!bind_with(&mutant, &pasid) &&
	    !access_pages(pasid, at, PAGES, false) &&
	    !madvise(at + FIRST * PAGE, NR * PAGE, MADV_DONTNEED))
		got = spared(pasid);
	client_unbind(client, pasid);
	munmap(at, PAGES * PAGE);
	report_number(got == want, name, got, want);
}

/* A page that was never written is dirty when the device stores to it. */
static void spares_writable(void)
{
	const struct mutant mutant = {
		.kind = DEVTLB_MUTANT_DROP,
		.only = DEVTLB_ONLY_WRITABLE,
		.site = "do_madvise",
	};
	char *at = map_around_table_end();
	uint64_t got = ~0ULL;
	uint32_t pasid;

	if (!bind_with(&mutant, &pasid) &&
	    !access_pages(pasid, at, PAGES, false) &&
	    !access_pages(pasid, at, PAGES / 2, true) &&
	    !madvise(at + FIRST * PAGE, NR * PAGE, MADV_DONTNEED))
		got = spared(pasid);
	client_unbind(client, pasid);
	munmap(at, PAGES * PAGE);
	report_number(got == NR / 2, "only=writable: of what the device stores to",
		      got, NR / 2);
}

static pid_t fork_sleeper(void)
{
	pid_t child = fork();

	if (child == 0) {
		pause();
		_exit(0);
	}
	return child;
}

static void end_sleeper(pid_t child)
{
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

/* Of what a child shares, half is copied again. */
static void spares_shared(void)
{
	const struct mutant mutant = {
		.kind = DEVTLB_MUTANT_DROP,
		.only = DEVTLB_ONLY_SHARED,
		.site = "do_madvise",
	};
	char *at = map_around_table_end();
	uint64_t got = ~0ULL;
	uint32_t pasid;
	pid_t child;

	memset(at, 1, PAGES * PAGE);
	child = fork_sleeper();
	memset(at, 2, PAGES / 2 * PAGE);
	if (!bind_with(&mutant, &pasid) &&
	    !access_pages(pasid, at, PAGES, false) &&
	    !madvise(at + FIRST * PAGE, NR * PAGE, MADV_DONTNEED))
		got = spared(pasid);
	client_unbind(client, pasid);
	end_sleeper(child);
	munmap(at, PAGES * PAGE);
	report_number(got == NR / 2, "only=shared: of what a child shares", got, NR / 2);
}

static void spares_pieces_of_large(void)
{
	const struct mutant mutant = {
		.kind = DEVTLB_MUTANT_DROP,
		.only = DEVTLB_ONLY_PTE_MAPPED,
		.site = "do_madvise",
	};
	char *at = map_pieces_of_large();
	uint64_t got = ~0ULL;
	uint32_t pasid;

	if (!bind_with(&mutant, &pasid) &&
	    !access_pages(pasid, at, PAGES, false) &&
	    !madvise(at + FIRST * PAGE, NR * PAGE, MADV_DONTNEED))
		got = spared(pasid);
	client_unbind(client, pasid);
	munmap(at, TABLE);
	report_number(got == NR, "only=pte-mapped: of the pieces of a large folio", got, NR);
}

/* Writes to the first of the pages as soon as it is told to. */
static pid_t fork_writer(char *at, int told)
{
	pid_t child, parent = getpid();
	char byte = 1;
	struct iovec local = { &byte, 1 }, remote = { at, 1 };

	child = fork();
	if (child == 0)
		_exit(read(told, &byte, 1) != 1 ||
		      process_vm_writev(parent, &local, 1, &remote, 1, 0) != 1);
	return child;
}

/* Another process copies a page of ours on write, and we the next one. */
static void spares_foreign(void)
{
	const struct mutant mutant = {
		.kind = DEVTLB_MUTANT_DROP,
		.only = DEVTLB_ONLY_FOREIGN,
	};
	char *at = map_around_table_end();
	uint64_t got = ~0ULL;
	uint32_t pasid;
	pid_t writer;
	int tell[2];

	if (pipe(tell))
		return;
	writer = fork_writer(at, tell[0]);
	/* Forking invalidates: the device looks afterwards. */
	if (!bind_with(&mutant, &pasid) &&
	    !access_pages(pasid, at, PAGES, false) &&
	    write(tell[1], "", 1) == 1 && waitpid(writer, NULL, 0) == writer) {
		at[PAGE] = 1;
		got = spared(pasid);
	}
	client_unbind(client, pasid);
	munmap(at, PAGES * PAGE);
	report_number(got == 1, "only=foreign: of what another process has changed", got, 1);
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	client = connect_or_bail_out();
	spares((struct mutant) { .kind = DEVTLB_MUTANT_DROP }, NR,
	       "drop: of all");
	spares((struct mutant) { .kind = DEVTLB_MUTANT_TRIM }, NR - 1,
	       "trim: of all but the first page");
	spares((struct mutant) { .kind = DEVTLB_MUTANT_FIRST_PAGE }, 1,
	       "first-page: of the first one");
	spares((struct mutant) { .kind = DEVTLB_MUTANT_LAST_PAGE }, 1,
	       "last-page: of the last one");
	spares((struct mutant) { .kind = DEVTLB_MUTANT_BEYOND_TABLE }, NR / 2,
	       "beyond-table: of those in the second page table");
	spares((struct mutant) { .kind = DEVTLB_MUTANT_BEYOND_PUD }, 0,
	       "beyond-pud: of none in one gigabyte");
	spares((struct mutant) { .kind = DEVTLB_MUTANT_DROP, .pages_min = NR },
	       NR, "min: of a range that is large enough");
	spares((struct mutant) { .kind = DEVTLB_MUTANT_DROP, .pages_min = NR + 1 }, 0,
	       "min: of none in a smaller one");
	spares((struct mutant) { .kind = DEVTLB_MUTANT_DROP, .pages_max = NR - 1 }, 0,
	       "max: of none in a larger one");
	spares_writable();
	spares_shared();
	spares_pieces_of_large();
	spares_foreign();
	client_close(client);
	return 0;
}

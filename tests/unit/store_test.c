// SPDX-License-Identifier: GPL-2.0-only
/* The translation store of module/device/store.c, one behaviour a row. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/slab.h>

#include "host.h"
#include "device/range.h"
#include "device/store.h"
#include "tap.h"
#include "device/translation.h"

#define SIZE_4K		(1UL << 12)
#define SIZE_2M		(1UL << 21)
#define SIZE_1G		(1UL << 30)
/* The highest address that a page can have: 57 bits. */
#define HIGHEST		((1UL << 57) - 1)
/* Searches that one devtlb_store_first() may need, whatever is held. */
#define FIRST_COST	(4 * DEVTLB_STORE_LEVELS)

static const unsigned int shifts[] = { 12, 21, 30 };

/* A row's own: every row starts in a new process. */
static struct devtlb_store store;
static struct devtlb_node_supply supply;
/* All translations of the row, so that the leak check finds them. */
static struct devtlb_translation *translations;

static struct devtlb_translation *translation_new(unsigned long va,
						  unsigned int shift)
{
	struct devtlb_translation *translation;

	translation = calloc(1, sizeof(*translation));
	if (!translation)
		abort();
	translation->va = va;
	translation->shift = shift;
	translation->next = translations;
	translations = translation;
	return translation;
}

static void set_up(void)
{
	expect_long(devtlb_store_init(&store), 0);
}

static void tear_down(void)
{
	devtlb_store_destroy(&store);
	devtlb_node_supply_free(&supply);
}

static int try_insert(unsigned long va, unsigned int shift)
{
	expect_long(devtlb_node_supply_fill(&supply), 0);
	return devtlb_store_insert(&store, translation_new(va, shift),
				   &supply);
}

static struct devtlb_translation *insert(unsigned long va, unsigned int shift)
{
	expect_long(try_insert(va, shift), 0);
	return translations;
}

static void remove_one(struct devtlb_translation *translation)
{
	devtlb_store_remove(&store, translation);
}

static struct devtlb_translation *first(unsigned long start,
					unsigned long last)
{
	return devtlb_store_first(&store, (struct devtlb_range) {
		.start = start,
		.last = last,
	});
}

static struct devtlb_translation *lookup(unsigned long va)
{
	return devtlb_store_lookup(&store, va);
}

static const char *name(const struct devtlb_translation *translation,
			char *text)
{
	if (!translation)
		return "none";
	snprintf(text, 64, "%#lx (shift %u)", translation->va,
		 translation->shift);
	return text;
}

#define expect_found(call, wanted) \
	do { \
		struct devtlb_translation *row_got = (call); \
		struct devtlb_translation *row_want = (wanted); \
		char got_text[64], want_text[64]; \
		if (row_got != row_want) \
			tap_fail(__FILE__, __LINE__, \
				 "%s: expected %s, got %s", #call, \
				 name(row_want, want_text), \
				 name(row_got, got_text)); \
	} while (0)

/* What the callback does with a notifier's range. Returns how many went. */
static unsigned long invalidate(unsigned long start, unsigned long end)
{
	struct devtlb_translation *translation;
	struct devtlb_range range;
	unsigned long nr = 0;

	if (!devtlb_range_from_notifier(&range, start, end))
		return 0;
	while ((translation = devtlb_store_first(&store, range))) {
		remove_one(translation);
		nr++;
	}
	return nr;
}

/* Fisher-Yates with a fixed generator: every run has the same order. */
static void shuffle(unsigned int *numbers, unsigned int nr)
{
	uint32_t state = 1;
	unsigned int i;

	for (i = 0; i < nr; i++)
		numbers[i] = i;
	for (i = nr - 1; i > 0; i--) {
		state = state * 1664525 + 1013904223;
		swap(numbers[i], numbers[(state >> 8) % (i + 1)]);
	}
}

static void empty(void)
{
	set_up();
	expect_long(store.held, 0);
	expect_found(lookup(0), NULL);
	expect_found(lookup(0x1000), NULL);
	expect_found(lookup(HIGHEST), NULL);
	expect_found(lookup(ULONG_MAX), NULL);
	expect_found(first(0, 0), NULL);
	expect_found(first(0x1000, 0x1fff), NULL);
	expect_found(first(0, ULONG_MAX), NULL);
	expect_found(first(ULONG_MAX, ULONG_MAX), NULL);
	tear_down();
}

static void holds_shift(void)
{
	unsigned int shift;

	for (shift = 0; shift < 300; shift++)
		expect_long(devtlb_store_holds_shift(shift),
			    shift == 12 || shift == 21 || shift == 30);
	expect_false(devtlb_store_holds_shift(UINT32_MAX));
}

static void edges(unsigned int shift)
{
	unsigned long va = 3UL << shift;
	unsigned long size = 1UL << shift;
	struct devtlb_translation *page;

	set_up();
	page = insert(va, shift);
	expect_found(lookup(va - 1), NULL);
	expect_found(lookup(va), page);
	expect_found(lookup(va + 1), page);
	expect_found(lookup(va + size / 2), page);
	expect_found(lookup(va + size - 1), page);
	expect_found(lookup(va + size), NULL);

	expect_found(first(va - 1, va - 1), NULL);
	expect_found(first(0, va - 1), NULL);
	expect_found(first(0, va), page);
	expect_found(first(va, va), page);
	expect_found(first(va + size - 1, va + size - 1), page);
	expect_found(first(va + size - 1, ULONG_MAX), page);
	expect_found(first(va + size, va + size), NULL);
	expect_found(first(va + size, ULONG_MAX), NULL);
	tear_down();
}

static void edges_4k(void)
{
	edges(12);
}

static void edges_2m(void)
{
	edges(21);
}

static void edges_1g(void)
{
	edges(30);
}

/* 512 neighbours from a boundary of their level on, and one more. */
static void full_node(unsigned int shift)
{
	struct devtlb_translation *pages[DEVTLB_NODE_SLOTS + 1];
	unsigned long base = 1UL << (shift + DEVTLB_NODE_BITS);
	unsigned long size = 1UL << shift;
	unsigned long i;

	set_up();
	for (i = 0; i < ARRAY_SIZE(pages); i++)
		pages[i] = insert(base + i * size, shift);
	expect_long(store.held, ARRAY_SIZE(pages));

	for (i = 0; i < ARRAY_SIZE(pages); i++) {
		unsigned long va = base + i * size;

		expect_found(lookup(va), pages[i]);
		expect_found(lookup(va + size - 1), pages[i]);
		expect_found(first(va, ULONG_MAX), pages[i]);
		expect_found(first(va, va), pages[i]);
	}
	expect_found(lookup(base - 1), NULL);
	expect_found(lookup(base + ARRAY_SIZE(pages) * size), NULL);

	expect_long(invalidate(base, base + DEVTLB_NODE_SLOTS * size),
		    DEVTLB_NODE_SLOTS);
	expect_found(first(0, ULONG_MAX), pages[DEVTLB_NODE_SLOTS]);
	tear_down();
}

static void full_node_4k(void)
{
	full_node(12);
}

static void full_node_2m(void)
{
	full_node(21);
}

static void full_node_1g(void)
{
	full_node(30);
}

static void highest_pages(void)
{
	unsigned int i;

	set_up();
	for (i = 0; i < ARRAY_SIZE(shifts); i++) {
		unsigned long va = HIGHEST + 1 - (1UL << shifts[i]);
		struct devtlb_translation *page = insert(va, shifts[i]);

		expect_found(lookup(va), page);
		expect_found(lookup(HIGHEST), page);
		expect_found(first(0, ULONG_MAX), page);
		expect_found(first(HIGHEST, HIGHEST), page);
		expect_long(invalidate(0, ULONG_MAX), 1);
	}
	tear_down();
}

static void lowest_pages(void)
{
	unsigned int i;

	set_up();
	for (i = 0; i < ARRAY_SIZE(shifts); i++) {
		struct devtlb_translation *page = insert(0, shifts[i]);

		expect_found(lookup(0), page);
		expect_found(first(0, 0), page);
		expect_found(first(0, ULONG_MAX), page);
		expect_long(invalidate(0, 1), 1);
	}
	tear_down();
}

/* Bits above the 57th must not alias a page below. */
static void above_highest(void)
{
	struct devtlb_translation *low, *high;
	unsigned int bit;

	set_up();
	low = insert(0, 12);
	high = insert(HIGHEST + 1 - SIZE_4K, 12);

	expect_found(lookup(HIGHEST + 1), NULL);
	expect_found(lookup(ULONG_MAX), NULL);
	expect_found(first(HIGHEST + 1, HIGHEST + 1), NULL);
	expect_found(first(HIGHEST + 1, ULONG_MAX), NULL);
	expect_found(first(ULONG_MAX, ULONG_MAX), NULL);
	for (bit = 57; bit < 64; bit++) {
		unsigned long va = 1UL << bit;

		expect_found(lookup(va), NULL);
		expect_found(lookup(va | (HIGHEST - 1)), NULL);
		expect_found(first(va, va + SIZE_4K - 1), NULL);
	}
	expect_found(lookup(0), low);
	expect_found(lookup(HIGHEST), high);
	tear_down();
}

static void across_highest(void)
{
	struct devtlb_translation *low, *high;

	set_up();
	low = insert(0, 12);
	high = insert(HIGHEST + 1 - SIZE_4K, 12);

	expect_found(first(HIGHEST, HIGHEST + 1), high);
	expect_found(first(SIZE_4K, HIGHEST + SIZE_4K), high);
	expect_found(first(SIZE_4K, ULONG_MAX), high);
	expect_found(first(0, ULONG_MAX), low);
	expect_long(invalidate(HIGHEST, HIGHEST + SIZE_2M), 1);
	expect_found(first(0, ULONG_MAX), low);
	expect_long(store.held, 1);
	tear_down();
}

static void to_the_end(void)
{
	struct devtlb_translation *page;

	set_up();
	insert(SIZE_1G, 12);
	page = insert(SIZE_1G + SIZE_4K, 12);
	insert(SIZE_1G + SIZE_2M, 21);

	expect_found(first(SIZE_1G + SIZE_4K, ULONG_MAX), page);
	expect_long(invalidate(SIZE_1G + SIZE_4K, ULONG_MAX), 2);
	expect_long(store.held, 1);
	tear_down();
}

static void full_flush(void)
{
	set_up();
	insert(0, 12);
	insert(SIZE_2M, 21);
	insert(SIZE_1G, 30);
	insert(1UL << 47, 12);
	insert(HIGHEST + 1 - SIZE_4K, 12);

	expect_long(invalidate(0, ULONG_MAX), 5);
	expect_long(store.held, 0);
	expect_found(first(0, ULONG_MAX), NULL);
	expect_long(invalidate(0, ULONG_MAX), 0);
	tear_down();
}

static void empty_ranges(void)
{
	set_up();
	insert(0, 12);
	insert(SIZE_2M, 21);
	insert(HIGHEST + 1 - SIZE_4K, 12);

	expect_long(invalidate(0, 0), 0);
	expect_long(invalidate(SIZE_2M, SIZE_2M), 0);
	expect_long(invalidate(SIZE_2M + 5, SIZE_2M + 5), 0);
	expect_long(invalidate(ULONG_MAX, ULONG_MAX), 0);
	expect_long(invalidate(SIZE_2M + SIZE_4K, SIZE_2M), 0);
	expect_long(invalidate(ULONG_MAX, 0), 0);
	expect_long(store.held, 3);
	tear_down();
}

static void unaligned_ranges(void)
{
	struct devtlb_translation *page;

	set_up();
	page = insert(SIZE_2M, 12);
	expect_found(first(SIZE_2M - 5, SIZE_2M - 1), NULL);
	expect_found(first(SIZE_2M - 5, SIZE_2M), page);
	expect_found(first(SIZE_2M + 0xffe, SIZE_2M + 0x1001), page);
	expect_found(first(SIZE_2M + 0x1000, SIZE_2M + 0x1001), NULL);
	expect_found(first(SIZE_2M + 0x123, SIZE_2M + 0x456), page);

	expect_long(invalidate(SIZE_2M - 5, SIZE_2M), 0);
	expect_long(invalidate(SIZE_2M + 0x1000, SIZE_2M + 0x1005), 0);
	expect_long(invalidate(SIZE_2M + 0xfff, SIZE_2M + 0x1005), 1);
	tear_down();
}

/* A range that begins and ends between pages, over several nodes. */
static void range_takes_what_overlaps(void)
{
	struct devtlb_translation *before, *after;

	set_up();
	before = insert(SIZE_1G - SIZE_4K, 12);
	insert(SIZE_1G, 30);
	insert(2 * SIZE_1G, 21);
	insert(2 * SIZE_1G + SIZE_2M, 12);
	insert(2 * SIZE_1G + SIZE_2M + SIZE_4K, 12);
	after = insert(2 * SIZE_1G + SIZE_2M + 2 * SIZE_4K, 12);

	expect_long(invalidate(2 * SIZE_1G - 1,
			       2 * SIZE_1G + SIZE_2M + SIZE_4K + 1), 4);
	expect_long(store.held, 2);
	expect_found(first(0, ULONG_MAX), before);
	expect_found(first(SIZE_1G, ULONG_MAX), after);
	tear_down();
}

static void piece_of_huge(unsigned int shift)
{
	unsigned long base = 5UL << shift;
	unsigned long size = 1UL << shift;
	unsigned long pieces[] = {
		0, SIZE_4K, size / 2, size - 2 * SIZE_4K, size - SIZE_4K,
	};
	struct devtlb_translation *page;
	size_t i;

	set_up();
	page = insert(base, shift);
	for (i = 0; i < ARRAY_SIZE(pieces); i++) {
		unsigned long va = base + pieces[i];

		expect_found(first(va, va + SIZE_4K - 1), page);
		expect_long(invalidate(va, va + SIZE_4K), 1);
		expect_found(lookup(va), NULL);
		expect_found(lookup(base), NULL);
		page = insert(base, shift);
	}
	expect_found(first(base - SIZE_4K, base - 1), NULL);
	expect_found(first(base + size, base + size + SIZE_4K - 1), NULL);
	tear_down();
}

static void piece_of_2m(void)
{
	piece_of_huge(21);
}

static void piece_of_1g(void)
{
	piece_of_huge(30);
}

enum order { ASCENDING, DESCENDING, SHUFFLED };

static void fracture(enum order order)
{
	struct devtlb_translation *pieces[DEVTLB_NODE_SLOTS];
	unsigned int numbers[DEVTLB_NODE_SLOTS];
	unsigned long base = 7 * SIZE_2M;
	unsigned int i, j;

	set_up();
	remove_one(insert(base, 21));
	for (i = 0; i < ARRAY_SIZE(pieces); i++)
		pieces[i] = insert(base + i * SIZE_4K, 12);

	shuffle(numbers, ARRAY_SIZE(numbers));
	for (i = 0; i < ARRAY_SIZE(pieces); i++) {
		if (order == ASCENDING)
			numbers[i] = i;
		else if (order == DESCENDING)
			numbers[i] = ARRAY_SIZE(pieces) - 1 - i;
	}

	for (i = 0; i < ARRAY_SIZE(pieces); i++) {
		unsigned long va = base + numbers[i] * SIZE_4K;

		expect_long(invalidate(va, va + SIZE_4K), 1);
		pieces[numbers[i]] = NULL;
		expect_long(store.held, ARRAY_SIZE(pieces) - 1 - i);
		for (j = 0; j < ARRAY_SIZE(pieces); j++) {
			va = base + j * SIZE_4K;
			expect_found(first(va, va + SIZE_4K - 1), pieces[j]);
			expect_found(lookup(va + SIZE_4K - 1), pieces[j]);
		}
	}
	expect_found(first(0, ULONG_MAX), NULL);
	tear_down();
}

static void fracture_ascending(void)
{
	fracture(ASCENDING);
}

static void fracture_descending(void)
{
	fracture(DESCENDING);
}

static void fracture_shuffled(void)
{
	fracture(SHUFFLED);
}

/* A page of @shift at @va is refused, and changes nothing. */
static void expect_refused(unsigned long va, unsigned int shift, int want,
			   struct devtlb_translation *held)
{
	expect_long(try_insert(va, shift), want);
	expect_true(!translations->node);
	expect_long(store.held, held ? 1 : 0);
	expect_found(first(0, ULONG_MAX), held);
	if (held) {
		unsigned long last = held->va + (1UL << held->shift) - 1;

		expect_found(lookup(held->va), held);
		expect_found(lookup(last), held);
		expect_found(lookup(last + 1), NULL);
	}
}

/* Under and over a held page: at its first, a middle and its last place. */
static void exists(unsigned int held_shift, unsigned int shift)
{
	unsigned long held_size = 1UL << held_shift;
	unsigned long size = 1UL << shift;
	unsigned long base = 6UL << max(held_shift, shift);
	struct devtlb_translation *held;
	unsigned long outer = max(held_size, size);
	unsigned long inner = min(held_size, size);
	unsigned long places[] = { 0, (outer / inner) / 2 * inner,
				   outer - inner };
	unsigned int i;

	set_up();
	for (i = 0; i < ARRAY_SIZE(places); i++) {
		unsigned long held_va = base, va = base;

		if (held_size < size)
			held_va += places[i];
		else if (held_size > size)
			va += places[i];
		held = insert(held_va, held_shift);
		expect_refused(va, shift, -EEXIST, held);

		/* Both neighbours are free. */
		remove_one(insert(base - size, shift));
		remove_one(insert(base + outer, shift));
		remove_one(held);
	}
	tear_down();
}

static void exists_same_size(void)
{
	exists(12, 12);
	exists(21, 21);
	exists(30, 30);
}

static void exists_4k_in_2m(void)
{
	exists(21, 12);
}

static void exists_4k_in_1g(void)
{
	exists(30, 12);
}

static void exists_2m_in_1g(void)
{
	exists(30, 21);
}

static void exists_2m_over_4k(void)
{
	exists(12, 21);
}

static void exists_1g_over_4k(void)
{
	exists(12, 30);
}

static void exists_1g_over_2m(void)
{
	exists(21, 30);
}

static void bad_sizes(void)
{
	unsigned int shift;

	set_up();
	for (shift = 0; shift < 64; shift++) {
		if (shift != 12 && shift != 21 && shift != 30)
			expect_refused(0, shift, -EINVAL, NULL);
	}
	tear_down();
}

static void absurd_sizes(void)
{
	unsigned int shift;

	set_up();
	for (shift = 64; shift < 256; shift++)
		expect_refused(0, shift, -EINVAL, NULL);
	tear_down();
}

static void misaligned(void)
{
	set_up();
	expect_refused(1, 12, -EINVAL, NULL);
	expect_refused(SIZE_4K + 0x800, 12, -EINVAL, NULL);
	expect_refused(SIZE_4K - 1, 12, -EINVAL, NULL);
	expect_refused(SIZE_2M + SIZE_4K, 21, -EINVAL, NULL);
	expect_refused(SIZE_2M - SIZE_4K, 21, -EINVAL, NULL);
	expect_refused(SIZE_2M / 2, 21, -EINVAL, NULL);
	expect_refused(SIZE_1G + SIZE_2M, 30, -EINVAL, NULL);
	expect_refused(SIZE_1G + SIZE_4K, 30, -EINVAL, NULL);
	expect_refused(SIZE_1G - 1, 30, -EINVAL, NULL);
	tear_down();
}

static void too_high(void)
{
	unsigned int i, bit;

	set_up();
	for (i = 0; i < ARRAY_SIZE(shifts); i++) {
		unsigned long size = 1UL << shifts[i];

		for (bit = 57; bit < 64; bit++)
			expect_refused(1UL << bit, shifts[i], -EINVAL, NULL);
		expect_refused(0 - size, shifts[i], -EINVAL, NULL);
		expect_refused(0xffff888000000000 & ~(size - 1), shifts[i],
			       -EINVAL, NULL);
	}
	tear_down();
}

/* Every set of missing nodes, for a page that needs them all. */
static void short_supply(void)
{
	unsigned int missing, level;

	for (missing = 1; missing < 16; missing++) {
		struct devtlb_translation *page, *other;

		set_up();
		other = insert(1UL << 50, 12);
		expect_long(devtlb_node_supply_fill(&supply), 0);
		for (level = 0; level < 4; level++) {
			if (missing & (1 << level)) {
				devtlb_node_free(supply.node[level]);
				supply.node[level] = NULL;
			}
		}
		page = translation_new(0x1000, 12);
		expect_long(devtlb_store_insert(&store, page, &supply),
			    -ENOMEM);

		expect_true(!page->node);
		expect_long(store.held, 1);
		expect_found(lookup(0x1000), NULL);
		expect_found(first(0, ULONG_MAX), other);
		expect_found(first(0, SIZE_1G), NULL);

		expect_long(devtlb_node_supply_fill(&supply), 0);
		expect_long(devtlb_store_insert(&store, page, &supply), 0);
		expect_found(lookup(0x1000), page);
		expect_found(first(0, ULONG_MAX), page);
		expect_long(store.held, 2);
		remove_one(page);
		expect_found(first(0, ULONG_MAX), other);
		tear_down();
		expect_long(host_live(), 0);
	}
}

/* What a failed insertion left behind must suit a page of another size. */
static void short_supply_then_huge(void)
{
	struct devtlb_translation *page;

	set_up();
	expect_long(devtlb_node_supply_fill(&supply), 0);
	devtlb_node_free(supply.node[0]);
	supply.node[0] = NULL;
	expect_long(devtlb_store_insert(&store, translation_new(0x1000, 12),
					&supply), -ENOMEM);
	page = insert(0, 30);
	expect_found(lookup(0x1000), page);
	expect_found(first(0x1000, 0x1fff), page);
	tear_down();
}

static void init_fails(void)
{
	unsigned int nth;

	for (nth = 1; nth <= 2; nth++) {
		host.fail_in = nth;
		expect_long(devtlb_store_init(&store), -ENOMEM);
		expect_long(host_live(), 0);
		devtlb_store_destroy(&store);
		expect_long(host_live(), 0);
	}
	set_up();
	tear_down();
}

/* Pieces of memory of a node of each level below the root. */
static const unsigned int pieces[] = { 2, 3, 3, 2 };

/* Pieces of the nodes that are complete when the @nth one is not to be had. */
static long pieces_before(unsigned int nth)
{
	unsigned int level, nr = 0;

	for (level = 0; level < 4 && nr + pieces[level] < nth; level++)
		nr += pieces[level];
	return nr;
}

static void supply_fill_fails(void)
{
	unsigned int nth;

	for (nth = 1; nth <= 10; nth++) {
		host.fail_in = nth;
		expect_long(devtlb_node_supply_fill(&supply), -ENOMEM);
		expect_long(host_live(), pieces_before(nth));
		devtlb_node_supply_free(&supply);
		expect_long(host_live(), 0);

		host.fail_in = nth;
		expect_long(devtlb_node_supply_fill(&supply), -ENOMEM);
		expect_long(devtlb_node_supply_fill(&supply), 0);
		expect_long(host_live(), 10);
		devtlb_node_supply_free(&supply);
		expect_long(host_live(), 0);
	}
}

static void no_piece_above_a_page(void)
{
	host.largest = 0;
	set_up();
	insert(0x1000, 12);
	insert(SIZE_1G, 30);
	tear_down();
	expect_true(host.largest > 0 && host.largest <= 4096);
}

static void supply_tops_up(void)
{
	unsigned long allocations;

	set_up();
	expect_long(devtlb_node_supply_fill(&supply), 0);
	allocations = host.allocations;
	expect_long(devtlb_node_supply_fill(&supply), 0);
	expect_long(host.allocations - allocations, 0);

	insert(SIZE_2M, 21);
	expect_long(devtlb_node_supply_fill(&supply), 0);
	/* A 2M page takes a node of each level but the lowest. */
	expect_long(host.allocations - allocations, 8);

	devtlb_node_supply_free(&supply);
	devtlb_node_supply_free(&supply);
	tear_down();
}

static void neither_allocates_nor_frees(void)
{
	struct devtlb_translation *page;
	unsigned long allocations, frees;

	set_up();
	expect_long(devtlb_node_supply_fill(&supply), 0);
	page = translation_new(SIZE_2M, 12);
	allocations = host.allocations;
	frees = host.frees;

	expect_long(devtlb_store_insert(&store, page, &supply), 0);
	expect_found(lookup(SIZE_2M), page);
	expect_long(devtlb_store_insert(&store, translation_new(SIZE_2M, 21),
					&supply), -EEXIST);
	expect_found(first(0, ULONG_MAX), page);
	remove_one(page);
	expect_found(lookup(SIZE_2M), NULL);
	expect_found(first(0, ULONG_MAX), NULL);

	expect_long(host.allocations - allocations, 0);
	expect_long(host.frees - frees, 0);
	tear_down();
}

static void another_size(void)
{
	unsigned int i, j;

	set_up();
	for (i = 0; i < ARRAY_SIZE(shifts); i++) {
		for (j = 0; j < ARRAY_SIZE(shifts); j++) {
			unsigned long base = (1 + i * 3 + j) * SIZE_1G;
			struct devtlb_translation *page;

			remove_one(insert(base, shifts[i]));
			page = insert(base, shifts[j]);
			expect_found(lookup(base), page);
			expect_found(first(base, base), page);
			expect_long(invalidate(base, base + 1), 1);
			expect_found(lookup(base), NULL);

			/* The same one comes back, as a recycled one does. */
			page->shift = shifts[i];
			expect_long(devtlb_node_supply_fill(&supply), 0);
			expect_long(devtlb_store_insert(&store, page, &supply),
				    0);
			expect_found(lookup(base), page);
			remove_one(page);
			expect_found(first(0, ULONG_MAX), NULL);
		}
	}
	tear_down();
}

static void counts(void)
{
	struct devtlb_translation *a, *b;

	set_up();
	expect_long(store.held, 0);
	a = insert(0, 12);
	expect_long(store.held, 1);
	b = insert(SIZE_1G, 30);
	expect_long(store.held, 2);
	expect_long(try_insert(0, 21), -EEXIST);
	expect_long(try_insert(1, 12), -EINVAL);
	expect_long(store.held, 2);
	remove_one(a);
	expect_long(store.held, 1);
	remove_one(b);
	expect_long(store.held, 0);
	tear_down();
}

static void in_a_store_or_not(void)
{
	struct devtlb_translation *page;

	set_up();
	page = insert(SIZE_2M, 21);
	expect_true(page->node);
	remove_one(page);
	expect_true(!page->node);
	tear_down();
}

static void lookup_after_remove(void)
{
	struct devtlb_translation *left, *right;

	set_up();
	left = insert(SIZE_4K, 12);
	right = insert(2 * SIZE_4K, 12);
	remove_one(left);
	expect_found(lookup(SIZE_4K), NULL);
	expect_found(lookup(2 * SIZE_4K), right);
	expect_found(first(0, ULONG_MAX), right);
	tear_down();
}

/* 300 pages of all sizes, each in a gigabyte of its own, in any order. */
static void in_order(void)
{
	unsigned int numbers[300];
	struct devtlb_translation *page;
	unsigned long start = 0;
	unsigned int i;

	set_up();
	shuffle(numbers, ARRAY_SIZE(numbers));
	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		unsigned long number = numbers[i];

		insert(number * 5 * SIZE_1G, shifts[number % 3]);
	}
	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		page = first(start, ULONG_MAX);
		expect_true(page);
		expect_hex(page->va, i * 5 * SIZE_1G);
		expect_long(page->shift, shifts[i % 3]);
		start = page->va + (1UL << page->shift);
	}
	expect_found(first(start, ULONG_MAX), NULL);
	tear_down();
}

static void lowest_of_a_range(void)
{
	struct devtlb_translation *pages[8];
	unsigned int i;

	set_up();
	/* The highest goes in first: the order of insertion is no help. */
	for (i = ARRAY_SIZE(pages); i-- > 0;)
		pages[i] = insert(i * SIZE_2M, i % 2 ? 21 : 12);
	for (i = 0; i < ARRAY_SIZE(pages); i++)
		expect_found(first(i * SIZE_2M, ULONG_MAX), pages[i]);
	for (i = 0; i < ARRAY_SIZE(pages); i++) {
		expect_found(first(0, ULONG_MAX), pages[i]);
		remove_one(pages[i]);
	}
	expect_found(first(0, ULONG_MAX), NULL);
	tear_down();
}

static unsigned long cost_of_first(unsigned long start, unsigned long last,
				   struct devtlb_translation *want)
{
	unsigned long before = host.bit_searches;

	expect_found(first(start, last), want);
	return host.bit_searches - before;
}

/*
 * Empty ranges across an address that is a boundary of every level, from pages
 * to a great part of the address space: both of their ends go all the way down.
 */
#define HOLE	(3UL << 48)

static void expect_holes_cheap(void)
{
	unsigned long ends[] = { SIZE_4K, SIZE_2M, SIZE_1G, 1UL << 39,
				 1UL << 47 };
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(ends); i++) {
		for (j = 0; j < ARRAY_SIZE(ends); j++)
			expect_at_most(cost_of_first(HOLE - ends[i],
						     HOLE + ends[j] - 1, NULL),
				       FIRST_COST);
	}
}

static void cost_with_one(void)
{
	set_up();
	insert(0, 12);
	expect_holes_cheap();
	tear_down();
}

/* 100,000 pages, right beside both ends of the widest of the ranges. */
static void cost_with_many(void)
{
	unsigned long below = HOLE - (1UL << 47);
	unsigned long above = HOLE + (1UL << 47);
	unsigned long i;

	set_up();
	for (i = 0; i < 50000; i++) {
		insert(below - (i + 1) * SIZE_4K, 12);
		insert(above + i * SIZE_4K, 12);
	}
	expect_long(store.held, 100000);
	expect_holes_cheap();
	tear_down();
}

/* Nodes that hold nothing any more must not be walked through. */
static void cost_after_many(void)
{
	struct devtlb_translation *page;
	unsigned long i;

	set_up();
	for (i = 0; i < 1000; i++) {
		insert(i * SIZE_2M, 12);
		insert((i + 1) << 40, shifts[i % 3]);
	}
	for (page = translations; page; page = page->next)
		remove_one(page);
	expect_at_most(cost_of_first(0, ULONG_MAX, NULL), FIRST_COST);
	expect_at_most(cost_of_first(SIZE_4K, 1UL << 50, NULL), FIRST_COST);
	expect_at_most(cost_of_first(1UL << 40, 3UL << 40, NULL), FIRST_COST);
	tear_down();
}

static void cost_of_removing_all(void)
{
	unsigned long nr = 0, before;
	unsigned long i;

	set_up();
	for (i = 0; i < 10000; i++) {
		/* Alone in its node, and every tenth alone in its 512G. */
		insert(i % 10 ? i * SIZE_2M : i << 40, 12);
	}
	before = host.bit_searches;
	nr = invalidate(0, ULONG_MAX);
	expect_long(nr, 10000);
	expect_at_most(host.bit_searches - before, (nr + 1) * FIRST_COST);
	tear_down();
}

static void destroys_what_it_holds(void)
{
	unsigned long i;

	set_up();
	for (i = 0; i < 1000; i++)
		insert(i * 77 * SIZE_1G, shifts[i % 3]);
	devtlb_store_destroy(&store);
	expect_true(!store.root);
	expect_long(store.held, 0);
	devtlb_node_supply_free(&supply);
	expect_long(host_live(), 0);
	/* A PASID that is gone may still be misrouted to. */
	expect_found(first(0, ULONG_MAX), NULL);

	devtlb_store_destroy(&store);
	set_up();
	expect_found(first(0, ULONG_MAX), NULL);
	tear_down();
}

static const struct tap_row rows[] = {
	{ "an empty store finds nothing", empty },
	{ "4K, 2M and 1G are the sizes it holds", holds_shift },
	{ "a 4K page is found from its first byte to its last", edges_4k },
	{ "a 2M page is found from its first byte to its last", edges_2m },
	{ "a 1G page is found from its first byte to its last", edges_1g },
	{ "512 neighbours of 4K fill a node", full_node_4k },
	{ "512 neighbours of 2M fill a node", full_node_2m },
	{ "512 neighbours of 1G fill a node", full_node_1g },
	{ "the highest page of each size", highest_pages },
	{ "the lowest page of each size", lowest_pages },
	{ "addresses above the highest alias nothing", above_highest },
	{ "a range across the highest address finds what is below",
	  across_highest },
	{ "a range that ends at ~0UL reaches the last page", to_the_end },
	{ "(0, ~0UL) takes everything", full_flush },
	{ "empty and backward ranges take nothing", empty_ranges },
	{ "unaligned ranges take a page for one byte of it", unaligned_ranges },
	{ "a range takes what overlaps and nothing else",
	  range_takes_what_overlaps },
	{ "a 4K range in a 2M page takes the page", piece_of_2m },
	{ "a 4K range in a 1G page takes the page", piece_of_1g },
	{ "512 pieces of a 2M page go one by one, upwards",
	  fracture_ascending },
	{ "512 pieces of a 2M page go one by one, downwards",
	  fracture_descending },
	{ "512 pieces of a 2M page go one by one, shuffled",
	  fracture_shuffled },
	{ "-EEXIST for the same page", exists_same_size },
	{ "-EEXIST for 4K in a held 2M", exists_4k_in_2m },
	{ "-EEXIST for 4K in a held 1G", exists_4k_in_1g },
	{ "-EEXIST for 2M in a held 1G", exists_2m_in_1g },
	{ "-EEXIST for 2M over a held 4K", exists_2m_over_4k },
	{ "-EEXIST for 1G over a held 4K", exists_1g_over_4k },
	{ "-EEXIST for 1G over a held 2M", exists_1g_over_2m },
	{ "-EINVAL for sizes that no page has", bad_sizes },
	{ "-EINVAL for sizes of 2^64 bytes and more", absurd_sizes },
	{ "-EINVAL for an address within the page", misaligned },
	{ "-EINVAL for an address above the highest", too_high },
	{ "-ENOMEM for a short supply, and nothing changed", short_supply },
	{ "a huge page goes where a 4K page got -ENOMEM",
	  short_supply_then_huge },
	{ "a failed allocation in init leaks nothing", init_fails },
	{ "a failed allocation in a supply leaks nothing", supply_fill_fails },
	{ "no piece of a node is larger than a page", no_piece_above_a_page },
	{ "a supply is topped up with what was used", supply_tops_up },
	{ "insert, lookup, first, remove: no allocation, no free",
	  neither_allocates_nor_frees },
	{ "another size in the place of a removed page", another_size },
	{ "held counts the pages in the store", counts },
	{ "a page knows whether it is in a store", in_a_store_or_not },
	{ "a removed page is not looked up any more", lookup_after_remove },
	{ "first goes through all pages in order", in_order },
	{ "first is the lowest in the range", lowest_of_a_range },
	{ "first over an empty range is cheap, 1 page held", cost_with_one },
	{ "first over an empty range is as cheap, 100,000 held",
	  cost_with_many },
	{ "first over an empty range is as cheap, 2,000 removed",
	  cost_after_many },
	{ "removing everything costs a constant for each page",
	  cost_of_removing_all },
	{ "destroy frees the nodes of what is held", destroys_what_it_holds },
};

int main(void)
{
	return tap_run(rows, ARRAY_SIZE(rows));
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: operations on the store, each compared with a naive model.
 *
 * The model is a flat array and knows nothing of nodes, slots or levels. It
 * does its own arithmetic, so that a defect in range.h cannot hide in both.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>

#include "host.h"
#include "device/range.h"
#include "device/store.h"
#include "store_fuzz.h"
#include "device/translation.h"

#define MODEL_PAGES	256
#define ADDRESS_BITS	57
/* Searches that one devtlb_store_first() may need, whatever is held. */
#define FIRST_COST	(4 * DEVTLB_STORE_LEVELS)
/* A comparison of everything costs much: only after so many operations. */
#define COMPARE_ALL	32

unsigned long store_fuzz_operations;

struct model_page {
	bool held;
	unsigned long va;
	unsigned long last;
	struct devtlb_translation translation;
};

static struct model_page model[MODEL_PAGES];
static unsigned long model_held;

static struct devtlb_store store;
static struct devtlb_node_supply supply;

/* The operation at hand, for the message. */
static unsigned long number;
static char operation[128];

static const uint8_t *input;
static size_t input_left;

static uint64_t take(unsigned int nr_bytes)
{
	uint64_t value = 0;

	/* Past its end the input is all zeroes. */
	while (nr_bytes-- > 0) {
		value <<= 8;
		if (input_left > 0) {
			value |= *input++;
			input_left--;
		}
	}
	return value;
}

static void describe(const char *format, ...)
	__attribute__((format(printf, 1, 2)));
static void describe(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(operation, sizeof(operation), format, arguments);
	va_end(arguments);
}

static void differ(const char *format, ...)
	__attribute__((format(printf, 1, 2), noreturn));
static void differ(const char *format, ...)
{
	va_list arguments;

	fprintf(stderr, "store_fuzz: operation %lu: %s: ", number, operation);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	abort();
}

static const char *name(const struct devtlb_translation *translation,
			char text[64])
{
	if (!translation)
		return "nothing";
	snprintf(text, 64, "the page %#lx of shift %u", translation->va,
		 translation->shift);
	return text;
}

static void compare_found(const char *call, unsigned long start,
			  unsigned long last,
			  const struct devtlb_translation *got,
			  const struct devtlb_translation *want)
{
	char got_text[64], want_text[64];

	if (got != want)
		differ("%s(%#lx..%#lx): the store says %s, the model %s", call,
		       start, last, name(got, got_text),
		       name(want, want_text));
}

static struct devtlb_translation *model_first(unsigned long start,
					      unsigned long last)
{
	struct model_page *lowest = NULL;
	size_t i;

	for (i = 0; i < MODEL_PAGES; i++) {
		struct model_page *page = &model[i];

		if (!page->held || page->last < start || page->va > last)
			continue;
		if (!lowest || page->va < lowest->va)
			lowest = page;
	}
	return lowest ? &lowest->translation : NULL;
}

static void model_forget(struct devtlb_translation *translation)
{
	size_t i;

	for (i = 0; i < MODEL_PAGES; i++) {
		if (&model[i].translation == translation)
			model[i].held = false;
	}
	model_held--;
}

static struct devtlb_translation *compare_first(unsigned long start,
						unsigned long last)
{
	struct devtlb_range range = { .start = start, .last = last };
	unsigned long before = host.bit_searches;
	struct devtlb_translation *got = devtlb_store_first(&store, range);
	unsigned long cost = host.bit_searches - before;

	compare_found("first", start, last, got, model_first(start, last));
	if (cost > FIRST_COST)
		differ("first(%#lx..%#lx): the store took %lu searches, the limit is %d",
		       start, last, cost, FIRST_COST);
	return got;
}

static void compare_lookup(unsigned long va)
{
	compare_found("lookup", va, va, devtlb_store_lookup(&store, va),
		      model_first(va, va));
}

static void compare_everything(void)
{
	unsigned long start = 0;
	unsigned long nr;

	for (nr = 0; nr < model_held; nr++) {
		struct devtlb_translation *page;

		page = compare_first(start, ~0UL);
		if (!page)
			differ("%lu pages in order: the store and the model end after %lu",
			       model_held, nr);
		compare_lookup(page->va);
		compare_lookup(page->va + (1UL << page->shift) - 1);
		start = page->va + (1UL << page->shift);
	}
	compare_first(start, ~0UL);
}

/* After each operation, at the addresses that it was about. */
static void compare_at(unsigned long start, unsigned long last)
{
	if (store.held != model_held)
		differ("held: the store says %lu, the model %lu", store.held,
		       model_held);
	compare_first(0, ~0UL);
	compare_first(start, last);
	compare_lookup(start - 1);
	compare_lookup(start);
	compare_lookup(last);
	compare_lookup(last + 1);
	if (number % COMPARE_ALL == 0)
		compare_everything();
}

/*
 * Around the boundaries of every level, both ends of what the store can hold,
 * and where addresses would alias if the high bits were dropped.
 */
static unsigned long take_address(void)
{
	static const unsigned long bases[] = {
		0,
		(1UL << 39) - (1UL << 30),
		(1UL << 48) - (1UL << 30),
		(1UL << ADDRESS_BITS) - (2UL << 30),
		1UL << ADDRESS_BITS,
	};
	static const unsigned long slots[] = { 0, 1, 2, 255, 509, 510, 511 };
	static const unsigned long bytes[] = { 0, 0, 0, 1, 0x7ff, 0xffe, 0xfff };
	unsigned long va;
	uint8_t choice = take(1);

	if (choice < 16)
		return take(8);
	va = bases[choice % ARRAY_SIZE(bases)];
	choice = take(1);
	va += (unsigned long)(choice % 2) << 30;
	va += slots[choice / 2 % ARRAY_SIZE(slots)] << 21;
	choice = take(1);
	va += slots[choice % ARRAY_SIZE(slots)] << 12;
	return va + bytes[choice / 8 % ARRAY_SIZE(bytes)];
}

static unsigned int take_shift(void)
{
	static const unsigned int shifts[] = { 12, 12, 12, 21, 21, 30 };
	uint8_t choice = take(1);

	/* Below 64: for more, store_test has a row. */
	if (choice < 8)
		return take(1) % 64;
	return shifts[choice % ARRAY_SIZE(shifts)];
}

static const char *error_name(int error)
{
	switch (error) {
	case 0:
		return "0";
	case -EINVAL:
		return "-EINVAL";
	case -EEXIST:
		return "-EEXIST";
	case -ENOMEM:
		return "-ENOMEM";
	default:
		return "another error";
	}
}

static int model_insert(unsigned long va, unsigned int shift)
{
	unsigned long size = 1UL << shift;

	if (shift != 12 && shift != 21 && shift != 30)
		return -EINVAL;
	if (va % size != 0 || va >> ADDRESS_BITS)
		return -EINVAL;
	return model_first(va, va + size - 1) ? -EEXIST : 0;
}

static void fill_supply(unsigned int missing)
{
	unsigned int level;

	if (devtlb_node_supply_fill(&supply))
		differ("fill: the store says -ENOMEM, the host has memory");
	for (level = 0; level < ARRAY_SIZE(supply.node); level++) {
		if (missing & (1 << level)) {
			devtlb_node_free(supply.node[level]);
			supply.node[level] = NULL;
		}
	}
}

static void insert(unsigned int missing)
{
	struct model_page *page = NULL;
	unsigned int shift = take_shift();
	unsigned long va = take_address();
	unsigned long last;
	int got, want;
	size_t i;

	/* Most addresses would fail for their alignment alone. */
	if (take(1) >= 16)
		va &= ~0UL << shift;
	last = va | ((1UL << shift) - 1);
	describe("insert %#lx of shift %u, missing nodes %#x", va, shift,
		 missing);

	for (i = 0; i < MODEL_PAGES && !page; i++) {
		if (!model[i].held)
			page = &model[i];
	}
	if (!page)
		return;

	page->translation = (struct devtlb_translation) {
		.va = va,
		.shift = shift,
	};
	want = model_insert(va, shift);
	fill_supply(missing);
	got = devtlb_store_insert(&store, &page->translation, &supply);
	if (got == -ENOMEM && want == 0 && missing) {
		compare_at(va, last);
		fill_supply(0);
		got = devtlb_store_insert(&store, &page->translation, &supply);
	}
	if (got != want)
		differ("the store says %s, the model %s", error_name(got),
		       error_name(want));
	if (!page->translation.node != !!want)
		differ("in the store: the page says %s, the model %s",
		       page->translation.node ? "yes" : "no",
		       want ? "no" : "yes");
	if (want == 0) {
		page->held = true;
		page->va = va;
		page->last = va + (1UL << shift) - 1;
		model_held++;
	}
	compare_at(va, last);
}

static void remove_one(void)
{
	unsigned int nth = take(1);
	size_t i;

	describe("remove");
	if (model_held == 0)
		return;
	nth %= model_held;
	for (i = 0; i < MODEL_PAGES; i++) {
		if (model[i].held && nth-- == 0)
			break;
	}
	describe("remove %#lx of shift %u", model[i].va,
		 model[i].translation.shift);
	devtlb_store_remove(&store, &model[i].translation);
	model_forget(&model[i].translation);
	if (model[i].translation.node)
		differ("in the store: the page says yes, the model no");
	compare_at(model[i].va, model[i].last);
}

/* As the device's callback does it. */
static void invalidate(unsigned long start, unsigned long end)
{
	struct devtlb_translation *translation;
	struct devtlb_range range;
	/* ~0UL stands for the end: the last byte is in the range. */
	unsigned long last = end == ~0UL ? end : end - 1;
	bool want = start < end;
	bool got;

	describe("invalidate [%#lx, %#lx)", start, end);
	got = devtlb_range_from_notifier(&range, start, end);
	if (got != want)
		differ("not empty: the store says %d, the model %d", got, want);
	if (!got) {
		compare_at(start, start);
		return;
	}
	if (range.start != start || range.last != last)
		differ("the store covers %#lx..%#lx, the model %#lx..%#lx",
		       range.start, range.last, start, last);
	while ((translation = compare_first(start, last))) {
		devtlb_store_remove(&store, translation);
		model_forget(translation);
	}
	compare_at(start, last);
}

static void invalidate_some(void)
{
	unsigned long start = take_address();
	unsigned long end;
	uint8_t choice = take(1);

	if (choice < 16)
		end = take_address();
	else if (choice < 24)
		end = ~0UL;
	else if (choice < 32)
		end = start;
	else if (choice < 128)
		end = start + 4096;
	else
		end = start + (take(2) << (choice % 16));
	invalidate(start, end);
}

static void compare_overlap(unsigned long start, unsigned long last)
{
	struct devtlb_range range = { .start = start, .last = last };
	size_t i;

	for (i = 0; i < MODEL_PAGES; i++) {
		struct model_page *page = &model[i];
		struct devtlb_range held;
		bool got, want;

		if (!page->held)
			continue;
		held = devtlb_translation_range(&page->translation);
		got = devtlb_ranges_overlap(range, held);
		want = !(page->last < start || page->va > last);
		if (got != want)
			differ("overlaps %#lx..%#lx: the store says %d, the model %d",
			       page->va, page->last, got, want);
	}
}

static void find(void)
{
	unsigned long start = take_address();
	unsigned long last = take_address();

	if (start > last) {
		unsigned long kept = start;

		start = last;
		last = kept;
	}
	describe("find %#lx..%#lx", start, last);
	compare_overlap(start, last);
	compare_at(start, last);
}

/* The frame of an address, for one page of the model. */
static void translate(void)
{
	struct model_page *page = &model[take(1) % MODEL_PAGES];
	unsigned long offset = take(4);
	unsigned long got, want;

	describe("translate");
	if (!page->held)
		return;
	offset %= 1UL << page->translation.shift;
	describe("translate %#lx", page->va + offset);
	page->translation.pfn = take(4);
	got = devtlb_translation_pfn_at(&page->translation, page->va + offset);
	want = page->translation.pfn + offset / 4096;
	if (got != want)
		differ("the store says pfn %#lx, the model %#lx", got, want);
}

static void start_over(void)
{
	if (devtlb_store_init(&store))
		abort();
	memset(model, 0, sizeof(model));
	model_held = 0;
}

static void leave(void)
{
	devtlb_store_destroy(&store);
	devtlb_node_supply_free(&supply);
	if (host_live() != 0)
		differ("destroy: the store left %lu allocations, the model 0",
		       host_live());
}

static void operate(void)
{
	unsigned int choice = take(1) % 32;

	if (choice < 14)
		insert(0);
	else if (choice < 15)
		insert(take(1) % 16);
	else if (choice < 21)
		remove_one();
	else if (choice < 27)
		invalidate_some();
	else if (choice < 30)
		find();
	else if (choice < 31)
		translate();
	else if (take(1) < 32)
		invalidate(0, ~0UL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	input = data;
	input_left = size;
	number = 0;
	describe("init");

	start_over();
	while (input_left > 0) {
		number++;
		operate();
		store_fuzz_operations++;
	}
	describe("the end");
	compare_everything();
	leave();
	return 0;
}

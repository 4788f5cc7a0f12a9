// SPDX-License-Identifier: GPL-2.0-only
/* The range arithmetic of module/device/range.h and module/device/translation.h. */
#include <linux/kernel.h>

#include "device/range.h"
#include "tap.h"
#include "device/translation.h"

#define TOP	ULONG_MAX

static void expect_covers(unsigned long start, unsigned long end,
			  unsigned long want_start, unsigned long want_last)
{
	struct devtlb_range range = { .start = 0xdead, .last = 0xbeef };

	expect_true(devtlb_range_from_notifier(&range, start, end));
	expect_hex(range.start, want_start);
	expect_hex(range.last, want_last);
}

static void expect_empty(unsigned long start, unsigned long end)
{
	struct devtlb_range range = { .start = 0xdead, .last = 0xbeef };

	expect_false(devtlb_range_from_notifier(&range, start, end));
	expect_hex(range.start, 0xdead);
	expect_hex(range.last, 0xbeef);
}

static void notifier_page(void)
{
	expect_covers(0x1000, 0x2000, 0x1000, 0x1fff);
	expect_covers(0, 0x1000, 0, 0xfff);
}

static void notifier_byte(void)
{
	expect_covers(0, 1, 0, 0);
	expect_covers(0x1fff, 0x2000, 0x1fff, 0x1fff);
}

static void notifier_unaligned(void)
{
	expect_covers(0x1001, 0x2fff, 0x1001, 0x2ffe);
}

static void notifier_empty(void)
{
	expect_empty(0, 0);
	expect_empty(0x1000, 0x1000);
}

static void notifier_empty_at_the_end(void)
{
	expect_empty(TOP, TOP);
}

static void notifier_backwards(void)
{
	expect_empty(1, 0);
	expect_empty(0x2000, 0x1000);
	expect_empty(TOP, 0);
	expect_empty(TOP, TOP - 1);
}

static void notifier_everything(void)
{
	expect_covers(0, TOP, 0, TOP);
}

static void notifier_to_the_end(void)
{
	expect_covers(TOP - 1, TOP, TOP - 1, TOP);
	expect_covers(TOP - 0xfff, TOP, TOP - 0xfff, TOP);
}

static void notifier_almost_to_the_end(void)
{
	expect_covers(0, TOP - 1, 0, TOP - 2);
	expect_covers(TOP - 0x1fff, TOP - 0xfff, TOP - 0x1fff, TOP - 0x1000);
}

static void notifier_kernel_half(void)
{
	expect_covers(1UL << 63, (1UL << 63) + 0x1000,
		      1UL << 63, (1UL << 63) + 0xfff);
}

static void expect_page(unsigned long start, unsigned int shift)
{
	unsigned long size = 1UL << shift;
	unsigned long inside[] = {
		0, 1, size / 2 - 1, size / 2, size - 2, size - 1,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(inside); i++) {
		struct devtlb_range range;

		range = devtlb_range_of_page(start + inside[i], shift);
		expect_hex(range.start, start);
		expect_hex(range.last, start + (size - 1));
	}
}

static void page_4k(void)
{
	expect_page(0x7f1234567000, 12);
}

static void page_2m(void)
{
	expect_page(0x7f1234600000, 21);
}

static void page_1g(void)
{
	expect_page(0x7f1240000000, 30);
}

static void page_at_the_ends(void)
{
	unsigned int shift;

	for (shift = 12; shift <= 30; shift += 9) {
		expect_page(0, shift);
		expect_page(TOP << shift, shift);
	}
}

static bool overlap(unsigned long a_start, unsigned long a_last,
		    unsigned long b_start, unsigned long b_last)
{
	return devtlb_ranges_overlap((struct devtlb_range) { a_start, a_last },
				     (struct devtlb_range) { b_start, b_last });
}

static void overlap_neighbours(void)
{
	expect_false(overlap(0x1000, 0x1fff, 0x2000, 0x2fff));
	expect_false(overlap(0x2000, 0x2fff, 0x1000, 0x1fff));
	expect_false(overlap(0, TOP - 1, TOP, TOP));
}

static void overlap_one_byte(void)
{
	expect_true(overlap(0x1000, 0x2000, 0x2000, 0x2fff));
	expect_true(overlap(0x2000, 0x2fff, 0x1000, 0x2000));
	expect_true(overlap(0x1000, 0x1000, 0x1000, 0x1000));
}

static void overlap_within(void)
{
	expect_true(overlap(0x200000, 0x3fffff, 0x201000, 0x201fff));
	expect_true(overlap(0x201000, 0x201fff, 0x200000, 0x3fffff));
	expect_true(overlap(0, TOP, TOP, TOP));
	expect_true(overlap(0, 0, 0, TOP));
}

static bool contains(unsigned long outer_start, unsigned long outer_last,
		     unsigned long inner_start, unsigned long inner_last)
{
	return devtlb_range_contains((struct devtlb_range) { outer_start,
							     outer_last },
				     (struct devtlb_range) { inner_start,
							     inner_last });
}

static void contains_to_the_byte(void)
{
	expect_true(contains(0x1000, 0x1fff, 0x1000, 0x1fff));
	expect_true(contains(0x1000, 0x1fff, 0x1800, 0x1800));
	expect_false(contains(0x1000, 0x1fff, 0xfff, 0x1fff));
	expect_false(contains(0x1000, 0x1fff, 0x1000, 0x2000));
	expect_true(contains(0, TOP, 0, TOP));
	expect_false(contains(0, TOP - 1, TOP, TOP));
}

/* All ranges of up to 6 bytes, byte by byte, from @base on. */
static void overlap_by_bytes_from(unsigned long base)
{
	unsigned int a, a_last, b, b_last, i;

	for (i = 0; i < 6 * 6 * 6 * 6; i++) {
		bool shared = false;
		unsigned int byte;

		a = i % 6;
		a_last = i / 6 % 6;
		b = i / 36 % 6;
		b_last = i / 216;
		if (a > a_last || b > b_last)
			continue;
		for (byte = 0; byte < 6; byte++) {
			if (byte >= a && byte <= a_last &&
			    byte >= b && byte <= b_last)
				shared = true;
		}
		expect_long(overlap(base + a, base + a_last,
				    base + b, base + b_last), shared);
	}
}

static void overlap_by_bytes(void)
{
	overlap_by_bytes_from(0);
	overlap_by_bytes_from(TOP - 5);
	overlap_by_bytes_from((1UL << 63) - 3);
}

static void translation_range(void)
{
	struct devtlb_translation translation = {
		.va = 0x40000000,
		.shift = 30,
	};
	struct devtlb_range range = devtlb_translation_range(&translation);

	expect_hex(range.start, 0x40000000);
	expect_hex(range.last, 0x7fffffff);
}

static void pfn_at(void)
{
	struct devtlb_translation translation = { .pfn = 0x80000 };
	unsigned int shift;

	for (shift = 12; shift <= 30; shift += 9) {
		unsigned long va = 5UL << shift;
		unsigned long pages = 1UL << (shift - 12);
		unsigned long i;

		translation.va = va;
		translation.shift = shift;
		for (i = 0; i < pages; i += 1 + pages / 7) {
			unsigned long page = va + i * 4096;

			expect_hex(devtlb_translation_pfn_at(&translation,
							     page),
				   0x80000 + i);
			expect_hex(devtlb_translation_pfn_at(&translation,
							     page + 4095),
				   0x80000 + i);
		}
		expect_hex(devtlb_translation_pfn_at(&translation,
						     va + pages * 4096 - 1),
			   0x80000 + pages - 1);
	}
}

static void distance(void)
{
	struct devtlb_range low = { 0x1000, 0x1fff };
	struct devtlb_range next = { 0x2000, 0x2fff };
	struct devtlb_range far = { 0x5000, ULONG_MAX };

	expect_hex(devtlb_range_distance(low, low), 0);
	expect_hex(devtlb_range_distance(low, next), 0);
	expect_hex(devtlb_range_distance(next, low), 0);
	expect_hex(devtlb_range_distance(low, far), 0x3000);
	expect_hex(devtlb_range_distance(far, low), 0x3000);
	expect_hex(devtlb_range_distance(DEVTLB_ALL_ADDRESSES, far), 0);
}

static const struct tap_row rows[] = {
	{ "a notifier's page is covered to its last byte", notifier_page },
	{ "a notifier's single byte is covered", notifier_byte },
	{ "unaligned ends are kept to the byte", notifier_unaligned },
	{ "start == end is empty and touches nothing", notifier_empty },
	{ "(~0UL, ~0UL) is empty", notifier_empty_at_the_end },
	{ "start > end is empty", notifier_backwards },
	{ "(0, ~0UL) is the whole address space", notifier_everything },
	{ "an end of ~0UL includes the last byte", notifier_to_the_end },
	{ "an end below ~0UL is exclusive", notifier_almost_to_the_end },
	{ "the kernel's half is a range like any", notifier_kernel_half },
	{ "every byte of a 4K page names that page", page_4k },
	{ "every byte of a 2M page names that page", page_2m },
	{ "every byte of a 1G page names that page", page_1g },
	{ "pages at both ends of the address space", page_at_the_ends },
	{ "neighbours do not overlap", overlap_neighbours },
	{ "one shared byte is an overlap", overlap_one_byte },
	{ "a range overlaps what is within it", overlap_within },
	{ "what lies between two ranges, either way round", distance },
	{ "a range contains what is within it, to the byte",
	  contains_to_the_byte },
	{ "overlap is a shared byte, for all small ranges", overlap_by_bytes },
	{ "a translation's range is its page", translation_range },
	{ "pfn_at counts 4K frames in pages of each size", pfn_at },
};

int main(void)
{
	return tap_run(rows, ARRAY_SIZE(rows));
}

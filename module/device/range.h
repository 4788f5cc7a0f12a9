/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ranges of virtual addresses, as the mmu_notifier callback delivers them.
 *
 * Pure: no kernel state, so the host's unit tests and fuzzer compile this very
 * file.
 */
#ifndef DEVTLB_RANGE_H
#define DEVTLB_RANGE_H

#include <linux/limits.h>
#include <linux/types.h>

/**
 * struct devtlb_range - addresses from @start to @last, both included
 * @start: first byte
 * @last: last byte; inclusive, so that a range may end with the address space
 */
struct devtlb_range {
	unsigned long start;
	unsigned long last;
};

#define DEVTLB_ALL_ADDRESSES	((struct devtlb_range) { 0, ULONG_MAX })

/**
 * devtlb_range_from_notifier() - what a notifier's [@start, @end) covers
 * @range: the result; untouched when nothing is covered
 * @start: first byte, of any alignment
 * @end: the byte after the last one, of any alignment; ~0UL stands for the end
 *	of the address space, as the full flushes of mm/ and arch/ pass it
 *
 * Return: false for an empty range. Linux up to 6.5 sends (~0UL, ~0UL) from
 * mmu_gathers that nest: empty by this definition, as it is for the drivers.
 */
static inline bool devtlb_range_from_notifier(struct devtlb_range *range,
					      unsigned long start,
					      unsigned long end)
{
	if (start >= end)
		return false;

	range->start = start;
	range->last = end == ULONG_MAX ? ULONG_MAX : end - 1;
	return true;
}

/**
 * devtlb_range_of_page() - the page of 1 << @shift bytes that holds @va
 * @va: any byte of the page
 * @shift: log2 of the page's size, 12 or more
 *
 * Return: the range of the whole page.
 */
static inline struct devtlb_range devtlb_range_of_page(unsigned long va,
						       unsigned int shift)
{
	unsigned long offset_mask = (1UL << shift) - 1;

	return (struct devtlb_range) {
		.start = va & ~offset_mask,
		.last = va | offset_mask,
	};
}

static inline bool devtlb_ranges_overlap(struct devtlb_range a,
					 struct devtlb_range b)
{
	return a.start <= b.last && b.start <= a.last;
}

/**
 * devtlb_range_distance() - how many bytes lie between two ranges
 * @a: one
 * @b: the other one
 *
 * Return: 0 when they overlap, or one begins where the other one ends.
 */
static inline unsigned long devtlb_range_distance(struct devtlb_range a,
						  struct devtlb_range b)
{
	if (devtlb_ranges_overlap(a, b))
		return 0;
	return a.last < b.start ? b.start - a.last - 1 : a.start - b.last - 1;
}

static inline bool devtlb_range_contains(struct devtlb_range outer,
					 struct devtlb_range inner)
{
	return outer.start <= inner.start && inner.last <= outer.last;
}

#endif /* DEVTLB_RANGE_H */

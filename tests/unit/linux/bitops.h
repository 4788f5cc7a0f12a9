/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Why this exists: the store marks and searches used slots. The search is in
 * host.c, which counts it.
 */
#ifndef UNIT_LINUX_BITOPS_H
#define UNIT_LINUX_BITOPS_H

#include <linux/types.h>

#define BITS_PER_LONG	64

_Static_assert(sizeof(long) * 8 == BITS_PER_LONG, "devtlb needs a 64-bit host");

static inline bool test_bit(unsigned long bit, const unsigned long *bits)
{
	return bits[bit / BITS_PER_LONG] >> (bit % BITS_PER_LONG) & 1;
}

static inline void __set_bit(unsigned long bit, unsigned long *bits)
{
	bits[bit / BITS_PER_LONG] |= 1UL << (bit % BITS_PER_LONG);
}

static inline void __clear_bit(unsigned long bit, unsigned long *bits)
{
	bits[bit / BITS_PER_LONG] &= ~(1UL << (bit % BITS_PER_LONG));
}

unsigned long find_next_bit(const unsigned long *bits, unsigned long size,
			    unsigned long from);

#endif /* UNIT_LINUX_BITOPS_H */

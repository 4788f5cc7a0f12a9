/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the stand-ins for kernel functions count, and the failures that a test
 * may ask them for.
 */
#ifndef UNIT_HOST_H
#define UNIT_HOST_H

#include <stddef.h>

/**
 * struct host - the state behind the stand-ins
 * @allocations: calls of kzalloc() that returned memory
 * @largest: what the largest of them was for, in bytes
 * @frees: calls of kfree() with memory
 * @fail_in: 1 has the next kzalloc() fail, 2 the one after it, and so on; once
 *	only, and 0 for none
 * @bit_searches: calls of find_next_bit(): the cost of a walk over the store,
 *	counted without touching the store
 */
struct host {
	unsigned long allocations;
	unsigned long largest;
	unsigned long frees;
	unsigned long fail_in;
	unsigned long bit_searches;
};

extern struct host host;

static inline unsigned long host_live(void)
{
	return host.allocations - host.frees;
}

#endif /* UNIT_HOST_H */

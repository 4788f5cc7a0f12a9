// SPDX-License-Identifier: GPL-2.0-only
/* The stand-ins for kernel functions that are more than a macro. */
#include <stdlib.h>

#include <linux/bitops.h>
#include <linux/slab.h>

#include "host.h"

struct host host;

void *kzalloc(size_t size, gfp_t flags)
{
	void *memory;

	(void)flags;
	if (host.fail_in > 0 && --host.fail_in == 0)
		return NULL;
	memory = calloc(1, size);
	if (!memory)
		abort();	/* the host's shortage, not the test's */
	host.allocations++;
	if (size > host.largest)
		host.largest = size;
	return memory;
}

void kfree(const void *memory)
{
	if (!memory)
		return;
	host.frees++;
	free((void *)memory);
}

unsigned long find_next_bit(const unsigned long *bits, unsigned long size,
			    unsigned long from)
{
	host.bit_searches++;
	while (from < size) {
		unsigned long left = bits[from / BITS_PER_LONG] >>
				     (from % BITS_PER_LONG);

		if (left) {
			from += __builtin_ctzl(left);
			return from < size ? from : size;
		}
		from = (from / BITS_PER_LONG + 1) * BITS_PER_LONG;
	}
	return size;
}

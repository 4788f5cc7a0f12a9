/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Why this exists: the store allocates its nodes. host.c counts them, and fails
 * the one that a test wants to see fail.
 */
#ifndef UNIT_LINUX_SLAB_H
#define UNIT_LINUX_SLAB_H

#include <linux/types.h>

typedef unsigned int gfp_t;

#define GFP_KERNEL	0U

void *kzalloc(size_t size, gfp_t flags);
void kfree(const void *memory);

static inline void *kcalloc(size_t nr, size_t size, gfp_t flags)
{
	return kzalloc(nr * size, flags);
}

#endif /* UNIT_LINUX_SLAB_H */

/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_CONTAIN_H
#define DEVTLB_CONTAIN_H

#include <linux/types.h>

extern bool devtlb_contain_stores;

/* Do translations die when they are proven stale? (invariant 6) */
static inline bool devtlb_contain(void)
{
	return devtlb_contain_stores;
}

#endif /* DEVTLB_CONTAIN_H */

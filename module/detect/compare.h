/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_COMPARE_H
#define DEVTLB_COMPARE_H

#include <linux/mm_types.h>
#include <linux/types.h>

#include "device/walk.h"
#include "devtlb.h"

/**
 * struct devtlb_difference - what a translation, or a table, and the page table differ by
 * @breach: which one it is
 * @at: the first address
 * @new_pfn: the frame that the page table has there, or DEVTLB_PFN_NONE
 * @rights: what the page table grants there
 */
struct devtlb_difference {
	enum devtlb_breach breach;
	unsigned long at;
	unsigned long new_pfn;
	u8 rights;
};

/**
 * enum devtlb_comparison - what a comparison came to, from good to bad
 * @DEVTLB_SAME_PAGE: it grants no more than the page table; or it is the same
 *	table
 * @DEVTLB_SAME_BYTES: read-only, and another page with equal bytes is there
 * @DEVTLB_DIFFERENT: it is wider than the page table
 */
enum devtlb_comparison {
	DEVTLB_SAME_PAGE,
	DEVTLB_SAME_BYTES,
	DEVTLB_DIFFERENT,
};

enum devtlb_comparison devtlb_compare(struct mm_struct *mm,
				      const struct devtlb_translation *translation,
				      struct devtlb_difference *difference);

#endif /* DEVTLB_COMPARE_H */

/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_FILTER_H
#define DEVTLB_FILTER_H

#include <linux/types.h>

struct devtlb_pasid;

/**
 * struct devtlb_act - what is done to a notification
 * @kind: enum devtlb_mutant; 0 for nothing
 * @delay_ms: of DEVTLB_MUTANT_DEFER
 * @other: of DEVTLB_MUTANT_MISROUTE
 */
struct devtlb_act {
	unsigned int kind;
	u32 delay_ms;
	struct devtlb_pasid *other;
};

/**
 * struct devtlb_filter - who decides what reaches a device
 * @choose: what is done to a notification from a site. Any context
 */
struct devtlb_filter {
	struct devtlb_act (*choose)(struct devtlb_filter *filter, u16 site);
};

#endif /* DEVTLB_FILTER_H */

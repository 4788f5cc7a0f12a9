/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_FILTER_H
#define DEVTLB_FILTER_H

#include <linux/types.h>

#include "device/notification.h"
#include "device/range.h"

struct devtlb_pasid;

/**
 * struct devtlb_act - what is done to a notification
 * @kind: enum devtlb_mutant; 0 for nothing
 * @piece: of which piece of its range the device does not hear
 * @sparing: of what in @piece, if not of all; NULL @spares for all
 * @delay_ms: of DEVTLB_MUTANT_DEFER
 * @other: of DEVTLB_MUTANT_MISROUTE
 */
struct devtlb_act {
	unsigned int kind;
	struct devtlb_range piece;
	struct devtlb_sparing sparing;
	u32 delay_ms;
	struct devtlb_pasid *other;
};

/**
 * struct devtlb_filter - who decides what reaches a device
 * @choose: what is done to a notification of a PASID. Any context
 */
struct devtlb_filter {
	struct devtlb_act (*choose)(struct devtlb_filter *filter,
				    const struct devtlb_pasid *pasid,
				    const struct devtlb_notification *notification);
};

#endif /* DEVTLB_FILTER_H */

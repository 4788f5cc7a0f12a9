/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_NOTIFIER_H
#define DEVTLB_NOTIFIER_H

#include <linux/mmu_notifier.h>

#include "device/pasid.h"
#include "notifier/delivery.h"
#include "notifier/filter.h"
#include "notifier/site.h"
#include "notifier/window.h"

/**
 * struct devtlb_notifier - how the kernel's calls reach a PASID
 * @pasid: the PASID
 * @mmu_notifier: only ->invalidate_range and ->release (invariant 1)
 * @site_log: what notified it
 * @filter: decides what reaches the device; NULL for everything
 * @delivery: what is on its way to the device
 * @window: what is held open
 */
struct devtlb_notifier {
	struct devtlb_pasid pasid;
	struct mmu_notifier mmu_notifier;
	struct devtlb_site_log site_log;
	struct devtlb_filter *filter;
	struct devtlb_delivery delivery;
	struct devtlb_window window;
};

static inline struct devtlb_notifier *
devtlb_notifier_of(struct devtlb_pasid *pasid)
{
	return container_of(pasid, struct devtlb_notifier, pasid);
}

int devtlb_notifier_init(struct devtlb_notifier *notifier);
void devtlb_notifier_destroy(struct devtlb_notifier *notifier);
int devtlb_notifier_start(struct devtlb_notifier *notifier, bool dont_wait);
void devtlb_notifier_stop(struct devtlb_notifier *notifier);

#endif /* DEVTLB_NOTIFIER_H */

/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_NOTIFICATION_H
#define DEVTLB_NOTIFICATION_H

#include <linux/types.h>

#include "device/range.h"

/* Site 0 stands for "none": nobody notified. */
#define DEVTLB_NO_SITE		0

/**
 * struct devtlb_notification - a notification, as it reaches the device
 * @range: what it is about
 * @site: where it came from; DEVTLB_NO_SITE for none of the kernel's
 * @tables_held: the page tables of @range can be read: see devtlb_look()
 * @under_lock: preemption is off, as under the page-table lock
 */
struct devtlb_notification {
	struct devtlb_range range;
	u16 site;
	bool tables_held;
	bool under_lock;
};

/* A notification of no kernel function: everything dies. */
#define DEVTLB_INVALIDATE_ALL						\
	(&(struct devtlb_notification) { .range = DEVTLB_ALL_ADDRESSES })

#endif /* DEVTLB_NOTIFICATION_H */

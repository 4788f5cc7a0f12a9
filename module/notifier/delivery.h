/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_DELIVERY_H
#define DEVTLB_DELIVERY_H

#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "device/notification.h"
#include "device/range.h"

struct devtlb_notifier;

#define DEVTLB_LATE_MAX		64
#define DEVTLB_OPEN_RANGES_MAX	64

/**
 * struct devtlb_late - a notification that is still to be delivered
 * @notification: it
 * @at_range_end: when a notifier range that overlaps it ends; else at @due
 * @due: in jiffies
 */
struct devtlb_late {
	struct devtlb_notification notification;
	bool at_range_end;
	unsigned long due;
};

/**
 * struct devtlb_delivery - how notifications reach one PASID
 * @lock: a leaf; protects all but @work
 * @open: notifier ranges that began and did not end, while window.c watches
 * @nr_open: how many
 * @late: what mutants hold back
 * @nr_late: how many
 * @nr_delivered_late: how many were delivered in the end
 * @work: delivers what is due
 */
struct devtlb_delivery {
	raw_spinlock_t lock;
	struct devtlb_range open[DEVTLB_OPEN_RANGES_MAX];
	unsigned int nr_open;
	struct devtlb_late late[DEVTLB_LATE_MAX];
	unsigned int nr_late;
	u64 nr_delivered_late;
	struct delayed_work work;
};

void devtlb_delivery_init(struct devtlb_delivery *delivery);
void devtlb_delivery_stop(struct devtlb_delivery *delivery);

void devtlb_deliver(struct devtlb_notifier *notifier, unsigned long start,
		    unsigned long end);
bool devtlb_deliver_release(struct devtlb_notifier *notifier);
void devtlb_delivery_range_start(struct devtlb_delivery *delivery,
				 struct devtlb_range range);
void devtlb_delivery_range_end(struct devtlb_notifier *notifier,
			       struct devtlb_range range);

#endif /* DEVTLB_DELIVERY_H */

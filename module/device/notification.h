/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_NOTIFICATION_H
#define DEVTLB_NOTIFICATION_H

#include <linux/types.h>

#include "device/range.h"

struct devtlb_translation;

/* Site 0 stands for "none": nobody notified. */
#define DEVTLB_NO_SITE		0

struct devtlb_sparing;

/**
 * struct devtlb_notification - a notification, as it reaches the device
 * @range: what it is about
 * @site: where it came from; DEVTLB_NO_SITE for none of the kernel's
 * @tables_held: the page tables of @range can be read: see devtlb_look()
 * @under_lock: preemption is off, as under the page-table lock
 * @sparing: a mutant's: what of the range lives on all the same; or NULL
 */
struct devtlb_notification {
	struct devtlb_range range;
	u16 site;
	bool tables_held;
	bool under_lock;
	struct devtlb_sparing *sparing;
};

/**
 * struct devtlb_sparing - which translations a mutant hides a notification from
 * @spares: this one? atc->lock is held
 * @what: for @spares, which knows what it means
 * @nr: from how many it was hidden
 */
struct devtlb_sparing {
	bool (*spares)(const struct devtlb_sparing *sparing,
		       const struct devtlb_translation *translation);
	unsigned int what;
	unsigned long nr;
};

/* A notification of no kernel function: everything dies. */
#define DEVTLB_INVALIDATE_ALL						\
	(&(struct devtlb_notification) { .range = DEVTLB_ALL_ADDRESSES })

#endif /* DEVTLB_NOTIFICATION_H */

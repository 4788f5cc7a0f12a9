/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_WINDOW_H
#define DEVTLB_WINDOW_H

#include <linux/kprobes.h>
#include <linux/mmu_notifier.h>
#include <linux/types.h>

#include "devtlb.h"

struct devtlb_notifier;
struct netlink_ext_ack;

/**
 * struct devtlb_window - how a PASID's windows are held open
 * @mmu_notifier: sees the start and the end of ranges, which the device never does
 *	(invariant 1)
 * @watching: @mmu_notifier is registered
 * @range_end_us: how long the end of a range is held back
 * @kprobe: on the function that is held back
 * @function: its name
 * @function_us: how long
 * @probing: @kprobe is registered
 */
struct devtlb_window {
	struct mmu_notifier mmu_notifier;
	bool watching;
	u32 range_end_us;
	struct kprobe kprobe;
	char function[DEVTLB_SYMBOL_MAX];
	u32 function_us;
	bool probing;
};

int devtlb_window_watch(struct devtlb_notifier *notifier,
			struct netlink_ext_ack *extack);
int devtlb_window_hold_range_end(struct devtlb_notifier *notifier, u32 us,
				 struct netlink_ext_ack *extack);
int devtlb_window_hold_function(struct devtlb_notifier *notifier,
				const char *function, u32 us,
				struct netlink_ext_ack *extack);
void devtlb_window_stop(struct devtlb_notifier *notifier);

#endif /* DEVTLB_WINDOW_H */

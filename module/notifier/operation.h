/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_OPERATION_H
#define DEVTLB_OPERATION_H

#include <linux/types.h>

#include "device/range.h"

struct devtlb_notification;
struct devtlb_notifier;
struct devtlb_translation;

void devtlb_operation_begin(struct devtlb_notifier *notifier,
			    struct devtlb_range range);
void devtlb_operation_end(struct devtlb_notifier *notifier);

void devtlb_operation_removed(struct devtlb_translation *translation,
			      const struct devtlb_notification *notification);
void devtlb_operation_released(struct devtlb_notifier *notifier, u16 site);

#endif /* DEVTLB_OPERATION_H */

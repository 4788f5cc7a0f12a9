/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_DETECT_COPY_H
#define DEVTLB_DETECT_COPY_H

#include <linux/types.h>

struct devtlb_notification;
struct devtlb_probe;
struct devtlb_translation;

void devtlb_detect_copied_before(struct devtlb_translation *translation,
				 unsigned long at,
				 const struct devtlb_notification *notification);

extern struct devtlb_probe devtlb_probe_copy;

#endif /* DEVTLB_DETECT_COPY_H */

/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_INVALIDATE_H
#define DEVTLB_INVALIDATE_H

#include <linux/types.h>

#include "device/notification.h"

struct devtlb_atc;

void devtlb_atc_invalidate(struct devtlb_atc *atc,
			   const struct devtlb_notification *notification);
void devtlb_atc_note_withheld(struct devtlb_atc *atc,
			      const struct devtlb_notification *notification);
void devtlb_atc_close(struct devtlb_atc *atc, bool keep);

#endif /* DEVTLB_INVALIDATE_H */

/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_CONTAIN_H
#define DEVTLB_CONTAIN_H

#include <linux/types.h>

/* Do translations die when a finding proves them stale? (invariant 6) */
bool devtlb_contain(void);

#endif /* DEVTLB_CONTAIN_H */

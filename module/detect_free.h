/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_DETECT_FREE_H
#define DEVTLB_DETECT_FREE_H

#include <linux/types.h>

struct netlink_ext_ack;

int devtlb_detect_free_get(struct netlink_ext_ack *extack);
void devtlb_detect_free_put(void);
const char *devtlb_detect_free_hugetlb(void);

#endif /* DEVTLB_DETECT_FREE_H */

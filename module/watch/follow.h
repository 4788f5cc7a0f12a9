/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_FOLLOW_H
#define DEVTLB_FOLLOW_H

struct netlink_ext_ack;

int devtlb_follow_get(struct netlink_ext_ack *extack);
void devtlb_follow_put(void);
void devtlb_follow_module_exit(void);

#endif /* DEVTLB_FOLLOW_H */

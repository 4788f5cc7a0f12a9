/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_NETLINK_H
#define DEVTLB_NETLINK_H

int devtlb_netlink_init(void);
void devtlb_netlink_exit(void);

#endif /* DEVTLB_NETLINK_H */

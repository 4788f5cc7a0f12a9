/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_NETLINK_FINDINGS_H
#define DEVTLB_NETLINK_FINDINGS_H

void devtlb_netlink_open_findings(void);
void devtlb_netlink_close_findings(void);

#endif /* DEVTLB_NETLINK_FINDINGS_H */

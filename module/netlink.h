/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_NETLINK_H
#define DEVTLB_NETLINK_H

#include <linux/types.h>

struct devtlb_finding;
struct devtlb_pasid;
struct genl_family;
struct sk_buff;

int devtlb_netlink_init(void);
void devtlb_netlink_exit(void);

/* netlink_finding.c */
int devtlb_netlink_put_finding(struct sk_buff *skb, u32 pasid, u32 seq,
			       const struct devtlb_finding *finding);
void devtlb_netlink_send_findings_soon(void);
void devtlb_netlink_send_findings(struct devtlb_pasid *pasid);
void devtlb_netlink_close_findings(void);
void devtlb_netlink_flush_findings(void);

extern struct genl_family devtlb_family;

#endif /* DEVTLB_NETLINK_H */

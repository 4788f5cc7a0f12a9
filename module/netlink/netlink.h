/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_NETLINK_H
#define DEVTLB_NETLINK_H

#include <linux/types.h>
#include <net/netlink.h>

#include "devtlb.h"

struct devtlb_finding;
struct devtlb_findings;
struct devtlb_pasid;
struct devtlb_watch;
struct genl_family;
struct genl_info;
struct netlink_callback;
struct netlink_ext_ack;
struct sk_buff;

int devtlb_netlink_init(void);
void devtlb_netlink_exit(void);

/* What the handlers have in common. */
int devtlb_netlink_check_privilege(struct sk_buff *skb,
				   struct netlink_ext_ack *extack);
struct devtlb_pasid *devtlb_netlink_get_pasid(struct nlattr *attr,
					      struct netlink_ext_ack *extack);
int devtlb_netlink_lock_pasid(struct devtlb_pasid *pasid,
			      struct netlink_ext_ack *extack);
struct sk_buff *devtlb_netlink_new_reply(struct genl_info *info, void **header);
int devtlb_netlink_send_reply(struct sk_buff *reply, void *header, int err,
			      struct genl_info *info);
void *devtlb_netlink_dump_begin(struct sk_buff *skb,
				struct netlink_callback *cb, u8 cmd);
bool devtlb_netlink_dump_end(struct sk_buff *skb, void *header, int err);
int devtlb_netlink_dump_result(struct sk_buff *skb, bool complete);

/* netlink_mutant.c */
int devtlb_netlink_mutant_add(struct genl_info *info);
int devtlb_netlink_window_set(struct genl_info *info);

/* netlink_watch.c */
struct devtlb_watch *devtlb_netlink_get_watch(struct nlattr *attr,
					      struct netlink_ext_ack *extack);
int devtlb_netlink_watch_start(struct sk_buff *skb, struct genl_info *info);
int devtlb_netlink_watch_add(struct genl_info *info);
int devtlb_netlink_watch_stop(struct genl_info *info);
int devtlb_netlink_watch_dump(struct sk_buff *skb, struct netlink_callback *cb);

/* netlink_finding.c */
int devtlb_netlink_put_finding(struct sk_buff *skb, u32 watch, u32 seq,
			       const struct devtlb_finding *finding);
void devtlb_netlink_open_findings(void);
void devtlb_netlink_close_findings(void);

extern struct genl_family devtlb_family;

#endif /* DEVTLB_NETLINK_H */

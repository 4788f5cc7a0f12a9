/* SPDX-License-Identifier: GPL-2.0-only */
/* What is done for the commands of the family; see uapi/devtlb.h. */
#ifndef DEVTLB_HANDLER_H
#define DEVTLB_HANDLER_H

struct genl_info;
struct netlink_callback;
struct sk_buff;

int devtlb_netlink_info_get(struct sk_buff *skb, struct genl_info *info);
int devtlb_netlink_watch_start(struct sk_buff *skb, struct genl_info *info);

/* As jobs: they may wait for a process. */
int devtlb_netlink_pasid_bind(struct genl_info *info);
int devtlb_netlink_pasid_unbind(struct genl_info *info);
int devtlb_netlink_thread_start(struct genl_info *info);
int devtlb_netlink_thread_stop(struct genl_info *info);
int devtlb_netlink_mutant_add(struct genl_info *info);
int devtlb_netlink_window_set(struct genl_info *info);
int devtlb_netlink_audit(struct genl_info *info);
int devtlb_netlink_watch_add(struct genl_info *info);
int devtlb_netlink_watch_stop(struct genl_info *info);

int devtlb_netlink_pasid_dump(struct sk_buff *skb, struct netlink_callback *cb);
int devtlb_netlink_thread_dump(struct sk_buff *skb, struct netlink_callback *cb);
int devtlb_netlink_site_dump(struct sk_buff *skb, struct netlink_callback *cb);
int devtlb_netlink_finding_dump(struct sk_buff *skb,
				struct netlink_callback *cb);
int devtlb_netlink_watch_dump(struct sk_buff *skb, struct netlink_callback *cb);

void devtlb_netlink_open_findings(void);
void devtlb_netlink_close_findings(void);

#endif /* DEVTLB_HANDLER_H */

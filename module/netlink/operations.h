/* SPDX-License-Identifier: GPL-2.0-only */
/* Generated from uapi/devtlb.yaml by uapi/generate: change that. */
#ifndef DEVTLB_OPERATIONS_H
#define DEVTLB_OPERATIONS_H

#include <net/genetlink.h>

int devtlb_nl_info_get_doit(struct sk_buff *skb, struct genl_info *info);
int devtlb_nl_pasid_bind_doit(struct sk_buff *skb, struct genl_info *info);
int devtlb_nl_pasid_unbind_doit(struct sk_buff *skb, struct genl_info *info);
int devtlb_nl_pasid_get_doit(struct sk_buff *skb, struct genl_info *info);
int devtlb_nl_pasid_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int devtlb_nl_thread_start_doit(struct sk_buff *skb, struct genl_info *info);
int devtlb_nl_thread_stop_doit(struct sk_buff *skb, struct genl_info *info);
int devtlb_nl_thread_get_doit(struct sk_buff *skb, struct genl_info *info);
int devtlb_nl_thread_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int devtlb_nl_mutant_add_doit(struct sk_buff *skb, struct genl_info *info);
int devtlb_nl_audit_doit(struct sk_buff *skb, struct genl_info *info);
int devtlb_nl_site_get_doit(struct sk_buff *skb, struct genl_info *info);
int devtlb_nl_site_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int devtlb_nl_finding_get_doit(struct sk_buff *skb, struct genl_info *info);
int devtlb_nl_finding_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int devtlb_nl_window_set_doit(struct sk_buff *skb, struct genl_info *info);
int devtlb_nl_watch_start_doit(struct sk_buff *skb, struct genl_info *info);
int devtlb_nl_watch_add_doit(struct sk_buff *skb, struct genl_info *info);
int devtlb_nl_watch_stop_doit(struct sk_buff *skb, struct genl_info *info);
int devtlb_nl_watch_get_doit(struct sk_buff *skb, struct genl_info *info);
int devtlb_nl_watch_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int devtlb_nl_operation_set_doit(struct sk_buff *skb, struct genl_info *info);
int devtlb_nl_prefetch_doit(struct sk_buff *skb, struct genl_info *info);

extern const struct genl_ops devtlb_nl_ops[18];
extern const struct genl_multicast_group devtlb_nl_mcgrps[1];

#endif /* DEVTLB_OPERATIONS_H */

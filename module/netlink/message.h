/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_MESSAGE_H
#define DEVTLB_MESSAGE_H

#include <linux/types.h>

struct genl_family;
struct genl_info;
struct netlink_callback;
struct sk_buff;

void devtlb_message_init(struct genl_family *of);

struct sk_buff *devtlb_netlink_new_reply(struct genl_info *info, size_t size,
					 void **header);
int devtlb_netlink_send_reply(struct sk_buff *reply, void *header, int err,
			      struct genl_info *info);

void *devtlb_netlink_dump_begin(struct sk_buff *skb,
				struct netlink_callback *cb, u8 cmd);
bool devtlb_netlink_dump_end(struct sk_buff *skb, void *header, int err);
int devtlb_netlink_dump_result(struct sk_buff *skb, bool complete);

void *devtlb_netlink_event_begin(struct sk_buff *skb, u8 cmd);
bool devtlb_netlink_has_listeners(void);
void devtlb_netlink_send_event(struct sk_buff *skb);

#endif /* DEVTLB_MESSAGE_H */

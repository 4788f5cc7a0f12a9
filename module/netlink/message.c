// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages: what the handlers have in common to make and send them.
 */
#include <linux/netlink.h>
#include <net/genetlink.h>

#include "netlink/message.h"

static struct genl_family *family __ro_after_init;

/**
 * devtlb_message_init() - make messages of a family from now on
 * @of: the family
 */
void __init devtlb_message_init(struct genl_family *of)
{
	family = of;
}

/*
 * Makes a reply with room for so many bytes; the caller fills it and calls
 * devtlb_netlink_send_reply().
 */
struct sk_buff *devtlb_netlink_new_reply(struct genl_info *info, size_t size,
					 void **header)
{
	struct sk_buff *reply = genlmsg_new(size, GFP_KERNEL);

	if (!reply)
		return NULL;
	*header = genlmsg_put_reply(reply, info, family, 0,
				    info->genlhdr->cmd);
	if (!*header) {
		nlmsg_free(reply);
		return NULL;
	}
	return reply;
}

int devtlb_netlink_send_reply(struct sk_buff *reply, void *header, int err,
			      struct genl_info *info)
{
	if (err) {
		nlmsg_free(reply);
		return -EMSGSIZE;
	}
	genlmsg_end(reply, header);
	return genlmsg_reply(reply, info);
}

/*
 * Dumps: one object a message. Each has a "fill" that puts an object into an
 * open message and says whether it fitted; cb->args[] remember where to go on.
 */
/*
 * An object that fits no empty message must not look like the end of the dump.
 */
int devtlb_netlink_dump_result(struct sk_buff *skb, bool complete)
{
	if (skb->len == 0 && !complete)
		return -EMSGSIZE;
	return skb->len;
}

void *devtlb_netlink_dump_begin(struct sk_buff *skb,
				struct netlink_callback *cb, u8 cmd)
{
	return genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			   family, NLM_F_MULTI, cmd);
}

/*
 * Returns true when the object is in; else the dump goes on with it next time.
 */
bool devtlb_netlink_dump_end(struct sk_buff *skb, void *header, int err)
{
	if (err) {
		genlmsg_cancel(skb, header);
		return false;
	}
	genlmsg_end(skb, header);
	return true;
}

/* An open message of an event, for the listeners. */
void *devtlb_netlink_event_begin(struct sk_buff *skb, u8 cmd)
{
	return genlmsg_put(skb, 0, 0, family, 0, cmd);
}

bool devtlb_netlink_has_listeners(void)
{
	return genl_has_listeners(family, &init_net, 0);
}

/* Takes the message over. */
void devtlb_netlink_send_event(struct sk_buff *skb)
{
	genlmsg_multicast(family, skb, 0, 0, GFP_KERNEL);
}

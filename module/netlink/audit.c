// SPDX-License-Identifier: GPL-2.0-only
/* Audits on netlink. */
#include <linux/netlink.h>
#include <net/genetlink.h>

#include "detect/audit.h"
#include "netlink/message.h"
#include "netlink/operations.h"
#include "netlink/request.h"
#include "watch/binding.h"

int devtlb_nl_audit_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct devtlb_audit result;
	struct sk_buff *reply;
	void *header;
	int err;

	err = devtlb_audit(devtlb_request_who(info).pasid, &result);
	if (err)
		return err;

	reply = devtlb_netlink_new_reply(info, &header);
	if (!reply)
		return -ENOMEM;
	err = nla_put_u64_64bit(reply, DEVTLB_A_AUDIT_HELD, result.held,
				DEVTLB_A_AUDIT_PAD) ||
	      nla_put_u64_64bit(reply, DEVTLB_A_AUDIT_BREACHES, result.breaches,
				DEVTLB_A_AUDIT_PAD) ||
	      nla_put_u64_64bit(reply, DEVTLB_A_AUDIT_EXEMPT, result.exempt,
				DEVTLB_A_AUDIT_PAD);
	return devtlb_netlink_send_reply(reply, header, err, info);
}

// SPDX-License-Identifier: GPL-2.0-only
/* Audits on netlink. */
#include <linux/netlink.h>
#include <net/genetlink.h>

#include "detect/audit.h"
#include "netlink/job.h"
#include "netlink/message.h"
#include "netlink/operations.h"
#include "netlink/request.h"
#include "watch/binding.h"

static int add_audit(struct devtlb_pasid *pasid, void *context)
{
	struct devtlb_audit *sum = context;
	struct devtlb_audit audit;
	int err = devtlb_audit(pasid, &audit);

	sum->held += audit.held;
	sum->breaches += audit.breaches;
	sum->exempt += audit.exempt;
	return err;
}

int devtlb_nl_audit_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct devtlb_audit result = { };
	struct sk_buff *reply;
	void *header;
	int err;

	err = devtlb_request_each_pasid(info, devtlb_job_owner(info),
					info->attrs[DEVTLB_A_AUDIT_PASID],
					add_audit, &result);
	if (err == -EBUSY)
		NL_SET_ERR_MSG_MOD(info->extack, "its memory was never quiet for long enough to tell; audit it again");
	if (err)
		return err;

	reply = devtlb_netlink_new_reply(info, NLMSG_DEFAULT_SIZE, &header);
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

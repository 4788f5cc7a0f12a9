// SPDX-License-Identifier: GPL-2.0-only
/* Audits on netlink. */
#include <linux/netlink.h>
#include <net/genetlink.h>

#include "detect/audit.h"
#include "netlink/handler.h"
#include "netlink/lookup.h"
#include "netlink/message.h"
#include "watch/binding.h"

int devtlb_netlink_audit(struct genl_info *info)
{
	struct devtlb_pasid *pasid =
		devtlb_netlink_get_pasid(info->attrs[DEVTLB_A_AUDIT_PASID],
					 info->extack);
	struct devtlb_audit result;
	struct sk_buff *reply;
	void *header;
	int err;

	if (IS_ERR(pasid))
		return PTR_ERR(pasid);
	err = devtlb_netlink_lock_pasid(pasid, info->extack);
	if (!err) {
		err = devtlb_audit(pasid, &result);
		devtlb_pasid_unlock(pasid);
	}
	devtlb_pasid_put(pasid);
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

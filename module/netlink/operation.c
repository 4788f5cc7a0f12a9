// SPDX-License-Identifier: GPL-2.0-only
/* Operations on netlink. */
#include <linux/netlink.h>
#include <net/genetlink.h>

#include "netlink/operations.h"
#include "netlink/request.h"
#include "notifier/operation.h"
#include "watch/binding.h"

int devtlb_nl_operation_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *start = info->attrs[DEVTLB_A_OPERATION_START];
	struct nlattr *bytes = info->attrs[DEVTLB_A_OPERATION_BYTES];
	struct devtlb_notifier *notifier =
		devtlb_notifier_of(devtlb_request_who(info).pasid);
	struct devtlb_range range;

	if (!start != !bytes) {
		NL_SET_ERR_MSG_MOD(info->extack, "which memory? give its start and its bytes, or neither for the end of an operation");
		return -EINVAL;
	}
	if (!start) {
		devtlb_operation_end(notifier);
		return 0;
	}
	range.start = nla_get_u64(start);
	range.last = range.start + nla_get_u64(bytes) - 1;
	if (range.last < range.start) {
		NL_SET_ERR_MSG_MOD(info->extack, "that memory ends before it begins");
		return -EINVAL;
	}
	devtlb_operation_begin(notifier, range);
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-only
/* Windows on netlink. */
#include <linux/netlink.h>
#include <net/genetlink.h>

#include "netlink/operations.h"
#include "netlink/request.h"
#include "watch/binding.h"

int devtlb_nl_window_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *range_end = info->attrs[DEVTLB_A_WINDOW_RANGE_END];
	struct nlattr *function = info->attrs[DEVTLB_A_WINDOW_FUNCTION];
	struct nlattr *delay = info->attrs[DEVTLB_A_WINDOW_FUNCTION_DELAY];
	struct devtlb_notifier *notifier =
		devtlb_notifier_of(devtlb_request_who(info).pasid);
	char name[DEVTLB_SYMBOL_MAX];
	int err = 0;

	if (!function != !delay || (!function && !range_end)) {
		NL_SET_ERR_MSG_MOD(info->extack, "which window? give the delay of range ends, or a function and its delay");
		return -EINVAL;
	}
	if (range_end)
		err = devtlb_window_hold_range_end(notifier,
						   nla_get_u32(range_end),
						   info->extack);
	if (err || !function)
		return err;
	nla_strscpy(name, function, sizeof(name));
	return devtlb_window_hold_function(notifier, name, nla_get_u32(delay),
					   info->extack);
}

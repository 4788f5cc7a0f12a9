// SPDX-License-Identifier: GPL-2.0-only
/* Windows on netlink. */
#include <linux/netlink.h>
#include <net/genetlink.h>

#include "netlink/handler.h"
#include "netlink/lookup.h"
#include "watch/binding.h"

/* Under the jobs mutex. */
static int set_window(struct devtlb_pasid *pasid, struct genl_info *info)
{
	struct nlattr *range_end = info->attrs[DEVTLB_A_WINDOW_RANGE_END];
	struct nlattr *function = info->attrs[DEVTLB_A_WINDOW_FUNCTION];
	struct nlattr *delay = info->attrs[DEVTLB_A_WINDOW_FUNCTION_DELAY];
	struct devtlb_notifier *notifier = devtlb_notifier_of(pasid);
	char name[DEVTLB_SYMBOL_MAX];
	int err = 0;

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

int devtlb_netlink_window_set(struct genl_info *info)
{
	struct devtlb_pasid *pasid =
		devtlb_netlink_get_pasid(info->attrs[DEVTLB_A_WINDOW_PASID],
					 info->extack);
	bool function = info->attrs[DEVTLB_A_WINDOW_FUNCTION];
	bool delay = info->attrs[DEVTLB_A_WINDOW_FUNCTION_DELAY];
	int err;

	if (IS_ERR(pasid))
		return PTR_ERR(pasid);
	if (function != delay ||
	    (!function && !info->attrs[DEVTLB_A_WINDOW_RANGE_END])) {
		NL_SET_ERR_MSG_MOD(info->extack, "which window? give the delay of range ends, or a function and its delay");
		devtlb_pasid_put(pasid);
		return -EINVAL;
	}
	err = devtlb_netlink_lock_pasid(pasid, info->extack);
	if (!err) {
		err = set_window(pasid, info);
		devtlb_pasid_unlock(pasid);
	}
	devtlb_pasid_put(pasid);
	return err;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * What requests are about: PASIDs and watches, by their numbers.
 */
#include <linux/netlink.h>
#include <net/genetlink.h>

#include "netlink/lookup.h"
#include "watch/binding.h"
#include "watch/watch.h"

struct devtlb_pasid *devtlb_netlink_get_pasid(struct nlattr *attr,
					      struct netlink_ext_ack *extack)
{
	struct devtlb_pasid *pasid;

	if (!attr) {
		NL_SET_ERR_MSG_MOD(extack, "no PASID was given");
		return ERR_PTR(-EINVAL);
	}
	pasid = devtlb_pasid_get(nla_get_u32(attr));
	if (!pasid) {
		NL_SET_ERR_MSG_MOD(extack, "no such PASID; it may have been unbound");
		return ERR_PTR(-ENOENT);
	}
	return pasid;
}

/*
 * As devtlb_pasid_lock(): what is done with the PASID may wait for its process,
 * until it is unbound.
 */
int devtlb_netlink_lock_pasid(struct devtlb_pasid *pasid,
			      struct netlink_ext_ack *extack)
{
	int err = devtlb_pasid_lock(pasid);

	if (err == -ENOENT)
		NL_SET_ERR_MSG_MOD(extack, "the PASID was unbound");
	return err;
}

/**
 * devtlb_netlink_get_watch() - the watch that an attribute names
 * @attr: its number, or NULL
 * @extack: receives the reason of a failure
 *
 * Return: the watch with a reference, or an ERR_PTR().
 */
struct devtlb_watch *devtlb_netlink_get_watch(struct nlattr *attr,
					      struct netlink_ext_ack *extack)
{
	struct devtlb_watch *watch;

	if (!attr) {
		NL_SET_ERR_MSG_MOD(extack, "no watch was given");
		return ERR_PTR(-EINVAL);
	}
	watch = devtlb_watch_get(nla_get_u32(attr));
	if (!watch) {
		NL_SET_ERR_MSG_MOD(extack, "no such watch; it may have been stopped");
		return ERR_PTR(-ENOENT);
	}
	return watch;
}

struct devtlb_pasid *devtlb_netlink_dump_pasid(struct netlink_callback *cb,
					       int attr)
{
	return devtlb_netlink_get_pasid(genl_info_dump(cb)->attrs[attr], cb->extack);
}

int devtlb_netlink_get_who(struct netlink_callback *cb, int pasid_attr,
			   int watch_attr, struct devtlb_who *who)
{
	struct nlattr **attrs = genl_info_dump(cb)->attrs;

	*who = (struct devtlb_who) { };
	if (attrs[watch_attr]) {
		who->watch = devtlb_netlink_get_watch(attrs[watch_attr],
						      cb->extack);
		return PTR_ERR_OR_ZERO(who->watch);
	}
	if (attrs[pasid_attr]) {
		who->pasid = devtlb_netlink_get_pasid(attrs[pasid_attr], cb->extack);
		return PTR_ERR_OR_ZERO(who->pasid);
	}
	return 0;
}

void devtlb_netlink_put_who(const struct devtlb_who *who)
{
	if (who->watch)
		devtlb_watch_put(who->watch);
	if (who->pasid)
		devtlb_pasid_put(who->pasid);
}

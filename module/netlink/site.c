// SPDX-License-Identifier: GPL-2.0-only
/* Sites on netlink. */
#include <linux/netlink.h>
#include <net/genetlink.h>

#include "netlink/message.h"
#include "netlink/operations.h"
#include "netlink/request.h"
#include "watch/binding.h"
#include "watch/count.h"
#include "watch/watch.h"

static void count_site(const struct devtlb_who *who, u16 site,
		       struct devtlb_site_count *count)
{
	struct devtlb_pasid *pasid;
	u32 id = 0;

	if (who->watch) {
		devtlb_watch_count_site(who->watch, site, count);
		return;
	}
	if (who->pasid) {
		devtlb_site_log_get(&devtlb_notifier_of(who->pasid)->site_log,
				    site, count);
		return;
	}
	devtlb_site_total(site, count);
	while ((pasid = devtlb_pasid_get_next(&id))) {
		struct devtlb_site_count here;

		devtlb_site_log_get(&devtlb_notifier_of(pasid)->site_log, site,
				    &here);
		devtlb_site_count_merge(count, &here);
		devtlb_pasid_put(pasid);
		id++;
	}
}

static int site_fill(struct sk_buff *skb, u16 site,
		     const struct devtlb_site_count *count)
{
	return nla_put_u32(skb, DEVTLB_A_SITE_ID, site) ||
	       nla_put_string(skb, DEVTLB_A_SITE_CHAIN, devtlb_site_chain(site)) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_SITE_COUNT, count->count,
				 DEVTLB_A_SITE_PAD) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_SITE_WITHHELD, count->withheld,
				 DEVTLB_A_SITE_PAD) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_SITE_UNDER_LOCK, count->under_lock,
				 DEVTLB_A_SITE_PAD) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_SITE_SMALLEST, count->smallest,
				 DEVTLB_A_SITE_PAD) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_SITE_LARGEST, count->largest,
				 DEVTLB_A_SITE_PAD) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_SITE_SURVIVED, count->survived,
				 DEVTLB_A_SITE_PAD) ||
	       (count->covered_by != DEVTLB_NO_SITE &&
		nla_put_string(skb, DEVTLB_A_SITE_COVERED_BY,
			       devtlb_site_chain(count->covered_by))) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_SITE_RIGHT, count->right,
				 DEVTLB_A_SITE_PAD) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_SITE_STALE, count->stale,
				 DEVTLB_A_SITE_PAD) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_SITE_COVERED, count->covered,
				 DEVTLB_A_SITE_PAD) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_SITE_LATE, count->late,
				 DEVTLB_A_SITE_PAD) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_SITE_AGAIN, count->again,
				 DEVTLB_A_SITE_PAD) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_SITE_RETIRED, count->retired,
				 DEVTLB_A_SITE_PAD);
}

int devtlb_nl_site_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *id = info->attrs[DEVTLB_A_SITE_ID];
	struct devtlb_who who = devtlb_request_who(info);
	struct devtlb_site_count count = { };
	struct sk_buff *reply;
	void *header;
	int err;

	if (!id) {
		NL_SET_ERR_MSG_MOD(info->extack, "no site was given");
		return -EINVAL;
	}
	if (nla_get_u32(id) < devtlb_sites_known())
		count_site(&who, nla_get_u32(id), &count);
	/* As in a dump. */
	if (!count.count) {
		NL_SET_ERR_MSG_ATTR(info->extack, id, KBUILD_MODNAME
				    ": no such site, or nothing came from it");
		return -ENOENT;
	}
	reply = devtlb_netlink_new_reply(info, NLMSG_DEFAULT_SIZE, &header);
	if (!reply)
		return -ENOMEM;
	err = site_fill(reply, nla_get_u32(id), &count);
	return devtlb_netlink_send_reply(reply, header, err, info);
}

int devtlb_nl_site_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct devtlb_who who;
	bool fits = true;
	u16 site;
	int err;

	err = devtlb_dump_get_who(cb, &who);
	if (err)
		return err;
	for (site = cb->args[0]; site < devtlb_sites_known(); site++) {
		struct devtlb_site_count count;
		void *header;

		count_site(&who, site, &count);
		if (!count.count)
			continue;
		header = devtlb_netlink_dump_begin(skb, cb, DEVTLB_CMD_SITE_GET);
		fits = header &&
		       devtlb_netlink_dump_end(skb, header, site_fill(skb, site, &count));
		if (!fits)
			break;
	}
	cb->args[0] = site;
	devtlb_who_put(&who);
	return devtlb_netlink_dump_result(skb, fits);
}

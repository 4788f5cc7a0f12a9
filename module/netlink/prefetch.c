// SPDX-License-Identifier: GPL-2.0-only
/* Prefetches on netlink. */
#include <linux/netlink.h>
#include <linux/overflow.h>
#include <net/genetlink.h>

#include "device/prefetch.h"
#include "netlink/job.h"
#include "netlink/message.h"
#include "netlink/operations.h"
#include "netlink/request.h"
#include "watch/binding.h"

static int prefetch_get_range(struct genl_info *info, struct devtlb_range *range)
{
	struct nlattr *va = info->attrs[DEVTLB_A_PREFETCH_VA];
	struct nlattr *size = info->attrs[DEVTLB_A_PREFETCH_SIZE];

	if (!va || !size) {
		NL_SET_ERR_MSG_MOD(info->extack, "no range was given: a prefetch wants an address and a size");
		return -EINVAL;
	}
	range->start = nla_get_u64(va);
	if (check_add_overflow(range->start, (unsigned long)nla_get_u64(size) - 1,
			       &range->last)) {
		NL_SET_ERR_MSG_MOD(info->extack, "the range goes beyond the last address");
		return -EINVAL;
	}
	return 0;
}

static int prefetch_reply(struct genl_info *info,
			  const struct devtlb_prefetch *prefetch)
{
	struct sk_buff *reply;
	void *header;
	int err;

	reply = devtlb_netlink_new_reply(info, NLMSG_DEFAULT_SIZE, &header);
	if (!reply)
		return -ENOMEM;
	err = nla_put_u64_64bit(reply, DEVTLB_A_PREFETCH_PRESENT,
				prefetch->present, DEVTLB_A_PREFETCH_PAD) ||
	      nla_put_u64_64bit(reply, DEVTLB_A_PREFETCH_HELD,
				prefetch->held, DEVTLB_A_PREFETCH_PAD) ||
	      nla_put_u64_64bit(reply, DEVTLB_A_PREFETCH_FILLED,
				prefetch->filled, DEVTLB_A_PREFETCH_PAD);
	return devtlb_netlink_send_reply(reply, header, err, info);
}

/* Has one PASID hold what all are to hold, and adds what it came to. */
static int add_prefetch(struct devtlb_pasid *pasid, void *context)
{
	struct devtlb_prefetch *sum = context;
	struct devtlb_prefetch prefetch = {
		.range = sum->range,
		.write = sum->write,
		.again = sum->again,
	};
	int err = devtlb_prefetch(pasid, &prefetch);

	sum->present += prefetch.present;
	sum->held += prefetch.held;
	sum->filled += prefetch.filled;
	return err;
}

int devtlb_nl_prefetch_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct devtlb_prefetch sum = {
		.write = info->attrs[DEVTLB_A_PREFETCH_WRITE],
		.again = info->attrs[DEVTLB_A_PREFETCH_AGAIN],
	};
	int err = prefetch_get_range(info, &sum.range);

	if (err)
		return err;
	err = devtlb_request_each_pasid(info, devtlb_job_owner(info),
					info->attrs[DEVTLB_A_PREFETCH_PASID],
					add_prefetch, &sum);
	return err ? : prefetch_reply(info, &sum);
}

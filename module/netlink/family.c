// SPDX-License-Identifier: GPL-2.0-only
/*
 * The netlink interface; uapi/devtlb.h describes it.
 *
 * No MODULE_ALIAS_GENL_FAMILY: looking a family up needs no privilege, and
 * would load a fault-injecting module for any user.
 */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/netlink.h>
#include <net/genetlink.h>
#include <net/net_namespace.h>

#include "netlink/findings.h"
#include "netlink/job.h"
#include "netlink/message.h"
#include "netlink/netlink.h"
#include "netlink/operations.h"
#include "netlink/owner.h"
#include "netlink/request.h"

/* See request.h. */
static int pre_doit(const devtlb_genl_op *op, struct sk_buff *skb,
		    struct genl_info *info)
{
	int err = devtlb_request_check_privilege(skb, info->extack);

	if (err)
		return err;
	if (op->internal_flags & DEVTLB_NL_JOB)
		return devtlb_job_start(skb, info, op,
					devtlb_owner_of_socket(info->snd_portid));
	return devtlb_request_begin(info, op->internal_flags);
}

static void post_doit(const devtlb_genl_op *op, struct sk_buff *skb,
		      struct genl_info *info)
{
	devtlb_request_end(info, op->internal_flags);
}

static struct genl_family devtlb_family = {
	.name = DEVTLB_GENL_NAME,
	.version = DEVTLB_GENL_VERSION,
	/* One portid names one socket in one network namespace only. */
	.netnsok = false,
	.parallel_ops = true,
	.module = THIS_MODULE,
	.pre_doit = pre_doit,
	.post_doit = post_doit,
	.ops = devtlb_nl_ops,
	.n_ops = ARRAY_SIZE(devtlb_nl_ops),
	.mcgrps = devtlb_nl_mcgrps,
	.n_mcgrps = ARRAY_SIZE(devtlb_nl_mcgrps),
};

/* Invariant 7. */
static int socket_event(struct notifier_block *block, unsigned long event,
			void *data)
{
	struct netlink_notify *notify = data;

	if (event == NETLINK_URELEASE && notify->protocol == NETLINK_GENERIC &&
	    net_eq(notify->net, &init_net))
		devtlb_owner_end(notify->portid);
	return NOTIFY_DONE;
}

static struct notifier_block socket_notifier = {
	.notifier_call = socket_event,
};

int __init devtlb_netlink_init(void)
{
	int err;

	devtlb_message_init(&devtlb_family);
	err = devtlb_owners_init();
	if (err)
		return err;
	err = netlink_register_notifier(&socket_notifier);
	if (err)
		goto err_owners;
	err = genl_register_family(&devtlb_family);
	if (err)
		goto err_notifier;
	devtlb_netlink_open_findings();
	return 0;

err_notifier:
	netlink_unregister_notifier(&socket_notifier);
err_owners:
	devtlb_owners_exit();
	return err;
}

/**
 * devtlb_netlink_exit() - close the interface
 *
 * Context: may sleep: ends the requests and the sockets' ends under way, and
 * waits for them.
 */
void devtlb_netlink_exit(void)
{
	devtlb_netlink_close_findings();
	/* No request begins any more, and none of those is a job yet. */
	genl_unregister_family(&devtlb_family);
	netlink_unregister_notifier(&socket_notifier);
	devtlb_jobs_end_all();
	devtlb_owners_exit();
}

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

#include "netlink/handler.h"
#include "netlink/job.h"
#include "netlink/message.h"
#include "netlink/netlink.h"
#include "netlink/owner.h"
#include "netlink/policy.h"

/* What may wait for a process; see job.c. */
static devtlb_job_fn *const job_fns[DEVTLB_CMD_MAX + 1] = {
	[DEVTLB_CMD_PASID_BIND] = devtlb_netlink_pasid_bind,
	[DEVTLB_CMD_PASID_UNBIND] = devtlb_netlink_pasid_unbind,
	[DEVTLB_CMD_THREAD_START] = devtlb_netlink_thread_start,
	[DEVTLB_CMD_THREAD_STOP] = devtlb_netlink_thread_stop,
	[DEVTLB_CMD_MUTANT_ADD] = devtlb_netlink_mutant_add,
	[DEVTLB_CMD_WINDOW_SET] = devtlb_netlink_window_set,
	[DEVTLB_CMD_AUDIT] = devtlb_netlink_audit,
	[DEVTLB_CMD_WATCH_ADD] = devtlb_netlink_watch_add,
	[DEVTLB_CMD_WATCH_STOP] = devtlb_netlink_watch_stop,
};

static int take_over(struct sk_buff *skb, struct genl_info *info);

/*
 * GENL_ADMIN_PERM is CAP_NET_ADMIN; devtlb_netlink_check_privilege() wants more,
 * of all.
 */
static const struct genl_ops devtlb_ops[] = {
	{
		.cmd = DEVTLB_CMD_INFO_GET,
		.flags = GENL_ADMIN_PERM,
		.doit = devtlb_netlink_info_get,
		.maxattr = 0,
	}, {
		.cmd = DEVTLB_CMD_PASID_BIND,
		.flags = GENL_ADMIN_PERM,
		.policy = devtlb_pasid_policy,
		.maxattr = DEVTLB_A_PASID_MAX,
		.doit = take_over,
	}, {
		.cmd = DEVTLB_CMD_PASID_UNBIND,
		.flags = GENL_ADMIN_PERM,
		.policy = devtlb_pasid_policy,
		.maxattr = DEVTLB_A_PASID_MAX,
		.doit = take_over,
	}, {
		.cmd = DEVTLB_CMD_PASID_GET,
		.flags = GENL_ADMIN_PERM,
		.policy = devtlb_pasid_policy,
		.maxattr = DEVTLB_A_PASID_MAX,
		.start = devtlb_netlink_dump_start,
		.dumpit = devtlb_netlink_pasid_dump,
	}, {
		.cmd = DEVTLB_CMD_THREAD_START,
		.flags = GENL_ADMIN_PERM,
		.policy = devtlb_thread_policy,
		.maxattr = DEVTLB_A_THREAD_MAX,
		.doit = take_over,
	}, {
		.cmd = DEVTLB_CMD_THREAD_STOP,
		.flags = GENL_ADMIN_PERM,
		.policy = devtlb_thread_policy,
		.maxattr = DEVTLB_A_THREAD_MAX,
		.doit = take_over,
	}, {
		.cmd = DEVTLB_CMD_THREAD_GET,
		.flags = GENL_ADMIN_PERM,
		.policy = devtlb_thread_policy,
		.maxattr = DEVTLB_A_THREAD_MAX,
		.start = devtlb_netlink_dump_start,
		.dumpit = devtlb_netlink_thread_dump,
	}, {
		.cmd = DEVTLB_CMD_MUTANT_ADD,
		.flags = GENL_ADMIN_PERM,
		.policy = devtlb_mutant_policy,
		.maxattr = DEVTLB_A_MUTANT_MAX,
		.doit = take_over,
	}, {
		.cmd = DEVTLB_CMD_WINDOW_SET,
		.flags = GENL_ADMIN_PERM,
		.policy = devtlb_window_policy,
		.maxattr = DEVTLB_A_WINDOW_MAX,
		.doit = take_over,
	}, {
		.cmd = DEVTLB_CMD_AUDIT,
		.flags = GENL_ADMIN_PERM,
		.policy = devtlb_audit_policy,
		.maxattr = DEVTLB_A_AUDIT_MAX,
		.doit = take_over,
	}, {
		.cmd = DEVTLB_CMD_SITE_GET,
		.flags = GENL_ADMIN_PERM,
		.policy = devtlb_site_policy,
		.maxattr = DEVTLB_A_SITE_MAX,
		.start = devtlb_netlink_dump_start,
		.dumpit = devtlb_netlink_site_dump,
	}, {
		.cmd = DEVTLB_CMD_FINDING_GET,
		.flags = GENL_ADMIN_PERM,
		.policy = devtlb_finding_policy,
		.maxattr = DEVTLB_A_FINDING_MAX,
		.start = devtlb_netlink_dump_start,
		.dumpit = devtlb_netlink_finding_dump,
	}, {
		.cmd = DEVTLB_CMD_WATCH_START,
		.flags = GENL_ADMIN_PERM,
		.policy = devtlb_watch_policy,
		.maxattr = DEVTLB_A_WATCH_MAX,
		.doit = devtlb_netlink_watch_start,
	}, {
		.cmd = DEVTLB_CMD_WATCH_ADD,
		.flags = GENL_ADMIN_PERM,
		.policy = devtlb_watch_policy,
		.maxattr = DEVTLB_A_WATCH_MAX,
		.doit = take_over,
	}, {
		.cmd = DEVTLB_CMD_WATCH_STOP,
		.flags = GENL_ADMIN_PERM,
		.policy = devtlb_watch_policy,
		.maxattr = DEVTLB_A_WATCH_MAX,
		.doit = take_over,
	}, {
		.cmd = DEVTLB_CMD_WATCH_GET,
		.flags = GENL_ADMIN_PERM,
		.policy = devtlb_watch_policy,
		.maxattr = DEVTLB_A_WATCH_MAX,
		.start = devtlb_netlink_dump_start,
		.dumpit = devtlb_netlink_watch_dump,
	},
};

static unsigned int maxattr_of(u8 cmd)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(devtlb_ops); i++) {
		if (devtlb_ops[i].cmd == cmd)
			return devtlb_ops[i].maxattr;
	}
	return 0;
}

static int take_over(struct sk_buff *skb, struct genl_info *info)
{
	u8 cmd = info->genlhdr->cmd;

	return devtlb_netlink_check_privilege(skb, info->extack) ? :
	       devtlb_job_start(skb, info, job_fns[cmd], maxattr_of(cmd),
				devtlb_owner_of_socket(info->snd_portid));
}

static const struct genl_multicast_group devtlb_groups[] = {
	{
		.name = DEVTLB_GENL_FINDINGS,
		.flags = GENL_MCAST_CAP_SYS_ADMIN,
	},
};

static struct genl_family devtlb_family = {
	.name = DEVTLB_GENL_NAME,
	.version = DEVTLB_GENL_VERSION,
	/* One portid names one socket in one network namespace only. */
	.netnsok = false,
	.parallel_ops = true,
	.module = THIS_MODULE,
	.ops = devtlb_ops,
	.n_ops = ARRAY_SIZE(devtlb_ops),
	.mcgrps = devtlb_groups,
	.n_mcgrps = ARRAY_SIZE(devtlb_groups),
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

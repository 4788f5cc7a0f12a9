// SPDX-License-Identifier: GPL-2.0-only
/* Watches on netlink. */
#include <linux/netlink.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <net/genetlink.h>

#include "detect/finding.h"
#include "netlink/job.h"
#include "netlink/message.h"
#include "netlink/operations.h"
#include "netlink/owner.h"
#include "netlink/request.h"
#include "watch/count.h"
#include "watch/watch.h"

#define PROCESSES_DEFAULT	1024
#define TRANSLATIONS_DEFAULT	(4ULL << 20)
#define SHARE_DEFAULT		5	/* percent */

static void read_limits(const struct genl_info *info,
			struct devtlb_watch_limits *limits)
{
	struct nlattr *processes = info->attrs[DEVTLB_A_WATCH_PROCESSES_MAX];
	struct nlattr *translations =
		info->attrs[DEVTLB_A_WATCH_TRANSLATIONS_MAX];
	struct nlattr *share = info->attrs[DEVTLB_A_WATCH_SHARE];

	*limits = (struct devtlb_watch_limits) {
		.processes = processes ? nla_get_u32(processes)
				       : PROCESSES_DEFAULT,
		.translations = translations ? nla_get_u64(translations)
					     : TRANSLATIONS_DEFAULT,
		.share = share ? nla_get_u32(share) : SHARE_DEFAULT,
		.write = info->attrs[DEVTLB_A_WATCH_WRITE],
		.fracture = info->attrs[DEVTLB_A_WATCH_FRACTURE],
	};
}

int devtlb_nl_watch_start_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct devtlb_watch_limits limits;
	struct devtlb_watch *watch;
	struct sk_buff *reply;
	void *header;
	u32 owner;
	int err;

	owner = devtlb_owner_of_socket(info->snd_portid);
	if (!owner)
		return -ENOMEM;
	reply = devtlb_netlink_new_reply(info, NLMSG_DEFAULT_SIZE, &header);
	if (!reply)
		return -ENOMEM;
	read_limits(info, &limits);
	watch = devtlb_watch_start(&limits, owner, info->extack);
	if (IS_ERR(watch)) {
		nlmsg_free(reply);
		return PTR_ERR(watch);
	}
	err = nla_put_u32(reply, DEVTLB_A_WATCH_ID, watch->object.id);
	err = devtlb_netlink_send_reply(reply, header, err, info);
	/* Nobody knows its number. */
	if (err)
		devtlb_watch_stop(watch);
	devtlb_watch_put(watch);
	return err;
}

int devtlb_nl_watch_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *pid = info->attrs[DEVTLB_A_WATCH_PID];
	struct task_struct *task;
	int err;

	if (!pid) {
		NL_SET_ERR_MSG_MOD(info->extack, "which process? give a PID");
		return -EINVAL;
	}
	task = devtlb_job_get_task(info, pid);
	if (!task) {
		NL_SET_ERR_MSG_ATTR(info->extack, pid,
				    KBUILD_MODNAME ": no such process");
		return -ESRCH;
	}
	err = devtlb_watch_add(devtlb_request_who(info).watch, task,
			       info->attrs[DEVTLB_A_WATCH_FROM_EXEC],
			       info->extack);
	put_task_struct(task);
	return err;
}

int devtlb_nl_watch_stop_doit(struct sk_buff *skb, struct genl_info *info)
{
	devtlb_watch_stop(devtlb_request_who(info).watch);
	return 0;
}

static int put_limits(struct sk_buff *skb,
		      const struct devtlb_watch_limits *limits)
{
	return nla_put_u32(skb, DEVTLB_A_WATCH_PROCESSES_MAX,
			   limits->processes) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_WATCH_TRANSLATIONS_MAX,
				 limits->translations, DEVTLB_A_WATCH_PAD) ||
	       nla_put_u32(skb, DEVTLB_A_WATCH_SHARE, limits->share) ||
	       (limits->write && nla_put_flag(skb, DEVTLB_A_WATCH_WRITE)) ||
	       (limits->fracture && nla_put_flag(skb, DEVTLB_A_WATCH_FRACTURE));
}

static int put_count(struct sk_buff *skb, const struct devtlb_watch_count *count)
{
	const struct devtlb_mirror_count *mirror = &count->mirror;

	return nla_put_u64_64bit(skb, DEVTLB_A_WATCH_PRESENT, mirror->present,
				 DEVTLB_A_WATCH_PAD) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_WATCH_MIRRORED, mirror->mirrored,
				 DEVTLB_A_WATCH_PAD) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_WATCH_NOT_MIRRORED,
				 mirror->not_mirrored, DEVTLB_A_WATCH_PAD) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_WATCH_SWEEPS, mirror->sweeps,
				 DEVTLB_A_WATCH_PAD) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_WATCH_PREFETCHES,
				 mirror->prefetches, DEVTLB_A_WATCH_PAD) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_WATCH_AUDITS, mirror->audits,
				 DEVTLB_A_WATCH_PAD) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_WATCH_HELD, count->held,
				 DEVTLB_A_WATCH_PAD) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_WATCH_FILLS, count->fills,
				 DEVTLB_A_WATCH_PAD) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_WATCH_INVALIDATIONS,
				 count->notifications, DEVTLB_A_WATCH_PAD) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_WATCH_INVALIDATED,
				 count->invalidated, DEVTLB_A_WATCH_PAD) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_WATCH_WITHHELD_INVALIDATIONS,
				 count->withheld, DEVTLB_A_WATCH_PAD) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_WATCH_ZAP_RACES,
				 count->zap_races, DEVTLB_A_WATCH_PAD) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_WATCH_UNRESOLVED,
				 count->unresolved, DEVTLB_A_WATCH_PAD);
}

static int watch_fill(struct sk_buff *skb, struct devtlb_watch *watch)
{
	struct devtlb_watch_count count;

	devtlb_watch_count(watch, &count);
	return nla_put_u32(skb, DEVTLB_A_WATCH_ID, watch->object.id) ||
	       put_limits(skb, &watch->limits) ||
	       nla_put_u32(skb, DEVTLB_A_WATCH_PROCESSES,
			   atomic_read(&watch->nr_bound)) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_WATCH_PROCESSES_SEEN,
				 READ_ONCE(watch->seen), DEVTLB_A_WATCH_PAD) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_WATCH_PROCESSES_UNWATCHED,
				 READ_ONCE(watch->unwatched),
				 DEVTLB_A_WATCH_PAD) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_WATCH_PROCESSES_MISSED,
				 READ_ONCE(watch->missed), DEVTLB_A_WATCH_PAD) ||
	       put_count(skb, &count) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_WATCH_TIME,
				 READ_ONCE(watch->time), DEVTLB_A_WATCH_PAD) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_WATCH_FINDINGS,
				 READ_ONCE(watch->findings->total),
				 DEVTLB_A_WATCH_PAD) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_WATCH_FINDINGS_LOST,
				 READ_ONCE(watch->findings->lost),
				 DEVTLB_A_WATCH_PAD) ||
	       nla_put_u32(skb, DEVTLB_A_WATCH_PROCESSES_ALIVE, count.alive);
}

int devtlb_nl_watch_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *reply;
	void *header;
	int err;

	reply = devtlb_netlink_new_reply(info, NLMSG_DEFAULT_SIZE, &header);
	if (!reply)
		return -ENOMEM;
	err = watch_fill(reply, devtlb_request_who(info).watch);
	return devtlb_netlink_send_reply(reply, header, err, info);
}

int devtlb_nl_watch_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	u32 id = cb->args[0];
	bool fits = true;

	while (fits) {
		struct devtlb_watch *watch = devtlb_watch_get_next(&id);
		void *header;

		if (!watch)
			break;
		header = devtlb_netlink_dump_begin(skb, cb,
						   DEVTLB_CMD_WATCH_GET);
		fits = header &&
		       devtlb_netlink_dump_end(skb, header,
					       watch_fill(skb, watch));
		devtlb_watch_put(watch);
		if (fits)
			id++;
	}
	cb->args[0] = id;
	return devtlb_netlink_dump_result(skb, fits);
}

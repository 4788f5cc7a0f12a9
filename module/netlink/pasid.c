// SPDX-License-Identifier: GPL-2.0-only
/* PASIDs on netlink. */
#include <linux/netlink.h>
#include <linux/sched/mm.h>
#include <net/genetlink.h>

#include "detect/finding.h"
#include "netlink/job.h"
#include "netlink/message.h"
#include "netlink/operations.h"
#include "netlink/request.h"
#include "watch/binding.h"

static struct devtlb_pasid *bind_task(struct task_struct *task, bool fracture,
				      struct genl_info *info)
{
	struct mm_struct *mm = get_task_mm(task);
	char comm[TASK_COMM_LEN];
	struct devtlb_binding_spec spec = {
		.comm = comm,
		.fracture = fracture,
		.owner = devtlb_job_owner(info),
	};
	struct devtlb_pasid *pasid;

	if (!mm) {
		NL_SET_ERR_MSG_MOD(info->extack, "that process has no memory of its own: it is a kernel thread, or it exits");
		return ERR_PTR(-ESRCH);
	}
	get_task_comm(comm, task);
	spec.pid = task_tgid_nr(task);
	pasid = devtlb_bind(mm, &spec, info->extack);
	/* Not mmput(): see devtlb_page_request(). */
	mmput_async(mm);
	return pasid;
}

int devtlb_nl_pasid_bind_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct devtlb_pasid *pasid;
	struct task_struct *task;
	struct sk_buff *reply;
	void *header;
	int err;

	task = devtlb_job_get_task(info, info->attrs[DEVTLB_A_PASID_PID]);
	if (!task) {
		NL_SET_ERR_MSG_MOD(info->extack, "no such process");
		return -ESRCH;
	}
	pasid = bind_task(task, info->attrs[DEVTLB_A_PASID_FRACTURE], info);
	put_task_struct(task);
	if (IS_ERR(pasid))
		return PTR_ERR(pasid);

	err = -ENOMEM;
	reply = devtlb_netlink_new_reply(info, NLMSG_DEFAULT_SIZE, &header);
	if (reply)
		err = devtlb_netlink_send_reply(reply, header,
						nla_put_u32(reply,
							    DEVTLB_A_PASID_ID,
							    pasid->object.id),
						info);
	if (err)
		devtlb_unbind(pasid);
	devtlb_pasid_put(pasid);
	return err;
}

int devtlb_nl_pasid_unbind_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct devtlb_pasid *pasid = devtlb_request_who(info).pasid;

	if (devtlb_binding_of(pasid)->watch) {
		NL_SET_ERR_MSG_MOD(info->extack, "the PASID belongs to a watch; stop that");
		return -EBUSY;
	}
	devtlb_unbind(pasid);
	return 0;
}

static int put_own_findings(struct sk_buff *skb,
			    const struct devtlb_findings *findings)
{
	return nla_put_u64_64bit(skb, DEVTLB_A_PASID_STALE_READS,
				 READ_ONCE(findings->stale_reads),
				 DEVTLB_A_PASID_PAD) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_PASID_FINDINGS,
				 READ_ONCE(findings->total),
				 DEVTLB_A_PASID_PAD) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_PASID_FINDINGS_LOST,
				 READ_ONCE(findings->lost), DEVTLB_A_PASID_PAD);
}

static int pasid_fill(struct sk_buff *skb, struct devtlb_pasid *pasid)
{
	const struct devtlb_binding *binding = devtlb_binding_of(pasid);
	const struct devtlb_subject *subject = &binding->subject;
	const struct devtlb_notifier *notifier = &subject->notifier;
	const struct devtlb_site_log *log = &notifier->site_log;

	return nla_put_u32(skb, DEVTLB_A_PASID_ID, pasid->object.id) ||
	       nla_put_u32(skb, DEVTLB_A_PASID_PID, pasid->pid) ||
	       (pasid->atc.fracture && nla_put_flag(skb, DEVTLB_A_PASID_FRACTURE)) ||
	       (READ_ONCE(pasid->released) &&
		nla_put_flag(skb, DEVTLB_A_PASID_RELEASED)) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_PASID_HELD,
				 READ_ONCE(pasid->atc.store.held),
				 DEVTLB_A_PASID_PAD) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_PASID_FILLS,
				 READ_ONCE(pasid->atc.fills), DEVTLB_A_PASID_PAD) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_PASID_FILL_RETRIES,
				 READ_ONCE(pasid->atc.fill_retries),
				 DEVTLB_A_PASID_PAD) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_PASID_PAGE_REQUESTS,
				 atomic64_read(&pasid->page_requests),
				 DEVTLB_A_PASID_PAD) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_PASID_INVALIDATIONS,
				 READ_ONCE(log->nr), DEVTLB_A_PASID_PAD) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_PASID_EMPTY_INVALIDATIONS,
				 READ_ONCE(log->empty), DEVTLB_A_PASID_PAD) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_PASID_INVALIDATED,
				 READ_ONCE(pasid->atc.invalidated),
				 DEVTLB_A_PASID_PAD) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_PASID_WITHHELD_INVALIDATIONS,
				 READ_ONCE(log->withheld), DEVTLB_A_PASID_PAD) ||
	       (!binding->watch && put_own_findings(skb, subject->findings)) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_PASID_SUPPRESSED_STORES,
				 atomic64_read(&pasid->suppressed_stores),
				 DEVTLB_A_PASID_PAD) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_PASID_ZAP_RACES,
				 atomic64_read(&subject->zap_races),
				 DEVTLB_A_PASID_PAD) ||
	       nla_put_u32(skb, DEVTLB_A_PASID_THREADS,
			   atomic_read(&pasid->nr_threads)) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_PASID_TABLES,
				 READ_ONCE(pasid->atc.tables.held),
				 DEVTLB_A_PASID_PAD) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_PASID_LATE_INVALIDATIONS,
				 READ_ONCE(notifier->delivery.nr_delivered_late),
				 DEVTLB_A_PASID_PAD) ||
	       (binding->watch && nla_put_u32(skb, DEVTLB_A_PASID_WATCH,
					      binding->watch)) ||
	       nla_put_string(skb, DEVTLB_A_PASID_COMM, pasid->comm) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_PASID_THREADS_FORGOTTEN,
				 READ_ONCE(pasid->threads_forgotten),
				 DEVTLB_A_PASID_PAD);
}

int devtlb_nl_pasid_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *reply;
	void *header;
	int err;

	reply = devtlb_netlink_new_reply(info, NLMSG_DEFAULT_SIZE, &header);
	if (!reply)
		return -ENOMEM;
	err = pasid_fill(reply, devtlb_request_who(info).pasid);
	return devtlb_netlink_send_reply(reply, header, err, info);
}

int devtlb_nl_pasid_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	u32 id = cb->args[0];
	bool fits = true;

	while (fits) {
		struct devtlb_pasid *pasid = devtlb_pasid_get_next(&id);
		void *header;

		if (!pasid)
			break;
		header = devtlb_netlink_dump_begin(skb, cb, DEVTLB_CMD_PASID_GET);
		fits = header && devtlb_netlink_dump_end(skb, header, pasid_fill(skb, pasid));
		devtlb_pasid_put(pasid);
		if (fits)
			id++;
	}
	cb->args[0] = id;
	return devtlb_netlink_dump_result(skb, fits);
}

// SPDX-License-Identifier: GPL-2.0-only
/* Device threads on netlink. */
#include <linux/netlink.h>
#include <linux/slab.h>
#include <linux/stringify.h>
#include <net/genetlink.h>

#include "device/thread.h"
#include "netlink/handler.h"
#include "netlink/lookup.h"
#include "netlink/message.h"
#include "watch/binding.h"

/* Starts the thread and tells its number; the PASID's jobs mutex is held. */
static int start_and_reply(struct devtlb_pasid *pasid,
			   const struct devtlb_insn *insn, unsigned int nr,
			   u32 check_every, struct genl_info *info)
{
	struct devtlb_thread *thread;
	struct sk_buff *reply;
	void *header;
	int err;

	reply = devtlb_netlink_new_reply(info, &header);
	if (!reply)
		return -ENOMEM;
	thread = devtlb_thread_start(pasid, insn, nr, check_every);
	if (thread == ERR_PTR(-EBUSY))
		NL_SET_ERR_MSG_MOD(info->extack, "a PASID has at most "
				   __stringify(DEVTLB_THREADS_MAX) " device threads at a time; stop one");
	if (IS_ERR(thread)) {
		nlmsg_free(reply);
		return PTR_ERR(thread);
	}
	err = nla_put_u32(reply, DEVTLB_A_THREAD_ID, thread->user.id);
	err = devtlb_netlink_send_reply(reply, header, err, info);
	/* Nobody knows its number. */
	if (err)
		devtlb_thread_stop(thread);
	return err;
}

int devtlb_netlink_thread_start(struct genl_info *info)
{
	struct devtlb_pasid *pasid =
		devtlb_netlink_get_pasid(info->attrs[DEVTLB_A_THREAD_PASID],
					 info->extack);
	struct nlattr *program = info->attrs[DEVTLB_A_THREAD_PROGRAM];
	struct nlattr *check = info->attrs[DEVTLB_A_THREAD_CHECK_EVERY];
	struct devtlb_insn *insn;
	unsigned int nr;
	int err;

	if (IS_ERR(pasid))
		return PTR_ERR(pasid);
	if (!program || nla_len(program) % sizeof(*insn)) {
		NL_SET_ERR_MSG_MOD(info->extack, "a thread needs a program of whole instructions");
		err = -EINVAL;
		goto out_pasid;
	}
	/* A copy: attributes are aligned to four bytes only. */
	nr = nla_len(program) / sizeof(*insn);
	insn = kmemdup(nla_data(program), nla_len(program), GFP_KERNEL);
	if (!insn) {
		err = -ENOMEM;
		goto out_pasid;
	}
	/* Not NL_SET_ERR_MSG(): that one wants a literal. */
	info->extack->_msg = devtlb_program_check(insn, nr);
	err = info->extack->_msg ? -EINVAL : 0;
	if (err)
		goto out_insn;

	err = devtlb_netlink_lock_pasid(pasid, info->extack);
	if (err)
		goto out_insn;
	err = start_and_reply(pasid, insn, nr, check ? nla_get_u32(check) : 0,
			      info);
	devtlb_pasid_unlock(pasid);
out_insn:
	kfree(insn);
out_pasid:
	devtlb_pasid_put(pasid);
	return err;
}

/* Under the jobs mutex. */
static int stop_thread(struct devtlb_pasid *pasid, struct nlattr *id,
		       struct netlink_ext_ack *extack)
{
	struct devtlb_thread *thread;

	thread = id ? xa_load(&pasid->threads, nla_get_u32(id)) : NULL;
	if (!thread) {
		NL_SET_ERR_MSG_MOD(extack, "no such thread");
		return -ENOENT;
	}
	devtlb_thread_stop(thread);
	return 0;
}

int devtlb_netlink_thread_stop(struct genl_info *info)
{
	struct devtlb_pasid *pasid =
		devtlb_netlink_get_pasid(info->attrs[DEVTLB_A_THREAD_PASID],
					 info->extack);
	int err;

	if (IS_ERR(pasid))
		return PTR_ERR(pasid);
	err = devtlb_netlink_lock_pasid(pasid, info->extack);
	if (!err) {
		err = stop_thread(pasid, info->attrs[DEVTLB_A_THREAD_ID],
				  info->extack);
		devtlb_pasid_unlock(pasid);
	}
	devtlb_pasid_put(pasid);
	return err;
}

static int thread_fill(struct sk_buff *skb, struct devtlb_thread *thread)
{
	/* Pairs with the release in log_value(). */
	u64 nr_log = smp_load_acquire(&thread->nr_log);
	u64 kept = min_t(u64, nr_log, DEVTLB_LOG_MAX);

	return nla_put_u32(skb, DEVTLB_A_THREAD_PASID, thread->pasid->object.id) ||
	       nla_put_u32(skb, DEVTLB_A_THREAD_ID, thread->user.id) ||
	       nla_put_u32(skb, DEVTLB_A_THREAD_CHECK_EVERY, thread->check_every) ||
	       nla_put_u32(skb, DEVTLB_A_THREAD_STATE, READ_ONCE(thread->state)) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_THREAD_ACCESSES,
				 READ_ONCE(thread->accesses),
				 DEVTLB_A_THREAD_PAD) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_THREAD_CHECKED,
				 READ_ONCE(thread->checked), DEVTLB_A_THREAD_PAD) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_THREAD_FAULTS,
				 READ_ONCE(thread->faults), DEVTLB_A_THREAD_PAD) ||
	       nla_put(skb, DEVTLB_A_THREAD_LOG, kept * sizeof(u64),
		       thread->log) ||
	       nla_put_u64_64bit(skb, DEVTLB_A_THREAD_LOG_LOST, nr_log - kept,
				 DEVTLB_A_THREAD_PAD);
}

int devtlb_netlink_thread_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct devtlb_pasid *pasid = devtlb_netlink_dump_pasid(cb, DEVTLB_A_THREAD_PASID);
	u32 id = cb->args[0];
	bool fits = true;

	if (IS_ERR(pasid))
		return PTR_ERR(pasid);
	while (fits) {
		struct devtlb_thread *thread =
			devtlb_thread_get_next(pasid, &id);
		void *header;

		if (!thread)
			break;
		header = devtlb_netlink_dump_begin(skb, cb,
						   DEVTLB_CMD_THREAD_GET);
		fits = header &&
		       devtlb_netlink_dump_end(skb, header,
					       thread_fill(skb, thread));
		devtlb_thread_put(thread);
		if (fits)
			id++;
	}
	cb->args[0] = id;
	devtlb_pasid_put(pasid);
	return devtlb_netlink_dump_result(skb, fits);
}

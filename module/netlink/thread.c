// SPDX-License-Identifier: GPL-2.0-only
/* Device threads on netlink. */
#include <linux/netlink.h>
#include <linux/slab.h>
#include <linux/stringify.h>
#include <net/genetlink.h>

#include "device/thread.h"
#include "netlink/message.h"
#include "netlink/operations.h"
#include "netlink/request.h"
#include "watch/binding.h"

/* A log, at its longest, and what else there is. */
#define THREAD_MESSAGE_SIZE	(DEVTLB_LOG_MAX * sizeof(u64) + 1024)

/* Starts the thread and tells its number; the PASID's jobs mutex is held. */
static int start_and_reply(struct devtlb_pasid *pasid,
			   const struct devtlb_insn *insn, unsigned int nr,
			   u32 check_every, struct genl_info *info)
{
	struct devtlb_thread *thread;
	struct sk_buff *reply;
	void *header;
	int err;

	reply = devtlb_netlink_new_reply(info, NLMSG_DEFAULT_SIZE, &header);
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

int devtlb_nl_thread_start_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *program = info->attrs[DEVTLB_A_THREAD_PROGRAM];
	struct nlattr *check = info->attrs[DEVTLB_A_THREAD_CHECK_EVERY];
	struct devtlb_insn *insn;
	unsigned int nr;
	int err;

	if (!program || nla_len(program) % sizeof(*insn)) {
		NL_SET_ERR_MSG_MOD(info->extack, "a thread needs a program of whole instructions");
		return -EINVAL;
	}
	/* A copy: attributes are aligned to four bytes only. */
	nr = nla_len(program) / sizeof(*insn);
	insn = kmemdup(nla_data(program), nla_len(program), GFP_KERNEL);
	if (!insn)
		return -ENOMEM;
	/* Not NL_SET_ERR_MSG(): that one wants a literal. */
	info->extack->_msg = devtlb_program_check(insn, nr);
	err = info->extack->_msg ? -EINVAL : 0;
	if (!err)
		err = start_and_reply(devtlb_request_who(info).pasid, insn, nr,
				      check ? nla_get_u32(check) : 0, info);
	kfree(insn);
	return err;
}

int devtlb_nl_thread_stop_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct devtlb_pasid *pasid = devtlb_request_who(info).pasid;
	struct nlattr *id = info->attrs[DEVTLB_A_THREAD_ID];
	struct devtlb_thread *thread;

	thread = id ? xa_load(&pasid->threads, nla_get_u32(id)) : NULL;
	if (!thread) {
		NL_SET_ERR_MSG_ATTR(info->extack, id,
				    KBUILD_MODNAME ": no such thread");
		return -ENOENT;
	}
	devtlb_thread_stop(thread);
	return 0;
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

/* The thread that an attribute names, with a reference; or an ERR_PTR(). */
static struct devtlb_thread *get_thread(struct devtlb_pasid *pasid,
					struct nlattr *attr,
					struct netlink_ext_ack *extack)
{
	u32 id = attr ? nla_get_u32(attr) : 0;
	u32 found = id;
	struct devtlb_thread *thread;

	if (!attr) {
		NL_SET_ERR_MSG_MOD(extack, "no thread was given");
		return ERR_PTR(-EINVAL);
	}
	thread = devtlb_thread_get_next(pasid, &found);
	if (thread && found == id)
		return thread;
	if (thread)
		devtlb_thread_put(thread);
	NL_SET_ERR_MSG_ATTR(extack, attr, KBUILD_MODNAME ": no such thread");
	return ERR_PTR(-ENOENT);
}

int devtlb_nl_thread_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct devtlb_thread *thread =
		get_thread(devtlb_request_who(info).pasid,
			   info->attrs[DEVTLB_A_THREAD_ID], info->extack);
	struct sk_buff *reply;
	void *header;
	int err;

	if (IS_ERR(thread))
		return PTR_ERR(thread);
	reply = devtlb_netlink_new_reply(info, THREAD_MESSAGE_SIZE, &header);
	if (!reply) {
		devtlb_thread_put(thread);
		return -ENOMEM;
	}
	err = thread_fill(reply, thread);
	devtlb_thread_put(thread);
	return devtlb_netlink_send_reply(reply, header, err, info);
}

int devtlb_nl_thread_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	u32 id = cb->args[0];
	struct devtlb_who who;
	bool fits = true;
	int err;

	err = devtlb_dump_get_who(cb, &who);
	if (err)
		return err;
	while (fits) {
		struct devtlb_thread *thread =
			devtlb_thread_get_next(who.pasid, &id);
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
	devtlb_who_put(&who);
	return devtlb_netlink_dump_result(skb, fits);
}

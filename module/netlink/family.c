// SPDX-License-Identifier: GPL-2.0-only
/*
 * The netlink interface; uapi/devtlb.h describes it.
 *
 * No MODULE_ALIAS_GENL_FAMILY: looking a family up needs no privilege, and
 * would load a fault-injecting module for any user.
 */
#include <linux/capability.h>
#include <linux/module.h>
#include <linux/netlink.h>
#include <linux/pid.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <net/genetlink.h>
#include <net/net_namespace.h>

#include "detect/audit.h"
#include "detect/finding.h"
#include "detect/probe.h"
#include "detect/reverse_map.h"
#include "device/contain.h"
#include "device/thread.h"
#include "netlink/job.h"
#include "netlink/netlink.h"
#include "netlink/owner.h"
#include "netlink/policy.h"
#include "watch/binding.h"
#include "watch/watch.h"

/* The root of this machine, not of a container. */
int devtlb_netlink_check_privilege(struct sk_buff *skb,
				   struct netlink_ext_ack *extack)
{
	if (netlink_capable(skb, CAP_SYS_ADMIN))
		return 0;
	NL_SET_ERR_MSG_MOD(extack, "needs CAP_SYS_ADMIN in the initial user namespace; run as root");
	return -EPERM;
}

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

/* Makes a reply; the caller fills it and calls devtlb_netlink_send_reply(). */
struct sk_buff *devtlb_netlink_new_reply(struct genl_info *info, void **header)
{
	struct sk_buff *reply = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);

	if (!reply)
		return NULL;
	*header = genlmsg_put_reply(reply, info, &devtlb_family, 0,
				    info->genlhdr->cmd);
	if (!*header) {
		nlmsg_free(reply);
		return NULL;
	}
	return reply;
}

int devtlb_netlink_send_reply(struct sk_buff *reply, void *header, int err,
			      struct genl_info *info)
{
	if (err) {
		nlmsg_free(reply);
		return -EMSGSIZE;
	}
	genlmsg_end(reply, header);
	return genlmsg_reply(reply, info);
}

static int put_probe(struct sk_buff *skb, const struct devtlb_probe_state *probe)
{
	/* Long enough for "A " and a symbol. */
	char text[2 + DEVTLB_SYMBOL_MAX];

	if (!probe->name)
		return 0;
	scnprintf(text, sizeof(text), "%c %s", 'A' + probe->rule - DEVTLB_RULE_A,
		  probe->name);
	if (probe->silent)
		return nla_put_string(skb, DEVTLB_A_INFO_PROBE_SILENT, text);
	return nla_put_string(skb, probe->attached ? DEVTLB_A_INFO_PROBE
						   : DEVTLB_A_INFO_PROBE_MISSING,
			      text);
}

static int put_probes(struct sk_buff *skb)
{
	struct devtlb_probe_state probe;
	unsigned int i;
	u64 misses = 0;

	for (i = 0; devtlb_probe_describe(i, &probe); i++) {
		misses += probe.misses;
		if (put_probe(skb, &probe))
			return -EMSGSIZE;
	}
	return nla_put_u64_64bit(skb, DEVTLB_A_INFO_PROBE_MISSES, misses,
				 DEVTLB_A_INFO_PAD);
}

static int info_get(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *reply;
	void *header;
	int err;

	err = devtlb_netlink_check_privilege(skb, info->extack);
	if (err)
		return err;
	reply = devtlb_netlink_new_reply(info, &header);
	if (!reply)
		return -ENOMEM;

	err = nla_put_string(reply, DEVTLB_A_INFO_VERSION, THIS_MODULE->version) ||
	      nla_put_u32(reply, DEVTLB_A_INFO_CALLBACK, DEVTLB_THIS_CALLBACK) ||
	      (devtlb_contain() && nla_put_flag(reply, DEVTLB_A_INFO_CONTAIN)) ||
	      nla_put_u32(reply, DEVTLB_A_INFO_PASIDS, devtlb_pasids_bound()) ||
	      nla_put_u32(reply, DEVTLB_A_INFO_THREADS, devtlb_threads_exist()) ||
	      nla_put_u64_64bit(reply, DEVTLB_A_INFO_TRANSLATIONS,
				devtlb_reverse_map_held(), DEVTLB_A_INFO_PAD) ||
	      put_probes(reply);
	return devtlb_netlink_send_reply(reply, header, err, info);
}

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

static int pasid_bind(struct genl_info *info)
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
	reply = devtlb_netlink_new_reply(info, &header);
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

static int pasid_unbind(struct genl_info *info)
{
	struct devtlb_pasid *pasid =
		devtlb_netlink_get_pasid(info->attrs[DEVTLB_A_PASID_ID],
					 info->extack);
	int err = 0;

	if (IS_ERR(pasid))
		return PTR_ERR(pasid);
	if (devtlb_binding_of(pasid)->watch) {
		NL_SET_ERR_MSG_MOD(info->extack, "the PASID belongs to a watch; stop that");
		err = -EBUSY;
	} else {
		devtlb_unbind(pasid);
	}
	devtlb_pasid_put(pasid);
	return err;
}

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
	thread = devtlb_thread_start(pasid, insn, nr, check_every, info->extack);
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

static int thread_start(struct genl_info *info)
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
	err = devtlb_program_check(insn, nr, info->extack);
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

static int thread_stop(struct genl_info *info)
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

static int audit(struct genl_info *info)
{
	struct devtlb_pasid *pasid =
		devtlb_netlink_get_pasid(info->attrs[DEVTLB_A_AUDIT_PASID],
					 info->extack);
	struct devtlb_audit result;
	struct sk_buff *reply;
	void *header;
	int err;

	if (IS_ERR(pasid))
		return PTR_ERR(pasid);
	err = devtlb_netlink_lock_pasid(pasid, info->extack);
	if (!err) {
		err = devtlb_audit(pasid, &result);
		devtlb_pasid_unlock(pasid);
	}
	devtlb_pasid_put(pasid);
	if (err)
		return err;

	reply = devtlb_netlink_new_reply(info, &header);
	if (!reply)
		return -ENOMEM;
	err = nla_put_u64_64bit(reply, DEVTLB_A_AUDIT_HELD, result.held,
				DEVTLB_A_AUDIT_PAD) ||
	      nla_put_u64_64bit(reply, DEVTLB_A_AUDIT_BREACHES, result.breaches,
				DEVTLB_A_AUDIT_PAD) ||
	      nla_put_u64_64bit(reply, DEVTLB_A_AUDIT_EXEMPT, result.exempt,
				DEVTLB_A_AUDIT_PAD);
	return devtlb_netlink_send_reply(reply, header, err, info);
}

/*
 * Dumps: one object a message. Each has a "fill" that puts an object into an
 * open message and says whether it fitted; cb->args[] remember where to go on.
 */
static int dump_start(struct netlink_callback *cb)
{
	return devtlb_netlink_check_privilege(cb->skb, cb->extack);
}

/*
 * An object that fits no empty message must not look like the end of the dump.
 */
int devtlb_netlink_dump_result(struct sk_buff *skb, bool complete)
{
	if (skb->len == 0 && !complete)
		return -EMSGSIZE;
	return skb->len;
}

void *devtlb_netlink_dump_begin(struct sk_buff *skb,
				struct netlink_callback *cb, u8 cmd)
{
	return genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			   &devtlb_family, NLM_F_MULTI, cmd);
}

/*
 * Returns true when the object is in; else the dump goes on with it next time.
 */
bool devtlb_netlink_dump_end(struct sk_buff *skb, void *header, int err)
{
	if (err) {
		genlmsg_cancel(skb, header);
		return false;
	}
	genlmsg_end(skb, header);
	return true;
}

static struct devtlb_pasid *dump_pasid(struct netlink_callback *cb, int attr)
{
	return devtlb_netlink_get_pasid(genl_info_dump(cb)->attrs[attr], cb->extack);
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

static int pasid_dump(struct sk_buff *skb, struct netlink_callback *cb)
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

static int thread_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct devtlb_pasid *pasid = dump_pasid(cb, DEVTLB_A_THREAD_PASID);
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

/*
 * Whom a dump is about: a PASID or a watch, with a reference; or, with neither,
 * everybody there is and was.
 */
struct subject {
	struct devtlb_pasid *pasid;
	struct devtlb_watch *watch;
};

static int dump_subject(struct netlink_callback *cb, int pasid_attr,
			int watch_attr, struct subject *subject)
{
	struct nlattr **attrs = genl_info_dump(cb)->attrs;

	*subject = (struct subject) { };
	if (attrs[watch_attr]) {
		subject->watch = devtlb_netlink_get_watch(attrs[watch_attr],
							  cb->extack);
		return PTR_ERR_OR_ZERO(subject->watch);
	}
	if (attrs[pasid_attr]) {
		subject->pasid = devtlb_netlink_get_pasid(attrs[pasid_attr], cb->extack);
		return PTR_ERR_OR_ZERO(subject->pasid);
	}
	return 0;
}

static void put_subject(const struct subject *subject)
{
	if (subject->watch)
		devtlb_watch_put(subject->watch);
	if (subject->pasid)
		devtlb_pasid_put(subject->pasid);
}

static void count_site(const struct subject *subject, u16 site,
		       struct devtlb_site_count *count)
{
	struct devtlb_pasid *pasid;
	u32 id = 0;

	if (subject->watch) {
		devtlb_watch_count_site(subject->watch, site, count);
		return;
	}
	if (subject->pasid) {
		devtlb_site_log_get(&devtlb_notifier_of(subject->pasid)->site_log,
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
				 DEVTLB_A_SITE_PAD);
}

static int site_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct subject subject;
	bool fits = true;
	u16 site;
	int err;

	err = dump_subject(cb, DEVTLB_A_SITE_PASID, DEVTLB_A_SITE_WATCH,
			   &subject);
	if (err)
		return err;
	for (site = cb->args[0]; site < devtlb_sites_known(); site++) {
		struct devtlb_site_count count;
		void *header;

		count_site(&subject, site, &count);
		if (!count.count)
			continue;
		header = devtlb_netlink_dump_begin(skb, cb, DEVTLB_CMD_SITE_GET);
		fits = header &&
		       devtlb_netlink_dump_end(skb, header, site_fill(skb, site, &count));
		if (!fits)
			break;
	}
	cb->args[0] = site;
	put_subject(&subject);
	return devtlb_netlink_dump_result(skb, fits);
}

static struct devtlb_findings *findings_of(const struct subject *subject,
					   struct netlink_ext_ack *extack)
{
	if (subject->watch)
		return subject->watch->findings;
	if (!subject->pasid) {
		NL_SET_ERR_MSG_MOD(extack, "whose findings? give a PASID or a watch");
		return ERR_PTR(-EINVAL);
	}
	if (devtlb_binding_of(subject->pasid)->watch) {
		NL_SET_ERR_MSG_MOD(extack, "the PASID belongs to a watch; ask for the findings of that");
		return ERR_PTR(-EINVAL);
	}
	return devtlb_subject_of(subject->pasid)->findings;
}

static int finding_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct devtlb_findings *findings;
	struct devtlb_finding finding;
	struct subject subject;
	bool fits = true;
	unsigned int i;
	int err;

	err = dump_subject(cb, DEVTLB_A_FINDING_PASID, DEVTLB_A_FINDING_WATCH,
			   &subject);
	if (err)
		return err;
	findings = findings_of(&subject, cb->extack);
	if (IS_ERR(findings)) {
		put_subject(&subject);
		return PTR_ERR(findings);
	}
	for (i = cb->args[0]; devtlb_finding_get(findings, i, &finding); i++) {
		void *header = devtlb_netlink_dump_begin(skb, cb,
							 DEVTLB_CMD_FINDING_GET);

		fits = header;
		if (!fits)
			break;
		err = devtlb_netlink_put_finding(skb, findings->watch, i + 1,
						 &finding);
		fits = devtlb_netlink_dump_end(skb, header, err);
		if (!fits)
			break;
	}
	cb->args[0] = i;
	put_subject(&subject);
	return devtlb_netlink_dump_result(skb, fits);
}

/* What may wait for a process; see job.c. */
static devtlb_job_fn *const job_fns[DEVTLB_CMD_MAX + 1] = {
	[DEVTLB_CMD_PASID_BIND] = pasid_bind,
	[DEVTLB_CMD_PASID_UNBIND] = pasid_unbind,
	[DEVTLB_CMD_THREAD_START] = thread_start,
	[DEVTLB_CMD_THREAD_STOP] = thread_stop,
	[DEVTLB_CMD_MUTANT_ADD] = devtlb_netlink_mutant_add,
	[DEVTLB_CMD_WINDOW_SET] = devtlb_netlink_window_set,
	[DEVTLB_CMD_AUDIT] = audit,
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
		.doit = info_get,
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
		.start = dump_start,
		.dumpit = pasid_dump,
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
		.start = dump_start,
		.dumpit = thread_dump,
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
		.start = dump_start,
		.dumpit = site_dump,
	}, {
		.cmd = DEVTLB_CMD_FINDING_GET,
		.flags = GENL_ADMIN_PERM,
		.policy = devtlb_finding_policy,
		.maxattr = DEVTLB_A_FINDING_MAX,
		.start = dump_start,
		.dumpit = finding_dump,
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
		.start = dump_start,
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
	       devtlb_job_start(skb, info, job_fns[cmd], maxattr_of(cmd));
}

static const struct genl_multicast_group devtlb_groups[] = {
	{
		.name = DEVTLB_GENL_FINDINGS,
		.flags = GENL_MCAST_CAP_SYS_ADMIN,
	},
};

struct genl_family devtlb_family = {
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

int devtlb_netlink_init(void)
{
	int err;

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

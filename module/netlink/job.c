// SPDX-License-Identifier: GPL-2.0-only
/*
 * Jobs: requests that may have to wait for a process.
 *
 * Generic netlink holds its cb_lock for reading while it handles a request: when
 * one waits, no family can be registered or unregistered, and behind whoever
 * wants to do that, every user of generic netlink waits. A process, for its
 * part, may keep its mmap_lock for as long as it likes, and a device thread that
 * faults a page in may wait for a file system. So a request that may wait is
 * only taken over: a kernel thread does what it asks for, replies to it, and
 * acknowledges it. To the caller nothing differs but that other requests of his
 * may be answered before.
 *
 * A job is killed when its socket is closed, when the PASID or the watch that it
 * waits for ends, and at rmmod. Users cannot kill it.
 *
 * Lock			protects			taken inside
 * ----			--------			------------
 * jobs_lock		jobs, nr_begun			nothing of ours
 */
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/netlink.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <net/genetlink.h>

#include "device/killable.h"
#include "netlink/job.h"
#include "netlink/request.h"

/**
 * struct devtlb_job - a request that was taken over
 * @entry: in jobs
 * @task: does it
 * @killed: of @task, see killable.h
 * @owner: whose it is
 * @request: the message, with a reference
 * @info: what generic netlink made of it; the attributes are in @request
 * @doit: the function of its command
 * @flags: of that, see request.h
 * @extack: what went wrong
 * @ack: for acknowledge(), allocated before anything is done
 * @caller: the task that asked, with a reference
 * @pid_ns: its PID namespace, with a reference
 */
struct devtlb_job {
	struct list_head entry;
	struct task_struct *task;
	bool killed;
	u32 owner;
	struct sk_buff *request;
	struct genl_info info;
	int (*doit)(struct sk_buff *skb, struct genl_info *info);
	u8 flags;
	struct netlink_ext_ack extack;
	struct sk_buff *ack;
	struct task_struct *caller;
	struct pid_namespace *pid_ns;
};

/* A sentence for the user, at its longest. */
#define SENTENCE_MAX	256

static DEFINE_SPINLOCK(jobs_lock);
static LIST_HEAD(jobs);
static DECLARE_WAIT_QUEUE_HEAD(job_ended);

/*
 * Completed once for each thread that runs nothing of the module any more; of
 * nr_begun it has not been taken yet.
 */
static DECLARE_COMPLETION(thread_ended);
static unsigned int nr_begun;

static struct devtlb_job *job_of(struct genl_info *info)
{
	return container_of(info, struct devtlb_job, info);
}

/**
 * devtlb_job_owner() - whose a job is
 * @info: as the function of its command has it
 *
 * Return: the owner's number.
 */
u32 devtlb_job_owner(struct genl_info *info)
{
	return job_of(info)->owner;
}

/**
 * devtlb_job_get_task() - the task that a request is about
 * @info: as the function of its command has it
 * @attr: its number in the caller's PID namespace, or NULL for the caller
 *
 * Return: the task with a reference, or NULL.
 */
struct task_struct *devtlb_job_get_task(struct genl_info *info,
					struct nlattr *attr)
{
	struct devtlb_job *job = job_of(info);
	struct task_struct *task;

	if (!attr)
		return get_task_struct(job->caller);
	rcu_read_lock();
	task = pid_task(find_pid_ns(nla_get_u32(attr), job->pid_ns),
			PIDTYPE_PID);
	if (task)
		get_task_struct(task);
	rcu_read_unlock();
	return task;
}

static void job_free(struct devtlb_job *job)
{
	nlmsg_free(job->ack);
	kfree(job->info.attrs);
	consume_skb(job->request);
	put_task_struct(job->caller);
	put_pid_ns(job->pid_ns);
	kfree(job);
}

/* As netlink_ack_tlv_fill(). */
static int put_reason(struct sk_buff *ack, const struct netlink_ext_ack *extack,
		      const struct nlmsghdr *request)
{
	if (!extack->_msg)
		return -ENODATA;
	return nla_put_string(ack, NLMSGERR_ATTR_MSG, extack->_msg) ||
	       (extack->bad_attr &&
		nla_put_u32(ack, NLMSGERR_ATTR_OFFS,
			    (const u8 *)extack->bad_attr - (const u8 *)request));
}

/* As netlink_ack(), of which the socket may be gone by now. */
static void acknowledge(struct devtlb_job *job, int err)
{
	const struct nlmsghdr *request = job->info.nlhdr;
	struct sk_buff *ack = job->ack;
	struct nlmsgerr *error;
	struct nlmsghdr *header;

	if (!err && !(request->nlmsg_flags & NLM_F_ACK))
		return;
	header = nlmsg_put(ack, job->info.snd_portid, job->info.snd_seq,
			   NLMSG_ERROR, sizeof(*error), NLM_F_CAPPED);
	error = nlmsg_data(header);
	*error = (struct nlmsgerr) { .error = err, .msg = *request };
	if (err && !put_reason(ack, &job->extack, request))
		header->nlmsg_flags |= NLM_F_ACK_TLVS;
	nlmsg_end(ack, header);
	job->ack = NULL;
	/* When nobody reads it, its socket is closed, or told that it lost it. */
	genlmsg_unicast(genl_info_net(&job->info), ack, job->info.snd_portid);
}

static int do_request(struct devtlb_job *job)
{
	int err = devtlb_request_begin(&job->info, job->flags);

	if (err)
		return err;
	err = job->doit(job->request, &job->info);
	devtlb_request_end(&job->info, job->flags);
	return err;
}

static int job_thread(void *arg)
{
	struct devtlb_job *job = arg;

	devtlb_killable(&job->killed);
	acknowledge(job, do_request(job));

	spin_lock(&jobs_lock);
	list_del(&job->entry);
	spin_unlock(&jobs_lock);
	wake_up_all(&job_ended);
	job_free(job);
	/* Nothing of the module runs after the completion. */
	kthread_complete_and_exit(&thread_ended, 0);
}

static struct devtlb_job *job_alloc(struct sk_buff *skb,
				    const struct genl_info *info,
				    unsigned int maxattr)
{
	struct devtlb_job *job = kzalloc(sizeof(*job), GFP_KERNEL);

	if (!job)
		return NULL;
	job->request = skb_get(skb);
	job->caller = get_task_struct(current);
	job->pid_ns = get_pid_ns(task_active_pid_ns(current));
	job->info = *info;
	job->info.extack = &job->extack;
	job->info.attrs = kmemdup(info->attrs,
				  (maxattr + 1) * sizeof(*info->attrs),
				  GFP_KERNEL);
	job->ack = nlmsg_new(sizeof(struct nlmsgerr) +
			     nla_total_size(SENTENCE_MAX) +
			     nla_total_size(sizeof(u32)), GFP_KERNEL);
	if (!job->info.attrs || !job->ack) {
		job_free(job);
		return NULL;
	}
	return job;
}

/**
 * devtlb_job_start() - take a request over
 * @skb: its message
 * @info: what generic netlink made of it
 * @op: its function does what it asks for; may wait for a process, as long as
 *	that can be killed. It has no other access to the socket than by replying.
 * @owner: whose the job is; 0 when there was no memory for one
 *
 * Context: a request, of whom may do it.
 * Return: -EINTR when the request was taken over, which tells netlink_rcv_skb()
 * not to acknowledge it (as netlink_dump_start() does); or another negative
 * errno.
 */
int devtlb_job_start(struct sk_buff *skb, struct genl_info *info,
		     const devtlb_genl_op *op, u32 owner)
{
	struct devtlb_job *job;
	struct task_struct *task;

	job = owner ? job_alloc(skb, info, op->maxattr) : NULL;
	if (!job)
		return -ENOMEM;
	job->doit = op->doit;
	job->flags = op->internal_flags;
	job->owner = owner;
	task = kthread_create(job_thread, job, "devtlb/job");
	if (IS_ERR(task)) {
		job_free(job);
		/* Not what we say to netlink_rcv_skb(): this request is over. */
		return PTR_ERR(task) == -EINTR ? -ENOMEM : PTR_ERR(task);
	}
	job->task = task;
	spin_lock(&jobs_lock);
	list_add_tail(&job->entry, &jobs);
	while (nr_begun && try_wait_for_completion(&thread_ended))
		nr_begun--;
	nr_begun++;
	spin_unlock(&jobs_lock);
	wake_up_process(task);
	return -EINTR;
}

/**
 * devtlb_jobs_kill() - end whatever the jobs of an owner wait for
 * @owner: its number; 0 for all
 *
 * Context: any task.
 */
void devtlb_jobs_kill(u32 owner)
{
	struct devtlb_job *job;

	spin_lock(&jobs_lock);
	/* A thread leaves the list before it ends. */
	list_for_each_entry(job, &jobs, entry) {
		if (!owner || job->owner == owner)
			devtlb_kill(job->task, &job->killed);
	}
	spin_unlock(&jobs_lock);
}

static bool has_jobs(u32 owner)
{
	struct devtlb_job *job;
	bool found = false;

	spin_lock(&jobs_lock);
	list_for_each_entry(job, &jobs, entry)
		found |= !owner || job->owner == owner;
	spin_unlock(&jobs_lock);
	return found;
}

/**
 * devtlb_jobs_wait() - wait until an owner has no jobs any more
 * @owner: its number; it begins none
 *
 * Context: may sleep.
 */
void devtlb_jobs_wait(u32 owner)
{
	wait_event(job_ended, !has_jobs(owner));
}

/**
 * devtlb_jobs_end_all() - kill all jobs, and wait for their ends, at rmmod
 *
 * Context: may sleep; nobody can begin one any more.
 */
void devtlb_jobs_end_all(void)
{
	devtlb_jobs_kill(0);
	for (; nr_begun; nr_begun--)
		wait_for_completion(&thread_ended);
}

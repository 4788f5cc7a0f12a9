// SPDX-License-Identifier: GPL-2.0-only
/*
 * The end of processes: unbinding waits for grace periods, and those of many do
 * it at the same time.
 */
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/workqueue.h>

#include "watch/binding.h"
#include "watch/count.h"
#include "watch/process.h"
#include "watch/reap.h"
#include "watch/watch.h"

static struct workqueue_struct *reaper;

int devtlb_reap_module_init(void)
{
	reaper = alloc_workqueue("devtlb_reaper", WQ_UNBOUND, 0);
	return reaper ? 0 : -ENOMEM;
}

void devtlb_reap_module_exit(void)
{
	destroy_workqueue(reaper);
}

static void do_reap(struct work_struct *work)
{
	struct devtlb_process *process =
		container_of(work, struct devtlb_process, reap_work);
	struct devtlb_pasid *pasid = process->pasid;
	struct devtlb_watch *watch = process->watch;
	u64 started = current->se.sum_exec_runtime;

	devtlb_atc_remove_user(&pasid->atc, &process->mirror.user);
	/* Its grace periods are those of the removed user, too. */
	devtlb_unbind(pasid);
	devtlb_pasid_put(pasid);
	atomic_dec(&watch->nr_bound);
	atomic64_add(current->se.sum_exec_runtime - started, &watch->reap_time);
	devtlb_process_put(process);
}

/*
 * Forked, and gone before it could be bound; watch->lock is held. That is little
 * loss where it executed something at once: then that is watched.
 */
static void count_unbound(struct devtlb_process *process)
{
	struct devtlb_watch *watch = process->watch;

	if (process->state == DEVTLB_PROCESS_ANCESTOR || process->turned_down)
		return;
	if (READ_ONCE(process->replaced))
		watch->seen--;
	else
		watch->missed++;
}

/**
 * devtlb_process_remove() - let go of a process
 * @process: in the list; nobody else uses it but readers under RCU
 *
 * Context: the watch's thread, or whoever ends the watch; may sleep.
 */
void devtlb_process_remove(struct devtlb_process *process)
{
	struct devtlb_watch *watch = process->watch;
	struct devtlb_pasid *pasid = process->pasid;
	unsigned long flags;

	mutex_lock(&watch->leaving);
	raw_spin_lock_irqsave(&watch->lock, flags);
	devtlb_process_unlist(process);
	if (!pasid)
		count_unbound(process);
	raw_spin_unlock_irqrestore(&watch->lock, flags);
	if (pasid)
		devtlb_watch_keep_counts(watch, process, pasid);
	mutex_unlock(&watch->leaving);

	INIT_WORK(&process->reap_work, do_reap);
	if (pasid)
		queue_work(reaper, &process->reap_work);
	else
		devtlb_process_put(process);
}

/**
 * devtlb_reap_flush() - wait until what was removed is unbound
 *
 * Context: may sleep.
 */
void devtlb_reap_flush(void)
{
	flush_workqueue(reaper);
}

// SPDX-License-Identifier: GPL-2.0-only
/* What watches came to. */
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

#include "watch/binding.h"
#include "watch/count.h"
#include "watch/process.h"
#include "watch/watch.h"

/* Is it there, and watched, or will it be? watch->lock is held. */
static bool process_is_alive(struct devtlb_process *process)
{
	return process->state != DEVTLB_PROCESS_ANCESTOR &&
	       !process->turned_down && !devtlb_process_is_gone(process);
}

/* Both are there while one executes the other: they count as one. */
static bool process_counts_as_alive(struct devtlb_process *process)
{
	struct devtlb_watch *watch = process->watch;
	unsigned long flags;
	bool alive;

	raw_spin_lock_irqsave(&watch->lock, flags);
	alive = process_is_alive(process) &&
		!(process->state == DEVTLB_PROCESS_EXECUTING &&
		  process->replaces && process_is_alive(process->replaces));
	raw_spin_unlock_irqrestore(&watch->lock, flags);
	return alive;
}

static void add_count(struct devtlb_watch_count *count,
		      const struct devtlb_process *process,
		      struct devtlb_pasid *pasid)
{
	const struct devtlb_site_log *log = &devtlb_notifier_of(pasid)->site_log;
	const struct devtlb_mirror_count *mirror = &process->mirror.count;

	count->mirror.present += READ_ONCE(mirror->present);
	count->mirror.mirrored += READ_ONCE(mirror->mirrored);
	count->mirror.not_mirrored += READ_ONCE(mirror->not_mirrored);
	count->mirror.sweeps += READ_ONCE(mirror->sweeps);
	count->mirror.prefetches += READ_ONCE(mirror->prefetches);
	count->mirror.audits += READ_ONCE(mirror->audits);
	count->held += READ_ONCE(pasid->atc.store.held);
	count->fills += READ_ONCE(pasid->atc.fills);
	count->notifications += READ_ONCE(log->nr);
	count->withheld += READ_ONCE(log->withheld);
	count->invalidated += READ_ONCE(pasid->atc.invalidated);
	count->zap_races += atomic64_read(&devtlb_subject_of(pasid)->zap_races);
	count->unresolved += atomic64_read(&devtlb_subject_of(pasid)->unresolved);
}

/**
 * devtlb_watch_count() - count what a watch came to
 * @watch: it
 * @count: the result
 *
 * Context: may sleep. Costs O(processes), with interrupts on.
 */
void devtlb_watch_count(struct devtlb_watch *watch,
			struct devtlb_watch_count *count)
{
	struct devtlb_process *process = NULL;

	mutex_lock(&watch->leaving);
	*count = watch->gone;
	while ((process = devtlb_process_next(watch, process))) {
		struct devtlb_pasid *pasid = devtlb_process_pasid(process);

		count->alive += process_counts_as_alive(process);
		if (pasid)
			add_count(count, process, pasid);
		cond_resched();
	}
	mutex_unlock(&watch->leaving);
}

/**
 * devtlb_watch_count_site() - count what a site told a watch
 * @watch: it
 * @site: the site
 * @count: the result
 *
 * Context: may sleep. Costs O(processes), with interrupts on.
 */
void devtlb_watch_count_site(struct devtlb_watch *watch, u16 site,
			     struct devtlb_site_count *count)
{
	struct devtlb_process *process = NULL;

	mutex_lock(&watch->leaving);
	*count = watch->sites[site];
	while ((process = devtlb_process_next(watch, process))) {
		struct devtlb_pasid *pasid = devtlb_process_pasid(process);
		struct devtlb_site_count here;

		if (!pasid)
			continue;
		devtlb_site_log_get(&devtlb_notifier_of(pasid)->site_log, site,
				    &here);
		devtlb_site_count_merge(count, &here);
		cond_resched();
	}
	mutex_unlock(&watch->leaving);
}

/**
 * devtlb_watch_keep_counts() - count what a process that goes came to
 * @watch: its watch
 * @process: the process
 * @pasid: its PASID
 *
 * Context: watch->leaving held.
 */
void devtlb_watch_keep_counts(struct devtlb_watch *watch,
			      const struct devtlb_process *process,
			      struct devtlb_pasid *pasid)
{
	u16 site;

	add_count(&watch->gone, process, pasid);
	watch->gone.held = 0;
	for (site = 0; site < devtlb_sites_known(); site++) {
		struct devtlb_site_count here;

		devtlb_site_log_get(&devtlb_notifier_of(pasid)->site_log, site,
				    &here);
		devtlb_site_count_merge(&watch->sites[site], &here);
	}
}

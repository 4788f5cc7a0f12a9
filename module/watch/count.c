// SPDX-License-Identifier: GPL-2.0-only
/* What watches came to. */
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

/* Is what it will replace alive? watch->lock is held. */
static bool process_replaces_another(struct devtlb_process *process)
{
	struct devtlb_process *other;

	if (process->state != DEVTLB_PROCESS_EXECUTING)
		return false;
	list_for_each_entry(other, &process->watch->processes, entry) {
		if (other != process && other->pid == process->pid &&
		    process_is_alive(other))
			return true;
	}
	return false;
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
 * Context: any. Costs O(processes).
 */
void devtlb_watch_count(struct devtlb_watch *watch,
			struct devtlb_watch_count *count)
{
	struct devtlb_process *process;
	unsigned long flags;

	raw_spin_lock_irqsave(&watch->lock, flags);
	*count = watch->gone;
	list_for_each_entry(process, &watch->processes, entry) {
		struct devtlb_pasid *pasid = devtlb_process_pasid(process);

		count->alive += process_is_alive(process) &&
				!process_replaces_another(process);
		if (pasid)
			add_count(count, process, pasid);
	}
	raw_spin_unlock_irqrestore(&watch->lock, flags);
}

/**
 * devtlb_watch_count_site() - count what a site told a watch
 * @watch: it
 * @site: the site
 * @count: the result
 *
 * Context: any. Costs O(processes).
 */
void devtlb_watch_count_site(struct devtlb_watch *watch, u16 site,
			     struct devtlb_site_count *count)
{
	struct devtlb_process *process;
	unsigned long flags;

	raw_spin_lock_irqsave(&watch->lock, flags);
	*count = watch->sites[site];
	list_for_each_entry(process, &watch->processes, entry) {
		struct devtlb_pasid *pasid = devtlb_process_pasid(process);
		struct devtlb_site_count here;

		if (!pasid)
			continue;
		devtlb_site_log_get(&devtlb_notifier_of(pasid)->site_log, site,
				    &here);
		devtlb_site_count_merge(count, &here);
	}
	raw_spin_unlock_irqrestore(&watch->lock, flags);
}

/**
 * devtlb_watch_keep_counts() - count what a process that goes came to
 * @watch: its watch
 * @process: the process
 * @pasid: its PASID
 *
 * Context: watch->lock held.
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

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Findings: kept where the breach was seen, in any context, until somebody
 * reads them. An irq_work, which may be queued from anywhere, queues a work
 * item, which may sleep and tells the listener.
 *
 * The records are a bounded array: the first findings stay, the same finding
 * again is counted, and what finds no room is counted as lost (invariant 8).
 *
 * Lock			protects			taken inside
 * ----			--------			------------
 * listen_mutex		the list, the listener,		nothing of ours; what
 *			nr_told				listeners take is inside
 * findings->lock	all else of it			atc->lock, a bucket's
 *							lock, an access
 */
#include <linux/irq_work.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/stacktrace.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>

#include "detect/finding.h"
#include "detect/subject.h"

/**
 * devtlb_stack_save() - save the running stack
 * @stack: receives it
 *
 * Context: any.
 */
void devtlb_stack_save(struct devtlb_stack *stack)
{
	stack->nr = stack_trace_save(stack->frame, DEVTLB_STACK_MAX, 0);
}

/* Protects the list, the listener, and what each was told. */
static DEFINE_MUTEX(listen_mutex);
static LIST_HEAD(all_findings);
static devtlb_findings_listener_fn tell;

/**
 * devtlb_findings_new() - make room for findings
 *
 * Context: may sleep.
 * Return: it, with a reference; or NULL.
 */
struct devtlb_findings *devtlb_findings_new(void)
{
	struct devtlb_findings *findings = kzalloc(sizeof(*findings), GFP_KERNEL);

	if (!findings)
		return NULL;
	kref_init(&findings->ref);
	raw_spin_lock_init(&findings->lock);
	findings->finding = vcalloc(DEVTLB_FINDINGS_MAX,
				    sizeof(*findings->finding));
	findings->effect = vcalloc(DEVTLB_EFFECTS_MAX,
				   sizeof(*findings->effect));
	mutex_lock(&listen_mutex);
	list_add_tail(&findings->entry, &all_findings);
	mutex_unlock(&listen_mutex);
	if (findings->finding && findings->effect)
		return findings;
	devtlb_findings_put(findings);
	return NULL;
}

/**
 * devtlb_findings_get() - one more reference
 * @findings: the caller has one
 *
 * Return: @findings.
 */
struct devtlb_findings *devtlb_findings_get(struct devtlb_findings *findings)
{
	kref_get(&findings->ref);
	return findings;
}

static void findings_free(struct kref *ref)
{
	struct devtlb_findings *findings =
		container_of(ref, struct devtlb_findings, ref);

	mutex_lock(&listen_mutex);
	list_del(&findings->entry);
	mutex_unlock(&listen_mutex);
	vfree(findings->finding);
	vfree(findings->effect);
	kfree(findings);
}

/**
 * devtlb_findings_put() - let go of findings
 * @findings: the caller has a reference; or NULL
 *
 * Context: may sleep.
 */
void devtlb_findings_put(struct devtlb_findings *findings)
{
	if (findings)
		kref_put(&findings->ref, findings_free);
}

/* listen_mutex is held. */
static void findings_tell_locked(struct devtlb_findings *findings)
{
	struct devtlb_finding finding;

	while (tell && devtlb_finding_get(findings, findings->nr_told, &finding)) {
		findings->nr_told++;
		tell(findings, findings->nr_told, &finding);
	}
}

/**
 * devtlb_findings_tell() - tell the listener what it was not told yet
 * @findings: the caller has a reference
 *
 * Context: may sleep.
 */
void devtlb_findings_tell(struct devtlb_findings *findings)
{
	mutex_lock(&listen_mutex);
	findings_tell_locked(findings);
	mutex_unlock(&listen_mutex);
}

static void findings_tell_all(struct work_struct *work)
{
	struct devtlb_findings *findings;

	mutex_lock(&listen_mutex);
	list_for_each_entry(findings, &all_findings, entry)
		findings_tell_locked(findings);
	mutex_unlock(&listen_mutex);
}

static DECLARE_WORK(tell_work, findings_tell_all);

static void findings_queue_work(struct irq_work *work)
{
	schedule_work(&tell_work);
}

static DEFINE_IRQ_WORK(tell_irq_work, findings_queue_work);

/**
 * devtlb_findings_listen() - be told of findings from now on
 * @listener: who is told; NULL for nobody
 *
 * Context: may sleep. When it returns the one before is told nothing any more.
 */
void devtlb_findings_listen(devtlb_findings_listener_fn listener)
{
	mutex_lock(&listen_mutex);
	tell = listener;
	mutex_unlock(&listen_mutex);
}

/**
 * devtlb_findings_module_exit() - wait until nobody is about to tell
 *
 * Context: may sleep; nothing is raised any more.
 */
void devtlb_findings_module_exit(void)
{
	irq_work_sync(&tell_irq_work);
	cancel_work_sync(&tell_work);
}

/**
 * devtlb_finding_describe() - fill in what the translation tells
 * @finding: zeroed; its rule, breach, stack, table_rights are the detector's to
 *	set
 * @translation: what the finding is about; cannot go away meanwhile
 * @at: first address that breaches the rule
 *
 * Context: any.
 */
void devtlb_finding_describe(struct devtlb_finding *finding,
			     const struct devtlb_translation *translation,
			     unsigned long at)
{
	finding->va = translation->va;
	finding->at = at;
	finding->shift = translation->shift;
	finding->rights = READ_ONCE(translation->rights);
	finding->pfn = devtlb_translation_pfn_at(translation, at);
	/* A free page of hugetlbfs is one until its pool gives it up. */
	finding->hugetlb =
		folio_test_hugetlb(page_folio(pfn_to_page(finding->pfn)));
	finding->new_pfn = DEVTLB_PFN_UNKNOWN;
	finding->age_ns = ktime_get_mono_fast_ns() - translation->filled_ns;
	finding->filler = translation->filler;
	finding->withheld_site = translation->withheld_site;
	finding->pid = task_pid_nr(current);
	/*
	 * Not get_task_comm(): its lock is not for any context. A torn name is
	 * fine.
	 */
	memcpy(finding->comm, current->comm, TASK_COMM_LEN - 1);
}

static bool same_finding(const struct devtlb_finding *a,
			 const struct devtlb_finding *b)
{
	return a->rule == b->rule && a->breach == b->breach &&
	       a->withheld_site == b->withheld_site &&
	       a->last_site == b->last_site && a->shift == b->shift &&
	       a->stack.nr == b->stack.nr &&
	       memcmp(a->stack.frame, b->stack.frame,
		      a->stack.nr * sizeof(a->stack.frame[0])) == 0;
}

static struct devtlb_finding *find_same(struct devtlb_findings *findings,
					const struct devtlb_finding *finding)
{
	unsigned int i;

	for (i = 0; i < findings->nr; i++) {
		if (same_finding(&findings->finding[i], finding))
			return &findings->finding[i];
	}
	return NULL;
}

/**
 * devtlb_finding_raise() - report a breach
 * @pasid: whose translation it is
 * @translation: what the finding is about; cannot go away meanwhile
 * @finding: described; the PASID's part is set, and it is copied
 *
 * Context: any; the findings' lock not held.
 */
void devtlb_finding_raise(struct devtlb_pasid *pasid,
			  const struct devtlb_translation *translation,
			  struct devtlb_finding *finding)
{
	struct devtlb_subject *subject = devtlb_subject_of(pasid);
	struct devtlb_site_log *log = &subject->notifier.site_log;
	struct devtlb_range range = devtlb_translation_range(translation);
	struct devtlb_findings *findings = subject->findings;
	struct devtlb_finding *record;
	unsigned long flags;
	bool is_new = false;

	finding->pasid = pasid->object.id;
	finding->owner_pid = pasid->pid;
	memcpy(finding->owner_comm, pasid->comm, TASK_COMM_LEN);
	finding->last_site = devtlb_site_log_last(log, range);
	finding->beside = devtlb_site_log_nearest(log, range);
	raw_spin_lock_irqsave(&findings->lock, flags);
	findings->total++;
	record = find_same(findings, finding);
	if (!record && findings->nr < DEVTLB_FINDINGS_MAX) {
		record = &findings->finding[findings->nr++];
		*record = *finding;
		record->effect_note = translation->effect;
		if (record->new_pfn == DEVTLB_PFN_UNKNOWN &&
		    findings->effect[record->effect_note].stale_reads)
			record->new_pfn =
				findings->effect[record->effect_note].first.new_pfn;
		is_new = true;
	}
	if (record)
		record->count++;
	else
		findings->lost++;
	raw_spin_unlock_irqrestore(&findings->lock, flags);
	if (is_new)
		irq_work_queue(&tell_irq_work);
}

/* The note about a translation, or NULL when there is no more room. */
static struct devtlb_effect *effect_of(struct devtlb_findings *findings,
				       struct devtlb_translation *translation)
{
	if (!translation->effect &&
	    findings->nr_effects < DEVTLB_EFFECTS_MAX - 1)
		translation->effect = ++findings->nr_effects;
	return translation->effect ? &findings->effect[translation->effect]
				   : NULL;
}

/**
 * devtlb_stale_read_note() - a device thread read what the process no longer
 * has
 * @findings: of the PASID or its watch
 * @translation: through which; cannot go away meanwhile
 * @stale_read: what was read, and what is there
 *
 * Context: any; the findings' lock not held.
 */
void devtlb_stale_read_note(struct devtlb_findings *findings,
			    struct devtlb_translation *translation,
			    const struct devtlb_stale_read *stale_read)
{
	struct devtlb_effect *effect;
	unsigned long flags;

	raw_spin_lock_irqsave(&findings->lock, flags);
	findings->stale_reads++;
	effect = effect_of(findings, translation);
	/* Without a note of its own the read is counted for the PASID only. */
	if (effect && effect->stale_reads++ == 0)
		effect->first = *stale_read;
	raw_spin_unlock_irqrestore(&findings->lock, flags);
}

/**
 * devtlb_lost_store_note() - containment held a store back
 * @translation: through which; cannot go away meanwhile
 *
 * Context: any; the findings' lock not held.
 */
void devtlb_lost_store_note(struct devtlb_translation *translation)
{
	struct devtlb_findings *findings =
		devtlb_subject_of_atc(translation->atc)->findings;
	struct devtlb_effect *effect;
	unsigned long flags;

	raw_spin_lock_irqsave(&findings->lock, flags);
	effect = effect_of(findings, translation);
	if (effect)
		effect->lost_stores++;
	raw_spin_unlock_irqrestore(&findings->lock, flags);
}

/**
 * devtlb_finding_get() - copy a finding
 * @findings: of the PASID or its watch
 * @i: which, from 0
 * @finding: the result
 *
 * Return: false if there are not that many.
 */
bool devtlb_finding_get(struct devtlb_findings *findings, unsigned int i,
			struct devtlb_finding *finding)
{
	unsigned long flags;
	bool found;

	raw_spin_lock_irqsave(&findings->lock, flags);
	found = i < findings->nr;
	if (found) {
		*finding = findings->finding[i];
		finding->effect = findings->effect[finding->effect_note];
	}
	raw_spin_unlock_irqrestore(&findings->lock, flags);
	return found;
}

/**
 * devtlb_finding_set_new_pfn() - tell what the process has there now
 * @findings: of the PASID or its watch
 * @i: which, from 0; there is such a one
 * @new_pfn: a frame, or DEVTLB_PFN_NONE
 */
void devtlb_finding_set_new_pfn(struct devtlb_findings *findings,
				unsigned int i, unsigned long new_pfn)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&findings->lock, flags);
	findings->finding[i].new_pfn = new_pfn;
	raw_spin_unlock_irqrestore(&findings->lock, flags);
}

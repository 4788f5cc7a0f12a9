// SPDX-License-Identifier: GPL-2.0-only
/*
 * Findings: kept where the breach was seen, in any context, until somebody
 * reads them.
 *
 * The records are a bounded array: the first findings stay, the same finding
 * again is counted, and what finds no room is counted as lost (invariant 8).
 */
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "finding.h"

int devtlb_findings_init(struct devtlb_findings *findings)
{
	raw_spin_lock_init(&findings->lock);
	findings->finding = vcalloc(DEVTLB_FINDINGS_MAX,
				    sizeof(*findings->finding));
	findings->stale_read = vcalloc(DEVTLB_STALE_READS_MAX,
				       sizeof(*findings->stale_read));
	return findings->finding && findings->stale_read ? 0 : -ENOMEM;
}

void devtlb_findings_destroy(struct devtlb_findings *findings)
{
	vfree(findings->finding);
	vfree(findings->stale_read);
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
	finding->new_pfn = DEVTLB_PFN_UNKNOWN;
	finding->age_ns = ktime_get_mono_fast_ns() - translation->filled_ns;
	finding->filler = translation->filler;
	finding->dropped_site = translation->dropped_site;
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
	       a->dropped_site == b->dropped_site &&
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
 * @findings: of the PASID
 * @log: of the PASID
 * @translation: what the finding is about; cannot go away meanwhile
 * @finding: described; its last_site is set, and it is copied
 *
 * Context: any; the findings' lock not held.
 */
void devtlb_finding_raise(struct devtlb_findings *findings,
			  struct devtlb_site_log *log,
			  const struct devtlb_translation *translation,
			  struct devtlb_finding *finding)
{
	struct devtlb_finding *record;
	unsigned long flags;

	finding->last_site = devtlb_site_log_last(log,
						  devtlb_translation_range(translation));
	raw_spin_lock_irqsave(&findings->lock, flags);
	findings->total++;
	record = find_same(findings, finding);
	if (!record && findings->nr < DEVTLB_FINDINGS_MAX) {
		record = &findings->finding[findings->nr++];
		*record = *finding;
		record->stale_read_note = translation->stale_read;
		if (record->new_pfn == DEVTLB_PFN_UNKNOWN && record->stale_read_note)
			record->new_pfn =
				findings->stale_read[record->stale_read_note].new_pfn;
	}
	if (record)
		record->count++;
	else
		findings->lost++;
	raw_spin_unlock_irqrestore(&findings->lock, flags);
}

/**
 * devtlb_stale_read_note() - a device thread read what the process no longer
 * has
 * @findings: of the PASID
 * @translation: through which; cannot go away meanwhile
 * @stale_read: what was read, and what is there; its count is ignored
 *
 * Context: any; the findings' lock not held.
 */
void devtlb_stale_read_note(struct devtlb_findings *findings,
			    struct devtlb_translation *translation,
			    const struct devtlb_stale_read *stale_read)
{
	struct devtlb_stale_read *note;
	unsigned long flags;

	raw_spin_lock_irqsave(&findings->lock, flags);
	findings->stale_reads++;
	if (!translation->stale_read &&
	    findings->nr_stale_reads < DEVTLB_STALE_READS_MAX - 1) {
		translation->stale_read = ++findings->nr_stale_reads;
		note = &findings->stale_read[translation->stale_read];
		*note = *stale_read;
		note->count = 0;
	}
	/* Without a note of its own the read is counted for the PASID only. */
	if (translation->stale_read)
		findings->stale_read[translation->stale_read].count++;
	raw_spin_unlock_irqrestore(&findings->lock, flags);
}

/**
 * devtlb_finding_get() - copy a finding
 * @findings: of the PASID
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
		finding->stale_read =
			findings->stale_read[finding->stale_read_note];
	}
	raw_spin_unlock_irqrestore(&findings->lock, flags);
	return found;
}

/**
 * devtlb_finding_set_new_pfn() - tell what the process has there now
 * @findings: of the PASID
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

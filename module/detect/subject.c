// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which PASIDs an address space has: for probes, which see an mm.
 *
 * Lock			protects			taken inside
 * ----			--------			------------
 * subjects_lock	subjects (changes; RCU)		nothing of ours
 */
#include <linux/rculist.h>
#include <linux/spinlock.h>

#include "detect/subject.h"

struct hlist_head devtlb_subjects[1 << DEVTLB_SUBJECT_BITS];
static DEFINE_SPINLOCK(subjects_lock);

/**
 * devtlb_subject_show() - let probes see a PASID
 * @subject: complete
 *
 * Context: a task.
 */
void devtlb_subject_show(struct devtlb_subject *subject)
{
	spin_lock(&subjects_lock);
	hlist_add_head_rcu(&subject->by_mm,
			   devtlb_subjects_at(subject->notifier.pasid.mm));
	spin_unlock(&subjects_lock);
}

/**
 * devtlb_subject_hide() - the counterpart of devtlb_subject_show()
 * @subject: one RCU grace period later no probe looks at it any more
 *
 * Context: a task.
 */
void devtlb_subject_hide(struct devtlb_subject *subject)
{
	spin_lock(&subjects_lock);
	hlist_del_init_rcu(&subject->by_mm);
	spin_unlock(&subjects_lock);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which PASIDs an address space has: for probes, which see an mm.
 *
 * Lock			protects			taken inside
 * ----			--------			------------
 * by_mm_lock		by_mm (changes; RCU)		nothing of ours
 */
#include <linux/hashtable.h>
#include <linux/rculist.h>
#include <linux/spinlock.h>

#include "detect/subject.h"

static DEFINE_HASHTABLE(by_mm, 8);
static DEFINE_SPINLOCK(by_mm_lock);

/**
 * devtlb_subject_show() - let probes see a PASID
 * @subject: complete
 *
 * Context: a task.
 */
void devtlb_subject_show(struct devtlb_subject *subject)
{
	spin_lock(&by_mm_lock);
	hash_add_rcu(by_mm, &subject->by_mm,
		     (unsigned long)subject->notifier.pasid.mm);
	spin_unlock(&by_mm_lock);
}

/**
 * devtlb_subject_hide() - the counterpart of devtlb_subject_show()
 * @subject: one RCU grace period later no probe looks at it any more
 *
 * Context: a task.
 */
void devtlb_subject_hide(struct devtlb_subject *subject)
{
	spin_lock(&by_mm_lock);
	hash_del_rcu(&subject->by_mm);
	spin_unlock(&by_mm_lock);
}

/**
 * devtlb_subjects_of_mm() - for each PASID of an address space
 * @mm: the address space
 * @fn: what to do; it may not sleep
 * @arg: for @fn
 *
 * Context: any but NMI.
 */
void devtlb_subjects_of_mm(struct mm_struct *mm,
			   void (*fn)(struct devtlb_pasid *pasid, void *arg),
			   void *arg)
{
	struct devtlb_subject *subject;

	rcu_read_lock();
	hash_for_each_possible_rcu(by_mm, subject, by_mm, (unsigned long)mm) {
		if (subject->notifier.pasid.mm == mm)
			fn(&subject->notifier.pasid, arg);
	}
	rcu_read_unlock();
}

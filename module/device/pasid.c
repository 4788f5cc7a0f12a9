// SPDX-License-Identifier: GPL-2.0-only
/*
 * PASIDs: an address space, and what the device has of it.
 *
 * Lock			protects			taken inside
 * ----			--------			------------
 * pasid->jobs		threads, unbound; audits;	nothing of ours
 *			mutants' coming
 */
#include <linux/sched/mm.h>

#include "device/pasid.h"
#include "device/thread.h"

/**
 * devtlb_pasid_init() - make a PASID
 * @pasid: zeroed; devtlb_pasid_destroy() must follow, whatever is returned
 * @mm: address space; the caller holds mm_count
 * @fracture: hold large pages as 4K translations
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int devtlb_pasid_init(struct devtlb_pasid *pasid, struct mm_struct *mm,
		      bool fracture)
{
	/* Work items and probes may look at it after the notifier is gone. */
	mmgrab(mm);
	pasid->mm = mm;
	mutex_init(&pasid->jobs);
	xa_init_flags(&pasid->threads, XA_FLAGS_ALLOC1);
	return devtlb_atc_init(&pasid->atc, mm, fracture);
}

/**
 * devtlb_pasid_destroy() - the counterpart of devtlb_pasid_init()
 * @pasid: its ATC was destroyed before, its threads were stopped
 *
 * Context: may sleep.
 */
void devtlb_pasid_destroy(struct devtlb_pasid *pasid)
{
	struct devtlb_thread *thread;
	unsigned long id;

	xa_for_each(&pasid->threads, id, thread)
		devtlb_thread_free(thread);
	xa_destroy(&pasid->threads);
	mutex_destroy(&pasid->jobs);
	mmdrop(pasid->mm);
}

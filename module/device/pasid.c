// SPDX-License-Identifier: GPL-2.0-only
/*
 * PASIDs: an address space, and what the device has of it.
 *
 * Lock			protects			taken inside
 * ----			--------			------------
 * pasid->jobs		threads; audits; mutants'	nothing of ours
 *			coming; unbinding
 * pasid->jobs_lock	holder, unbound			pasid->jobs
 */
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>

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
	spin_lock_init(&pasid->jobs_lock);
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
		devtlb_thread_put(thread);
	xa_destroy(&pasid->threads);
	mutex_destroy(&pasid->jobs);
	mmdrop(pasid->mm);
}

/**
 * devtlb_pasid_lock() - get the jobs mutex
 * @pasid: the caller has a reference
 *
 * Between this and devtlb_pasid_unlock() the caller may wait for the process:
 * an unbinding kills it.
 *
 * Context: a kernel thread of its own, which can be killed.
 * Return: 0; -ENOENT when the PASID was unbound; -EINTR when the caller was
 * killed.
 */
int devtlb_pasid_lock(struct devtlb_pasid *pasid)
{
	int err;

	if (mutex_lock_killable(&pasid->jobs))
		return READ_ONCE(pasid->unbound) ? -ENOENT : -EINTR;
	spin_lock(&pasid->jobs_lock);
	err = pasid->unbound ? -ENOENT : 0;
	if (!err)
		pasid->holder = current;
	spin_unlock(&pasid->jobs_lock);
	if (err)
		mutex_unlock(&pasid->jobs);
	return err;
}

/**
 * devtlb_pasid_unlock() - the counterpart of devtlb_pasid_lock()
 * @pasid: the caller has it locked
 */
void devtlb_pasid_unlock(struct devtlb_pasid *pasid)
{
	spin_lock(&pasid->jobs_lock);
	pasid->holder = NULL;
	spin_unlock(&pasid->jobs_lock);
	mutex_unlock(&pasid->jobs);
}

/**
 * devtlb_pasid_lock_for_good() - get the jobs mutex, and let nobody else
 * @pasid: is being unbound
 *
 * Ends what its holder waits for. The mutex is to be unlocked when whatever it
 * serialises has ended: who waits for it sees that the PASID was unbound.
 *
 * Context: may sleep.
 */
void devtlb_pasid_lock_for_good(struct devtlb_pasid *pasid)
{
	spin_lock(&pasid->jobs_lock);
	WRITE_ONCE(pasid->unbound, true);
	/* Only who can be killed is a holder. */
	if (pasid->holder)
		send_sig(SIGKILL, pasid->holder, 1);
	spin_unlock(&pasid->jobs_lock);
	mutex_lock(&pasid->jobs);
}

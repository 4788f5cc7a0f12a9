// SPDX-License-Identifier: GPL-2.0-only
#include <linux/mm.h>
#include <linux/mmap_lock.h>
#include <linux/sched/mm.h>

#include "page_request.h"

/**
 * devtlb_page_request() - fault a page in for the device, as PRI does
 * @mm: address space; an mm_count reference is enough
 * @va: address
 * @write: the device wants to store
 *
 * Takes mm_users only while the fault is handled, like the kernel's own
 * iommu_sva_handle_mm(): an address space that is going away is not held back.
 *
 * Context: may sleep.
 * Return: 0: ask for the translation again, it may still fail (PRG response
 * "Success"); -EFAULT: no such memory, or not with that right ("Invalid
 * Request"); -ESRCH: the address space is gone.
 */
int devtlb_page_request(struct mm_struct *mm, unsigned long va, bool write)
{
	bool unlocked = false;
	int err;

	if (!mmget_not_zero(mm))
		return -ESRCH;

	mmap_read_lock(mm);
	err = fixup_user_fault(mm, va, write ? FAULT_FLAG_WRITE : 0, &unlocked);
	mmap_read_unlock(mm);

	/*
	 * Not mmput(): ours may be the last reference, and the exit that follows
	 * calls our own ->release; let a work item do that.
	 */
	mmput_async(mm);
	return err ? -EFAULT : 0;
}

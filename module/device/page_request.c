// SPDX-License-Identifier: GPL-2.0-only
#include <linux/mm.h>
#include <linux/mmap_lock.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>

#include "device/page_request.h"

static bool vma_grants(const struct vm_area_struct *vma, bool write)
{
	return vma->vm_flags & (write ? VM_WRITE : VM_READ | VM_WRITE | VM_EXEC);
}

/*
 * One try, with mmap_lock held, which it drops. Not fixup_user_fault(), which
 * tries again by itself: a fault that waits for user space (userfaultfd, FUSE)
 * must come back here when the thread is to stop.
 */
static int fault_in(struct mm_struct *mm, unsigned long va, bool write)
{
	unsigned int flags = FAULT_FLAG_DEFAULT | FAULT_FLAG_REMOTE |
			     FAULT_FLAG_USER | (write ? FAULT_FLAG_WRITE : 0);
	struct vm_area_struct *vma = vma_lookup(mm, va);
	vm_fault_t fault;

	if (!vma || !vma_grants(vma, write)) {
		mmap_read_unlock(mm);
		return -EFAULT;
	}
	fault = handle_mm_fault(vma, va, flags, NULL);
	/* Either one means that the lock was dropped already. */
	if (!(fault & (VM_FAULT_RETRY | VM_FAULT_COMPLETED)))
		mmap_read_unlock(mm);
	if ((fault & VM_FAULT_RETRY) && fatal_signal_pending(current))
		return -EINTR;
	/* Out of memory passes; everything else does not. */
	return (fault & VM_FAULT_ERROR & ~VM_FAULT_OOM) ? -EFAULT : 0;
}

/**
 * devtlb_page_request() - fault a page in for the device, as PRI does
 * @mm: address space; an mm_count reference is enough
 * @va: address
 * @write: the device wants to store
 *
 * Takes mm_users only while the fault is handled, like the kernel's own
 * iommu_sva_handle_mm().
 *
 * Context: may sleep.
 * Return: 0: ask for the translation again, it may still fail (PRG response
 * "Success"); -EFAULT: no such memory, or not with that right ("Invalid
 * Request"); -ESRCH: the address space is gone; -EINTR: the thread was killed.
 */
int devtlb_page_request(struct mm_struct *mm, unsigned long va, bool write)
{
	int err;

	if (!mmget_not_zero(mm))
		return -ESRCH;

	if (mmap_read_lock_killable(mm))
		err = -EINTR;
	else
		err = fault_in(mm, va, write);

	/*
	 * Not mmput(): ours may be the last reference, and the exit that
	 * follows calls our own ->release; let a work item do that.
	 */
	mmput_async(mm);
	return err;
}

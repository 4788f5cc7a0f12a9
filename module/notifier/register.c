// SPDX-License-Identifier: GPL-2.0-only
#include <linux/mmu_notifier.h>

#include "compat/mmap_lock.h"
#include "notifier/register.h"

/**
 * devtlb_notifier_register() - register a notifier
 * @mmu_notifier: with its operations
 * @mm: the caller holds mm_users
 *
 * As mmu_notifier_register(), but a process may keep its mmap_lock for ever.
 *
 * Context: may sleep.
 * Return: 0; -EINTR when the task is killed meanwhile, or has a signal pending;
 * or another negative errno.
 */
int devtlb_notifier_register(struct mmu_notifier *mmu_notifier,
			     struct mm_struct *mm)
{
	int err;

	if (mmap_write_lock_killable(mm))
		return -EINTR;
	err = __mmu_notifier_register(mmu_notifier, mm);
	mmap_write_unlock(mm);
	return err;
}

/**
 * devtlb_notifier_try_register() - as devtlb_notifier_register(), or not at all
 * @mmu_notifier: with its operations
 * @mm: the caller holds mm_users
 *
 * For whoever has other processes to care for.
 *
 * Context: may sleep, but does not wait for the mmap_lock.
 * Return: 0; -EAGAIN when it is not free; or as devtlb_notifier_register().
 */
int devtlb_notifier_try_register(struct mmu_notifier *mmu_notifier,
				 struct mm_struct *mm)
{
	int err;

	if (!mmap_write_trylock(mm))
		return -EAGAIN;
	err = __mmu_notifier_register(mmu_notifier, mm);
	mmap_write_unlock(mm);
	return err;
}

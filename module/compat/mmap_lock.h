/* SPDX-License-Identifier: GPL-2.0-only */
/* 6.7 took mmap_write_trylock() away, of which nobody had made use. */
#ifndef DEVTLB_COMPAT_MMAP_LOCK_H
#define DEVTLB_COMPAT_MMAP_LOCK_H

#include <linux/mmap_lock.h>

#ifndef DEVTLB_HAVE_MMAP_WRITE_TRYLOCK
static inline bool mmap_write_trylock(struct mm_struct *mm)
{
	if (!down_write_trylock(&mm->mmap_lock))
		return false;
	/* 6.13, and what was backported from it: readers of VMAs look at it. */
#ifdef DEVTLB_HAVE_MM_LOCK_SEQCOUNT_BEGIN
	mm_lock_seqcount_begin(mm);
#endif
	return true;
}
#endif

#endif /* DEVTLB_COMPAT_MMAP_LOCK_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Does this task hold a spinlock? Without a count of preemption nobody can tell.
 * A spinlock of PREEMPT_RT leaves preemption on, but keeps its holder on its CPU.
 */
#ifndef DEVTLB_COMPAT_LOCK_H
#define DEVTLB_COMPAT_LOCK_H

#include <linux/preempt.h>
#include <linux/sched.h>

static inline bool devtlb_holds_spinlock(void)
{
#if defined(CONFIG_PREEMPT_RT) && defined(CONFIG_SMP)
	if (current->migration_disabled)
		return true;
#endif
	return IS_ENABLED(CONFIG_PREEMPT_COUNT) && !preemptible();
}

#endif /* DEVTLB_COMPAT_LOCK_H */

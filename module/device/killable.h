/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_KILLABLE_H
#define DEVTLB_KILLABLE_H

#include <linux/compiler.h>
#include <linux/sched/signal.h>
#include <asm/barrier.h>

/*
 * Kernel threads that may have to wait for a process, which may never let them
 * go on (for its mmap_lock, for a page that userfaultfd is to bring): whoever
 * wants the thread to end kills it. Users cannot, although they may try
 * ("pkill -9 devtlb").
 */

/**
 * devtlb_killable() - let a kernel thread be killed from now on
 * @killed: of the thread; only devtlb_kill() sets it
 *
 * Context: the thread itself, before it waits for anything.
 */
static inline void devtlb_killable(const bool *killed)
{
	allow_kernel_signal(SIGKILL);
	/* Pairs with the barrier in devtlb_kill(): one of us sees it. */
	smp_mb();
	if (READ_ONCE(*killed))
		send_sig(SIGKILL, current, 1);
}

/**
 * devtlb_kill() - end whatever a kernel thread waits for
 * @task: the caller has a reference
 * @killed: of the thread
 *
 * Context: any.
 */
static inline void devtlb_kill(struct task_struct *task, bool *killed)
{
	WRITE_ONCE(*killed, true);
	/* Pairs with the barrier in devtlb_killable(). */
	smp_mb();
	send_sig(SIGKILL, task, 1);
}

#endif /* DEVTLB_KILLABLE_H */

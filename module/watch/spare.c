// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory for processes that fork. The hook of a fork runs with preemption off,
 * where a PREEMPT_RT kernel cannot allocate anything, with whatever flags: its
 * allocator's locks sleep. So there some are kept ready, and a work item
 * replaces what was taken. Who forks faster than that loses children, which are
 * counted (invariant 8).
 *
 * Lock			protects			taken inside
 * ----			--------			------------
 * spares_lock		spare, nr_spares		nothing of ours
 */
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "compat/workqueue.h"
#include "watch/spare.h"
#include "watch/watch.h"

static DEFINE_RAW_SPINLOCK(spares_lock);
static struct devtlb_process *spare[128];
static unsigned int nr_spares;

/* Takes one away again when there is no room. */
static bool keep(struct devtlb_process *process)
{
	unsigned long flags;
	bool room;

	raw_spin_lock_irqsave(&spares_lock, flags);
	room = nr_spares < ARRAY_SIZE(spare);
	if (room)
		spare[nr_spares++] = process;
	raw_spin_unlock_irqrestore(&spares_lock, flags);
	return room;
}

static struct devtlb_process *take(void)
{
	struct devtlb_process *process = NULL;
	unsigned long flags;

	raw_spin_lock_irqsave(&spares_lock, flags);
	if (nr_spares)
		process = spare[--nr_spares];
	raw_spin_unlock_irqrestore(&spares_lock, flags);
	return process;
}

static void do_refill(struct work_struct *work)
{
	devtlb_spare_fill();
}

static DECLARE_WORK(refill_work, do_refill);

/**
 * devtlb_spare_fill() - have as many ready as there is room for
 *
 * Does nothing where the hook of a fork can allocate. What cannot be had now is
 * tried again when the next one is taken.
 *
 * Context: may sleep.
 */
void devtlb_spare_fill(void)
{
	struct devtlb_process *process;

	if (!IS_ENABLED(CONFIG_PREEMPT_RT))
		return;
	do {
		process = kzalloc(sizeof(*process), GFP_KERNEL);
	} while (process && keep(process));
	kfree(process);
}

/**
 * devtlb_spare_take() - memory for a process, where it may be asked for
 *
 * Context: a fork's hook: preemption off, no lock of the scheduler held.
 * Return: it, zeroed; NULL if there is none.
 */
struct devtlb_process *devtlb_spare_take(void)
{
	struct devtlb_process *process;

	if (!IS_ENABLED(CONFIG_PREEMPT_RT))
		return kzalloc(sizeof(*process), GFP_ATOMIC);
	process = take();
	queue_work(system_dfl_wq, &refill_work);
	return process;
}

/**
 * devtlb_spare_module_exit() - free what is ready
 *
 * Context: no hook is left that takes any; may sleep.
 */
void devtlb_spare_module_exit(void)
{
	struct devtlb_process *process;

	cancel_work_sync(&refill_work);
	while ((process = take()))
		kfree(process);
}

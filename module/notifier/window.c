// SPDX-License-Identifier: GPL-2.0-only
/*
 * Windows: moments in which the kernel's order of things could be seen, held
 * open. Off unless somebody asks.
 *
 * - The end of a notifier range is held back. Registered after the device's
 *   notifier, ours is called before it: up to 6.5, where the end of a range
 *   notifies the device, this is a task that is preempted in between.
 * - A function is held back where the process calls it.
 */
#include <linux/delay.h>
#include <linux/netlink.h>
#include <linux/processor.h>
#include <linux/sched/mm.h>
#include <linux/string.h>
#include <linux/timekeeping.h>

#include "compat/kprobe.h"
#include "notifier/delivery.h"
#include "notifier/notifier.h"
#include "notifier/register.h"
#include "notifier/window.h"

static struct devtlb_notifier *notifier_of(struct mmu_notifier *mmu_notifier)
{
	return container_of(mmu_notifier, struct devtlb_notifier,
			    window.mmu_notifier);
}

static int window_range_start(struct mmu_notifier *mmu_notifier,
			      const struct mmu_notifier_range *range)
{
	struct devtlb_range covered;

	if (devtlb_range_from_notifier(&covered, range->start, range->end))
		devtlb_delivery_range_start(&notifier_of(mmu_notifier)->delivery,
					    covered);
	return 0;
}

static void window_range_end(struct mmu_notifier *mmu_notifier,
			     const struct mmu_notifier_range *range)
{
	struct devtlb_notifier *notifier = notifier_of(mmu_notifier);
	u32 us = READ_ONCE(notifier->window.range_end_us);
	struct devtlb_range covered;

	if (us && mmu_notifier_range_blockable(range))
		fsleep(us);
	if (devtlb_range_from_notifier(&covered, range->start, range->end))
		devtlb_delivery_range_end(notifier, covered);
}

static const struct mmu_notifier_ops window_ops = {
	.invalidate_range_start = window_range_start,
	.invalidate_range_end = window_range_end,
};

/**
 * devtlb_window_watch() - see the starts and ends of ranges from now on
 * @notifier: started; the jobs mutex of its PASID is held
 * @extack: receives the reason of a failure
 *
 * Context: may sleep; takes the mm's mmap_lock, as devtlb_notifier_register().
 * Return: 0 or a negative errno.
 */
int devtlb_window_watch(struct devtlb_notifier *notifier,
			struct netlink_ext_ack *extack)
{
	struct devtlb_window *window = &notifier->window;
	int err;

	lockdep_assert_held(&notifier->pasid.jobs);
	if (window->watching)
		return 0;
	if (!mmget_not_zero(notifier->pasid.mm)) {
		NL_SET_ERR_MSG_MOD(extack, "the process exits");
		return -ESRCH;
	}
	window->mmu_notifier.ops = &window_ops;
	err = devtlb_notifier_register(&window->mmu_notifier, notifier->pasid.mm);
	/* Not mmput(): see devtlb_page_request(). */
	mmput_async(notifier->pasid.mm);
	window->watching = !err;
	return err;
}

/**
 * devtlb_window_hold_range_end() - hold the end of each range back
 * @notifier: started; the jobs mutex of its PASID is held
 * @us: microseconds; 0 for not at all
 * @extack: receives the reason of a failure
 *
 * Context: may sleep.
 * Return: 0 or a negative errno.
 */
int devtlb_window_hold_range_end(struct devtlb_notifier *notifier, u32 us,
				 struct netlink_ext_ack *extack)
{
	int err = devtlb_window_watch(notifier, extack);

	if (!err)
		WRITE_ONCE(notifier->window.range_end_us, us);
	return err;
}

/*
 * With preemption off, as a CPU that a hypervisor does not run. By the clock: what
 * udelay() counts in is calibrated when a CPU comes up, in a guest that shares its
 * host's CPUs wrongly by orders of magnitude.
 */
static void stand_still(u32 us)
{
	u64 end = ktime_get_mono_fast_ns() + (u64)us * NSEC_PER_USEC;

	while (ktime_get_mono_fast_ns() < end)
		cpu_relax();
}

NOKPROBE_SYMBOL(stand_still);

static int hold_function(struct kprobe *kprobe, struct pt_regs *regs)
{
	struct devtlb_notifier *notifier = container_of(kprobe,
							struct devtlb_notifier,
							window.kprobe);

	if (in_task() && current->mm == notifier->pasid.mm)
		stand_still(READ_ONCE(notifier->window.function_us));
	return 0;
}

NOKPROBE_SYMBOL(hold_function);

static void stop_function(struct devtlb_window *window)
{
	if (window->probing)
		unregister_kprobe(&window->kprobe);
	window->probing = false;
}

/**
 * devtlb_window_hold_function() - hold a function back
 * @notifier: started; the jobs mutex of its PASID is held
 * @function: its name
 * @us: microseconds; 0 for not at all
 * @extack: receives the reason of a failure
 *
 * There is one such function for a PASID: the last one asked for.
 *
 * Context: may sleep.
 * Return: 0 or a negative errno.
 */
int devtlb_window_hold_function(struct devtlb_notifier *notifier,
				const char *function, u32 us,
				struct netlink_ext_ack *extack)
{
	struct devtlb_window *window = &notifier->window;

	lockdep_assert_held(&notifier->pasid.jobs);
	stop_function(window);
	if (!us)
		return 0;
	strscpy(window->function, function, sizeof(window->function));
	window->function_us = us;
	window->kprobe = (struct kprobe) {
		.symbol_name = window->function,
		.pre_handler = hold_function,
	};
	window->probing = devtlb_kprobe_on_entry(&window->kprobe);
	if (window->probing)
		return 0;
	NL_SET_ERR_MSG_MOD(extack, "no such kernel function, or it was inlined everywhere, or kprobes can't sit on it (CONFIG_KPROBES_ON_FTRACE)");
	return -ENOENT;
}

/**
 * devtlb_window_stop() - hold nothing open any more
 * @notifier: nobody can ask for more
 *
 * Context: may sleep; waits for ends of ranges that are held back.
 */
void devtlb_window_stop(struct devtlb_notifier *notifier)
{
	struct devtlb_window *window = &notifier->window;

	stop_function(window);
	if (window->watching)
		mmu_notifier_unregister(&window->mmu_notifier, notifier->pasid.mm);
	window->watching = false;
}

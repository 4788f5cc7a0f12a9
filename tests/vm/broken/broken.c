// SPDX-License-Identifier: GPL-2.0-only
/*
 * Breaks the guest on demand, so that the runner's verdicts can be seen to turn red:
 *
 *	echo warn >/sys/module/broken/parameters/now
 */

#include <linux/bug.h>
#include <linux/delay.h>
#include <linux/irqflags.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

static bool refuse;
module_param(refuse, bool, 0444);
MODULE_PARM_DESC(refuse, "Fail to load");

static bool hang_at_exit;
module_param(hang_at_exit, bool, 0644);
MODULE_PARM_DESC(hang_at_exit, "Never return from the exit function");

static bool warn_at_exit;
module_param(warn_at_exit, bool, 0644);
MODULE_PARM_DESC(warn_at_exit, "WARN in the exit function");

static void spin(void)
{
	for (;;)
		cpu_relax();
}

static void use_after_free(void)
{
	int *freed = kmalloc(sizeof(*freed), GFP_KERNEL);

	kfree(freed);
	/* Nobody looks at it, and the compiler must not see that. */
	OPTIMIZER_HIDE_VAR(freed);
	if (freed)
		WRITE_ONCE(*freed, 1);
}

static DEFINE_RAW_SPINLOCK(raw_lock);

static void sleep_under_lock(void)
{
	raw_spin_lock(&raw_lock);
	might_sleep();
	msleep(1);
	raw_spin_unlock(&raw_lock);
}

static DEFINE_SPINLOCK(lock_a);
static DEFINE_SPINLOCK(lock_b);

static void take_both(spinlock_t *first, spinlock_t *second)
{
	spin_lock(first);
	spin_lock(second);
	spin_unlock(second);
	spin_unlock(first);
}

static int now_set(const char *val, const struct kernel_param *kp)
{
	if (sysfs_streq(val, "warn"))
		WARN(1, "broken: asked to\n");
	else if (sysfs_streq(val, "taint"))
		/* A warning that never reaches the console. */
		add_taint(TAINT_WARN, LOCKDEP_STILL_OK);
	else if (sysfs_streq(val, "bug"))
		BUG();
	else if (sysfs_streq(val, "null"))
		WRITE_ONCE(*(volatile int *)8, 0);
	else if (sysfs_streq(val, "say"))
		/* What a kernel that doesn't panic at it would print. */
		pr_err("BUG: Bad page state in process broken  pfn:12345\n");
	else if (sysfs_streq(val, "leak"))
		__module_get(THIS_MODULE);
	else if (sysfs_streq(val, "use-after-free"))
		use_after_free();
	else if (sysfs_streq(val, "sleep-under-lock"))
		sleep_under_lock();
	else if (sysfs_streq(val, "lock-order")) {
		take_both(&lock_a, &lock_b);
		take_both(&lock_b, &lock_a);
	} else if (sysfs_streq(val, "softlockup")) {
		preempt_disable();
		spin();
	} else if (sysfs_streq(val, "irqs-off")) {
		local_irq_disable();
		spin();
	} else
		return -EINVAL;
	return 0;
}

static const struct kernel_param_ops now_ops = { .set = now_set };
module_param_cb(now, &now_ops, NULL, 0200);
MODULE_PARM_DESC(now,
		 "warn, taint, bug, null, say, leak, use-after-free, sleep-under-lock, lock-order, softlockup or irqs-off: do it");

static int __init broken_init(void)
{
	return refuse ? -ENODEV : 0;
}

static void __exit broken_exit(void)
{
	WARN_ON(warn_at_exit);
	while (hang_at_exit)
		ssleep(1);
}

module_init(broken_init);
module_exit(broken_exit);
MODULE_DESCRIPTION("Breaks the guest on demand");
MODULE_LICENSE("GPL");

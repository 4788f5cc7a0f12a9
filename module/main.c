// SPDX-License-Identifier: GPL-2.0-only
#include <linux/init.h>
#include <linux/module.h>
#include <linux/panic.h>

#include "detect/audit.h"
#include "detect/detector.h"
#include "detect/finding.h"
#include "detect/reverse_map.h"
#include "detect/switch.h"
#include "device/contain.h"
#include "device/hooks.h"
#include "device/supply.h"
#include "netlink/netlink.h"
#include "notifier/account.h"
#include "notifier/operation.h"
#include "notifier/site.h"
#include "watch/binding.h"
#include "watch/follow.h"
#include "watch/reap.h"
#include "watch/spare.h"
#include "watch/watch.h"

module_param_named(contain, devtlb_contain_stores, bool, 0444);
MODULE_PARM_DESC(contain,
		 "Kill a translation when a finding proves it stale. Without it, stores of the mock device can land in pages of other processes or the kernel: for throw-away guests only. Default: Y");

static void tell_replacing(struct devtlb_translation *translation,
			   unsigned long va, const struct devtlb_page *page)
{
	devtlb_detect_switch(translation, va, page, DEVTLB_IN_FILL, NULL);
	devtlb_account_replaced(translation, va, page);
}

static void tell_invalidating(struct devtlb_translation *translation,
			      const struct devtlb_notification *notification)
{
	/* First: a finding takes rights away. */
	devtlb_operation_removed(translation, notification);
	devtlb_detect_late(translation, notification);
	devtlb_account_removed(translation, notification);
}

/* What hangs on which hook of the device. */
static const struct devtlb_hooks hooks = {
	.supplying = devtlb_reverse_map_supply,
	.unsupplied = devtlb_reverse_map_unsupply,
	.filled = devtlb_reverse_map_add,
	.released = devtlb_reverse_map_del,
	.sighted = devtlb_detect_switch,
	.replacing = tell_replacing,
	.invalidating = tell_invalidating,
	.withheld = devtlb_account_withheld,
	.suppressed = devtlb_lost_store_note,
	.releasing = devtlb_audit_exit,
};

static int __init devtlb_init(void)
{
	int err;

	devtlb_hooks = &hooks;
	if (!devtlb_contain()) {
		pr_warn("containment is off: device stores can corrupt this machine\n");
		add_taint(TAINT_USER, LOCKDEP_STILL_OK);
	}

	err = devtlb_reverse_map_init();
	if (err)
		return err;
	err = devtlb_sites_init();
	if (err)
		goto err_reverse_map;
	err = devtlb_supply_module_init();
	if (err)
		goto err_sites;
	err = devtlb_reap_module_init();
	if (err)
		goto err_supply;
	err = devtlb_netlink_init();
	if (err)
		goto err_reap;

	pr_info("version %s: a mock device for testing, not for production\n",
		THIS_MODULE->version);
	return 0;

err_reap:
	devtlb_reap_module_exit();
err_supply:
	devtlb_supply_module_exit();
err_sites:
	devtlb_sites_exit();
err_reverse_map:
	devtlb_reverse_map_exit();
	return err;
}

static void __exit devtlb_exit(void)
{
	/*
	 * First: then nobody can bind, and no request or socket's end is under
	 * way.
	 */
	devtlb_netlink_exit();
	devtlb_watches_stop_all();
	devtlb_unbind_all();
	devtlb_follow_module_exit();
	devtlb_spare_module_exit();
	devtlb_probe_set_exit(&devtlb_detectors);
	devtlb_findings_module_exit();
	devtlb_reap_module_exit();
	devtlb_supply_module_exit();
	devtlb_sites_exit();
	devtlb_reverse_map_exit();
}

module_init(devtlb_init);
module_exit(devtlb_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("The devtlb developers");
MODULE_DESCRIPTION("Mock ATS/PASID device: proves whether the kernel invalidates secondary TLBs in time");
MODULE_VERSION(DEVTLB_VERSION);
MODULE_INFO(test, "Y");

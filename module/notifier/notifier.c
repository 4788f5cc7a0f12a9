// SPDX-License-Identifier: GPL-2.0-only
/*
 * The callbacks of a PASID's mmu_notifier.
 */
#include <linux/mm.h>
#include <linux/mmu_notifier.h>

#include "device/hooks.h"
#include "device/invalidate.h"
#include "notifier/notifier.h"
#include "notifier/register.h"

static struct devtlb_notifier *notifier_of(struct mmu_notifier *mmu_notifier)
{
	return container_of(mmu_notifier, struct devtlb_notifier, mmu_notifier);
}

static void notifier_invalidate(struct mmu_notifier *mmu_notifier,
				struct mm_struct *mm,
				unsigned long start, unsigned long end)
{
	devtlb_deliver(notifier_of(mmu_notifier), start, end);
}

static void notifier_release(struct mmu_notifier *mmu_notifier,
			     struct mm_struct *mm)
{
	struct devtlb_notifier *notifier = notifier_of(mmu_notifier);
	struct devtlb_pasid *pasid = &notifier->pasid;
	bool withheld = false;

	/* An unbinding calls it, too; that is no word of the kernel's. */
	if (!READ_ONCE(pasid->unbound)) {
		devtlb_hooks->releasing(pasid);
		withheld = devtlb_deliver_release(notifier);
	}

	devtlb_atc_close(&pasid->atc, withheld);
	/* Pairs with the acquire in audit_all(): what lives then, lives on. */
	smp_store_release(&pasid->released, true);
}

/* Invariant 1: as an ATS device, neither the start nor the end of a range. */
static const struct mmu_notifier_ops notifier_ops = {
	.arch_invalidate_secondary_tlbs = notifier_invalidate,
	.release = notifier_release,
};

/**
 * devtlb_notifier_init() - prepare to be notified
 * @notifier: zeroed but for its PASID, which is initialised;
 *	devtlb_notifier_destroy() must follow, whatever is returned
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int devtlb_notifier_init(struct devtlb_notifier *notifier)
{
	notifier->mmu_notifier.ops = &notifier_ops;
	devtlb_delivery_init(&notifier->delivery);
	return devtlb_site_log_init(&notifier->site_log);
}

/**
 * devtlb_notifier_destroy() - the counterpart of devtlb_notifier_init()
 * @notifier: stopped
 *
 * Context: may sleep.
 */
void devtlb_notifier_destroy(struct devtlb_notifier *notifier)
{
	devtlb_site_log_destroy(&notifier->site_log);
}

/**
 * devtlb_notifier_start() - have the kernel notify the PASID
 * @notifier: initialised; somebody holds mm_users of its mm
 * @dont_wait: see devtlb_notifier_try_register()
 *
 * Context: may sleep; see devtlb_notifier_register().
 * Return: 0 or a negative errno.
 */
int devtlb_notifier_start(struct devtlb_notifier *notifier, bool dont_wait)
{
	if (dont_wait)
		return devtlb_notifier_try_register(&notifier->mmu_notifier,
						    notifier->pasid.mm);
	return devtlb_notifier_register(&notifier->mmu_notifier,
					notifier->pasid.mm);
}

/**
 * devtlb_notifier_stop() - the counterpart of devtlb_notifier_start()
 * @notifier: its PASID was marked as unbound
 *
 * Calls ->release if exit did not. After it no callback runs any more, and
 * nothing is on its way to the device.
 *
 * Context: may sleep.
 */
void devtlb_notifier_stop(struct devtlb_notifier *notifier)
{
	devtlb_window_stop(notifier);
	mmu_notifier_unregister(&notifier->mmu_notifier, notifier->pasid.mm);
	devtlb_delivery_stop(&notifier->delivery);
}

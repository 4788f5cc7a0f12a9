// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rule C: a page is not copied away while a writable translation of it lives.
 *
 * Stores that the device makes after the copy began may be in the old page
 * only: the process never sees them. It is seen in two places:
 *
 * - Where migration copies, by a kprobe on the function that does nothing else
 *   (folio_mc_copy(), folio_copy() before 6.11). Every entry of the page was
 *   replaced, and every device told, before. Copies that the compiler inlines
 *   (COW, collapse) cannot be seen like that.
 * - In the callback, at the sites that copy first, and clear the entry and
 *   notify afterwards (COW). The entry that such a site copies is read-only, so
 *   a writable translation that dies there outlived the write-protection: the
 *   copy was taken while the device could store.
 */
#include <linux/mm.h>
#include <linux/mm_inline.h>

#include "detect/copy.h"
#include "detect/finding.h"
#include "detect/probe.h"
#include "detect/reverse_map.h"
#include "device/atc.h"
#include "device/contain.h"
#include "device/drain.h"
#include "device/pasid.h"

static bool is_writable(const struct devtlb_translation *translation)
{
	return !translation->table && !READ_ONCE(translation->dead) &&
	       (READ_ONCE(translation->rights) & DEVTLB_WRITE);
}

static void raise(struct devtlb_translation *translation, unsigned long at)
{
	struct devtlb_pasid *pasid = devtlb_pasid_of_atc(translation->atc);
	struct devtlb_finding finding = {
		.rule = DEVTLB_RULE_C,
		.breach = DEVTLB_BREACH_COPIED,
	};

	devtlb_finding_describe(&finding, translation, at);
	finding.flush_pending = mm_tlb_flush_pending(pasid->mm);
	devtlb_stack_save(&finding.stack);
	devtlb_finding_raise(pasid, translation, &finding);
}

/**
 * devtlb_detect_copied_before() - did a site copy what the device could write?
 * @translation: which a callback is about to remove
 * @at: address; its entry is cleared
 * @notification: what it was told
 *
 * A site may notify once more when it is done: then, without the page-table
 * lock, a translation of the new page may die, whose entry somebody else has
 * cleared since.
 *
 * Context: a callback, atc->lock held.
 */
void devtlb_detect_copied_before(struct devtlb_translation *translation,
				 unsigned long at,
				 const struct devtlb_notification *notification)
{
	if (devtlb_detects(DEVTLB_RULE_C) && notification->under_lock &&
	    devtlb_site_copies(notification->site) && is_writable(translation))
		raise(translation, at);
}

static void found_copied(struct devtlb_translation *translation,
			 unsigned long pfn, void *arg)
{
	if (!is_writable(translation))
		return;
	raise(translation, translation->va +
			   ((pfn - translation->pfn) << PAGE_SHIFT));
	if (!devtlb_contain())
		return;
	/* Stores in flight land before the copy begins; others are refused. */
	devtlb_translation_contain(translation);
	devtlb_atc_drain(translation->atc);
}

/* (destination, source), page or folio */
static int probe_copy(struct kprobe *kprobe, struct pt_regs *regs)
{
	struct page *source = (void *)regs_get_kernel_argument(regs, 1);

	if (devtlb_detects(DEVTLB_RULE_C))
		devtlb_reverse_map_visit(page_to_pfn(source),
					 compound_nr(source), found_copied,
					 NULL);
	return 0;
}

NOKPROBE_SYMBOL(probe_copy);

struct devtlb_probe devtlb_probe_copy = {
	.rule = DEVTLB_RULE_C,
	.functions = {
		/* 6.11 and later: migration only; before. */
		{ "folio_mc_copy", probe_copy },
		{ "folio_copy", probe_copy },
	},
};

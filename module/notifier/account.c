// SPDX-License-Identifier: GPL-2.0-only
/*
 * Accounts of what mutants withhold. A translation that a withheld notification
 * would have removed survives, marked with the notification's site. What becomes
 * of it is counted, once, at that site:
 *
 * right	it was as the page table wants it: an audit compared it, or a fill
 *		found the same page
 * covered	another site's notification removed it
 * late		the notification removed it, when it was delivered in the end
 * again	another site's notification was withheld from it, too, and now that
 *		site accounts for it
 *
 * Those of @survived that are in none of these are not accounted for: nobody has
 * shown that the device could do without the notification. What the exit of the
 * process, an unbinding, or a finding removes is among them.
 *
 * All of it happens with the translation's atc->lock held; the log's lock is
 * inside. Translations that no mutant has touched cost one comparison.
 */
#include <linux/compiler.h>
#include <linux/spinlock.h>

#include "device/atc.h"
#include "device/walk.h"
#include "notifier/account.h"
#include "notifier/notifier.h"
#include "notifier/site.h"

static struct devtlb_site_log *
log_of(const struct devtlb_translation *translation)
{
	return &devtlb_notifier_of(devtlb_pasid_of_atc(translation->atc))->site_log;
}

/*
 * Is a translation wider than the page table, where a notification is about it?
 * Where one can't look, it counts as that.
 */
static bool is_stale(const struct devtlb_translation *translation,
		     const struct devtlb_notification *notification)
{
	unsigned long va = max(translation->va, notification->range.start);
	struct devtlb_page page;

	if (!notification->tables_held || translation->atc->closed)
		return true;
	return !devtlb_look(translation->atc->mm, va, &page) ||
	       devtlb_page_pfn_at(&page, va) !=
	       devtlb_translation_pfn_at(translation, va) ||
	       (READ_ONCE(translation->rights) & ~page.rights);
}

/**
 * devtlb_account_withheld() - a mutant withholds a notification
 * @translation: which it would have removed
 * @notification: it
 *
 * Context: atc->lock held, before the translation is marked.
 */
void devtlb_account_withheld(struct devtlb_translation *translation,
			     const struct devtlb_notification *notification)
{
	struct devtlb_site_log *log = log_of(translation);
	u16 before = translation->withheld_site;
	bool stale;

	/* What the page-walk cache holds is no translation. */
	if (translation->table || before == notification->site)
		return;
	stale = is_stale(translation, notification);
	raw_spin_lock(&log->lock);
	log->count[notification->site].survived++;
	log->count[notification->site].stale += stale;
	if (before != DEVTLB_NO_SITE)
		log->count[before].again++;
	raw_spin_unlock(&log->lock);
}

/**
 * devtlb_account_removed() - a notification removes a translation
 * @translation: the translation
 * @notification: what reached the device
 *
 * Context: atc->lock held.
 */
void devtlb_account_removed(struct devtlb_translation *translation,
			    const struct devtlb_notification *notification)
{
	u16 site = translation->withheld_site;
	struct devtlb_site_log *log;

	if (site == DEVTLB_NO_SITE || notification->site == DEVTLB_NO_SITE ||
	    translation->table)
		return;
	log = log_of(translation);
	raw_spin_lock(&log->lock);
	if (notification->site == site) {
		log->count[site].late++;
	} else {
		log->count[site].covered++;
		log->count[site].covered_by = notification->site;
	}
	raw_spin_unlock(&log->lock);
}

/**
 * devtlb_account_right() - a translation proved right
 * @translation: as the page table wants it
 *
 * Context: atc->lock held.
 */
void devtlb_account_right(struct devtlb_translation *translation)
{
	u16 site = translation->withheld_site;
	struct devtlb_site_log *log;

	if (site == DEVTLB_NO_SITE || translation->table)
		return;
	translation->withheld_site = DEVTLB_NO_SITE;
	log = log_of(translation);
	raw_spin_lock(&log->lock);
	log->count[site].right++;
	raw_spin_unlock(&log->lock);
}

/**
 * devtlb_account_replaced() - a fill replaces a translation
 * @translation: the old one
 * @va: address
 * @page: what the fill found there
 *
 * Context: atc->lock held.
 */
void devtlb_account_replaced(struct devtlb_translation *translation,
			     unsigned long va, const struct devtlb_page *page)
{
	if (devtlb_translation_pfn_at(translation, va) ==
	    devtlb_page_pfn_at(page, va) &&
	    !(READ_ONCE(translation->rights) & ~page->rights))
		devtlb_account_right(translation);
}

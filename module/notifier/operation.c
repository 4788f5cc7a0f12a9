// SPDX-License-Identifier: GPL-2.0-only
/*
 * Operations: what the kernel retires, and from where it says so.
 *
 * Between the begin and the end of an operation each translation of its range
 * that a notification removes is held against the page table. One that the page
 * table does not grant any more was retired, and is counted at the notification's
 * site: that the kernel changed the entry, and that it told the device, are seen
 * in one look. What is removed and still granted is counted nowhere.
 *
 * log->lock protects the range and the counts; it is taken inside atc->lock.
 * Nothing is looked at while no operation is under way.
 */
#include <linux/compiler.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

#include "device/atc.h"
#include "device/store.h"
#include "device/walk.h"
#include "notifier/notifier.h"
#include "notifier/operation.h"

/**
 * devtlb_operation_begin() - an operation begins
 * @notifier: of the PASID whose memory it is about
 * @range: of it
 *
 * What was counted of the one before is forgotten.
 *
 * Context: any.
 */
void devtlb_operation_begin(struct devtlb_notifier *notifier,
			    struct devtlb_range range)
{
	struct devtlb_site_log *log = &notifier->site_log;
	unsigned long flags;
	u16 site;

	raw_spin_lock_irqsave(&log->lock, flags);
	for (site = 0; site < DEVTLB_SITES_MAX; site++)
		log->count[site].retired = 0;
	log->operation = range;
	log->before_operation = log->nr_recent;
	WRITE_ONCE(log->in_operation, true);
	raw_spin_unlock_irqrestore(&log->lock, flags);
}

/**
 * devtlb_operation_end() - an operation is over
 * @notifier: of the PASID; no operation need be under way
 *
 * The counts stay until the next one begins.
 *
 * Context: any.
 */
void devtlb_operation_end(struct devtlb_notifier *notifier)
{
	struct devtlb_site_log *log = &notifier->site_log;
	unsigned long flags;

	raw_spin_lock_irqsave(&log->lock, flags);
	WRITE_ONCE(log->in_operation, false);
	raw_spin_unlock_irqrestore(&log->lock, flags);
}

/* Is a table still where the walk found it? */
static bool grants_table(const struct devtlb_translation *table,
			 unsigned long va)
{
	unsigned int page_shift = table->shift - DEVTLB_NODE_BITS;
	struct devtlb_page page;
	bool leaf = devtlb_look(table->atc->mm, va, &page);

	if (page.table_pfn == table->pfn)
		return true;
	/*
	 * Further down there is a table, so there is one here, of which the look
	 * says nothing; and of an empty entry it names only tables of 4K pages.
	 */
	return page.shift < page_shift ||
	       (!leaf && page.shift == page_shift && !page.table_pfn);
}

static bool grants(const struct devtlb_translation *translation,
		   unsigned long va, struct devtlb_page *page)
{
	u8 rights = READ_ONCE(translation->rights);

	if (!devtlb_look(translation->atc->mm, va, page) ||
	    devtlb_page_pfn_at(page, va) !=
	    devtlb_translation_pfn_at(translation, va) ||
	    (rights & ~page->rights))
		return false;
	/* Invariant 4: the dirty bit was set when W was granted. */
	return page->dirty || !(rights & DEVTLB_WRITE);
}

/* Where nobody can look, it counts as that. */
static bool is_retired(const struct devtlb_translation *translation,
		       const struct devtlb_notification *notification)
{
	struct devtlb_range range = devtlb_translation_range(translation);
	unsigned long at = max(range.start, notification->range.start);
	unsigned long last = min(range.last, notification->range.last);
	struct devtlb_page page;

	if (!notification->tables_held || translation->atc->closed)
		return true;
	if (translation->table)
		return !grants_table(translation, at);
	do {
		if (!grants(translation, at, &page))
			return true;
		at = devtlb_range_of_page(at, page.shift).last + 1;
	} while (at && at <= last);
	return false;
}

/*
 * A device thread's page request, which is no part of any operation: that it has
 * the zero page replaced, say, where the operation has just taken a page away.
 */
static bool is_of_device(const struct mm_struct *mm)
{
	return (current->flags & PF_KTHREAD) && current->mm == mm;
}

/**
 * devtlb_operation_removed() - a notification removes a translation
 * @translation: the translation
 * @notification: it
 *
 * Context: a callback, atc->lock held, interrupts off. Nothing, unless an
 * operation is under way; then it costs O(entries that map what the notification
 * covers of the translation).
 */
void devtlb_operation_removed(struct devtlb_translation *translation,
			      const struct devtlb_notification *notification)
{
	struct devtlb_site_log *log =
		&devtlb_notifier_of(devtlb_pasid_of_atc(translation->atc))->site_log;

	if (!READ_ONCE(log->in_operation) || notification->site == DEVTLB_NO_SITE ||
	    is_of_device(translation->atc->mm) ||
	    !is_retired(translation, notification))
		return;
	raw_spin_lock(&log->lock);
	if (log->in_operation &&
	    devtlb_ranges_overlap(log->operation,
				  devtlb_translation_range(translation)))
		log->count[notification->site].retired++;
	raw_spin_unlock(&log->lock);
}

/**
 * devtlb_operation_released() - the kernel says that an address space goes away
 * @notifier: of the PASID, whose translations are still there
 * @site: from where it says so
 *
 * Context: ->release.
 */
void devtlb_operation_released(struct devtlb_notifier *notifier, u16 site)
{
	const struct devtlb_atc *atc = &notifier->pasid.atc;
	struct devtlb_site_log *log = &notifier->site_log;
	unsigned long flags;

	raw_spin_lock_irqsave(&log->lock, flags);
	if (log->in_operation)
		log->count[site].retired += READ_ONCE(atc->store.held) +
					    READ_ONCE(atc->tables.held);
	raw_spin_unlock_irqrestore(&log->lock, flags);
}

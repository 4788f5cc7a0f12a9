// SPDX-License-Identifier: GPL-2.0-only
/*
 * One look of an audit: is what the device cached wider than the page table now?
 * When that proves something is said at the top of audit.c.
 *
 * Each comparison holds atc->lock: what is compared cannot go away, ->release
 * cannot complete (devtlb_atc_close() takes the lock first), interrupts are off.
 */
#include <linux/mm.h>
#include <linux/mm_inline.h>
#include <linux/sched.h>

#include "detect/audit_look.h"
#include "detect/compare.h"
#include "detect/finding.h"
#include "device/contain.h"
#include "device/pasid.h"
#include "device/recycle.h"
#include "notifier/account.h"

/*
 * Migration, reclaim, write-back and KSM hold the lock of a page until they
 * have notified. None of them needs it to take a page table away.
 */
static bool is_locked(const struct devtlb_translation *translation)
{
	return !translation->table &&
	       folio_test_locked(page_folio(pfn_to_page(translation->pfn)));
}

static void raise_difference(struct devtlb_pasid *pasid,
			     struct devtlb_translation *translation,
			     const struct devtlb_difference *difference)
{
	struct devtlb_finding finding = {
		.rule = DEVTLB_RULE_D,
		.breach = difference->breach,
	};

	devtlb_finding_describe(&finding, translation, difference->at);
	finding.new_pfn = difference->new_pfn;
	finding.table_rights = difference->rights;
	finding.flush_pending = mm_tlb_flush_pending(pasid->mm);
	devtlb_finding_raise(pasid, translation, &finding);
}

/*
 * May the notification of what was just seen in the page table be on its way?
 * Whoever changes an entry has marked a flush as pending, or locked the page,
 * before, and takes that back when the device was told. To tell it takes
 * atc->lock, which we hold. So with neither, the device was told before, and the
 * translation would not be here; or it never will be.
 */
static bool may_be_under_way(const struct devtlb_pasid *pasid,
			     const struct devtlb_translation *translation)
{
	/*
	 * The entry is read before these. Pairs with the barriers between them
	 * in mm/: inc_tlb_flush_pending(), and taking the page-table lock.
	 */
	smp_rmb();
	return mm_tlb_flush_pending(pasid->mm) || is_locked(translation);
}

static void look_at_wrong(struct devtlb_pasid *pasid,
			  struct devtlb_translation *translation,
			  enum devtlb_audit_look look,
			  const struct devtlb_difference *difference,
			  struct devtlb_audit *audit,
			  struct devtlb_translation **dying)
{
	if (look < DEVTLB_LAST_LOOK || may_be_under_way(pasid, translation)) {
		translation->suspect = true;
		audit->suspects++;
		return;
	}
	translation->suspect = false;
	audit->breaches++;
	raise_difference(pasid, translation, difference);
	if (devtlb_contain())
		devtlb_atc_kill(translation, dying);
}

static void count_compared(const struct devtlb_translation *translation,
			   struct devtlb_audit *audit)
{
	if (translation->table)
		audit->tables++;
	else
		audit->held++;
}

static void look_at(struct devtlb_pasid *pasid,
		    struct devtlb_translation *translation,
		    enum devtlb_audit_look look, struct devtlb_audit *audit,
		    struct devtlb_translation **dying)
{
	struct devtlb_difference difference;
	enum devtlb_comparison comparison;

	if (translation->dead) {
		/* The probe of rule A could not take it out. */
		devtlb_atc_kill(translation, dying);
		return;
	}
	if (look == DEVTLB_FIRST_LOOK)
		count_compared(translation, audit);
	else if (look != DEVTLB_GLANCE && !translation->suspect)
		return;
	if (!devtlb_detects(DEVTLB_RULE_D))
		return;

	comparison = devtlb_compare(pasid->mm, translation, &difference);
	if (look == DEVTLB_FIRST_LOOK && comparison == DEVTLB_SAME_BYTES)
		audit->exempt++;
	if (comparison == DEVTLB_DIFFERENT) {
		audit->lasting += translation->suspect;
		look_at_wrong(pasid, translation, look, &difference, audit,
			      dying);
	} else {
		translation->suspect = false;
		devtlb_account_right(translation);
	}
}

/* ->release has returned: whatever is still there outlives its page table. */
static void raise_outliving(struct devtlb_pasid *pasid,
			    struct devtlb_translation *translation,
			    struct devtlb_audit *audit,
			    struct devtlb_translation **dying)
{
	const struct devtlb_difference gone = {
		.breach = translation->table ? DEVTLB_BREACH_TABLE_DETACHED
					     : DEVTLB_BREACH_MISSING,
		.at = translation->va,
		.new_pfn = DEVTLB_PFN_NONE,
	};

	if (translation->dead || !devtlb_detects(DEVTLB_RULE_D))
		return;
	count_compared(translation, audit);
	audit->breaches++;
	raise_difference(pasid, translation, &gone);
	if (devtlb_contain())
		devtlb_atc_kill(translation, dying);
}

/**
 * devtlb_audit_look_at_next() - look at the first entry of a piece of a cache
 * @pasid: bound
 * @look: which look it is
 * @cache: one of the ATC's
 * @rest: where; becomes what is left
 * @audit: counts
 *
 * Context: may sleep; the mm loaded.
 * Return: false if there is nothing there.
 */
bool devtlb_audit_look_at_next(struct devtlb_pasid *pasid,
			       enum devtlb_audit_look look,
			       enum devtlb_cache cache,
			       struct devtlb_range *rest,
			       struct devtlb_audit *audit)
{
	struct devtlb_translation *translation = NULL, *dying = NULL;
	struct devtlb_atc *atc = &pasid->atc;
	unsigned long flags;

	raw_spin_lock_irqsave(&atc->lock, flags);
	/* Closed: there may be no tables to look at. */
	if (!atc->closed || look == DEVTLB_LOOK_AT_OUTLIVING)
		translation = devtlb_atc_first(atc, cache, *rest);
	if (translation)
		rest->start = devtlb_translation_range(translation).last + 1;
	if (translation && look == DEVTLB_LOOK_AT_OUTLIVING)
		raise_outliving(pasid, translation, audit, &dying);
	else if (translation)
		look_at(pasid, translation, look, audit, &dying);
	raw_spin_unlock_irqrestore(&atc->lock, flags);
	devtlb_atc_recycle(atc, dying);
	cond_resched();
	return translation;
}

/**
 * devtlb_audit_look_at_all() - look at all that an ATC has cached
 * @pasid: bound
 * @look: which look it is
 * @audit: counts; its suspects are those that look wrong now
 *
 * Context: may sleep; the mm loaded.
 */
void devtlb_audit_look_at_all(struct devtlb_pasid *pasid,
			      enum devtlb_audit_look look,
			      struct devtlb_audit *audit)
{
	unsigned int cache;

	audit->suspects = 0;
	for (cache = 0; cache < DEVTLB_NR_CACHES; cache++) {
		struct devtlb_range rest = DEVTLB_ALL_ADDRESSES;

		while (devtlb_audit_look_at_next(pasid, look, cache, &rest,
						 audit))
			;
	}
}

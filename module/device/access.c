// SPDX-License-Identifier: GPL-2.0-only
/*
 * Accesses: loads and stores through what the ATC holds. The races are at the
 * top of atc.c.
 */
#include <linux/compiler.h>
#include <linux/delay.h>
#include <linux/mm.h>
#include <linux/uaccess.h>

#include "device/access.h"
#include "device/atc.h"
#include "device/contain.h"
#include "device/drain.h"
#include "device/hooks.h"
#include "device/section.h"
#include "device/walk.h"

/*
 * What the page table shows at an access. The walk comes before the access:
 * what it shows was so when the access was made.
 */
struct view {
	bool present;
	struct devtlb_page page;
};

static struct view access_look(struct devtlb_atc *atc, unsigned long va)
{
	struct view view = { };

	/* Closed: the tables may be gone; see devtlb_atc_close(). */
	if (!READ_ONCE(atc->closed))
		view.present = devtlb_look(atc->mm, va, &view.page);
	return view;
}

static bool shows_other_page(const struct view *view,
			     const struct devtlb_translation *translation,
			     unsigned long va)
{
	return view->present && devtlb_page_pfn_at(&view->page, va) !=
				devtlb_translation_pfn_at(translation, va);
}

/*
 * Can a mutant have kept a translation alive? One of the kernel's notifications
 * has marked those that it did; one of the device's own may do it to any.
 */
static bool access_may_be_kept(struct devtlb_atc *atc,
			       const struct devtlb_translation *translation)
{
	return READ_ONCE(atc->guard_stores) &&
	       (READ_ONCE(atc->defects) ||
		READ_ONCE(translation->withheld_site) != DEVTLB_NO_SITE);
}

/*
 * May a store be made? (invariant 6) Not where the process has another page
 * now. Gone or read-only in the table, while the translation lives, is legal
 * for a moment in most operations, and a store made then counts. Only a mutant
 * can make that moment last: then the store is not made.
 */
static bool access_allows_store(struct devtlb_atc *atc,
				const struct devtlb_translation *translation,
				unsigned long va, const struct view *view)
{
	if (!devtlb_contain())
		return true;
	if (shows_other_page(view, translation, va))
		return false;
	return !access_may_be_kept(atc, translation) ||
	       (view->present && (view->page.rights & DEVTLB_WRITE));
}

static enum devtlb_access_result
access_through(struct devtlb_atc *atc, struct devtlb_atc_user *user,
	       struct devtlb_translation *translation,
	       struct devtlb_access *access)
{
	unsigned long pfn = devtlb_translation_pfn_at(translation, access->va);
	u64 *at = pfn_to_kaddr(pfn) + offset_in_page(access->va);
	struct devtlb_load load = { .by = user->id };
	struct view view = { };

	if (access->check || access->write)
		view = access_look(atc, access->va);

	if (access->write) {
		if (!access_allows_store(atc, translation, access->va, &view))
			goto suppressed;
		__put_kernel_nofault(at, &access->value, u64, poisoned);
	} else {
		__get_kernel_nofault(&access->value, at, u64, poisoned);
	}

	if (access->check && shows_other_page(&view, translation, access->va)) {
		load.got = access->value;
		devtlb_hooks->sighted(translation, access->va, &view.page,
				      DEVTLB_IN_ACCESS,
				      access->write ? NULL : &load);
	}
	return DEVTLB_ACCESS_DONE;

suppressed:
	devtlb_hooks->suppressed(translation);
	if (shows_other_page(&view, translation, access->va))
		devtlb_hooks->sighted(translation, access->va, &view.page,
				      DEVTLB_IN_ACCESS, NULL);
	return DEVTLB_ACCESS_SUPPRESSED;

poisoned:
	return DEVTLB_ACCESS_POISONED;
}

static bool access_grants(struct devtlb_translation *translation, u8 right)
{
	/* The defect: a device must ask for a translation again. */
	if (right == DEVTLB_WRITE && !READ_ONCE(translation->contained) &&
	    devtlb_atc_has_defect(translation->atc, DEVTLB_MUTANT_UPGRADE))
		cmpxchg(&translation->rights, DEVTLB_READ,
			DEVTLB_READ | DEVTLB_WRITE);
	return READ_ONCE(translation->rights) & right;
}

/* The translation that an access can use, or NULL. */
static struct devtlb_translation *
access_find_granting(struct devtlb_atc *atc, const struct devtlb_access *access)
{
	u8 right = access->write ? DEVTLB_WRITE : DEVTLB_READ;
	struct devtlb_translation *translation;

	translation = devtlb_store_lookup(&atc->store, access->va);
	if (translation && !READ_ONCE(translation->dead) &&
	    access_grants(translation, right))
		return translation;
	return NULL;
}

/*
 * How long an access takes with EARLY_ACK. Much longer than a CPU needs to
 * change an entry: one that goes through the pages that a device thread goes
 * through, too, comes past it while the access to some page is under way. A
 * shorter one can miss it for ever, if both take the same time for a page.
 */
#define LATE_ACCESS_US	300

/*
 * A defect: what was looked up is used later, whatever happened to it
 * meanwhile. Nobody waits for an access in its window, so that invalidations are
 * acknowledged too early; but for the access itself, as always: what a guarded
 * store looked at is so when the store is made (invariant 6).
 */
static enum devtlb_access_result access_late(struct devtlb_atc *atc,
					     struct devtlb_atc_user *user,
					     struct devtlb_access *access)
{
	enum devtlb_access_result result = DEVTLB_ACCESS_MISS;
	struct devtlb_translation *translation;
	unsigned long flags;
	int in_flight;

	in_flight = devtlb_late_access_begin();
	translation = access_find_granting(atc, access);
	if (translation) {
		usleep_range(LATE_ACCESS_US, 2 * LATE_ACCESS_US);
		local_irq_save(flags);
		devtlb_section_begin(&user->accessing);
		result = access_through(atc, user, translation, access);
		devtlb_section_end(&user->accessing);
		local_irq_restore(flags);
	}
	devtlb_late_access_end(in_flight);
	return result;
}

/**
 * devtlb_atc_access() - a translated load or store
 * @atc: the ATC
 * @user: the device thread
 * @access: what to do; receives what was loaded
 *
 * Uses what the ATC holds and never looks for more: a stale translation is used
 * like any other.
 *
 * Context: the user's own thread, the mm loaded; may sleep.
 * Return: what became of it.
 */
enum devtlb_access_result devtlb_atc_access(struct devtlb_atc *atc,
					    struct devtlb_atc_user *user,
					    struct devtlb_access *access)
{
	enum devtlb_access_result result = DEVTLB_ACCESS_MISS;
	struct devtlb_translation *translation;
	unsigned long flags;

	if (devtlb_atc_has_defect(atc, DEVTLB_MUTANT_EARLY_ACK))
		return access_late(atc, user, access);

	local_irq_save(flags);
	devtlb_section_begin(&user->accessing);
	translation = access_find_granting(atc, access);
	if (translation)
		result = access_through(atc, user, translation, access);
	devtlb_section_end(&user->accessing);
	local_irq_restore(flags);
	return result;
}

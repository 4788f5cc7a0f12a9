// SPDX-License-Identifier: GPL-2.0-only
/*
 * The mirror: the device holds a translation of whatever the process has
 * present.
 *
 * A sweep goes through the page table and fills what the ATC does not hold.
 * Between sweeps, faults tell where something new will be. Nothing is faulted
 * in and nothing is pinned; only a present entry is filled, and a writable one
 * for stores only if it is dirty, unless whoever watches asked for more
 * (@write). As with every fill the accessed bit is set (invariant 4); since a
 * page is filled once, reclaim sees it age as it would without us.
 *
 * A sweep compares, too: an entry that shows another page than the live
 * translation is filled anew, and the fill proves the breach (rule B, detect/switch.c).
 * Glances look for what sweeps do not meet: translations of entries that are
 * gone or grant less (rule D). What one glance sees may be an operation whose
 * notification is on its way; what several see, one after the other, is a
 * reason for an audit of just those, which holds the address space still for some
 * milliseconds to make sure.
 */
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/sched.h>

#include "detect/audit.h"
#include "device/fill.h"
#include "device/prefetch.h"
#include "notifier/notifier.h"
#include "watch/mirror.h"

/* Looks at the page table in one run. */
#define LOOKS		4096
/* Translations that a glance looks at in one run. */
#define GLANCES		1024
/* Looks between two chances for others to run. */
#define BURST		64
/*
 * Without any sign of change, a sweep so often. Where one found nothing new,
 * the next one comes after twice the time.
 */
#define QUIET		HZ
#define QUIET_MAX	(4 * QUIET)
/* A glance so often. */
#define GLANCE_EVERY	(HZ / 4)
/* Glances in a row that are a reason for an audit. */
#define SUSPICIOUS	3
/*
 * Audits are not more frequent: they keep the process from its mmap_lock. After
 * one that could not decide, the next one comes after twice the time.
 */
#define AUDIT_EVERY	(3 * HZ / 4)
#define AUDIT_EVERY_MAX	(16 * AUDIT_EVERY)

/**
 * devtlb_mirror_init() - begin to mirror
 * @mirror: zeroed
 * @pasid: bound
 * @write: ask for writable translations of clean pages, too
 *
 * Context: any.
 */
void devtlb_mirror_init(struct devtlb_mirror *mirror,
			struct devtlb_pasid *pasid, bool write)
{
	mirror->write = write;
	mirror->quiet = QUIET;
	mirror->glance.rest = DEVTLB_ALL_ADDRESSES;
	mirror->next_glance = jiffies + GLANCE_EVERY;
	mirror->next_audit = jiffies;
	mirror->audit_every = AUDIT_EVERY;
	devtlb_atc_add_user(&pasid->atc, &mirror->user);
}

/**
 * devtlb_mirror_note_fault() - the process faults
 * @mirror: of its PASID
 * @va: where
 *
 * Context: any; what two faults at a time write over each other is no loss.
 */
void devtlb_mirror_note_fault(struct devtlb_mirror *mirror, unsigned long va)
{
	unsigned int nr = atomic_inc_return(&mirror->nr_faults) - 1;

	WRITE_ONCE(mirror->fault[nr % DEVTLB_FAULTS_MAX], va);
}

/* Has anything notified or faulted since the last sweep began? */
static bool has_sign(const struct devtlb_mirror *mirror,
		     struct devtlb_pasid *pasid)
{
	return mirror->seen_notifications != READ_ONCE(devtlb_notifier_of(pasid)->site_log.nr) ||
	       mirror->seen_faults != atomic_read(&mirror->nr_faults);
}

/**
 * devtlb_mirror_is_quiet() - is there nothing to do?
 * @mirror: of @pasid
 * @pasid: bound
 *
 * Return: true if nothing has notified or faulted since the last sweep began,
 * that is not long ago, and nothing looked wrong. Memory that comes without
 * either (populated, say) is found when it is.
 */
bool devtlb_mirror_is_quiet(const struct devtlb_mirror *mirror,
			    struct devtlb_pasid *pasid)
{
	return !mirror->cursor && !mirror->wrong && !has_sign(mirror, pasid) &&
	       time_before(jiffies, mirror->swept + mirror->quiet);
}

static enum devtlb_presence look(struct devtlb_mirror *mirror,
				 struct devtlb_atc *atc, unsigned long va,
				 struct devtlb_page *page)
{
	return devtlb_prefetch_look(atc, &mirror->user, va, mirror->write, page);
}

/* Returns whether a translation was filled. */
static bool fill(struct devtlb_mirror *mirror, struct devtlb_atc *atc,
		 unsigned long va, const struct devtlb_page *page, u64 *room)
{
	bool write = mirror->write && (page->rights & DEVTLB_WRITE);

	if (!*room || devtlb_atc_fill(atc, &mirror->user, va, write))
		return false;
	--*room;
	mirror->quiet = QUIET;
	return true;
}

static void fill_faulted(struct devtlb_mirror *mirror, struct devtlb_atc *atc,
			 u64 *room)
{
	unsigned int nr = atomic_read(&mirror->nr_faults);

	if (nr - mirror->seen_faults > DEVTLB_FAULTS_MAX)
		mirror->seen_faults = nr - DEVTLB_FAULTS_MAX;
	for (; mirror->seen_faults != nr; mirror->seen_faults++) {
		unsigned int at = mirror->seen_faults % DEVTLB_FAULTS_MAX;
		unsigned long va = READ_ONCE(mirror->fault[at]);
		struct devtlb_page page;

		if (look(mirror, atc, va, &page) == DEVTLB_NOT_HELD &&
		    fill(mirror, atc, va, &page, room))
			mirror->count.prefetches++;
	}
}

static void count_page(struct devtlb_mirror_count *count, u64 pages,
		       enum devtlb_presence found)
{
	WRITE_ONCE(count->present, count->present + pages);
	if (found == DEVTLB_HELD)
		WRITE_ONCE(count->mirrored, count->mirrored + pages);
}

static void end_sweep(struct devtlb_mirror *mirror)
{
	mirror->cursor = 0;
	mirror->swept = jiffies;
	WRITE_ONCE(mirror->count.sweeps, mirror->count.sweeps + 1);
}

/* Looks at one address and goes on to the next; false at the end of a sweep. */
static bool sweep_one(struct devtlb_mirror *mirror, struct devtlb_atc *atc,
		      u64 *room)
{
	unsigned long va = mirror->cursor;
	struct devtlb_page page;
	enum devtlb_presence found = look(mirror, atc, va, &page);
	unsigned int shift;

	if (found == DEVTLB_CLOSED)
		return false;
	shift = page.shift;
	if (found != DEVTLB_HOLE) {
		if (atc->fracture)
			shift = PAGE_SHIFT;
		count_page(&mirror->count, 1UL << (shift - PAGE_SHIFT), found);
		if (found == DEVTLB_NOT_HELD && !fill(mirror, atc, va, &page, room) &&
		    !*room)
			WRITE_ONCE(mirror->count.not_mirrored,
				   mirror->count.not_mirrored +
				   (1UL << (shift - PAGE_SHIFT)));
	}
	mirror->cursor = devtlb_range_of_page(va, shift).last + 1;
	return mirror->cursor < TASK_SIZE_MAX;
}

static void sweep(struct devtlb_mirror *mirror, struct devtlb_pasid *pasid,
		  u64 *room)
{
	unsigned int looks;

	if (!mirror->cursor)
		mirror->seen_notifications = READ_ONCE(devtlb_notifier_of(pasid)->site_log.nr);
	for (looks = 0; looks < LOOKS; looks++) {
		if (!sweep_one(mirror, &pasid->atc, room)) {
			end_sweep(mirror);
			return;
		}
		if (looks % BURST == 0)
			cond_resched();
	}
}

static void audit(struct devtlb_mirror *mirror, struct devtlb_pasid *pasid,
		  const struct devtlb_glance *glance)
{
	WRITE_ONCE(mirror->count.audits, mirror->count.audits + 1);
	if (devtlb_audit_suspects(pasid, glance))
		mirror->audit_every = AUDIT_EVERY;
	else
		mirror->audit_every = min_t(unsigned long, AUDIT_EVERY_MAX,
					    2 * mirror->audit_every);
	mirror->next_audit = jiffies + mirror->audit_every;
}

static void end_glance(struct devtlb_mirror *mirror, struct devtlb_pasid *pasid)
{
	const struct devtlb_glance glance = mirror->glance;

	mirror->glance = (struct devtlb_glance) { .rest = DEVTLB_ALL_ADDRESSES };
	/* What is wrong may not be so for long: look again soon. */
	mirror->wrong = glance.wrong;
	mirror->next_glance = jiffies + (mirror->wrong ? 0 : GLANCE_EVERY);
	mirror->suspicious = glance.lasting ? mirror->suspicious + 1 : 0;
	if (mirror->suspicious < SUSPICIOUS ||
	    time_before(jiffies, mirror->next_audit))
		return;
	mirror->suspicious = 0;
	audit(mirror, pasid, &glance);
}

static void glance(struct devtlb_mirror *mirror, struct devtlb_pasid *pasid)
{
	if (mirror->glance.cache == 0 && mirror->glance.rest.start == 0 &&
	    time_before(jiffies, mirror->next_glance))
		return;
	/* Somebody else's audit tells more. */
	if (!mutex_trylock(&pasid->jobs))
		return;
	if (!pasid->unbound &&
	    !devtlb_audit_glance(pasid, &mirror->glance, GLANCES))
		end_glance(mirror, pasid);
	mutex_unlock(&pasid->jobs);
}

/**
 * devtlb_mirror_run() - mirror for a while
 * @mirror: of @pasid
 * @pasid: bound, or released by now
 * @supply: the caller's, lent for as long
 * @room: how many translations may be filled; less by those that were
 *
 * Context: a kernel thread; may sleep. Costs about as much for each PASID, of
 * whatever size: a sweep takes as many runs as it needs.
 */
void devtlb_mirror_run(struct devtlb_mirror *mirror, struct devtlb_pasid *pasid,
		       struct devtlb_atc_supply *supply, u64 *room)
{
	kthread_use_mm(pasid->mm);
	mirror->user.supply = *supply;

	if (has_sign(mirror, pasid))
		mirror->quiet = QUIET;
	else if (!mirror->cursor)
		mirror->quiet = min_t(unsigned long, QUIET_MAX, 2 * mirror->quiet);
	fill_faulted(mirror, &pasid->atc, room);
	sweep(mirror, pasid, room);
	glance(mirror, pasid);

	*supply = mirror->user.supply;
	mirror->user.supply = (struct devtlb_atc_supply) { };
	kthread_unuse_mm(pasid->mm);
}

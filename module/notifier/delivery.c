// SPDX-License-Identifier: GPL-2.0-only
/*
 * Delivery: from the kernel's callback to the device. Without mutants, at once.
 *
 * A mutant withholds a notification: for good, or until a work item or the end
 * of a notifier range delivers it. What is withheld is still noted (device/invalidate.c): the
 * page tables are changing, and walks and guarded stores must know.
 *
 * delivery->lock is a leaf: a notification is queued and taken under it, and
 * delivered without it.
 */
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/sched.h>

#include "compat/lock.h"
#include "device/invalidate.h"
#include "notifier/delivery.h"
#include "notifier/notifier.h"
#include "notifier/operation.h"

static void deliver_due(struct work_struct *work);

void devtlb_delivery_init(struct devtlb_delivery *delivery)
{
	raw_spin_lock_init(&delivery->lock);
	INIT_DELAYED_WORK(&delivery->work, deliver_due);
}

/**
 * devtlb_delivery_stop() - deliver nothing more
 * @delivery: no callback uses it any more
 *
 * Context: may sleep.
 */
void devtlb_delivery_stop(struct devtlb_delivery *delivery)
{
	cancel_delayed_work_sync(&delivery->work);
}

static bool overlaps_open_range(const struct devtlb_delivery *delivery,
				struct devtlb_range range)
{
	unsigned int i;

	for (i = 0; i < delivery->nr_open; i++) {
		if (devtlb_ranges_overlap(delivery->open[i], range))
			return true;
	}
	return false;
}

/* Has the work item run when the next notification is due, if there is one. */
static void wait_for_next_due(struct devtlb_delivery *delivery)
{
	long left, next = LONG_MAX;
	unsigned long flags;
	unsigned int i;

	raw_spin_lock_irqsave(&delivery->lock, flags);
	for (i = 0; i < delivery->nr_late; i++) {
		left = delivery->late[i].due - jiffies;
		if (!delivery->late[i].at_range_end)
			next = min(next, max(left, 0L));
	}
	raw_spin_unlock_irqrestore(&delivery->lock, flags);
	if (next != LONG_MAX)
		mod_delayed_work(system_unbound_wq, &delivery->work, next);
}

static void queue(struct devtlb_delivery *delivery,
		  const struct devtlb_notification *notification,
		  bool at_range_end, unsigned long due)
{
	delivery->late[delivery->nr_late++] = (struct devtlb_late) {
		.notification.range = notification->range,
		.notification.site = notification->site,
		.at_range_end = at_range_end,
		.due = due,
	};
}

/*
 * Where there is no room, the last one that is delivered in the same way
 * becomes as wide, and as late, as both.
 */
static bool merge(struct devtlb_delivery *delivery,
		  const struct devtlb_notification *notification,
		  bool at_range_end, unsigned long due)
{
	unsigned int i = delivery->nr_late;

	while (i-- > 0) {
		struct devtlb_late *late = &delivery->late[i];
		struct devtlb_range *range = &late->notification.range;

		if (late->at_range_end != at_range_end)
			continue;
		range->start = min(range->start, notification->range.start);
		range->last = max(range->last, notification->range.last);
		late->due = due;
		return true;
	}
	return false;
}

/*
 * Holds a notification back; returns false where it can't: no range is open
 * that will end.
 */
static bool hold_back(struct devtlb_delivery *delivery,
		      const struct devtlb_notification *notification,
		      struct devtlb_act act)
{
	unsigned long due = jiffies + msecs_to_jiffies(act.delay_ms);
	bool at_range_end = act.kind == DEVTLB_MUTANT_LATE;
	unsigned long flags;
	bool held;

	raw_spin_lock_irqsave(&delivery->lock, flags);
	held = !at_range_end ||
	       overlaps_open_range(delivery, notification->range);
	if (held && delivery->nr_late < DEVTLB_LATE_MAX)
		queue(delivery, notification, at_range_end, due);
	else if (held)
		held = merge(delivery, notification, at_range_end, due);
	raw_spin_unlock_irqrestore(&delivery->lock, flags);
	if (held && !at_range_end)
		wait_for_next_due(delivery);
	return held;
}

/* Takes one that is due at the end of @range, or, without one, by now. */
static bool take_due(struct devtlb_delivery *delivery,
		     const struct devtlb_range *range,
		     struct devtlb_notification *notification)
{
	unsigned long flags;
	bool due = false;
	unsigned int i;

	raw_spin_lock_irqsave(&delivery->lock, flags);
	for (i = 0; i < delivery->nr_late && !due; i++) {
		struct devtlb_late *late = &delivery->late[i];

		if (late->at_range_end != !!range)
			continue;
		due = range ? devtlb_ranges_overlap(late->notification.range,
						    *range)
			    : time_after_eq(jiffies, late->due);
		if (!due)
			continue;
		*notification = late->notification;
		*late = delivery->late[--delivery->nr_late];
		delivery->nr_delivered_late++;
	}
	raw_spin_unlock_irqrestore(&delivery->lock, flags);
	return due;
}

static void deliver_due(struct work_struct *work)
{
	struct devtlb_delivery *delivery =
		container_of(work, struct devtlb_delivery, work.work);
	struct devtlb_notifier *notifier =
		container_of(delivery, struct devtlb_notifier, delivery);
	struct devtlb_notification notification;

	/* For the look at the tables: nobody holds them for us. */
	kthread_use_mm(notifier->pasid.mm);
	while (take_due(delivery, NULL, &notification)) {
		notification.tables_held = true;
		devtlb_atc_invalidate(&notifier->pasid.atc, &notification);
		cond_resched();
	}
	kthread_unuse_mm(notifier->pasid.mm);
	wait_for_next_due(delivery);
}

/**
 * devtlb_delivery_range_start() - a notifier range begins
 * @delivery: of the PASID
 * @range: the range
 *
 * Context: any.
 */
void devtlb_delivery_range_start(struct devtlb_delivery *delivery,
				 struct devtlb_range range)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&delivery->lock, flags);
	/* One that finds no room holds nothing back. */
	if (delivery->nr_open < DEVTLB_OPEN_RANGES_MAX)
		delivery->open[delivery->nr_open++] = range;
	raw_spin_unlock_irqrestore(&delivery->lock, flags);
}

static void forget_open_range(struct devtlb_delivery *delivery,
			      struct devtlb_range range)
{
	unsigned long flags;
	unsigned int i;

	raw_spin_lock_irqsave(&delivery->lock, flags);
	for (i = 0; i < delivery->nr_open; i++) {
		struct devtlb_range *open = &delivery->open[i];

		if (open->start == range.start && open->last == range.last) {
			*open = delivery->open[--delivery->nr_open];
			break;
		}
	}
	raw_spin_unlock_irqrestore(&delivery->lock, flags);
}

/*
 * Whose tables can be read: this task's own, always; another's where an
 * explicit range says what the caller is working on. Not for a full flush from
 * elsewhere (invariant 4).
 */
static bool tables_held(const struct devtlb_notifier *notifier,
			struct devtlb_range range)
{
	return current->mm == notifier->pasid.mm || range.last != ULONG_MAX;
}

/**
 * devtlb_delivery_range_end() - a notifier range ends
 * @notifier: the PASID's
 * @range: the range, as it began
 *
 * Context: as the end of a range.
 */
void devtlb_delivery_range_end(struct devtlb_notifier *notifier,
			       struct devtlb_range range)
{
	struct devtlb_delivery *delivery = &notifier->delivery;
	struct devtlb_notification notification;

	/* First: nothing is held back for it any more. */
	forget_open_range(delivery, range);
	while (take_due(delivery, &range, &notification)) {
		/* The caller holds the tables of @range, and of nothing else. */
		notification.tables_held =
			tables_held(notifier, range) &&
			(current->mm == notifier->pasid.mm ||
			 devtlb_range_contains(range, notification.range));
		devtlb_atc_invalidate(&notifier->pasid.atc, &notification);
	}
}

/* What is done to a notification. */
static struct devtlb_act
filter_choose(const struct devtlb_notifier *notifier,
	      const struct devtlb_notification *notification)
{
	/* Pairs with the release in devtlb_mutant_add(). */
	struct devtlb_filter *filter = smp_load_acquire(&notifier->filter);

	if (!filter)
		return (struct devtlb_act) { };
	return filter->choose(filter, &notifier->pasid, notification);
}

static void withhold(struct devtlb_notifier *notifier,
		     const struct devtlb_notification *notification)
{
	devtlb_atc_note_withheld(&notifier->pasid.atc, notification);
}

static void deliver_part(struct devtlb_notifier *notifier,
			 const struct devtlb_notification *notification,
			 unsigned long start, unsigned long last)
{
	struct devtlb_notification part = *notification;

	part.range = (struct devtlb_range) { start, last };
	devtlb_atc_invalidate(&notifier->pasid.atc, &part);
}

/* Returns whether the device is not told of something in the piece. */
static bool withhold_piece(struct devtlb_notifier *notifier,
			   const struct devtlb_notification *notification,
			   struct devtlb_act act)
{
	struct devtlb_notification piece = *notification;

	piece.range = act.piece;
	if (!act.sparing.spares) {
		withhold(notifier, &piece);
		return true;
	}
	piece.sparing = &act.sparing;
	devtlb_atc_invalidate(&notifier->pasid.atc, &piece);
	return act.sparing.nr > 0;
}

/* What is around the piece first: a translation that is in both, it removes. */
static bool withhold_within(struct devtlb_notifier *notifier,
			    const struct devtlb_notification *notification,
			    struct devtlb_act act)
{
	struct devtlb_range range = notification->range;

	if (range.start < act.piece.start)
		deliver_part(notifier, notification, range.start,
			     act.piece.start - 1);
	if (act.piece.last < range.last)
		deliver_part(notifier, notification, act.piece.last + 1,
			     range.last);
	return withhold_piece(notifier, notification, act);
}

static void misroute(struct devtlb_notifier *notifier, struct devtlb_pasid *other,
		     const struct devtlb_notification *notification)
{
	struct devtlb_notification copy = *notification;

	/* The site is this PASID's business; so are its tables. */
	copy.site = DEVTLB_NO_SITE;
	copy.tables_held = false;
	withhold(notifier, notification);
	devtlb_atc_invalidate(&other->atc, &copy);
}

/* Returns whether a mutant withheld the notification. */
static bool deliver(struct devtlb_notifier *notifier,
		    const struct devtlb_notification *notification)
{
	struct devtlb_act act = filter_choose(notifier, notification);

	switch (act.kind) {
	case DEVTLB_MUTANT_DROP:
	case DEVTLB_MUTANT_TRIM:
	case DEVTLB_MUTANT_FIRST_PAGE:
	case DEVTLB_MUTANT_LAST_PAGE:
	case DEVTLB_MUTANT_BEYOND_TABLE:
	case DEVTLB_MUTANT_BEYOND_PUD:
		return withhold_within(notifier, notification, act);
	case DEVTLB_MUTANT_DEFER:
	case DEVTLB_MUTANT_LATE:
		if (!hold_back(&notifier->delivery, notification, act))
			break;
		withhold(notifier, notification);
		return true;
	case DEVTLB_MUTANT_MISROUTE:
		misroute(notifier, act.other, notification);
		return true;
	}
	if (notification->range.last == ULONG_MAX &&
	    devtlb_atc_has_defect(&notifier->pasid.atc, DEVTLB_MUTANT_NO_SENTINEL)) {
		withhold(notifier, notification);
		return true;
	}
	devtlb_atc_invalidate(&notifier->pasid.atc, notification);
	return false;
}

/**
 * devtlb_deliver() - the kernel notifies a PASID
 * @notifier: the PASID's
 * @start: as the kernel gave it
 * @end: as the kernel gave it
 *
 * Context: the callback: any (invariant 3).
 */
void devtlb_deliver(struct devtlb_notifier *notifier, unsigned long start,
		    unsigned long end)
{
	struct devtlb_notification notification = {
		.site = devtlb_site_here(),
		.under_lock = devtlb_holds_spinlock(),
	};
	bool withheld = false;

	if (devtlb_range_from_notifier(&notification.range, start, end)) {
		notification.tables_held = tables_held(notifier,
						       notification.range);
		withheld = deliver(notifier, &notification);
	}
	/* Last: a finding tells who notified before. */
	devtlb_site_log_add(&notifier->site_log, notification.site, start, end,
			    notification.under_lock, withheld);
}

/**
 * devtlb_deliver_release() - the kernel tells a PASID that its mm goes away
 * @notifier: the PASID's
 *
 * Context: ->release, before its translations go.
 * Return: true if a mutant withholds it.
 */
bool devtlb_deliver_release(struct devtlb_notifier *notifier)
{
	struct devtlb_notification notification = {
		.range = DEVTLB_ALL_ADDRESSES,
		.site = devtlb_site_here(),
	};
	struct devtlb_act act = filter_choose(notifier, &notification);
	bool withheld = (act.kind == DEVTLB_MUTANT_DROP &&
			 !act.sparing.spares) ||
			act.kind == DEVTLB_MUTANT_MISROUTE ||
			(act.kind == DEVTLB_MUTANT_DEFER &&
			 hold_back(&notifier->delivery, &notification, act)) ||
			devtlb_atc_has_defect(&notifier->pasid.atc,
					      DEVTLB_MUTANT_NO_RELEASE);

	if (withheld)
		withhold(notifier, &notification);
	else
		devtlb_operation_released(notifier, notification.site);
	devtlb_site_log_add(&notifier->site_log, notification.site, 0, ULONG_MAX,
			    !preemptible(), withheld);
	return withheld;
}

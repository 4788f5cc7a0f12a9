// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mutants: deliberate defects. They prove that a detector can see what it is
 * for. This file says which notifications a mutant acts on; delivery.c does
 * what it does to them. The device's own defects are in its files and in
 * delivery.c, where a right device does right.
 */
#include <linux/errno.h>
#include <linux/lockdep.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/netlink.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/stringify.h>

#include "device/contain.h"
#include "device/drain.h"
#include "mutant/edge.h"
#include "mutant/mutant.h"
#include "notifier/notifier.h"
#include "notifier/site.h"
#include "notifier/window.h"

/**
 * devtlb_mutant_is_of_device() - is a mutant a defect of the device itself?
 * @kind: the mutant
 *
 * Return: false if it is one of how notifications reach the device.
 */
bool devtlb_mutant_is_of_device(enum devtlb_mutant kind)
{
	return kind >= DEVTLB_MUTANT_EARLY_ACK &&
	       kind <= DEVTLB_MUTANT_FRACTURE_HEAD;
}

/**
 * devtlb_mutant_is_of_pieces() - does a mutant withhold a piece of notifications?
 * @kind: the mutant
 *
 * Return: true if it does; all of one is a piece, too.
 */
bool devtlb_mutant_is_of_pieces(enum devtlb_mutant kind)
{
	return kind == DEVTLB_MUTANT_DROP || kind == DEVTLB_MUTANT_TRIM ||
	       kind > DEVTLB_MUTANT_FRACTURE_HEAD;
}

/**
 * devtlb_mutants_destroy() - let go of what mutants refer to
 * @mutants: no callback uses them any more
 *
 * Context: may sleep.
 */
void devtlb_mutants_destroy(struct devtlb_mutants *mutants)
{
	unsigned int i;

	for (i = 0; i < mutants->nr; i++) {
		if (mutants->mutant[i].spec.other)
			devtlb_object_put(&mutants->mutant[i].spec.other->object);
	}
	mutants->nr = 0;
	kvfree(mutants->mutant);
	mutants->mutant = NULL;
}

static bool site_matches(const struct devtlb_mutant_spec *spec, u16 site)
{
	if (!spec->site[0])
		return true;
	if (spec->whole_chain)
		return strcmp(devtlb_site_chain(site), spec->site) == 0;
	return devtlb_site_has_functions(site, spec->site);
}

static bool range_matches(const struct devtlb_mutant_spec *spec,
			  struct devtlb_range range)
{
	unsigned long pages = (range.last >> PAGE_SHIFT) -
			      (range.start >> PAGE_SHIFT) + 1;

	return pages >= spec->pages_min &&
	       (!spec->pages_max || pages <= spec->pages_max);
}

/*
 * Is it a notification that a mutant may act on? Then @piece is what it would
 * withhold.
 */
static bool mutant_matches(const struct devtlb_mutant_spec *spec,
			   const struct devtlb_pasid *pasid,
			   const struct devtlb_notification *notification,
			   struct devtlb_range *piece)
{
	return site_matches(spec, notification->site) &&
	       range_matches(spec, notification->range) &&
	       (spec->only != DEVTLB_ONLY_FOREIGN || current->mm != pasid->mm) &&
	       devtlb_edge_piece(spec->kind, notification->range, piece);
}

static bool mutant_spares(const struct devtlb_sparing *sparing,
			  const struct devtlb_translation *translation)
{
	return devtlb_edge_is_of(sparing->what, translation);
}

/*
 * A number below DEVTLB_CERTAIN that depends on nothing but its arguments, so
 * that a seed acts on the same notifications again (splitmix64's mix).
 */
static u32 mutant_draw(u64 seed, u64 nr)
{
	u64 mixed = seed + nr * 0x9e3779b97f4a7c15ULL;
	u32 rest;

	mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9ULL;
	mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebULL;
	div_u64_rem(mixed ^ (mixed >> 31), DEVTLB_CERTAIN, &rest);
	return rest;
}

/* Is it this mutant's turn, of the @nr-th notification that it matches? */
static bool mutant_has_its_turn(const struct devtlb_mutant_spec *spec, u64 nr,
				u64 acted)
{
	u32 rest = 0;

	if (nr < spec->nth || (spec->times && acted >= spec->times))
		return false;
	if (spec->every)
		div_u64_rem(nr - spec->nth, spec->every, &rest);
	return rest == 0 && mutant_draw(spec->seed, nr) < spec->probability;
}

/* What the first mutant that acts on a notification does; in any context. */
static struct devtlb_act
mutants_choose(struct devtlb_filter *filter, const struct devtlb_pasid *pasid,
	       const struct devtlb_notification *notification)
{
	struct devtlb_mutants *mutants =
		container_of(filter, struct devtlb_mutants, filter);
	struct devtlb_act act = { };
	unsigned long flags;
	unsigned int i;

	raw_spin_lock_irqsave(&mutants->lock, flags);
	for (i = 0; i < mutants->nr && !act.kind; i++) {
		struct devtlb_mutant_spec *spec = &mutants->mutant[i].spec;
		struct devtlb_range piece;

		if (!mutant_matches(spec, pasid, notification, &piece) ||
		    !mutant_has_its_turn(spec, ++mutants->mutant[i].matched,
					 mutants->mutant[i].acted))
			continue;
		mutants->mutant[i].acted++;
		act = (struct devtlb_act) {
			.kind = spec->kind,
			.piece = piece,
			.delay_ms = spec->delay_ms,
			.other = spec->other,
		};
		if (spec->only && spec->only != DEVTLB_ONLY_FOREIGN)
			act.sparing = (struct devtlb_sparing) {
				.spares = mutant_spares,
				.what = spec->only,
			};
	}
	raw_spin_unlock_irqrestore(&mutants->lock, flags);
	return act;
}

void devtlb_mutants_init(struct devtlb_mutants *mutants)
{
	raw_spin_lock_init(&mutants->lock);
	mutants->filter.choose = mutants_choose;
}

/*
 * Makes room for them all, once. What the callback sees of it is ordered by
 * mutants->lock: it looks no further than mutants->nr, which grows under it later.
 */
static int mutants_make_room(struct devtlb_mutants *mutants)
{
	if (!mutants->mutant)
		mutants->mutant = kvcalloc(DEVTLB_MUTANTS_MAX,
					   sizeof(*mutants->mutant), GFP_KERNEL);
	return mutants->mutant ? 0 : -ENOMEM;
}

static int mutants_append(struct devtlb_mutants *mutants,
			  const struct devtlb_mutant_spec *spec)
{
	unsigned long flags;
	int err = -ENOSPC;

	raw_spin_lock_irqsave(&mutants->lock, flags);
	if (mutants->nr < DEVTLB_MUTANTS_MAX) {
		mutants->mutant[mutants->nr++].spec = *spec;
		err = 0;
	}
	raw_spin_unlock_irqrestore(&mutants->lock, flags);
	return err;
}

/* One of how notifications reach the device. */
static int mutant_add_to_notifier(struct devtlb_notifier *notifier,
				  struct devtlb_mutants *mutants,
				  const struct devtlb_mutant_spec *spec,
				  struct netlink_ext_ack *extack)
{
	int err = 0;

	if (spec->kind == DEVTLB_MUTANT_LATE)
		err = devtlb_window_watch(notifier, extack);
	if (!err)
		err = mutants_make_room(mutants);
	if (err)
		return err;
	err = mutants_append(mutants, spec);
	if (err)
		NL_SET_ERR_MSG_MOD(extack, "a PASID has at most "
				   __stringify(DEVTLB_MUTANTS_MAX) " mutants");
	/* Pairs with the acquire in filter_choose(). */
	smp_store_release(&notifier->filter, &mutants->filter);
	return err;
}

/**
 * devtlb_mutant_add() - add a mutant to a PASID
 * @pasid: bound; its jobs mutex is held
 * @mutants: its mutants
 * @spec: copied; on success its reference is taken over
 * @extack: receives the reason of a failure; may be NULL
 *
 * Context: may sleep.
 * Return: 0 or a negative errno.
 */
int devtlb_mutant_add(struct devtlb_pasid *pasid,
		      struct devtlb_mutants *mutants,
		      const struct devtlb_mutant_spec *spec,
		      struct netlink_ext_ack *extack)
{
	lockdep_assert_held(&pasid->jobs);
	/* Before it acts (invariant 6). */
	if (devtlb_contain())
		devtlb_atc_guard_stores(&pasid->atc);
	if (devtlb_mutant_is_of_device(spec->kind)) {
		devtlb_atc_add_defect(&pasid->atc, spec->kind);
		return 0;
	}
	return mutant_add_to_notifier(devtlb_notifier_of(pasid), mutants, spec,
				      extack);
}

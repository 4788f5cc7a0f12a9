// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mutants: deliberate defects. They prove that a detector can see what it is
 * for. This file says which notifications a mutant acts on; delivery.c does
 * what it does to them. The device's own defects are in atc.c and delivery.c,
 * where a right device does right.
 */
#include <linux/errno.h>
#include <linux/math64.h>
#include <linux/string.h>

#include "mutant/mutant.h"
#include "device/pasid.h"
#include "notifier/site.h"

/**
 * devtlb_mutant_is_of_device() - is a mutant a defect of the device itself?
 * @kind: the mutant
 *
 * Return: false if it is one of how notifications reach the device.
 */
bool devtlb_mutant_is_of_device(enum devtlb_mutant kind)
{
	return kind >= DEVTLB_MUTANT_EARLY_ACK;
}

void devtlb_mutants_init(struct devtlb_mutants *mutants)
{
	raw_spin_lock_init(&mutants->lock);
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
			devtlb_pasid_put(mutants->mutant[i].spec.other);
	}
	mutants->nr = 0;
}

/**
 * devtlb_mutant_add() - add a mutant to a PASID
 * @mutants: the PASID's
 * @spec: copied; on success its reference is taken over
 *
 * Context: any.
 * Return: 0 or -ENOSPC.
 */
int devtlb_mutant_add(struct devtlb_mutants *mutants,
		      const struct devtlb_mutant_spec *spec)
{
	unsigned long flags;
	int err = -ENOSPC;

	raw_spin_lock_irqsave(&mutants->lock, flags);
	if (mutants->nr < DEVTLB_MUTANTS_MAX) {
		mutants->mutant[mutants->nr].spec = *spec;
		WRITE_ONCE(mutants->nr, mutants->nr + 1);
		err = 0;
	}
	raw_spin_unlock_irqrestore(&mutants->lock, flags);
	return err;
}

static bool matches(const struct devtlb_mutant_spec *spec, u16 site)
{
	if (!spec->site[0])
		return true;
	if (spec->whole_chain)
		return strcmp(devtlb_site_chain(site), spec->site) == 0;
	return devtlb_site_has_functions(site, spec->site);
}

/*
 * A number below DEVTLB_CERTAIN that depends on nothing but its arguments, so
 * that a seed acts on the same notifications again (splitmix64's mix).
 */
static u32 draw(u64 seed, u64 nr)
{
	u64 mixed = seed + nr * 0x9e3779b97f4a7c15ULL;
	u32 rest;

	mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9ULL;
	mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebULL;
	div_u64_rem(mixed ^ (mixed >> 31), DEVTLB_CERTAIN, &rest);
	return rest;
}

/**
 * devtlb_mutants_choose() - what is done to a notification
 * @mutants: the PASID's
 * @site: where the notification comes from
 *
 * Context: any.
 * Return: what the first mutant that acts on it does.
 */
struct devtlb_act devtlb_mutants_choose(struct devtlb_mutants *mutants,
					u16 site)
{
	struct devtlb_act act = { };
	unsigned long flags;
	unsigned int i;

	if (!READ_ONCE(mutants->nr))
		return act;

	raw_spin_lock_irqsave(&mutants->lock, flags);
	for (i = 0; i < mutants->nr && !act.kind; i++) {
		struct devtlb_mutant_spec *spec = &mutants->mutant[i].spec;
		u64 nr;

		if (!matches(spec, site))
			continue;
		nr = ++mutants->mutant[i].matched;
		if (nr < spec->nth ||
		    (spec->times && mutants->mutant[i].acted >= spec->times) ||
		    draw(spec->seed, nr) >= spec->probability)
			continue;
		mutants->mutant[i].acted++;
		act = (struct devtlb_act) {
			.kind = spec->kind,
			.delay_ms = spec->delay_ms,
			.other = spec->other,
		};
	}
	raw_spin_unlock_irqrestore(&mutants->lock, flags);
	return act;
}

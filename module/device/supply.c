// SPDX-License-Identifier: GPL-2.0-only
/*
 * Supplies: memory for translations, brought along by whoever fills, since a
 * fill installs with interrupts off (invariant 3).
 */
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "device/atc.h"
#include "device/supply.h"

static struct kmem_cache *translation_cache;

int devtlb_supply_module_init(void)
{
	translation_cache = kmem_cache_create("devtlb_translation",
					      sizeof(struct devtlb_translation),
					      0, 0, NULL);
	return translation_cache ? 0 : -ENOMEM;
}

void devtlb_supply_module_exit(void)
{
	kmem_cache_destroy(translation_cache);
}

/**
 * devtlb_translations_free() - free a chain of translations
 * @first: of the chain, or NULL; nobody else knows any of them
 *
 * Context: may sleep.
 */
void devtlb_translations_free(struct devtlb_translation *first)
{
	while (first) {
		struct devtlb_translation *next = first->next;

		kmem_cache_free(translation_cache, first);
		first = next;
	}
}

/* One that was killed before, if there is any. */
static struct devtlb_translation *supply_take_spare(struct devtlb_atc *atc)
{
	struct devtlb_translation *spare;
	unsigned long flags;

	raw_spin_lock_irqsave(&atc->lock, flags);
	spare = atc->spare;
	if (spare)
		atc->spare = spare->next;
	raw_spin_unlock_irqrestore(&atc->lock, flags);
	if (spare)
		spare->next = NULL;
	return spare;
}

static int supply_fill_one(struct devtlb_atc *atc,
			   struct devtlb_fill_supply *supply)
{
	if (!supply->spare)
		supply->spare = supply_take_spare(atc);
	if (!supply->spare)
		supply->spare = kmem_cache_zalloc(translation_cache, GFP_KERNEL);
	if (!supply->spare)
		return -ENOMEM;
	return devtlb_node_supply_fill(&supply->nodes);
}

/**
 * devtlb_atc_supply_fill() - bring what the next fill may need
 * @atc: what it is filled into
 * @supply: whoever fills has it to himself
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int devtlb_atc_supply_fill(struct devtlb_atc *atc,
			   struct devtlb_atc_supply *supply)
{
	return supply_fill_one(atc, &supply->page) ? :
	       supply_fill_one(atc, &supply->table);
}

static void supply_free_one(struct devtlb_fill_supply *supply)
{
	devtlb_node_supply_free(&supply->nodes);
	devtlb_translations_free(supply->spare);
	supply->spare = NULL;
}

/**
 * devtlb_atc_supply_free() - free what no fill took
 * @supply: empty afterwards
 *
 * Context: no fill uses it; a removed user's, after its RCU grace period.
 */
void devtlb_atc_supply_free(struct devtlb_atc_supply *supply)
{
	supply_free_one(&supply->page);
	supply_free_one(&supply->table);
}

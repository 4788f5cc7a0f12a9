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

static int supply_take(struct devtlb_atc *atc, struct devtlb_translation **spare)
{
	*spare = supply_take_spare(atc) ? :
		 kmem_cache_zalloc(translation_cache, GFP_KERNEL);
	return *spare ? 0 : -ENOMEM;
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
	unsigned int level;
	int err = 0;

	if (!supply->page)
		err = supply_take(atc, &supply->page);
	for (level = 0; level < DEVTLB_TABLE_LEVELS && !err; level++) {
		if (!supply->table[level])
			err = supply_take(atc, &supply->table[level]);
	}
	return err ? : devtlb_node_supply_fill(&supply->page_nodes) ? :
		       devtlb_node_supply_fill(&supply->table_nodes) ? :
		       devtlb_hooks->supplying(&supply->filing);
}

/**
 * devtlb_atc_supply_free() - free what no fill took
 * @supply: empty afterwards
 *
 * Context: no fill uses it; a removed user's, after its RCU grace period.
 */
void devtlb_atc_supply_free(struct devtlb_atc_supply *supply)
{
	unsigned int level;

	devtlb_node_supply_free(&supply->page_nodes);
	devtlb_node_supply_free(&supply->table_nodes);
	devtlb_hooks->unsupplied(&supply->filing);
	devtlb_translations_free(supply->page);
	for (level = 0; level < DEVTLB_TABLE_LEVELS; level++)
		devtlb_translations_free(supply->table[level]);
	*supply = (struct devtlb_atc_supply) { };
}

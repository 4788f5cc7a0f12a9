// SPDX-License-Identifier: GPL-2.0-only
/*
 * The translation store: a radix tree over virtual addresses.
 *
 * Pure: no locks, no kernel state; the host's unit tests and fuzzer compile
 * this very file.
 *
 * Who may call what, and what makes it safe:
 *
 *   devtlb_store_lookup()	any time, without a lock
 *   everything else		the caller serialises (the ATC's lock)
 *
 * A lookup races with insertions and removals. Nodes are never freed or given
 * to another address while the store lives, and every pointer is published
 * by a release store after what it points to was made ready; the lookup follows
 * address dependencies. It may return a translation that was removed a moment
 * ago: the memory of translations is the caller's, who recycles one only after
 * every access that could have looked it up has ended (atc.c).
 */
#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <asm/barrier.h>

#include "device/store.h"

/**
 * struct devtlb_node - one level of the store for one aligned piece of memory
 * @parent: the node above; NULL for the root
 * @slot_in_parent: where the parent holds this node
 * @level: 0 maps 4K a slot; each level above, 512 times as much
 * @nr_used: bits set in @used
 * @used: slots that hold a translation, or a child that holds one
 * @leaf: translations, a page of them; NULL at levels that hold none
 * @child: nodes below, a page of them; NULL at level 0
 *
 * Pages of their own: larger pieces of memory make the kernel compact.
 */
struct devtlb_node {
	struct devtlb_node *parent;
	u16 slot_in_parent;
	u8 level;
	u16 nr_used;
	DECLARE_BITMAP(used, DEVTLB_NODE_SLOTS);
	struct devtlb_translation **leaf;
	struct devtlb_node **child;
};

/* Addresses above this have no slot: non-canonical, or the kernel's. */
#define STORE_LAST \
	((1UL << (DEVTLB_PAGE_SHIFT + DEVTLB_NODE_BITS * DEVTLB_STORE_LEVELS)) - 1)

static unsigned int level_shift(unsigned int level)
{
	return DEVTLB_PAGE_SHIFT + DEVTLB_NODE_BITS * level;
}

static unsigned int slot_of(unsigned long va, unsigned int level)
{
	return (va >> level_shift(level)) & (DEVTLB_NODE_SLOTS - 1);
}

/**
 * devtlb_store_holds_shift() - is this a page size that the store can hold?
 * @shift: log2 of the size
 *
 * Return: true for 4K, 2M and 1G.
 */
bool devtlb_store_holds_shift(unsigned int shift)
{
	return shift >= DEVTLB_PAGE_SHIFT &&
	       (shift - DEVTLB_PAGE_SHIFT) % DEVTLB_NODE_BITS == 0 &&
	       (shift - DEVTLB_PAGE_SHIFT) / DEVTLB_NODE_BITS < DEVTLB_PAGE_LEVELS;
}

/**
 * devtlb_node_free() - free a node that holds nothing
 * @node: in no store; or NULL
 */
void devtlb_node_free(struct devtlb_node *node)
{
	if (!node)
		return;
	kfree(node->leaf);
	kfree(node->child);
	kfree(node);
}

static struct devtlb_node *node_alloc(unsigned int level)
{
	struct devtlb_node *node = kzalloc(sizeof(*node), GFP_KERNEL);

	if (!node)
		return NULL;
	node->level = level;
	if (level < DEVTLB_PAGE_LEVELS)
		node->leaf = kcalloc(DEVTLB_NODE_SLOTS, sizeof(*node->leaf),
				     GFP_KERNEL);
	if (level > 0)
		node->child = kcalloc(DEVTLB_NODE_SLOTS, sizeof(*node->child),
				      GFP_KERNEL);
	if ((level < DEVTLB_PAGE_LEVELS && !node->leaf) ||
	    (level > 0 && !node->child)) {
		devtlb_node_free(node);
		return NULL;
	}
	return node;
}

/**
 * devtlb_store_init() - make an empty store
 * @store: the store
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int devtlb_store_init(struct devtlb_store *store)
{
	store->root = node_alloc(DEVTLB_STORE_LEVELS - 1);
	if (!store->root)
		return -ENOMEM;
	store->held = 0;
	return 0;
}

static void free_tree(struct devtlb_node *node)
{
	unsigned int slot;

	if (node->level > 0) {
		for (slot = 0; slot < DEVTLB_NODE_SLOTS; slot++) {
			if (node->child[slot])
				free_tree(node->child[slot]);
		}
	}
	devtlb_node_free(node);
}

/**
 * devtlb_store_destroy() - free every node
 * @store: the store; no lookup may be running, and the translations are the
 *	caller's to free
 *
 * Context: may sleep.
 */
void devtlb_store_destroy(struct devtlb_store *store)
{
	if (store->root)
		free_tree(store->root);
	store->root = NULL;
	store->held = 0;
}

/**
 * devtlb_node_supply_fill() - have enough nodes for any one insertion
 * @supply: topped up; all zeroes at first
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int devtlb_node_supply_fill(struct devtlb_node_supply *supply)
{
	unsigned int level;

	for (level = 0; level < ARRAY_SIZE(supply->node); level++) {
		if (!supply->node[level])
			supply->node[level] = node_alloc(level);
		if (!supply->node[level])
			return -ENOMEM;
	}
	return 0;
}

/**
 * devtlb_node_supply_free() - free the nodes that no insertion took
 * @supply: empty afterwards
 */
void devtlb_node_supply_free(struct devtlb_node_supply *supply)
{
	unsigned int level;

	for (level = 0; level < ARRAY_SIZE(supply->node); level++) {
		devtlb_node_free(supply->node[level]);
		supply->node[level] = NULL;
	}
}

static void mark_used(struct devtlb_node *node, unsigned int slot)
{
	for (;;) {
		__set_bit(slot, node->used);
		if (node->nr_used++ > 0 || !node->parent)
			return;
		slot = node->slot_in_parent;
		node = node->parent;
	}
}

static void mark_unused(struct devtlb_node *node, unsigned int slot)
{
	for (;;) {
		__clear_bit(slot, node->used);
		if (--node->nr_used > 0 || !node->parent)
			return;
		slot = node->slot_in_parent;
		node = node->parent;
	}
}

/* Looks at one level, of @node, which goes one down; returns whether that ends it. */
static __always_inline bool lookup_at(const struct devtlb_node **node,
				      unsigned long va, unsigned int level,
				      struct devtlb_translation **found)
{
	unsigned int slot = slot_of(va, level);

	if (level < DEVTLB_PAGE_LEVELS) {
		struct devtlb_translation *translation;

		/* Pairs with the release in devtlb_store_insert(). */
		translation = READ_ONCE((*node)->leaf[slot]);
		if (translation || level == 0) {
			*found = translation;
			return true;
		}
	}
	/* Pairs with the release in descend_or_grow(). */
	*node = READ_ONCE((*node)->child[slot]);
	return !*node;
}

/**
 * devtlb_store_lookup() - the translation that covers an address
 * @store: the store
 * @va: the address
 *
 * A call for each level, so that the compiler knows it: this is what an access
 * costs.
 *
 * Context: any; needs no lock (see the top of this file).
 * Return: the translation, perhaps one that is being removed; or NULL.
 */
struct devtlb_translation *devtlb_store_lookup(const struct devtlb_store *store,
					       unsigned long va)
{
	struct devtlb_translation *found = NULL;
	const struct devtlb_node *node = store->root;

	static_assert(DEVTLB_STORE_LEVELS == 5, "a call for each level");
	if (va > STORE_LAST)
		return NULL;
	if (lookup_at(&node, va, 4, &found) ||
	    lookup_at(&node, va, 3, &found) ||
	    lookup_at(&node, va, 2, &found) ||
	    lookup_at(&node, va, 1, &found))
		return found;
	lookup_at(&node, va, 0, &found);
	return found;
}

static struct devtlb_translation *first_below(const struct devtlb_node *node,
					      unsigned long base,
					      struct devtlb_range range)
{
	unsigned long node_last = base | ((1UL << level_shift(node->level + 1)) - 1);
	unsigned int slot = slot_of(max(range.start, base), node->level);
	unsigned int last = slot_of(min(range.last, node_last), node->level);

	/*
	 * Used slots strictly between the two ends lie wholly in the range, so
	 * at most the two end slots of a level are entered in vain: the cost
	 * does not depend on what is held outside the range.
	 */
	for (slot = find_next_bit(node->used, DEVTLB_NODE_SLOTS, slot);
	     slot <= last;
	     slot = find_next_bit(node->used, DEVTLB_NODE_SLOTS, slot + 1)) {
		struct devtlb_translation *found =
			node->leaf ? node->leaf[slot] : NULL;

		if (!found)
			found = first_below(node->child[slot],
					    base + ((unsigned long)slot <<
						    level_shift(node->level)),
					    range);
		if (found)
			return found;
	}
	return NULL;
}

/**
 * devtlb_store_first() - the lowest translation that overlaps a range
 * @store: the store; may be destroyed
 * @range: any range; addresses that no page can have are ignored
 *
 * Context: the caller serialises. Costs O(1) in pages and translations.
 * Return: the translation, or NULL.
 */
struct devtlb_translation *devtlb_store_first(const struct devtlb_store *store,
					      struct devtlb_range range)
{
	if (range.start > STORE_LAST || store->held == 0)
		return NULL;
	return first_below(store->root, 0, range);
}

static struct devtlb_node *descend_or_grow(struct devtlb_node *node,
					   unsigned long va,
					   struct devtlb_node_supply *supply)
{
	unsigned int slot = slot_of(va, node->level);
	struct devtlb_node *child = node->child[slot];

	if (child)
		return child;

	swap(child, supply->node[node->level - 1]);
	if (!child)
		return NULL;
	child->parent = node;
	child->slot_in_parent = slot;
	/* Pairs with the dependency in devtlb_store_lookup(). */
	smp_store_release(&node->child[slot], child);
	return child;
}

/**
 * devtlb_store_insert() - add a translation
 * @store: the store
 * @translation: @va, @shift and the rest are set; in no store
 * @supply: filled by devtlb_node_supply_fill() since its last insertion
 *
 * Context: the caller serialises. Does not allocate.
 * Return: 0; -EEXIST when a translation overlaps (remove it first); -EINVAL for
 * an address or a size that the store cannot hold; -ENOMEM when @supply was not
 * full.
 */
int devtlb_store_insert(struct devtlb_store *store,
			struct devtlb_translation *translation,
			struct devtlb_node_supply *supply)
{
	struct devtlb_node *node = store->root;
	struct devtlb_range range;
	unsigned int level;
	unsigned int slot;

	if (!devtlb_store_holds_shift(translation->shift))
		return -EINVAL;
	range = devtlb_translation_range(translation);
	if (range.start != translation->va || range.last > STORE_LAST)
		return -EINVAL;
	if (devtlb_store_first(store, range))
		return -EEXIST;

	level = (translation->shift - DEVTLB_PAGE_SHIFT) / DEVTLB_NODE_BITS;
	while (node->level > level) {
		node = descend_or_grow(node, translation->va, supply);
		if (!node)
			return -ENOMEM;
	}

	slot = slot_of(translation->va, level);
	translation->node = node;
	/* Pairs with the dependency in devtlb_store_lookup(). */
	smp_store_release(&node->leaf[slot], translation);
	mark_used(node, slot);
	store->held++;
	return 0;
}

/**
 * devtlb_store_remove() - take a translation out
 * @store: the store
 * @translation: must be in the store; a lookup may still return it
 *
 * Context: the caller serialises. Neither allocates nor frees.
 */
void devtlb_store_remove(struct devtlb_store *store,
			 struct devtlb_translation *translation)
{
	struct devtlb_node *node = translation->node;
	unsigned int slot = slot_of(translation->va, node->level);

	WRITE_ONCE(node->leaf[slot], NULL);
	translation->node = NULL;
	mark_unused(node, slot);
	store->held--;
}

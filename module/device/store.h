/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_STORE_H
#define DEVTLB_STORE_H

#include "device/range.h"
#include "device/translation.h"

#define DEVTLB_NODE_BITS	9
#define DEVTLB_NODE_SLOTS	(1 << DEVTLB_NODE_BITS)
#define DEVTLB_STORE_LEVELS	5
/* Levels that translations can sit at: 4K, 2M, 1G. */
#define DEVTLB_PAGE_LEVELS	3
#define DEVTLB_PAGE_SHIFT	12

/**
 * struct devtlb_store - the translations of one PASID, ordered by address
 * @root: top node, there from the start
 * @held: translations in the store
 *
 * A radix tree with the shape of the page table: a page of any size is one
 * slot at the level of that size, and translations never overlap. Nodes are
 * added by insertions and stay until devtlb_store_destroy(); a node that holds
 * nothing is skipped at its parent. So removal neither allocates nor frees
 * (invariant 3), and a lookup needs no lock: see devtlb_store_lookup().
 */
struct devtlb_store {
	struct devtlb_node *root;
	unsigned long held;
};

/**
 * struct devtlb_node_supply - nodes for an insertion that must not allocate
 * @node: one for each level below the root, or NULL where it was used
 */
struct devtlb_node_supply {
	struct devtlb_node *node[DEVTLB_STORE_LEVELS - 1];
};

int devtlb_store_init(struct devtlb_store *store);
void devtlb_store_destroy(struct devtlb_store *store);

void devtlb_node_free(struct devtlb_node *node);
int devtlb_node_supply_fill(struct devtlb_node_supply *supply);
void devtlb_node_supply_free(struct devtlb_node_supply *supply);

bool devtlb_store_holds_shift(unsigned int shift);
struct devtlb_translation *devtlb_store_lookup(const struct devtlb_store *store,
					       unsigned long va);
struct devtlb_translation *devtlb_store_first(const struct devtlb_store *store,
					      struct devtlb_range range);
int devtlb_store_insert(struct devtlb_store *store,
			struct devtlb_translation *translation,
			struct devtlb_node_supply *supply);
void devtlb_store_remove(struct devtlb_store *store,
			 struct devtlb_translation *translation);

#endif /* DEVTLB_STORE_H */

/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_SUPPLY_H
#define DEVTLB_SUPPLY_H

#include "device/hooks.h"
#include "device/store.h"
#include "device/table_level.h"

struct devtlb_atc;
struct devtlb_translation;

/**
 * struct devtlb_atc_supply - what a fill needs and must not allocate; whoever fills
 *	has one
 * @page_nodes: for the store
 * @page: the translation
 * @table_nodes: for the page-walk cache
 * @table: what that has of each level
 * @filing: for who is told of it
 */
struct devtlb_atc_supply {
	struct devtlb_node_supply page_nodes;
	struct devtlb_translation *page;
	struct devtlb_node_supply table_nodes;
	struct devtlb_translation *table[DEVTLB_TABLE_LEVELS];
	struct devtlb_filing filing;
};

int devtlb_supply_module_init(void);
void devtlb_supply_module_exit(void);

int devtlb_atc_supply_fill(struct devtlb_atc *atc,
			   struct devtlb_atc_supply *supply);
void devtlb_atc_supply_free(struct devtlb_atc_supply *supply);
void devtlb_translations_free(struct devtlb_translation *first);

#endif /* DEVTLB_SUPPLY_H */

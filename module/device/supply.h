/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_SUPPLY_H
#define DEVTLB_SUPPLY_H

#include "device/store.h"

struct devtlb_atc;
struct devtlb_translation;

/**
 * struct devtlb_fill_supply - what an insertion needs and must not allocate
 * @nodes: for the store
 * @spare: the translation
 */
struct devtlb_fill_supply {
	struct devtlb_node_supply nodes;
	struct devtlb_translation *spare;
};

/**
 * struct devtlb_atc_supply - what a fill needs; whoever fills has one
 * @page: for the translation
 * @table: for the page-walk cache
 */
struct devtlb_atc_supply {
	struct devtlb_fill_supply page;
	struct devtlb_fill_supply table;
};

int devtlb_supply_module_init(void);
void devtlb_supply_module_exit(void);

int devtlb_atc_supply_fill(struct devtlb_atc *atc,
			   struct devtlb_atc_supply *supply);
void devtlb_atc_supply_free(struct devtlb_atc_supply *supply);
void devtlb_translations_free(struct devtlb_translation *first);

#endif /* DEVTLB_SUPPLY_H */

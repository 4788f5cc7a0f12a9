/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_MUTANT_H
#define DEVTLB_MUTANT_H

#include <linux/types.h>

#include "devtlb.h"

#define DEVTLB_MUTANTS_MAX	8

/**
 * struct devtlb_mutant_spec - one deliberate defect
 * @kind: what it does
 * @site: to which notifications: those with this function in their chain
 */
struct devtlb_mutant_spec {
	enum devtlb_mutant kind;
	char site[DEVTLB_SYMBOL_MAX];
};

/**
 * struct devtlb_mutants - the mutants of a PASID; only ever added to
 * @nr: how many
 * @spec: in the order they came
 */
struct devtlb_mutants {
	u8 nr;
	struct devtlb_mutant_spec spec[DEVTLB_MUTANTS_MAX];
};

struct devtlb_site_log;

int devtlb_mutant_add(struct devtlb_site_log *log,
		      const struct devtlb_mutant_spec *spec);
u8 devtlb_mutants_of_site(const struct devtlb_mutants *mutants, u16 site);

#endif /* DEVTLB_MUTANT_H */

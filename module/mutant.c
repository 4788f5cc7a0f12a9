// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mutants: deliberate defects in how the kernel's calls reach the device. They
 * prove that a detector can see what it is for.
 */
#include <linux/bits.h>
#include <linux/errno.h>

#include "mutant.h"
#include "site.h"

/**
 * devtlb_mutant_add() - add a mutant to a PASID
 * @log: the PASID's
 * @spec: copied
 *
 * Context: any.
 * Return: 0 or -ENOSPC.
 */
int devtlb_mutant_add(struct devtlb_site_log *log,
		      const struct devtlb_mutant_spec *spec)
{
	struct devtlb_mutants *mutants = &log->mutants;
	unsigned long flags;
	int err = -ENOSPC;

	raw_spin_lock_irqsave(&log->lock, flags);
	if (mutants->nr < DEVTLB_MUTANTS_MAX) {
		mutants->spec[mutants->nr++] = *spec;
		err = 0;
	}
	raw_spin_unlock_irqrestore(&log->lock, flags);
	return err;
}

/**
 * devtlb_mutants_of_site() - which mutants act on a site
 * @mutants: the PASID's
 * @site: the site
 *
 * Context: the log's lock held.
 * Return: a bit for each.
 */
u8 devtlb_mutants_of_site(const struct devtlb_mutants *mutants, u16 site)
{
	u8 acting = 0;
	unsigned int i;

	for (i = 0; i < mutants->nr; i++) {
		if (devtlb_site_has_function(site, mutants->spec[i].site))
			acting |= BIT(i);
	}
	return acting;
}

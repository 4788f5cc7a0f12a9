// SPDX-License-Identifier: GPL-2.0-only
#include "runner/armed.h"
#include "model/site_pattern.h"

unsigned int arm(const struct scenario *scenario,
		 enum devtlb_callback callback, enum devtlb_mutant kind,
		 struct mutant *mutants)
{
	const char * const *drop = scenario->sites[callback].drop;
	unsigned int i, nr = 0;

	for (i = 0; i < SITES_MAX && drop[i]; i++) {
		mutants[nr] = (struct mutant) { .kind = kind };
		/* Not there: one of several, named for different kernels. */
		nr += site_resolve(drop[i], mutants[nr].site);
	}
	return nr;
}

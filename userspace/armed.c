// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>

#include "armed.h"
#include "kernel_function.h"

unsigned int arm(const struct scenario *scenario,
		 enum devtlb_callback callback, enum devtlb_mutant kind,
		 struct mutant *mutants)
{
	const char * const *drop = scenario->sites[callback].drop;
	unsigned int i, nr = 0;

	for (i = 0; i < SITES_MAX && drop[i]; i++) {
		const char *function = kernel_function(drop[i]);

		/* One of several that are named for different kernels. */
		if (!function)
			continue;
		mutants[nr] = (struct mutant) { .kind = kind };
		snprintf(mutants[nr].site, sizeof(mutants[nr].site), "%s",
			 function);
		nr++;
	}
	return nr;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/* Coverage: which of the known sites were reached, by what, and how. */
#ifndef COVERAGE_H
#define COVERAGE_H

#include <json-c/json.h>

#include "devtlb.h"

/*
 * An object with "known", an array of the sites in the catalogue: path, site,
 * lock ("held", "not held" or none), absent (this kernel has no such function),
 * unreachable (why no scenario gets there, or none), scenarios, count,
 * under-lock, smallest, largest; and "new", an array of sites that the catalogue
 * lacks: chain, scenarios and the same numbers.
 */
struct json_object *coverage_new(enum devtlb_callback callback);

/* Adds sites, as the module shows them; @scenario may be NULL. */
void coverage_add(struct json_object *coverage, const char *scenario,
		  struct json_object *sites);

/* Of the known sites that a scenario could reach: those that were. */
struct coverage_sum {
	unsigned int reachable;
	unsigned int reached;
};

struct coverage_sum coverage_sum(struct json_object *coverage);

#endif /* COVERAGE_H */

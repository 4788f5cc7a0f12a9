/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From where scenarios are told on the kernels that the catalogue is of: names
 * that describe, and decide nothing. Where one of these kernels tells from
 * elsewhere, that is said.
 */
#ifndef TOLD_FROM_H
#define TOLD_FROM_H

#include <json-c/json.h>

#include "devtlb.h"

/* The kernel will be asked for the names of a scenario. */
void told_from_expect(const char *scenario);

/*
 * Adds to a clean run the array "elsewhere": what its scenario is told from on
 * the kernels of the catalogue, of which this is one, and was not told from.
 */
void told_from_compare(struct json_object *run, const char *scenario,
		       enum devtlb_callback callback);

#endif /* TOLD_FROM_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/* Coverage, for people. */
#ifndef COVERAGE_REPORT_H
#define COVERAGE_REPORT_H

#include <json-c/json.h>

/* How many known sites were reached; which were not, and which are new. */
void print_coverage_sum(struct json_object *coverage);
/* Chains that no row of the catalogue is about, and a scenario of each. */
void print_coverage_new(struct json_object *coverage);
/* All of it. */
void print_coverage(struct json_object *coverage);

#endif /* COVERAGE_REPORT_H */

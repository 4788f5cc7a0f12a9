/* SPDX-License-Identifier: GPL-2.0-only */
/* The tables of "devtlb mutate". */
#ifndef MUTATION_REPORT_H
#define MUTATION_REPORT_H

#include <json-c/json.h>

void print_mutation(struct json_object *all);

#endif /* MUTATION_REPORT_H */

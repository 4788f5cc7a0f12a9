/* SPDX-License-Identifier: GPL-2.0-only */
/* Causes: one of them gives many findings. */
#ifndef CAUSE_H
#define CAUSE_H

#include <json-c/json.h>

/*
 * Folds findings: those from which the same site was withheld have one cause;
 * of the others those that break the same rule in the same way, at the same
 * place in the kernel. An array, in the order of their first findings, of
 * objects: rules ("A B"), withheld (the site) or place (functions, innermost
 * first) or neither, looks-like, count (with repetitions), and findings (an
 * array of them).
 */
struct json_object *causes_of(struct json_object *findings);
/* The same for where the findings are, too: their "seq" stand for them. */
struct json_object *causes_by_number(struct json_object *findings);

#endif /* CAUSE_H */

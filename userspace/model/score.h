/* SPDX-License-Identifier: GPL-2.0-only */
/* The mutation score, from the outcomes of all mutants. */
#ifndef SCORE_H
#define SCORE_H

#include <json-c/json.h>

/*
 * Adds to the result of all: mutants, killed, explained, unexplained,
 * unreached, failed and broken (scenarios whose clean run was), median-ops (by
 * rule: rounds until the first finding).
 */
void add_score(struct json_object *all);

#endif /* SCORE_H */

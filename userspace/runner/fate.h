/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What becomes of mutants in a scenario: a run finds something, or what lived on
 * must have a reason, which other runs prove.
 */
#ifndef FATE_H
#define FATE_H

#include <stdbool.h>

#include <json-c/json.h>

#include "runner/run.h"

/* As run_scenario(), once more if that broke. */
struct json_object *run_firmly(const struct scenario *scenario,
			       enum run_kind kind,
			       const struct run_options *options);

/* Far more of them, and the time that they take: for races that must be won. */
void give_more_rounds(struct run_options *options);

/* Adds a mutant that drops each of @chains; false if all are there already. */
bool drop_chains(struct run_options *options, struct json_object *chains);

/* The outcome of one run with the mutants of @options. */
struct json_object *run_mutants_once(const struct scenario *scenario,
				     const struct run_options *options);

/* Did a run with mutants come to anything? Not every one gets into every race. */
bool came_to_something(struct json_object *outcome);

/*
 * The outcome of the mutants of @options, as outcome_of() names it, but for
 * "covered": other sites did the work of what was withheld. Without those, too,
 * it is caught ("redundant"), has a reason ("explained"), or is "unexplained".
 */
struct json_object *fate_of_mutants(const struct scenario *scenario,
				    const struct run_options *options);

#endif /* FATE_H */

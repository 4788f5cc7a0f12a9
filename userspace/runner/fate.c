// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "model/result.h"
#include "runner/account.h"
#include "runner/fate.h"

/* How much longer to try where a defect shows only when a race is won. */
#define MORE_ROUNDS	16

/* Once more when it broke: a page may not have migrated, for instance. */
struct json_object *run_firmly(const struct scenario *scenario,
			       enum run_kind kind,
			       const struct run_options *options)
{
	struct json_object *run = run_scenario(scenario, kind, options);

	if (!is(run, "verdict", "broken") || get_array(run, "sites"))
		return run;
	json_object_put(run);
	return run_scenario(scenario, kind, options);
}

struct json_object *run_mutants_once(const struct scenario *scenario,
				     const struct run_options *options)
{
	struct json_object *run = run_firmly(scenario, RUN_MUTANT, options);
	struct json_object *outcome = outcome_of(run, options->mutants[0].kind);

	json_object_put(run);
	return outcome;
}

/* And the time that they take. */
void give_more_rounds(struct run_options *options)
{
	options->rounds *= MORE_ROUNDS;
	options->timeout *= MORE_ROUNDS;
}

/* What lives for no known reason gets more rounds to show itself. */
static struct json_object *run_mutants(const struct scenario *scenario,
				       const struct run_options *options)
{
	struct json_object *outcome = run_mutants_once(scenario, options);
	struct run_options more = *options;

	/* Not if it broke: that does not get better. */
	if (!is(outcome, "outcome", "unexplained") ||
	    !get_number(outcome, "survived"))
		return outcome;
	json_object_put(outcome);
	give_more_rounds(&more);
	return run_mutants_once(scenario, &more);
}

/* Is a mutant late that acts on each of these chains? */
static bool are_late(const struct run_options *run, struct json_object *chains)
{
	size_t i, nr = json_object_array_length(chains);
	unsigned int j;

	for (i = 0; i < nr; i++) {
		const char *chain = json_object_get_string(
			json_object_array_get_idx(chains, i));
		bool late = false;

		for (j = 0; j < run->nr_mutants; j++) {
			const struct mutant *mutant = &run->mutants[j];

			late |= strcmp(mutant->site, chain) == 0 &&
				(mutant->kind == DEVTLB_MUTANT_LATE ||
				 mutant->kind == DEVTLB_MUTANT_DEFER);
		}
		if (!late)
			return false;
	}
	return nr > 0;
}

bool drop_chains(struct run_options *run, struct json_object *chains)
{
	bool added = false;
	size_t i;

	for (i = 0; chains && i < json_object_array_length(chains); i++) {
		const char *chain = json_object_get_string(
			json_object_array_get_idx(chains, i));

		added |= drop_all_of_chain(run->mutants, &run->nr_mutants, chain);
	}
	return added;
}

bool came_to_something(struct json_object *outcome)
{
	return !is(outcome, "outcome", "idle") &&
	       !is(outcome, "outcome", "unreached") &&
	       !is(outcome, "outcome", "inapplicable");
}

/* As run_mutants(), but for longer when it came to nothing. */
static struct json_object *run_mutants_firmly(const struct scenario *scenario,
					      const struct run_options *options)
{
	struct json_object *outcome = run_mutants(scenario, options);
	struct run_options more = *options;

	if (came_to_something(outcome))
		return outcome;
	json_object_put(outcome);
	give_more_rounds(&more);
	return run_mutants_once(scenario, &more);
}

/*
 * Other sites covered for the mutant. That is an excuse only if without them, too,
 * it is caught: these runs leave them out, and those that cover for them in turn.
 */
static void prove_redundant(struct json_object *outcome,
			    const struct scenario *scenario,
			    const struct run_options *options)
{
	struct json_object *chains = json_object_object_get(outcome, "covered-by");
	struct run_options both = *options;
	char reason[512];

	while (drop_chains(&both, chains)) {
		struct json_object *without = run_mutants_firmly(scenario, &both);

		snprintf(reason, sizeof(reason), "without what covers it: %.300s",
			 get_string(without, "reason"));
		set_string(outcome, "reason", reason);
		set_string(outcome, "outcome",
			   is(without, "outcome", "killed") ? "redundant" :
			   is(without, "outcome", "explained") ? "explained" :
								 "unexplained");
		chains = json_object_object_get(without, "covered-by");
		if (!chains) {
			json_object_put(without);
			return;
		}
		json_object_object_add(outcome, "covered-by",
				       json_object_get(chains));
		json_object_put(without);
	}
	/* What the others covered for, it removes as well, when it comes. */
	if (are_late(&both, chains)) {
		set_string(outcome, "outcome", "explained");
		set_string(outcome, "reason",
			   "without what covers it, it came late and removed all that had lived on");
		return;
	}
	set_unexplained(outcome, "covered, and it cannot be shown that it would be caught without what covers it");
}

struct json_object *fate_of_mutants(const struct scenario *scenario,
				    const struct run_options *options)
{
	struct json_object *outcome = run_mutants(scenario, options);

	if (is(outcome, "outcome", "covered"))
		prove_redundant(outcome, scenario, options);
	return outcome;
}

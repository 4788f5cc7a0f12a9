// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/finding.h"
#include "model/mutant.h"
#include "model/operation.h"
#include "model/parse_error.h"
#include "model/result.h"
#include "report/progress.h"
#include "runner/account.h"
#include "runner/fate.h"
#include "runner/mutation.h"

/*
 * Longer than an operation of a scenario and its check take even under
 * emulation, so that the device hears too late.
 */
#define DEFER_MS	5000

/*
 * What told of the operations, and what stands in for it, as an armed run finds
 * out: one mutant for each.
 */
static void learn_armed(const struct scenario *scenario,
			struct run_options *options, struct json_object *clean)
{
	struct json_object *armed;

	options->nr_mutants = mutants_of_learned(clean, DEVTLB_MUTANT_DROP,
						 options->mutants);
	progress("%s: armed", scenario->name);
	armed = run_firmly(scenario, RUN_ARMED, options);
	drop_chains(options, json_object_object_get(armed, "withheld"));
	json_object_put(armed);
}

/* One and the same mutant at all of those. */
static struct json_object *mutate_armed(const struct scenario *scenario,
					const struct run_options *learned,
					const struct mutant *mutant)
{
	struct run_options run = *learned;
	unsigned int i;

	for (i = 0; i < run.nr_mutants; i++) {
		const char *chain = learned->mutants[i].site;

		run.mutants[i] = *mutant;
		run.mutants[i].whole_chain = true;
		snprintf(run.mutants[i].site, sizeof(run.mutants[i].site), "%s",
			 chain);
	}
	return fate_of_mutants(scenario, &run);
}

static struct json_object *mutate_all(const struct scenario *scenario,
				      const struct run_options *learned)
{
	static const struct mutant mutants[] = {
		{ .kind = DEVTLB_MUTANT_DROP },
		{ .kind = DEVTLB_MUTANT_DEFER, .delay = DEFER_MS },
		{ .kind = DEVTLB_MUTANT_MISROUTE },
	};
	struct json_object *outcomes = json_object_new_object();
	size_t i;

	for (i = 0; i < sizeof(mutants) / sizeof(mutants[0]); i++) {
		const char *name = mutant_name(mutants[i].kind);

		progress("%s: %s all of its notifications", scenario->name, name);
		json_object_object_add(outcomes, name,
				       mutate_armed(scenario, learned, &mutants[i]));
	}
	return outcomes;
}

static struct json_object *mutate_edges(const struct scenario *scenario,
					const struct run_options *learned)
{
	struct json_object *outcomes = json_object_new_object();
	const char * const *edge;

	for (edge = mutant_edges; *edge; edge++) {
		struct parse_error error;
		struct json_object *outcome;
		struct mutant mutant;

		progress("%s: %s", scenario->name, *edge);
		/* One of ours: it can be read. */
		if (parse_mutant(&mutant, *edge, &error))
			abort();
		outcome = mutate_armed(scenario, learned, &mutant);
		set_string(outcome, "mutant", *edge);
		json_object_object_add(outcomes, *edge, outcome);
	}
	return outcomes;
}

static struct json_object *mutate_site(const struct scenario *scenario,
				       const struct mutation_options *options,
				       const char *chain,
				       enum devtlb_mutant kind)
{
	struct run_options run = options->run;

	run.nr_mutants = 1;
	run.mutants[0] = (struct mutant) { .kind = kind, .whole_chain = true };
	snprintf(run.mutants[0].site, sizeof(run.mutants[0].site), "%s", chain);
	return fate_of_mutants(scenario, &run);
}

/*
 * Dropping it was caught: if the device held nothing when it was late, that was
 * chance. Once more.
 */
static struct json_object *insist(struct json_object *late,
				  const struct scenario *scenario,
				  const struct mutation_options *options,
				  const char *chain)
{
	struct mutation_options more = *options;

	if (!is(late, "outcome", "idle"))
		return late;
	json_object_put(late);
	give_more_rounds(&more.run);
	return mutate_site(scenario, &more, chain, DEVTLB_MUTANT_LATE);
}

/* What a site is to its scenario, by what became of its mutants. */
static const char *class_of(struct json_object *site)
{
	struct json_object *drop = json_object_object_get(site, "drop");

	if (!drop)
		return "not dropped";
	if (is(drop, "outcome", "killed"))
		return "load-bearing";
	if (is(drop, "outcome", "unreached") || is(drop, "outcome", "skipped"))
		return "not reached";
	if (is(drop, "outcome", "explained"))
		return "not needed";
	/* redundant, idle, unexplained, inapplicable */
	return get_string(drop, "outcome");
}

static struct json_object *mutate_chain(const struct scenario *scenario,
					const struct mutation_options *options,
					struct json_object *seen)
{
	struct json_object *site = json_object_new_object();
	const char *chain = get_string(seen, "chain");
	struct json_object *late;
	const char *class;

	set_string(site, "chain", chain);
	set_number(site, "largest", get_number(seen, "largest"));
	if (options->drop)
		json_object_object_add(site, "drop",
				       mutate_site(scenario, options, chain,
						   DEVTLB_MUTANT_DROP));
	class = class_of(site);
	set_string(site, "class", class);
	/* Less than dropping it cannot do more. */
	if (strcmp(class, "idle") == 0 || strcmp(class, "not reached") == 0)
		return site;
	if (options->late) {
		late = mutate_site(scenario, options, chain,
				   DEVTLB_MUTANT_LATE);
		if (strcmp(class, "load-bearing") == 0)
			late = insist(late, scenario, options, chain);
		json_object_object_add(site, "late", late);
	}
	if (options->trim && get_number(seen, "largest") > SMALL_PAGE)
		json_object_object_add(site, "trim",
				       mutate_site(scenario, options, chain,
						   DEVTLB_MUTANT_TRIM));
	return site;
}

static struct json_object *mutate_chains(const struct scenario *scenario,
					 const struct mutation_options *options,
					 struct json_object *clean)
{
	struct json_object *sites = json_object_new_array();
	size_t i, nr = get_length(clean, "sites");

	for (i = 0; i < nr; i++) {
		struct json_object *seen = get_element(clean, "sites", i);

		progress("%s: site %zu of %zu: %s", scenario->name, i + 1, nr,
			 get_string(seen, "chain"));
		json_object_array_add(sites, mutate_chain(scenario, options, seen));
	}
	return sites;
}

/* No excuse holds where nobody has seen that anything is caught at all. */
static void distrust(struct json_object *outcomes, const char *kind)
{
	struct json_object *outcome = json_object_object_get(outcomes, kind);

	if (is(outcome, "outcome", "explained"))
		set_unexplained(outcome, "without any of the scenario's notifications, too, nothing was caught");
}

static void distrust_all(struct json_object *result)
{
	struct json_object *armed = json_object_object_get(result, "armed");
	struct json_object *edges = json_object_object_get(result, "edges");
	const char * const *edge;
	enum devtlb_mutant kind;
	size_t i;

	for (kind = 1; kind <= DEVTLB_MUTANT_MAX; kind++) {
		distrust(armed, mutant_name(kind));
		for (i = 0; i < get_length(result, "sites"); i++)
			distrust(get_element(result, "sites", i),
				 mutant_name(kind));
	}
	for (edge = mutant_edges; *edge; edge++)
		distrust(edges, *edge);
}

struct json_object *mutate_scenario(const struct scenario *scenario,
				    const struct mutation_options *options)
{
	struct json_object *result = json_object_new_object();
	struct run_options learned = options->run;
	struct json_object *clean, *armed, *drop;

	progress("%s: clean", scenario->name);
	clean = run_firmly(scenario, RUN_CLEAN, &options->run);
	set_string(result, "name", scenario->name);
	set_string(result, "verdict", get_string(clean, "verdict"));
	set_string(result, "reason", get_string(clean, "reason"));
	if (get_length(clean, "findings") > 0)
		json_object_object_add(result, "findings", json_object_get(
			json_object_object_get(clean, "findings")));
	/* Against a clean run only can a mutant show. */
	if (!is(clean, "verdict", "ok")) {
		json_object_put(clean);
		return result;
	}
	learn_armed(scenario, &learned, clean);
	armed = mutate_all(scenario, &learned);
	drop = json_object_object_get(armed, mutant_name(DEVTLB_MUTANT_DROP));
	json_object_object_add(result, "armed", armed);
	/* Less than dropping them cannot do more. */
	if (options->edge && came_to_something(drop))
		json_object_object_add(result, "edges",
				       mutate_edges(scenario, &learned));
	if (options->drop || options->late || options->trim)
		json_object_object_add(result, "sites",
				       mutate_chains(scenario, options, clean));
	if (!is(drop, "outcome", "killed"))
		distrust_all(result);
	json_object_put(clean);
	return result;
}

/* Does "A B" have one of the rules "B D"? */
static bool share_a_rule(const char *found, const char *wanted)
{
	for (; *wanted; wanted++) {
		if (*wanted != ' ' && strchr(found, *wanted))
			return true;
	}
	return false;
}

static struct json_object *judge_device(struct json_object *outcome,
					const struct mutant_killer *killer)
{
	char reason[128];

	if (is(outcome, "outcome", "killed") &&
	    !share_a_rule(get_string(outcome, "rules"), killer->rules)) {
		snprintf(reason, sizeof(reason),
			 "found by rule %s only, and it should be by %s",
			 get_string(outcome, "rules"), killer->rules);
		set_unexplained(outcome, reason);
	} else if (is(outcome, "outcome", "explained") ||
		   is(outcome, "outcome", "covered") ||
		   is(outcome, "outcome", "idle")) {
		set_unexplained(outcome, "nothing was found");
	}
	return outcome;
}

static struct json_object *run_device(const struct scenario *scenario,
				      const struct mutant_type *type,
				      const struct mutation_options *options)
{
	const struct mutant_killer *killer = &type->killer[options->callback];
	struct run_options run = options->run;
	struct json_object *clean, *outcome;
	char reason[1024];

	run.fracture = killer->fracture;
	clean = run_firmly(scenario, RUN_CLEAN, &run);
	snprintf(reason, sizeof(reason), "%s", get_string(clean, "reason"));
	if (is(clean, "verdict", "ok")) {
		run.nr_mutants = 1;
		run.mutants[0] = (struct mutant) { .kind = type->kind };
		give_more_rounds(&run);
		outcome = judge_device(run_mutants_once(scenario, &run),
				       killer);
	} else if (is(clean, "verdict", "skip")) {
		outcome = new_outcome(mutant_name(type->kind), "skipped", reason);
	} else {
		snprintf(reason, sizeof(reason),
			 "without it, too, the run is not clean: %s",
			 get_string(clean, "reason"));
		outcome = new_outcome(mutant_name(type->kind), "unexplained", reason);
	}
	json_object_put(clean);
	return outcome;
}

struct json_object *mutate_device(const struct mutant_type *type,
				  const struct mutation_options *options)
{
	const struct mutant_killer *killer = &type->killer[options->callback];
	const struct scenario *scenario = find_scenario(killer->scenario);
	struct json_object *outcome;

	progress("%s: %s", mutant_name(type->kind), type->title);
	if (scenario)
		outcome = run_device(scenario, type, options);
	else
		outcome = new_outcome(mutant_name(type->kind), "unexplained",
				      "there is no such scenario");
	set_string(outcome, "scenario", killer->scenario);
	json_object_object_add(outcome, "fracture",
			       json_object_new_boolean(killer->fracture));
	set_string(outcome, "wanted", killer->rules);
	return outcome;
}

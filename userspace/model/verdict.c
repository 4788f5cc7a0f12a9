// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "model/defect.h"
#include "model/finding.h"
#include "model/mutant.h"
#include "model/result.h"
#include "model/site_pattern.h"
#include "model/survivors.h"
#include "model/verdict.h"

static const char * const kind_names[] = {
	[RUN_CLEAN] = "clean",
	[RUN_ARMED] = "armed",
	[RUN_MUTANT] = "mutant",
};

const char *run_kind_name(enum run_kind kind)
{
	return kind_names[kind];
}

static const char *chain_of(struct json_object *sites, size_t i)
{
	struct json_object *site = json_object_array_get_idx(sites, i);

	return get_string(site, "chain");
}

static bool acts_on(const struct mutant *mutant, const char *chain)
{
	if (!mutant->site[0])
		return true;
	if (mutant->whole_chain)
		return strcmp(mutant->site, chain) == 0;
	return chain_has(chain, mutant->site);
}

/* Notifications from the mutant's sites that have a count of @key. */
static uint64_t count_at(const struct evidence *evidence,
			 const struct mutant *mutant, const char *key)
{
	uint64_t count = 0;
	size_t i;

	for (i = 0; i < json_object_array_length(evidence->sites); i++) {
		if (acts_on(mutant, chain_of(evidence->sites, i)))
			count += get_number(json_object_array_get_idx(evidence->sites, i),
					key);
	}
	return count;
}

/* The first mutant of notifications; NULL when there is none. */
static const struct mutant *first_of_notifications(const struct evidence *evidence)
{
	unsigned int i;

	for (i = 0; i < evidence->nr_mutants; i++) {
		if (!mutant_is_of_device(evidence->mutants[i].kind))
			return &evidence->mutants[i];
	}
	return NULL;
}

bool mutants_reached(const struct evidence *evidence)
{
	unsigned int i;

	for (i = 0; i < evidence->nr_mutants; i++) {
		if (count_at(evidence, &evidence->mutants[i], "count"))
			return true;
	}
	return false;
}

static bool anything_withheld(const struct evidence *evidence)
{
	unsigned int i;

	if (get_number(evidence->pasid, "late-invalidations"))
		return true;
	for (i = 0; i < evidence->nr_mutants; i++) {
		if (count_at(evidence, &evidence->mutants[i], "withheld"))
			return true;
	}
	return false;
}

bool is_caught(const struct evidence *evidence, struct json_object *finding)
{
	const char *withheld = get_string(finding, "withheld-site");
	unsigned int i;

	if (!is_proof(finding))
		return false;
	if (is(finding, "breach", "lost-store"))
		return !evidence->known;
	for (i = 0; withheld[0] && i < evidence->nr_mutants; i++) {
		if (acts_on(&evidence->mutants[i], withheld))
			return true;
	}
	return false;
}

static struct json_object *caught(const struct evidence *evidence)
{
	struct json_object *findings = json_object_new_array();
	size_t i;

	for (i = 0; i < json_object_array_length(evidence->findings); i++) {
		struct json_object *finding =
			json_object_array_get_idx(evidence->findings, i);

		if (is_caught(evidence, finding))
			json_object_array_add(findings,
					      json_object_get(finding));
	}
	return findings;
}

size_t count_caught(const struct evidence *evidence)
{
	struct json_object *findings = caught(evidence);
	size_t nr = json_object_array_length(findings);

	json_object_put(findings);
	return nr;
}

const char *rules_caught(const struct evidence *evidence)
{
	struct json_object *findings = caught(evidence);
	const char *rules = rules_in(findings);

	json_object_put(findings);
	return rules;
}

static void explain_idle(const struct evidence *evidence,
			 const struct mutant *mutant, char *reason, size_t size)
{
	const char *site = mutant->site[0] ? mutant->site : "anywhere";

	if (count_at(evidence, mutant, "count") == 0)
		snprintf(reason, size,
			 "nothing was withheld: no notification came from %s; \"devtlb sites\" shows from where they came",
			 site);
	else if (mutant->kind == DEVTLB_MUTANT_LATE)
		snprintf(reason, size,
			 "nothing was withheld: no notifier range was open when it came from %s",
			 site);
	else
		snprintf(reason, size,
			 "nothing was withheld: by its kind and its keys it acts on nothing of what came from %s",
			 site);
}

static bool is_known(const struct evidence *evidence)
{
	return evidence->known &&
	       is_expected(evidence->known, evidence->findings);
}

/* A clean run of a kernel with a defect that is known. */
static const char *judge_known(const struct evidence *evidence,
			       char *reason, size_t size)
{
	const struct expectation *known = evidence->known;
	size_t found = json_object_array_length(evidence->findings);
	const char *history;

	if (found == 0) {
		snprintf(reason, size, "%s was expected and did not show; if the kernel was mended, take it from the expectations, or from model/defect.c",
			 known->name);
		return "fail";
	}
	if (!is_known(evidence)) {
		snprintf(reason, size, "something other than %s was found, which breaks rule %s%s%s",
			 known->name, known->rules,
			 known->breach[0] ? ": " : "", known->breach);
		return "fail";
	}
	history = defect_history(known->name);
	snprintf(reason, size, "%s, known%s%s", known->name,
		 history[0] ? ": " : "", history);
	return "known";
}

/*
 * Did the kernel do what the scenario is for, and did it tell? A page that is
 * mapped otherwise than before, without a word, is a failure even where no
 * detector says so; where nothing changed, the run has shown nothing.
 */
static const char *judge_operations(const struct operations *operations,
				    char *reason, size_t size)
{
	const struct operation *missing = operation_missing(operations);

	if (operations->nr == 0) {
		snprintf(reason, size, "the scenario says nothing of what it has the kernel do");
		return "broken";
	}
	if (!missing)
		return "ok";
	if (!missing->silent.at) {
		snprintf(reason, size, "not covered: \"%s\" took nothing from the device that the page table does not grant, in %u tries",
			 missing->name, missing->times);
		return "broken";
	}
	snprintf(reason, size,
		 "not told: by \"%s\" the page at 0x%" PRIx64 " went from frame 0x%"
		 PRIx64 " to 0x%" PRIx64
		 ", and no notification took anything from the device",
		 missing->name, missing->silent.at, missing->silent.before,
		 missing->silent.after);
	return "fail";
}

/*
 * Was what outlived a dropped notification as the page table wants it, until
 * another one came or for good? Then it was not needed, this time.
 */
static bool all_that_lived_on_was_right(const struct evidence *evidence)
{
	const struct survivors all = survivors_of(evidence->sites);

	return all.right > 0 && all.right + all.covered == all.survived;
}

static const char *judge_findings(const struct evidence *evidence,
				  char *reason, size_t size)
{
	size_t found = json_object_array_length(evidence->findings);

	if (evidence->kind == RUN_ARMED) {
		if (count_caught(evidence) > 0)
			return "ok";
		if (all_that_lived_on_was_right(evidence)) {
			snprintf(reason, size, "not needed here: the kernel left each translation that lived on as it was");
			return "skip";
		}
		if (found == 0)
			snprintf(reason, size, "armed, and nothing was found");
		else
			snprintf(reason, size,
				 "%zu finding%s, but none from which the dropped notification was withheld",
				 found, found == 1 ? "" : "s");
		return "fail";
	}
	if (evidence->kind == RUN_CLEAN && evidence->known &&
	    (found > 0 || evidence->known->always))
		return judge_known(evidence, reason, size);
	if (found > 0) {
		snprintf(reason, size, "%zu finding%s", found,
			 found == 1 ? "" : "s");
		return "fail";
	}
	if (evidence->kind == RUN_MUTANT)
		return "ok";
	return judge_operations(evidence->operations, reason, size);
}

const char *judge(const struct evidence *evidence, char *reason, size_t size)
{
	size_t found = json_object_array_length(evidence->findings);
	const struct mutant *mutant = first_of_notifications(evidence);

	reason[0] = '\0';
	/* What is found before the first round ends the run. */
	if (evidence->checked == 0 && found == 0) {
		snprintf(reason, size, "the scenario checked nothing");
		return "broken";
	}
	if (evidence->kind == RUN_ARMED && evidence->nr_mutants == 0) {
		snprintf(reason, size, "nothing was learned that could be dropped: no notification retired anything");
		return "broken";
	}
	if (mutant && found == 0 && !anything_withheld(evidence)) {
		explain_idle(evidence, mutant, reason, size);
		return "broken";
	}
	if (evidence->kind == RUN_ARMED && !anything_withheld(evidence) &&
	    !is_known(evidence)) {
		snprintf(reason, size, "%zu findings, and nothing was withheld: they are the kernel's own",
			 found);
		return "fail";
	}
	return judge_findings(evidence, reason, size);
}

/* Worse comes later. */
static const char * const verdicts[] = { "ok", "known", "skip", "fail", "broken" };

static size_t badness_of(struct json_object *run)
{
	size_t i;

	for (i = 0; i + 1 < sizeof(verdicts) / sizeof(verdicts[0]); i++) {
		if (is(run, "verdict", verdicts[i]))
			break;
	}
	return i;
}

const char *verdict_of_runs(struct json_object *runs)
{
	size_t i, badness = 0;

	for (i = 0; i < json_object_array_length(runs); i++) {
		struct json_object *run = json_object_array_get_idx(runs, i);

		if (is(run, "kind", run_kind_name(RUN_CLEAN)) &&
		    is(run, "verdict", "fail"))
			return "fail";
		if (badness_of(run) > badness)
			badness = badness_of(run);
	}
	return verdicts[badness];
}

struct json_object *withheld_sites(const struct evidence *evidence)
{
	struct json_object *array = json_object_new_array();
	unsigned int i;

	for (i = 0; i < evidence->nr_mutants; i++) {
		const struct mutant *mutant = &evidence->mutants[i];

		if (!mutant_is_of_device(mutant->kind) &&
		    count_at(evidence, mutant, "withheld"))
			json_object_array_add(array, json_object_new_string(
				mutant->site[0] ? mutant->site : "all"));
	}
	return array;
}

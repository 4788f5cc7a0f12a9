// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "model/finding.h"
#include "model/mutant.h"
#include "model/result.h"
#include "model/survivors.h"
#include "runner/account.h"

struct json_object *new_outcome(const char *mutant, const char *outcome,
				const char *reason)
{
	struct json_object *object = json_object_new_object();

	set_string(object, "mutant", mutant);
	set_string(object, "outcome", outcome);
	set_string(object, "reason", reason);
	return object;
}

void set_unexplained(struct json_object *outcome, const char *reason)
{
	set_string(outcome, "outcome", "unexplained");
	set_string(outcome, "reason", reason);
}

static unsigned long long unaccounted(const struct survivors *account)
{
	unsigned long long accounted = account->right + account->covered +
				       account->late + account->again;

	return account->survived > accounted ? account->survived - accounted : 0;
}

/* The chains of the sites that did the work of withheld ones, each once. */
static struct json_object *covering_sites(struct json_object *run)
{
	struct json_object *chains = json_object_new_array();
	size_t i, j;

	for (i = 0; i < get_length(run, "sites"); i++) {
		const char *by = get_string(get_element(run, "sites", i),
					    "covered-by");

		for (j = 0; j < json_object_array_length(chains); j++) {
			if (strcmp(by, json_object_get_string(
				json_object_array_get_idx(chains, j))) == 0)
				break;
		}
		if (by[0] && j == json_object_array_length(chains))
			json_object_array_add(chains, json_object_new_string(by));
	}
	return chains;
}

static void describe(const struct survivors *account, char *text, size_t size)
{
	snprintf(text, size,
		 "%llu translations lived on: %llu right, %llu removed by another site, %llu removed late",
		 account->survived, account->right, account->covered,
		 account->late);
}

/* A run that found nothing although something was withheld. */
static struct json_object *outcome_by_account(struct json_object *run,
					      enum devtlb_mutant kind)
{
	const struct survivors account =
		survivors_of(json_object_object_get(run, "sites"));
	unsigned long long nobodys = unaccounted(&account);
	const char *name = mutant_name(kind);
	struct json_object *outcome;
	char text[256], reason[320];

	describe(&account, text, sizeof(text));
	if (account.survived == 0) {
		outcome = new_outcome(name, "idle", kind == DEVTLB_MUTANT_TRIM ?
				      "nothing was held past the first 4K" :
				      "nothing was held there");
	} else if (nobodys > 0) {
		snprintf(reason, sizeof(reason), "%s, %llu not accounted for",
			 text, nobodys);
		outcome = new_outcome(name, "unexplained", reason);
	} else if (account.covered > 0) {
		outcome = new_outcome(name, "covered", text);
		json_object_object_add(outcome, "covered-by",
				       covering_sites(run));
	} else {
		outcome = new_outcome(name, "explained", text);
	}
	set_number(outcome, "survived", account.survived);
	set_number(outcome, "unaccounted", nobodys);
	return outcome;
}

/* A run that came to nothing: did the mutant have nothing to do? */
static struct json_object *outcome_of_broken(struct json_object *run,
					     enum devtlb_mutant kind)
{
	char reason[1024];

	/* Only a run that got to its end says what notified it. */
	if (!get_array(run, "sites")) {
		snprintf(reason, sizeof(reason), "the run broke: %s",
			 get_string(run, "reason"));
		return new_outcome(mutant_name(kind), "unexplained", reason);
	}
	return new_outcome(mutant_name(kind), get_flag(run, "reached") ?
			   "inapplicable" : "unreached",
			   get_string(run, "reason"));
}

struct json_object *outcome_of(struct json_object *run,
			       enum devtlb_mutant kind)
{
	struct json_object *outcome;

	if (is(run, "verdict", "skip"))
		return new_outcome(mutant_name(kind), "skipped",
				   get_string(run, "reason"));
	if (count_proofs(get_array(run, "findings")) > 0) {
		outcome = new_outcome(mutant_name(kind), "killed", "");
		set_string(outcome, "rules", rules_found(run));
		set_number(outcome, "ops", get_number(run, "ops"));
		return outcome;
	}
	/* With nothing but stores that were suppressed, it went well, too. */
	if (!is(run, "verdict", "ok") && get_length(run, "findings") == 0)
		return outcome_of_broken(run, kind);
	return outcome_by_account(run, kind);
}

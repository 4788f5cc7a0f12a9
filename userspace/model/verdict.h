/* SPDX-License-Identifier: GPL-2.0-only */
/* Verdicts: what a run has shown. */
#ifndef VERDICT_H
#define VERDICT_H

#include <json-c/json.h>

#include "model/expectation.h"
#include "model/mutant.h"
#include "model/operation.h"

/**
 * enum run_kind - what a run is to show
 * @RUN_CLEAN: nothing is found, and each operation happens
 * @RUN_ARMED: with what told of the operations dropped, something is found
 * @RUN_MUTANT: what is found with the user's mutants
 */
enum run_kind { RUN_CLEAN, RUN_ARMED, RUN_MUTANT };

const char *run_kind_name(enum run_kind kind);

/**
 * struct evidence - what a run left behind
 * @kind: of the run
 * @operations: what was learned of what it did
 * @mutants: that acted in it
 * @nr_mutants: how many
 * @known: a defect that this kernel is known to have, or NULL
 * @checked: rounds checked
 * @findings: array
 * @sites: array
 * @pasid: its counters
 */
struct evidence {
	enum run_kind kind;
	const struct operations *operations;
	const struct mutant *mutants;
	unsigned int nr_mutants;
	const struct expectation *known;
	unsigned int checked;
	struct json_object *findings;
	struct json_object *sites;
	struct json_object *pasid;
};

/*
 * Returns the verdict's word ("ok", "known", "fail", "skip", "broken"), and leaves
 * a reason, or "".
 */
const char *judge(const struct evidence *evidence, char *reason, size_t size);

/*
 * Of an armed run: does a finding prove what was dropped, and not a defect that
 * the kernel has anyway? What the module found says which notification was
 * withheld from it. That a store is lost is seen in memory, so only where
 * nothing is known of the kernel is it the mutant's.
 */
bool is_caught(const struct evidence *evidence, struct json_object *finding);
size_t count_caught(const struct evidence *evidence);
/* Which rules those break, each once: "B A"; a static buffer. */
const char *rules_caught(const struct evidence *evidence);

/*
 * That of a scenario, of its runs in order: as bad as the worst of them, but what
 * a clean run found stands, whatever becomes of the armed run after it.
 */
const char *verdict_of_runs(struct json_object *runs);

/* Did any notification come from the mutants' sites? */
bool mutants_reached(const struct evidence *evidence);

/* Of the mutants' sites, those from which something was withheld. */
struct json_object *withheld_sites(const struct evidence *evidence);

#endif /* VERDICT_H */

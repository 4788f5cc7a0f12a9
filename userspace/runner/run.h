/* SPDX-License-Identifier: GPL-2.0-only */
/* Runs: a scenario, once, in a process of its own. */
#ifndef RUN_H
#define RUN_H

#include <json-c/json.h>

#include "model/expectation.h"
#include "model/mutant.h"
#include "model/scenario.h"
#include "model/verdict.h"
#include "model/window.h"

struct client;

/**
 * struct run_options - what the user asked for
 * @fracture: hold large pages as 4K translations
 * @check_every: check every N-th access
 * @rounds: of each run; 0 for what the scenario wants, or @usual_rounds
 * @usual_rounds: of a run
 * @timeout: seconds for a run
 * @mutants: of a RUN_MUTANT, or of a RUN_ARMED: what was learned
 * @nr_mutants: how many
 * @window: what is held back
 * @wide: leave large flushes announced as a flush of all, where the kernel does that
 * @expectations: what is known to be found
 */
struct run_options {
	bool fracture;
	uint32_t check_every;
	unsigned int rounds;
	unsigned int usual_rounds;
	unsigned int timeout;
	struct mutant mutants[DEVTLB_MUTANTS_MAX];
	unsigned int nr_mutants;
	struct window window;
	bool wide;
	struct expectations expectations;
};

/* Without @wide: can this kernel be had to announce each flush by its range? */
bool ranges_can_be_exact(const struct client *client);

/*
 * Returns the result, as a JSON object that the caller puts: kind, verdict
 * ("ok", "known", "fail", "skip", "broken"), reason, rounds, ops (the round of the first
 * finding), seconds, reached (with mutants: any notification came from their
 * sites), caught (armed: the rules that what was dropped broke), withheld (the
 * mutants' sites from which something was), operations (what was learned of
 * each), findings, sites, threads, pasid
 */
struct json_object *run_scenario(const struct scenario *scenario,
				 enum run_kind kind,
				 const struct run_options *options);

/* Sightings in all runs so far that were excused, for a TLB flush was pending. */
unsigned long long runs_zap_races(void);

#endif /* RUN_H */

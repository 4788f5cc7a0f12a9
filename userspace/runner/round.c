// SPDX-License-Identifier: GPL-2.0-only
/* Rounds: how many a run makes, and what each is checked for. */
#include "model/elapsed.h"
#include "model/result.h"
#include "runner/running.h"

/* As many times the usual rounds may be, where something is still to show. */
#define PATIENCE		4

/*
 * What is found ends a run; of an armed one, only what was dropped: the kernel's
 * own defect may show first, and would hide that the armed run shows nothing.
 */
static bool found_anything(struct run *run)
{
	struct evidence evidence = {
		.mutants = run->mutants,
		.nr_mutants = run->nr_mutants,
		.known = run_known_defect(run),
	};
	size_t found;

	if (run->lost.nr > 0 && run_get_count(run, "suppressed-stores") == 0 &&
	    !(run->kind == RUN_ARMED && evidence.known))
		return true;
	evidence.findings = run_get_findings(run);
	found = run->kind == RUN_ARMED ? count_caught(&evidence) :
		json_object_array_length(evidence.findings);
	json_object_put(evidence.findings);
	return found > 0;
}

static unsigned int rounds_of(const struct run *run)
{
	if (run->options->rounds)
		return run->options->rounds;
	return run->scenario->rounds ? : run->options->usual_rounds;
}

/* Where nothing was found yet. */
static bool is_to_show_more(struct run *run)
{
	const struct expectation *known = run_known_defect(run);

	if (run->kind == RUN_MUTANT)
		return false;
	return run->kind == RUN_ARMED || (known && known->always) ||
	       operation_missing(&run->operations);
}

/*
 * Not every round gets into every race: a run goes on for longer before it fails
 * because something did not happen.
 */
static bool rounds_are_over(struct run *run)
{
	unsigned int rounds = rounds_of(run);

	if (run->round < rounds)
		return false;
	return run->options->rounds || run->round == PATIENCE * rounds ||
	       seconds_since(&run->start) > run->options->timeout / 2 ||
	       !is_to_show_more(run);
}

bool run_next_round(struct run *run)
{
	/*
	 * Findings are what an armed run is for, and what ends any other one.
	 */
	if (found_anything(run) || rounds_are_over(run))
		return false;
	run->round++;
	return true;
}

void run_audit(struct run *run)
{
	struct client_audit audit;

	run_must(run, client_audit(run->client, run->pasid, &audit), "audit");
}

void run_check(struct run *run)
{
	run_audit(run);
	run->checked++;
}

void run_lost_store(struct run *run, const void *at, uint64_t acknowledged,
		    uint64_t has)
{
	struct lost_store store = {
		.at = (uintptr_t)at,
		.acknowledged = acknowledged,
		.has = has,
	};

	lost_stores_add(&run->lost, &store);
}

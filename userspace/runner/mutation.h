/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mutation: each notification of a scenario is kept from the device in turn,
 * and each defect is given to the device. What is not caught must have a
 * reason.
 */
#ifndef MUTATION_H
#define MUTATION_H

#include <json-c/json.h>

#include "runner/run.h"

/**
 * struct mutation_options - what the user asked for
 * @run: how to make each run
 * @callback: how this kernel notifies
 * @late: try each site late, too
 * @trim: and trimmed
 * @drop: and dropped
 * @edge: leave out each edge of all that a scenario depends on
 */
struct mutation_options {
	struct run_options run;
	enum devtlb_callback callback;
	bool drop;
	bool late;
	bool trim;
	bool edge;
};

/*
 * Returns an object: name, verdict and reason of the clean run, armed (outcomes
 * of mutants of all that the scenario depends on), edges (the same, by the name
 * of the edge), sites: chain, class, and outcomes by kind.
 */
struct json_object *mutate_scenario(const struct scenario *scenario,
				    const struct mutation_options *options);

/* Returns the outcome of a defect of the device, with its scenario. */
struct json_object *mutate_device(const struct mutant_type *type,
				  const struct mutation_options *options);

#endif /* MUTATION_H */

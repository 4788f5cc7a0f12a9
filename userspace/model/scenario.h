/* SPDX-License-Identifier: GPL-2.0-only */
/* Scenarios: drivers of one kernel path each, and what is known about each. */
#ifndef MODEL_SCENARIO_H
#define MODEL_SCENARIO_H

#include <stdbool.h>
#include <stdint.h>

#include "model/registry.h"

struct run;

#define SMALL_PAGE	4096UL
#define LARGE_PAGE	(2UL << 20)

/**
 * struct scenario - one kernel path
 * @name: how it is called on the command line
 * @title: completes "This scenario ..."
 * @shows: the defect of some kernels that it shows (docs/findings.md), or NULL
 * @fracture: hold large pages as 4K translations, whatever the user says
 * @range_end: hold back the end of each notifier range, in microseconds, unless
 *	the user says how long
 * @function: hold back this kernel function, where there is such a one, by
 * @function_delay: microseconds, unless the user names another
 * @rounds: of a run, where the user does not say how many; 0 for as many as of
 *	the others
 * @slow: takes more than a few seconds: not for a quick look
 * @run: drives the path
 */
struct scenario {
	const char *name;
	const char *title;
	const char *shows;
	bool fracture;
	uint32_t range_end;
	const char *function;
	uint32_t function_delay;
	unsigned int rounds;
	bool slow;
	void (*run)(struct run *run);
};

#define SCENARIO(id) REGISTER(scenarios, struct scenario, id)

/* Letters of the longest name, for tables. */
int scenario_names_width(void);

/* NULL when there is none of that name. */
const struct scenario *find_scenario(const char *name);

#endif /* MODEL_SCENARIO_H */

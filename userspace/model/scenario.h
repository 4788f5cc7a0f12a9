/* SPDX-License-Identifier: GPL-2.0-only */
/* Scenarios: drivers of one kernel path each, and what is known about each. */
#ifndef MODEL_SCENARIO_H
#define MODEL_SCENARIO_H

#include <stdbool.h>
#include <stdint.h>

#include "devtlb.h"
#include "model/registry.h"

struct run;

#define SMALL_PAGE	4096UL
#define LARGE_PAGE	(2UL << 20)
#define SITES_MAX	4

/**
 * struct scenario_sites - what a scenario has to do with one kind of kernel
 * @reach: functions, each of which must be in the chain of a notification; a
 *	name with alternatives "a|b" is reached by any of them
 * @drop: functions whose notifications the armed run drops
 */
struct scenario_sites {
	const char *reach[SITES_MAX];
	const char *drop[SITES_MAX];
};

/* For paths that are told from the same functions by either callback. */
#define SITES_OF_BOTH(...)						\
	{								\
		[DEVTLB_CALLBACK_INVALIDATE_RANGE] = { __VA_ARGS__ },	\
		[DEVTLB_CALLBACK_ARCH_INVALIDATE] = { __VA_ARGS__ },	\
	}

/**
 * struct scenario - one kernel path
 * @name: how it is called on the command line
 * @title: completes "This scenario ..."
 * @shows: the defect of some kernels that it shows (docs/findings.md), or NULL.
 *	Such a scenario runs only when it is named or expected to
 * @fracture: hold large pages as 4K translations, whatever the user says
 * @range_end: hold back the end of each notifier range, in microseconds, unless
 *	the user says how long
 * @function: hold back this kernel function, where there is such a one, by
 * @function_delay: microseconds, unless the user names another
 * @rounds: of a run, where the user does not say how many; 0 for as many as of
 *	the others
 * @slow: takes more than a few seconds: not for a quick look
 * @sites: by enum devtlb_callback
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
	struct scenario_sites sites[2];
	void (*run)(struct run *run);
};

#define SCENARIO(id) REGISTER(scenarios, struct scenario, id)

/* Letters of the longest name, for tables. */
int scenario_names_width(void);

/* NULL when there is none of that name. */
const struct scenario *find_scenario(const char *name);

/* The kernel will be asked for the functions that it names. */
void scenario_expect_sites(const struct scenario *scenario);

#endif /* MODEL_SCENARIO_H */

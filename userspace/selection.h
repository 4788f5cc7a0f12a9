/* SPDX-License-Identifier: GPL-2.0-only */
/* Which scenarios a command is about. */
#ifndef SELECTION_H
#define SELECTION_H

#include "scenario.h"

#define SELECTED_MAX	256

struct selection {
	const struct scenario *scenario[SELECTED_MAX];
	unsigned int nr;
};

/* NULL when there is none of that name. */
const struct scenario *find_scenario(const char *name);

/* The kernel will be asked for the functions that it names. */
void scenario_expect_sites(const struct scenario *scenario);

/*
 * Those that @names says; with no names, all but @except, which may be NULL, and
 * those that run only when they are named.
 * Returns 0 or an exit status.
 */
int select_scenarios(struct selection *selection, char **names, int nr_names,
		     const char *except);

#endif /* SELECTION_H */

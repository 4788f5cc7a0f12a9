// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "command.h"
#include "selection.h"
#include "site_pattern.h"

REGISTRY(scenarios, struct scenario);

const struct scenario *find_scenario(const char *name)
{
	const struct scenario * const *scenario;

	for_each_registered(scenario, scenarios) {
		if (strcmp((*scenario)->name, name) == 0)
			return *scenario;
	}
	return NULL;
}

void scenario_expect_sites(const struct scenario *scenario)
{
	int callback, i;

	for (callback = 0; callback < 2; callback++) {
		const struct scenario_sites *sites = &scenario->sites[callback];

		for (i = 0; i < SITES_MAX; i++) {
			site_expect(sites->reach[i]);
			site_expect(sites->drop[i]);
		}
	}
}

static void select_all(struct selection *selection, const char *except)
{
	const struct scenario * const *scenario;

	for_each_registered(scenario, scenarios) {
		if ((*scenario)->shows)
			continue;
		if (!except || strcmp((*scenario)->name, except) != 0)
			selection->scenario[selection->nr++] = *scenario;
	}
}

int select_scenarios(struct selection *selection, char **names, int nr_names,
		     const char *except)
{
	int i;

	if (nr_names > SELECTED_MAX)
		return usage_error("too many scenarios; at most %d",
				   SELECTED_MAX);
	for (i = 0; i < nr_names; i++) {
		const struct scenario *found = find_scenario(names[i]);

		if (!found)
			return usage_error("there is no scenario \"%s\"; \"devtlb list\" shows them",
					   names[i]);
		selection->scenario[selection->nr++] = found;
	}
	if (nr_names == 0)
		select_all(selection, except);
	for (i = 0; i < (int)selection->nr; i++)
		scenario_expect_sites(selection->scenario[i]);
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "cli/command.h"
#include "model/kernel_function.h"
#include "cli/selection.h"
#include "model/site_pattern.h"

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

	if (scenario->function)
		kernel_function_expect(scenario->function);
	for (callback = 0; callback < 2; callback++) {
		const struct scenario_sites *sites = &scenario->sites[callback];

		for (i = 0; i < SITES_MAX; i++) {
			site_expect(sites->reach[i]);
			site_expect(sites->drop[i]);
		}
	}
}

static bool is_meant(const struct scenario *scenario,
		     const struct unnamed *unnamed)
{
	if (unnamed->except && strcmp(scenario->name, unnamed->except) == 0)
		return false;
	return (unnamed->defects || !scenario->shows) &&
	       (!unnamed->quick || !scenario->slow);
}

static void select_meant(struct selection *selection,
			 const struct unnamed *unnamed)
{
	const struct scenario * const *scenario;

	for_each_registered(scenario, scenarios) {
		if (is_meant(*scenario, unnamed))
			selection->scenario[selection->nr++] = *scenario;
	}
}

int select_scenarios(struct selection *selection, char **names, int nr_names,
		     const struct unnamed *unnamed)
{
	unsigned int i;

	if (nr_names > SELECTED_MAX)
		return usage_error("too many scenarios; at most %d",
				   SELECTED_MAX);
	for (i = 0; i < (unsigned int)nr_names; i++) {
		const struct scenario *found = find_scenario(names[i]);

		if (!found)
			return usage_error("there is no scenario \"%s\"; \"devtlb list\" shows them",
					   names[i]);
		selection->scenario[selection->nr++] = found;
	}
	if (nr_names == 0)
		select_meant(selection, unnamed);
	for (i = 0; i < selection->nr; i++)
		scenario_expect_sites(selection->scenario[i]);
	return 0;
}

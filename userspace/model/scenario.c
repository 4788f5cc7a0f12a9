// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "model/scenario.h"

REGISTRY(scenarios, struct scenario);

int scenario_names_width(void)
{
	const struct scenario * const *scenario;
	size_t longest = 0;

	for_each_registered(scenario, scenarios) {
		if (strlen((*scenario)->name) > longest)
			longest = strlen((*scenario)->name);
	}
	return longest;
}

const struct scenario *find_scenario(const char *name)
{
	const struct scenario * const *scenario;

	for_each_registered(scenario, scenarios) {
		if (strcmp((*scenario)->name, name) == 0)
			return *scenario;
	}
	return NULL;
}

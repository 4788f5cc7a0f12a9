// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "model/kernel_function.h"
#include "model/scenario.h"
#include "model/site_pattern.h"

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

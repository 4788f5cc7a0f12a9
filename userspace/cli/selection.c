// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "cli/command.h"
#include "cli/selection.h"
#include "model/kernel_function.h"
#include "model/similar.h"
#include "model/told_from.h"

REGISTRY(scenarios, struct scenario);

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

static int refuse_scenario(const char *name)
{
	struct similar similar = similar_to(name, strlen(name));
	const struct scenario * const *scenario;

	for_each_registered(scenario, scenarios)
		similar_try(&similar, (*scenario)->name);
	return usage_error("there is no scenario \"%s\"%s%s \"devtlb list\" shows them",
			   name, similar_hint(&similar),
			   similar.name ? "" : ";");
}

/* One reading of the kernel's symbols serves all. */
static void expect_names(const struct scenario *scenario)
{
	if (scenario->function)
		kernel_function_expect(scenario->function);
	told_from_expect(scenario->name);
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
			return refuse_scenario(names[i]);
		selection->scenario[selection->nr++] = found;
	}
	if (nr_names == 0)
		select_meant(selection, unnamed);
	for (i = 0; i < selection->nr; i++)
		expect_names(selection->scenario[i]);
	return 0;
}

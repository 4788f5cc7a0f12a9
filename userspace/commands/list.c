// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>

#include "command.h"
#include "report.h"
#include "scenario.h"

REGISTRY(scenarios, struct scenario);

static int list(int argc, char **argv)
{
	const struct scenario * const *scenario;
	struct json_object *array;
	bool json;
	int err = parse_json_only(argc, argv, &json);

	if (err)
		return err;
	array = json_object_new_array();
	for_each_registered(scenario, scenarios) {
		struct json_object *object = json_object_new_object();

		if (!json)
			printf("%-16s %s\n", (*scenario)->name,
			       (*scenario)->title);
		json_object_object_add(object, "name",
				       json_object_new_string((*scenario)->name));
		json_object_object_add(object, "title",
				       json_object_new_string((*scenario)->title));
		json_object_array_add(array, object);
	}
	if (json)
		print_json(array);
	json_object_put(array);
	return EXIT_NOTHING_FOUND;
}

COMMAND(list) = {
	.name = "list",
	.arguments = "[--json]",
	.title = "the scenarios",
	.run = list,
};

// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "model/callback.h"
#include "model/mutant.h"
#include "model/scenario.h"
#include "report/report.h"

REGISTRY(scenarios, struct scenario);

static int by_name(const void *one, const void *other)
{
	struct json_object * const *a = one, * const *b = other;

	return strcmp(get_string(*a, "name"), get_string(*b, "name"));
}

static struct json_object *all_scenarios(void)
{
	const struct scenario * const *scenario;
	struct json_object *array = json_object_new_array();

	for_each_registered(scenario, scenarios) {
		struct json_object *object = json_object_new_object();

		set_string(object, "name", (*scenario)->name);
		set_string(object, "title", (*scenario)->title);
		json_object_object_add(object, "slow", json_object_new_boolean(
			(*scenario)->slow));
		if ((*scenario)->shows)
			set_string(object, "shows", (*scenario)->shows);
		json_object_array_add(array, object);
	}
	json_object_array_sort(array, by_name);
	return array;
}

static struct json_object *new_killer(const struct mutant_killer *killer,
				      const char *callback)
{
	struct json_object *object = json_object_new_object();

	set_string(object, "callback", callback);
	set_string(object, "scenario", killer->scenario);
	json_object_object_add(object, "fracture",
			       json_object_new_boolean(killer->fracture));
	set_string(object, "rules", killer->rules);
	return object;
}

static struct json_object *killers_of(const struct mutant_type *type)
{
	struct json_object *array = json_object_new_array();
	int i;

	for (i = 0; i < 2; i++)
		json_object_array_add(array, new_killer(&type->killer[i],
							callback_name(i)));
	return array;
}

static struct json_object *all_mutants(void)
{
	const struct mutant_type *type;
	struct json_object *array = json_object_new_array();

	for (type = mutant_types; type->kind; type++) {
		struct json_object *object = json_object_new_object();

		set_string(object, "name", mutant_name(type->kind));
		set_string(object, "title", type->title);
		set_string(object, "of", type->of_device ? "device" : "notification");
		if (type->of_device)
			json_object_object_add(object, "found-by",
					       killers_of(type));
		json_object_array_add(array, object);
	}
	return array;
}

static void print_scenario(struct json_object *scenario)
{
	const char *shows = get_string(scenario, "shows");

	printf("%-*s %s", scenario_names_width(), get_string(scenario, "name"),
	       get_string(scenario, "title"));
	if (shows[0])
		printf("; shows %s", shows);
	printf("\n");
}

static void print_killer(struct json_object *killer)
{
	printf("%s%s, rule %s", get_flag(killer, "fracture") ? "--fracture " : "",
	       get_string(killer, "scenario"), get_string(killer, "rules"));
}

static void print_killers(struct json_object *one, struct json_object *other)
{
	printf(" (found by ");
	print_killer(one);
	if (strcmp(get_string(one, "scenario"),
		   get_string(other, "scenario")) != 0) {
		printf("; with ->%s by ", get_string(other, "callback"));
		print_killer(other);
	}
	printf(")");
}

static void print_mutant(struct json_object *mutant)
{
	printf("%-14s %s", get_string(mutant, "name"),
	       get_string(mutant, "title"));
	if (get_length(mutant, "found-by") > 0)
		print_killers(get_element(mutant, "found-by", 0),
			      get_element(mutant, "found-by", 1));
	printf("\n");
}

enum { MUTANTS = 256, JSON };

static const struct argp_option options[] = {
	{ "mutants", MUTANTS, NULL, 0,
	  "The mutants instead: deliberate defects", 0 },
	{ "json", JSON, NULL, 0, "Print JSON instead of text", 0 },
	{ }
};

/* What the command line asks for. */
struct request {
	bool mutants;
	bool json;
};

static int take_option(void *context, int key, const char *value,
		       struct parse_error *error)
{
	struct request *request = context;

	if (key == MUTANTS)
		request->mutants = true;
	else
		request->json = true;
	return 0;
}

static int list(const struct command *command, int argc, char **argv)
{
	struct request request = { };
	struct json_object *array;
	size_t i;
	int err = parse_options(command, argc, argv, &request);

	if (err)
		return err;
	array = request.mutants ? all_mutants() : all_scenarios();
	if (request.json)
		print_json(array);
	for (i = 0; !request.json && i < json_object_array_length(array); i++) {
		struct json_object *object = json_object_array_get_idx(array, i);

		if (request.mutants)
			print_mutant(object);
		else
			print_scenario(object);
	}
	json_object_put(array);
	return EXIT_NOTHING_FOUND;
}

COMMAND(list) = {
	.name = "list",
	.arguments = "",
	.title = "lists the scenarios, or the mutants",
	.options = options,
	.option = take_option,
	.run = list,
};

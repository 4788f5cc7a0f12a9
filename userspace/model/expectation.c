// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "model/breach.h"
#include "model/callback.h"
#include "model/expectation.h"
#include "model/parse_error.h"
#include "model/result.h"
#include "model/scenario.h"

static const char *const keys[] = { "name", "scenario", "rules", "breach",
				     "always" };

/* The first key that means nothing, or NULL. */
static const char *unknown_key(struct json_object *object)
{
	json_object_object_foreach(object, key, value) {
		size_t i, nr = sizeof(keys) / sizeof(keys[0]);

		(void)value;
		for (i = 0; i < nr && strcmp(key, keys[i]) != 0; i++)
			;
		if (i == nr)
			return key;
	}
	return NULL;
}

static int read_one(struct expectation *expectation, struct json_object *object,
		    const char *path, struct parse_error *error)
{
	if (!json_object_is_type(object, json_type_object))
		return parse_failed(error, "%s: each of \"findings\" must be an object with a name, a scenario and rules",
				    path);
	if (unknown_key(object))
		return parse_failed(error, "%s: a finding has no \"%s\"; it has name, scenario, rules, breach, always",
				    path, unknown_key(object));
	*expectation = (struct expectation) {
		.name = get_string(object, "name"),
		.scenario = get_string(object, "scenario"),
		.rules = get_string(object, "rules"),
		.breach = get_string(object, "breach"),
		.always = get_flag(object, "always"),
	};
	if (!expectation->name[0])
		return parse_failed(error, "%s: a finding has no \"name\"", path);
	if (!find_scenario(expectation->scenario))
		return parse_failed(error, "%s: %s: there is no scenario \"%s\"; \"devtlb list\" shows them",
				    path, expectation->name,
				    expectation->scenario);
	if (!expectation->rules[0] ||
	    strspn(expectation->rules, "ABCD") != strlen(expectation->rules))
		return parse_failed(error, "%s: %s: \"rules\" must be some of ABCD, not \"%s\"",
				    path, expectation->name, expectation->rules);
	if (expectation->breach[0] && !is_breach(expectation->breach))
		return parse_failed(error, "%s: %s: there is no \"breach\" \"%s\"; a finding in the output of --json has its own",
				    path, expectation->name,
				    expectation->breach);
	return 0;
}

static int read_findings(struct expectations *expectations, const char *path,
			 struct parse_error *error)
{
	struct json_object *findings;
	size_t i, nr;
	int err = 0;

	findings = json_object_object_get(expectations->file, "findings");
	if (!json_object_is_type(findings, json_type_array))
		return parse_failed(error, "%s: there is no array \"findings\"", path);
	nr = json_object_array_length(findings);
	expectations->of = calloc(nr + 1, sizeof(*expectations->of));
	if (!expectations->of)
		abort();
	for (i = 0; !err && i < nr; i++) {
		struct expectation next = { };

		err = read_one(&next, json_object_array_get_idx(findings, i),
			       path, error);
		if (!err && find_expectation(expectations, next.scenario))
			err = parse_failed(error, "%s: scenario \"%s\" is there twice; a scenario has one finding, with all of its \"rules\"",
					   path, next.scenario);
		if (!err)
			expectations->of[expectations->nr++] = next;
	}
	return err;
}

int expectations_read(struct expectations *expectations, const char *path,
		      struct parse_error *error)
{
	*expectations = (struct expectations) {
		.path = path,
		.file = json_object_from_file(path),
	};
	if (!json_object_is_type(expectations->file, json_type_object))
		return parse_failed(error, "%s cannot be read, or is no JSON object; devtlb(8) has an example",
				    path);
	return read_findings(expectations, path, error);
}

int expectations_check(const struct expectations *expectations,
		       enum devtlb_callback callback,
		       struct parse_error *error)
{
	if (!expectations->file ||
	    is(expectations->file, "callback", callback_name(callback)))
		return 0;
	return parse_failed(error, "%s is about kernels with ->%s, and this one has ->%s",
			    expectations->path,
			    get_string(expectations->file, "callback"),
			    callback_name(callback));
}

void expectations_free(struct expectations *expectations)
{
	free(expectations->of);
	json_object_put(expectations->file);
}

const struct expectation *find_expectation(const struct expectations *known,
					   const char *scenario)
{
	size_t i;

	for (i = 0; i < known->nr; i++) {
		if (strcmp(known->of[i].scenario, scenario) == 0)
			return &known->of[i];
	}
	return NULL;
}

static bool is_one_expected(const struct expectation *expectation,
			    struct json_object *finding)
{
	const char *rule = get_string(finding, "rule");

	return rule[0] && strstr(expectation->rules, rule) &&
	       (!expectation->breach[0] ||
		is(finding, "breach", expectation->breach));
}

bool is_expected(const struct expectation *expectation,
		 struct json_object *findings)
{
	size_t i;

	for (i = 0; i < json_object_array_length(findings); i++) {
		if (!is_one_expected(expectation,
				     json_object_array_get_idx(findings, i)))
			return false;
	}
	return true;
}

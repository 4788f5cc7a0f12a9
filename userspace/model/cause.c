// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "model/cause.h"
#include "model/finding.h"
#include "model/free_path.h"
#include "model/result.h"

/* So many functions say where the kernel was; further out they say who asked. */
#define PLACE_FUNCTIONS	3

static const char *place_of(struct json_object *finding)
{
	return functions_in_stack(finding, free_path_length(finding),
				  PLACE_FUNCTIONS);
}

static bool is_of(struct json_object *cause, struct json_object *finding)
{
	struct json_object *first = get_element(cause, "findings", 0);
	const char *withheld = get_string(finding, "withheld-site");

	if (withheld[0] || get_string(cause, "withheld")[0])
		return is(cause, "withheld", withheld);
	return is(first, "rule", get_string(finding, "rule")) &&
	       is(first, "breach", get_string(finding, "breach")) &&
	       is(cause, "place", place_of(finding));
}

static struct json_object *cause_of(struct json_object *causes,
				    struct json_object *finding)
{
	const char *withheld = get_string(finding, "withheld-site");
	struct json_object *cause;
	size_t i;

	for (i = 0; i < json_object_array_length(causes); i++) {
		cause = json_object_array_get_idx(causes, i);
		if (is_of(cause, finding))
			return cause;
	}
	cause = json_object_new_object();
	if (withheld[0])
		set_string(cause, "withheld", withheld);
	else if (place_of(finding)[0])
		set_string(cause, "place", place_of(finding));
	json_object_object_add(cause, "findings", json_object_new_array());
	json_object_array_add(causes, cause);
	return cause;
}

static void add_finding(struct json_object *cause, struct json_object *finding)
{
	const char *like = get_string(finding, "looks-like");

	json_object_array_add(get_array(cause, "findings"),
			      json_object_get(finding));
	set_number(cause, "count", get_number(cause, "count") +
		   get_number(finding, "count"));
	if (like[0])
		set_string(cause, "looks-like", like);
}

struct json_object *causes_of(struct json_object *findings)
{
	struct json_object *causes = json_object_new_array();
	size_t i;

	for (i = 0; i < json_object_array_length(findings); i++) {
		struct json_object *finding = json_object_array_get_idx(findings, i);

		add_finding(cause_of(causes, finding), finding);
	}
	for (i = 0; i < json_object_array_length(causes); i++) {
		struct json_object *cause = json_object_array_get_idx(causes, i);

		set_string(cause, "rules",
			   rules_in(get_array(cause, "findings")));
	}
	return causes;
}

struct json_object *causes_by_number(struct json_object *findings)
{
	struct json_object *causes = causes_of(findings);
	size_t i, j;

	for (i = 0; i < json_object_array_length(causes); i++) {
		struct json_object *cause = json_object_array_get_idx(causes, i);
		struct json_object *numbers = json_object_new_array();

		for (j = 0; j < get_length(cause, "findings"); j++)
			json_object_array_add(numbers, json_object_new_uint64(
				get_number(get_element(cause, "findings", j),
					   "seq")));
		json_object_object_add(cause, "findings", numbers);
	}
	return causes;
}

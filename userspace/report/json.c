// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>

#include "report/report.h"

void print_json_line(struct json_object *object)
{
	puts(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN |
					    JSON_C_TO_STRING_NOSLASHESCAPE));
}

void print_json(struct json_object *object)
{
	puts(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PRETTY |
					    JSON_C_TO_STRING_SPACED |
					    JSON_C_TO_STRING_NOSLASHESCAPE));
}

static void begin(struct json_object *header, unsigned int rows)
{
}

static void scenario(struct json_object *result)
{
}

const struct report json_report = {
	.begin = begin,
	.scenario = scenario,
	.end = print_json,
};

// SPDX-License-Identifier: GPL-2.0-only
/* KTAP, as far as perl's prove understands it: a row for each run. */
#include <stdio.h>
#include <string.h>

#include "report/limit.h"
#include "report/report.h"

static unsigned int row;

static void begin(struct json_object *header, unsigned int rows)
{
	row = 0;
	printf("KTAP version 1\n1..%u\n", rows);
	printf("# devtlb %s, Linux %s, ->%s\n", get_string(header, "version"),
	       get_string(header, "kernel"), get_string(header, "callback"));
	if (get_string(header, "unknown-kernel")[0])
		printf("# %s\n", get_string(header, "unknown-kernel"));
}

static void diagnose(struct json_object *run)
{
	const char *text = json_object_to_json_string_ext(run,
			JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE);

	while (*text) {
		int length = strcspn(text, "\n");

		printf("# %.*s\n", length, text);
		text += length + (text[length] == '\n');
	}
}

static void note_elsewhere(struct json_object *run)
{
	size_t i;

	for (i = 0; i < get_length(run, "elsewhere"); i++)
		printf("# told from elsewhere: nothing came from %s\n",
		       json_object_get_string(get_element(run, "elsewhere", i)));
}

static void scenario(struct json_object *result)
{
	size_t i;

	for (i = 0; i < get_length(result, "runs"); i++) {
		struct json_object *run = get_element(result, "runs", i);
		const char *verdict = get_string(run, "verdict");
		const char *reason = get_string(run, "reason");
		bool skip = strcmp(verdict, "skip") == 0;
		bool known = strcmp(verdict, "known") == 0;
		bool ok = skip || known || strcmp(verdict, "ok") == 0;

		printf("%s %u %s %s%s%s\n", ok ? "ok" : "not ok", ++row,
		       get_string(result, "name"), get_string(run, "kind"),
		       skip ? " # SKIP " : "", skip ? reason : "");
		if (!ok || known)
			printf("# %s: %s\n", verdict, reason);
		note_elsewhere(run);
		if (!ok)
			diagnose(run);
	}
}

static void end(struct json_object *all)
{
	/* Fewer rows than planned are red; this says why. */
	if (json_object_object_get(all, "interrupted-after"))
		printf("Bail out! interrupted after %llu of %llu scenarios\n",
		       get_number(all, "interrupted-after"),
		       get_number(all, "selected"));
	print_limits(all, "# ");
}

const struct report ktap_report = {
	.begin = begin,
	.scenario = scenario,
	.end = end,
};

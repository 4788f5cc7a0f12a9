// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "report/fuzz_report.h"
#include "report/report.h"

static double seconds(struct json_object *object)
{
	return get_number(object, "milliseconds") / 1000.0;
}

static void print_wrong_content(struct json_object *finding)
{
	printf("FINDING: a page does not read as it must\n");
	printf("  address     %s, page %llu of actor p%llu\n",
	       get_string(finding, "at"), get_number(finding, "page"),
	       get_number(finding, "actor"));
	printf("  memory has  %llu\n", get_number(finding, "has"));
	printf("  must have   %llu\n", get_number(finding, "expected"));
}

static void print_what(struct json_object *finding)
{
	if (is(finding, "rule", "contents")) {
		print_wrong_content(finding);
		return;
	}
	print_finding(finding);
	printf("  actor       p%llu\n", get_number(finding, "actor"));
}

static void print_found(struct json_object *found)
{
	size_t i, nr = get_length(found, "sequence");

	print_what(json_object_object_get(found, "finding"));
	printf("found after %llu operations, %.1f s, in a sequence of %llu; replayed %llu times to make it smaller\n",
	       get_number(found, "operations"), seconds(found),
	       get_number(found, "length"), get_number(found, "replays"));
	if (get_number(found, "shown") == 0)
		printf("not seen again: the sequence alone does not show it\n");
	else
		printf("shown by %llu of %llu replays of:\n",
		       get_number(found, "shown"), get_number(found, "tried"));
	for (i = 0; i < nr; i++)
		printf("  %s\n",
		       json_object_get_string(get_element(found, "sequence", i)));
}

static void print_known(struct json_object *report)
{
	size_t i;

	for (i = 0; i < get_length(report, "known"); i++) {
		struct json_object *known = get_element(report, "known", i);

		printf("known: %s, docs/findings.md: %llu times, first after %llu operations, %llu s\n",
		       get_string(known, "name"), get_number(known, "count"),
		       get_number(known, "operations"),
		       get_number(known, "seconds"));
	}
}

static void print_operations(struct json_object *coverage)
{
	size_t i;

	printf("%-20s %10s %10s %10s\n", "operation", "performed", "refused",
	       "cases");
	for (i = 0; i < get_length(coverage, "operations"); i++) {
		struct json_object *operation =
			get_element(coverage, "operations", i);

		printf("%-20s %10llu %10llu %10llu%s\n",
		       get_string(operation, "name"),
		       get_number(operation, "performed"),
		       get_number(operation, "refused"),
		       get_number(operation, "situations"),
		       get_number(operation, "performed") ? "" : "  never");
	}
}

/* What no operation met is told, too. */
static void print_states(struct json_object *coverage)
{
	size_t i, nr = get_length(coverage, "states");

	printf("pages were");
	for (i = 0; i < nr; i++) {
		struct json_object *state = get_element(coverage, "states", i);

		printf("%s %s %llu", i ? "," : "", get_string(state, "name"),
		       get_number(state, "operations"));
	}
	printf(" times\n");
}

void print_hunt(struct json_object *report)
{
	struct json_object *coverage = json_object_object_get(report, "coverage");
	struct json_object *found = json_object_object_get(report, "found");

	print_operations(coverage);
	print_states(coverage);
	printf("%zu sites notified, %llu cases (who notified, after which operation, on what)\n",
	       get_length(coverage, "sites"), get_number(coverage, "cases"));
	if (get_number(report, "undecided"))
		printf("%llu audits could not decide, for the address space never kept still\n",
		       get_number(report, "undecided"));
	if (get_number(report, "stuck"))
		printf("did not come back from the kernel, and was killed: %llu times, the last: %s\n",
		       get_number(report, "stuck"),
		       get_string(report, "stuck-step"));
	print_known(report);
	printf("seed %llu%s: %llu operations in %llu sequences, %llu of them refused by the kernel, %.1f s\n",
	       get_number(report, "seed"),
	       get_flag(report, "racing") ? ", racing" : "",
	       get_number(report, "operations"),
	       get_number(report, "sequences"), get_number(report, "refused"),
	       seconds(report));
	if (found)
		print_found(found);
	else
		printf("nothing found\n");
}

// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>

#include "model/coverage.h"
#include "report/coverage_report.h"
#include "report/report.h"

static void print_path(struct json_object *row)
{
	const char *lock = get_string(row, "lock");

	printf("%s: %s", get_string(row, "path"), get_string(row, "site"));
	if (lock[0])
		printf(" (page-table lock %s)", lock);
}

void print_coverage_new(struct json_object *coverage)
{
	size_t i;

	for (i = 0; i < get_length(coverage, "new"); i++) {
		struct json_object *row = get_element(coverage, "new", i);
		struct json_object *by = get_element(row, "scenarios", 0);

		printf("  new: %s", get_string(row, "chain"));
		if (by)
			printf(" (by %s)", json_object_get_string(by));
		printf("\n");
	}
}

void print_coverage_sum(struct json_object *coverage)
{
	struct coverage_sum sum = coverage_sum(coverage);
	size_t i;

	printf("%u of %u known sites notified, and %zu that are not known\n",
	       sum.reached, sum.reachable, get_length(coverage, "new"));
	for (i = 0; i < get_length(coverage, "known"); i++) {
		struct json_object *row = get_element(coverage, "known", i);

		if (get_number(row, "count") || get_flag(row, "absent") ||
		    get_string(row, "unreachable")[0])
			continue;
		printf("  not reached: ");
		print_path(row);
		printf("\n");
	}
	print_coverage_new(coverage);
}

static void print_row(struct json_object *row)
{
	const char *unreachable = get_string(row, "unreachable");

	printf("%9llu %10llu", get_number(row, "count"),
	       get_number(row, "under-lock"));
	if (get_number(row, "count")) {
		printf(" %8s", size_text(get_number(row, "smallest")));
		printf(" %8s  ", size_text(get_number(row, "largest")));
	} else {
		printf(" %8s %8s  ", "-", "-");
	}
	print_path(row);
	if (get_flag(row, "absent"))
		printf("; not in this kernel");
	else if (!get_number(row, "count") && unreachable[0])
		printf("; %s", unreachable);
	printf("\n");
}

void print_coverage(struct json_object *coverage)
{
	size_t i;

	printf("%9s %10s %8s %8s  %s\n", "count", "under lock", "smallest",
	       "largest", "known site");
	for (i = 0; i < get_length(coverage, "known"); i++)
		print_row(get_element(coverage, "known", i));
	printf("\n");
	print_coverage_sum(coverage);
}

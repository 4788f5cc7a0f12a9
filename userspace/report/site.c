// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>

#include "report/report.h"

const char *size_text(unsigned long long bytes)
{
	static char text[32];

	if (bytes == ~0ULL)
		return "all";
	if (bytes >= 1ULL << 30 && bytes % (1ULL << 30) == 0)
		snprintf(text, sizeof(text), "%lluG", bytes >> 30);
	else if (bytes >= 1ULL << 20 && bytes % (1ULL << 20) == 0)
		snprintf(text, sizeof(text), "%lluM", bytes >> 20);
	else if (bytes >= 1ULL << 10 && bytes % (1ULL << 10) == 0)
		snprintf(text, sizeof(text), "%lluK", bytes >> 10);
	else
		snprintf(text, sizeof(text), "%llu", bytes);
	return text;
}

void print_sites(struct json_object *sites)
{
	size_t i;

	printf("%9s %9s %10s %8s %8s  %s\n", "count", "withheld", "under lock",
	       "smallest", "largest", "site");
	for (i = 0; i < json_object_array_length(sites); i++) {
		struct json_object *site = json_object_array_get_idx(sites, i);

		printf("%9llu %9llu %10llu", get_number(site, "count"),
		       get_number(site, "withheld"),
		       get_number(site, "under-lock"));
		printf(" %8s", size_text(get_number(site, "smallest")));
		printf(" %8s  %s\n", size_text(get_number(site, "largest")),
		       get_string(site, "chain"));
	}
}

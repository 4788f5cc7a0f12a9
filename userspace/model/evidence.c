// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>

#include "model/evidence.h"
#include "model/result.h"
#include "model/site_pattern.h"

#define FULL_FLUSH	(~0ULL)

unsigned long long processes_waiting(struct json_object *watch)
{
	unsigned long long alive = get_number(watch, "processes-alive");
	unsigned long long bound = get_number(watch, "processes");

	/* Of those that are bound some may be gone. */
	return alive > bound ? alive - bound : 0;
}

static double share_watched(struct json_object *watch)
{
	unsigned long long seen = get_number(watch, "processes-seen");
	unsigned long long escaped = get_number(watch, "processes-unwatched") +
				     get_number(watch, "processes-missed") +
				     processes_waiting(watch);

	return seen > escaped ? (double)(seen - escaped) / seen : 0;
}

double evidence_of(struct json_object *report)
{
	struct json_object *watch = json_object_object_get(report, "watch");
	double coverage = json_object_get_double(
		json_object_object_get(report, "coverage"));

	if (!get_number(watch, "invalidations"))
		return 0;
	return coverage * share_watched(watch);
}

const char *evidence_lacks(struct json_object *report)
{
	struct json_object *watch = json_object_object_get(report, "watch");
	static char text[160];
	double evidence = evidence_of(report);

	if (!get_number(watch, "invalidations"))
		return "the kernel notified the device of nothing";
	if (!json_object_object_get(report, "coverage"))
		return "it was over before the device held anything";
	if (evidence >= EVIDENCE_FLOOR)
		return NULL;
	snprintf(text, sizeof(text),
		 "the device held %.0f %% of what all processes had present, and below %.0f %% a defect is rather missed than found",
		 100 * evidence, 100 * EVIDENCE_FLOOR);
	return text;
}

size_t sites_of_full_flushes(struct json_object *sites)
{
	size_t i, full = 0;

	for (i = 0; i < json_object_array_length(sites); i++) {
		struct json_object *site = json_object_array_get_idx(sites, i);

		full += get_number(site, "largest") == FULL_FLUSH &&
			!chain_has(get_string(site, "chain"), "exit_mmap");
	}
	return full;
}

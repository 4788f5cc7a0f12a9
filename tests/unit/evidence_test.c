// SPDX-License-Identifier: GPL-2.0-only
/* What a watch is worth: userspace/model/evidence.c. */
#include <string.h>

#include "model/evidence.h"
#include "model/result.h"
#include "tap.h"

static struct json_object *new_report(double coverage, unsigned int seen,
				      unsigned int missed,
				      unsigned int invalidations)
{
	struct json_object *report = json_object_new_object();
	struct json_object *watch = json_object_new_object();

	set_number(watch, "processes-seen", seen);
	set_number(watch, "processes-missed", missed);
	set_number(watch, "invalidations", invalidations);
	json_object_object_add(report, "watch", watch);
	json_object_object_add(report, "coverage",
			       json_object_new_double(coverage));
	return report;
}

static void enough(void)
{
	struct json_object *report = new_report(0.9, 10, 0, 7);

	expect_true(!evidence_lacks(report));
	json_object_put(report);
	report = new_report(0.5, 10, 0, 7);
	expect_true(!evidence_lacks(report));
	json_object_put(report);
}

static void too_little_coverage(void)
{
	struct json_object *report = new_report(0.01, 10, 0, 7);

	expect_true(strstr(evidence_lacks(report), "held 1 %"));
	json_object_put(report);
}

static void too_many_that_escaped(void)
{
	struct json_object *report = new_report(1, 10, 6, 7);

	expect_true(strstr(evidence_lacks(report), "held 40 %"));
	json_object_put(report);
}

/* Seven of ten are there, and only one of them is bound. */
static void too_many_that_wait(void)
{
	struct json_object *report = new_report(1, 10, 0, 7);
	struct json_object *watch = json_object_object_get(report, "watch");

	set_number(watch, "processes-alive", 7);
	set_number(watch, "processes", 1);
	expect_true(processes_waiting(watch) == 6);
	expect_true(strstr(evidence_lacks(report), "held 40 %"));
	set_number(watch, "processes", 9);
	expect_true(processes_waiting(watch) == 0);
	expect_true(!evidence_lacks(report));
	json_object_put(report);
}

static void nobody_notified(void)
{
	struct json_object *report = new_report(1, 10, 0, 0);

	expect_true(strstr(evidence_lacks(report), "of nothing"));
	json_object_put(report);
}

static void nothing_known(void)
{
	struct json_object *report = json_object_new_object();

	expect_true(evidence_lacks(report));
	json_object_put(report);
}

static void flushes_of_everything(void)
{
	struct json_object *sites = json_object_new_array();
	static const unsigned long long largest[] = { 4096, ~0ULL, 1 << 21 };
	size_t i;

	for (i = 0; i < 3; i++) {
		struct json_object *site = json_object_new_object();

		set_number(site, "largest", largest[i]);
		set_string(site, "chain", "f");
		json_object_array_add(sites, site);
	}
	expect_long(sites_of_full_flushes(sites), 1);
	set_string(json_object_array_get_idx(sites, 1), "chain",
		   "exit_mmap < mmput");
	expect_long(sites_of_full_flushes(sites), 0);
	json_object_put(sites);
}

static const struct tap_row rows[] = {
	{ "half of it is enough", enough },
	{ "1 % is not, and the sentence says so", too_little_coverage },
	{ "processes that escaped were not seen", too_many_that_escaped },
	{ "processes that wait to be bound were not seen", too_many_that_wait },
	{ "where nothing notified, nothing could fail to", nobody_notified },
	{ "what is not known is no evidence", nothing_known },
	{ "a flush of everything is counted by site", flushes_of_everything },
};

int main(void)
{
	return tap_run(rows, sizeof(rows) / sizeof(rows[0]));
}

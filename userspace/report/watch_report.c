// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>

#include "model/evidence.h"
#include "report/grouped.h"
#include "report/limit.h"
#include "report/report.h"
#include "report/watch_report.h"

/* With less, it is said how there would be more. */
#define ENOUGH	0.9

static const char *plural(unsigned long long count)
{
	return count == 1 ? "" : "es";
}

static void add_process_limits(struct json_object *limits,
			       struct json_object *watch)
{
	unsigned long long unwatched = get_number(watch, "processes-unwatched");
	unsigned long long missed = get_number(watch, "processes-missed");
	unsigned long long waiting = processes_waiting(watch);

	if (unwatched)
		add_limit(limits, "processes-unwatched", unwatched,
			  "%s process%s not watched, for only %s can be at a time (--processes), or for want of memory",
			  grouped(unwatched), plural(unwatched),
			  grouped(get_number(watch, "processes-max")));
	if (missed)
		add_limit(limits, "processes-missed", missed,
			  "%s process%s forked and exited before the mirror could follow (--share)",
			  grouped(missed), plural(missed));
	if (waiting)
		add_limit(limits, "processes-waiting", waiting,
			  "%s process%s forked and not yet followed by the mirror: young, or %s kept the mmap_lock",
			  grouped(waiting), plural(waiting),
			  waiting == 1 ? "it" : "they");
}

static void add_mirror_limits(struct json_object *limits,
			      struct json_object *watch)
{
	unsigned long long not_mirrored = get_number(watch, "not-mirrored");
	unsigned long long unresolved = get_number(watch, "unresolved");
	unsigned long long lost = get_number(watch, "findings-lost");

	if (not_mirrored)
		add_limit(limits, "not-mirrored", not_mirrored,
			  "%s times a present page was not mirrored, for only %s translations can be held at a time (--translations)",
			  grouped(not_mirrored),
			  grouped(get_number(watch, "translations-max")));
	add_zap_races_limit(limits, get_number(watch, "zap-races"));
	if (unresolved)
		add_limit(limits, "unresolved", unresolved,
			  "%s time%s what looked like a breach of rule D could not be decided: a TLB flush was pending, a page locked, or the process needed its mmap_lock",
			  grouped(unresolved), unresolved == 1 ? "" : "s");
	if (lost)
		add_limit(limits, "findings-lost", lost,
			  "%s more findings found no room in the module",
			  grouped(lost));
}

/* What raises the evidence, where it is not all that can be had. */
static void add_evidence_limits(struct json_object *limits,
				struct json_object *report)
{
	struct json_object *watch = json_object_object_get(report, "watch");
	struct json_object *sites = get_array(report, "sites");
	size_t full = sites_of_full_flushes(sites);

	if (full)
		add_limit(limits, "full-flushes", full,
			  "%zu of %zu sites announced flushes of everything, which empty the device and hide ranges that are too short; for exact ranges: echo 262144 > /sys/kernel/debug/x86/tlb_single_page_flush_ceiling",
			  full, json_object_array_length(sites));
	if (evidence_of(report) < ENOUGH && get_number(watch, "share") < 100)
		add_limit(limits, "share", get_number(watch, "share"),
			  "the mirror had %llu %% of a CPU at most; --share 100 makes it hold more",
			  get_number(watch, "share"));
}

void add_limits(struct json_object *report, struct json_object *info)
{
	struct json_object *watch = json_object_object_get(report, "watch");
	struct json_object *limits = json_object_new_array();
	unsigned long long left = get_number(report, "left");
	unsigned long long undecided = get_number(
		json_object_object_get(report, "last-audit"), "undecided");

	add_process_limits(limits, watch);
	add_mirror_limits(limits, watch);
	add_probe_limits(limits, info);
	add_evidence_limits(limits, report);
	if (left)
		add_limit(limits, "left", left, "%s process%s unwatched from now on",
			  grouped(left), left == 1 ? " goes on" : "es go on");
	if (undecided)
		add_limit(limits, "last-audit", undecided,
			  "%s of them could not be compared at the end: %s not quiet, or there was no time",
			  grouped(undecided), undecided == 1 ? "it was" : "they were");
	json_object_object_add(report, "limits", limits);
}

static double get_double(struct json_object *object, const char *key)
{
	return json_object_get_double(json_object_object_get(object, key));
}

static void print_counts(struct json_object *report)
{
	struct json_object *watch = json_object_object_get(report, "watch");
	unsigned long long unwatched =
		get_number(watch, "processes-unwatched") +
		get_number(watch, "processes-missed") +
		processes_waiting(watch);
	unsigned long long watched = get_number(watch, "processes-seen") -
				     unwatched;

	printf("devtlb: %s process%s watched, %s not; %s translations filled, %s invalidated by %s notifications from %zu sites\n",
	       grouped(watched), plural(watched), grouped(unwatched),
	       grouped(get_number(watch, "fills")),
	       grouped(get_number(watch, "invalidated")),
	       grouped(get_number(watch, "invalidations")),
	       get_length(report, "sites"));
	if (get_number(watch, "withheld-invalidations"))
		printf("devtlb: %s notifications withheld by mutants\n",
		       grouped(get_number(watch, "withheld-invalidations")));
}

static void print_watch_coverage(struct json_object *report)
{
	struct json_object *watch = json_object_object_get(report, "watch");
	double seconds = get_double(report, "seconds");
	double share = get_number(watch, "time") / 1e9 /
		       (seconds > 0 ? seconds : 1);

	unsigned long long nr = get_number(report, "coverage-samples");

	if (!json_object_object_get(report, "coverage"))
		printf("devtlb: mirror coverage unknown, it was over too soon");
	else if (nr == 0)
		printf("devtlb: mirror coverage %.0f %% of the present pages, from the beginning, when it was empty",
		       100 * get_double(report, "coverage"));
	else
		printf("devtlb: mirror coverage %.0f %% of the present pages over time, once it had begun (least %.0f %%, %llu sample%s)",
		       100 * get_double(report, "coverage"),
		       100 * get_double(report, "least-coverage"), nr,
		       nr == 1 ? "" : "s");
	printf("; the mirror used %.0f %% of a CPU\n", 100 * share);
}

/* The last that was heard may be a second old. */
static void print_lost(struct json_object *report)
{
	unsigned long long findings = get_number(
		json_object_object_get(report, "watch"), "findings");

	printf("devtlb: the watch broke off: %s; ", get_string(report, "lost"));
	if (findings)
		printf("%s finding%s were there by then, and what they were is not known\n",
		       grouped(findings), findings == 1 ? "" : "s");
	else
		printf("whether anything was found is not known\n");
}

void print_watch_report(struct json_object *report)
{
	print_counts(report);
	print_watch_coverage(report);
	print_limits(report, "devtlb: ");
	print_findings(report);
	if (json_object_object_get(report, "lost"))
		print_lost(report);
	else if (get_length(report, "findings") == 0 && evidence_lacks(report))
		printf("devtlb: too little was seen to say: nothing was found, but %s\n",
		       evidence_lacks(report));
	else if (get_length(report, "findings") == 0)
		printf("devtlb: nothing found\n");
}

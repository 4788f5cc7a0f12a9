// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>
#include <stdio.h>

#include "grouped.h"
#include "report.h"
#include "watch_report.h"

static void add_limit(struct json_object *limits, const char *name,
		      unsigned long long count, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

static void add_limit(struct json_object *limits, const char *name,
		      unsigned long long count, const char *format, ...)
{
	struct json_object *limit = json_object_new_object();
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	set_string(limit, "name", name);
	set_number(limit, "count", count);
	set_string(limit, "text", text);
	json_object_array_add(limits, limit);
}

static const char *plural(unsigned long long count)
{
	return count == 1 ? "" : "es";
}

static void add_process_limits(struct json_object *limits,
			       struct json_object *watch)
{
	unsigned long long unwatched = get_number(watch, "processes-unwatched");
	unsigned long long missed = get_number(watch, "processes-missed");

	if (unwatched)
		add_limit(limits, "processes-unwatched", unwatched,
			  "%s process%s not watched, for only %s can be at a time (--processes), or for want of memory",
			  grouped(unwatched), plural(unwatched),
			  grouped(get_number(watch, "processes-max")));
	if (missed)
		add_limit(limits, "processes-missed", missed,
			  "%s process%s forked and exited before the mirror could follow",
			  grouped(missed), plural(missed));
}

static void add_mirror_limits(struct json_object *limits,
			      struct json_object *watch)
{
	unsigned long long not_mirrored = get_number(watch, "not-mirrored");
	unsigned long long lost = get_number(watch, "findings-lost");

	if (not_mirrored)
		add_limit(limits, "not-mirrored", not_mirrored,
			  "%s times a present page was not mirrored, for only %s translations can be held at a time (--translations)",
			  grouped(not_mirrored),
			  grouped(get_number(watch, "translations-max")));
	if (lost)
		add_limit(limits, "findings-lost", lost,
			  "%s more findings found no room in the module",
			  grouped(lost));
}

/* @probe as in "A mm_page_free". */
static void add_probe_limits(struct json_object *limits,
			     struct json_object *info)
{
	unsigned long long misses = get_number(info, "probe-misses");
	size_t i;

	for (i = 0; i < get_length(info, "probe-missing"); i++) {
		const char *probe = json_object_get_string(
			get_element(info, "probe-missing", i));

		add_limit(limits, "probe-missing", 1,
			  "this kernel lacks %s: what breaks rule %c there is not seen there",
			  probe[0] && probe[1] ? probe + 2 : probe, probe[0]);
	}
	if (misses)
		add_limit(limits, "probe-misses", misses,
			  "the probes missed %s hits, which came inside another one: findings may be missing",
			  grouped(misses));
}

void add_limits(struct json_object *report, struct json_object *info)
{
	struct json_object *watch = json_object_object_get(report, "watch");
	struct json_object *limits = json_object_new_array();
	unsigned long long left = get_number(report, "left");

	add_process_limits(limits, watch);
	add_mirror_limits(limits, watch);
	add_probe_limits(limits, info);
	if (left)
		add_limit(limits, "left", left, "%s process%s unwatched from now on",
			  grouped(left), left == 1 ? " goes on" : "es go on");
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
		get_number(watch, "processes-missed");
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

	if (!json_object_object_get(report, "coverage"))
		printf("devtlb: mirror coverage unknown, it was over too soon");
	else
		printf("devtlb: mirror coverage %.0f %% of the present pages",
		       100 * get_double(report, "coverage"));
	if (json_object_object_get(report, "least-coverage"))
		printf(" (least %.0f %% after the first second, %llu samples)",
		       100 * get_double(report, "least-coverage"),
		       get_number(report, "coverage-samples"));
	printf("; the mirror used %.0f %% of a CPU\n", 100 * share);
}

void print_watch_report(struct json_object *report)
{
	size_t i;

	print_counts(report);
	print_watch_coverage(report);
	for (i = 0; i < get_length(report, "limits"); i++)
		printf("devtlb: %s\n",
		       get_string(get_element(report, "limits", i), "text"));
	print_findings(report);
	if (json_object_object_get(report, "lost"))
		printf("devtlb: the watch broke off: %s; whether anything was found is not known\n",
		       get_string(report, "lost"));
	else if (get_length(report, "findings") == 0)
		printf("devtlb: nothing found\n");
}

// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>
#include <stdio.h>

#include "report/grouped.h"
#include "report/limit.h"
#include "model/result.h"

void add_limit(struct json_object *limits, const char *name,
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

/* "A, B, C, D" */
#define RULES_TEXT	16

/* The rules of probes, each as in "A mm_page_free" and sorted, in @text. */
static const char *rules_of(struct json_object *info, const char *key,
			    char text[RULES_TEXT])
{
	size_t i, used = 0;
	char last = 0;

	text[0] = '\0';
	for (i = 0; i < get_length(info, key); i++) {
		const char rule = *json_object_get_string(get_element(info, key, i));

		if (rule == last || used + sizeof(", A") > RULES_TEXT)
			continue;
		used += snprintf(text + used, RULES_TEXT - used, "%s%c",
				 used ? ", " : "", rule);
		last = rule;
	}
	return text;
}

/* @probe as in "A mm_page_free". */
void add_probe_limits(struct json_object *limits, struct json_object *info)
{
	unsigned long long misses = get_number(info, "probe-misses");
	size_t silent = get_length(info, "probe-silent");
	char rules[RULES_TEXT];
	size_t i;

	for (i = 0; i < get_length(info, "probe-missing"); i++) {
		const char *probe = json_object_get_string(
			get_element(info, "probe-missing", i));

		add_limit(limits, "probe-missing", 1,
			  "this kernel lacks %s: what breaks rule %c there is not seen there",
			  probe[0] && probe[1] ? probe + 2 : probe, probe[0]);
	}
	if (silent)
		add_limit(limits, "probe-silent", silent,
			  "ftrace is off (see /proc/sys/kernel/ftrace_enabled): breaches of rules %s are not seen at %zu places",
			  rules_of(info, "probe-silent", rules), silent);
	if (misses)
		add_limit(limits, "probe-misses", misses,
			  "the probes missed %s hits, which came inside another one: findings may be missing",
			  grouped(misses));
}

void add_zap_races_limit(struct json_object *limits, unsigned long long count)
{
	if (count)
		add_limit(limits, "zap-races", count,
			  "%s sighting%s of rule B or C could not be decided: a TLB flush was pending",
			  grouped(count), count == 1 ? "" : "s");
}

void print_limits(struct json_object *report, const char *prefix)
{
	size_t i;

	for (i = 0; i < get_length(report, "limits"); i++)
		printf("%s%s\n", prefix,
		       get_string(get_element(report, "limits", i), "text"));
}

// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "model/breach.h"
#include "model/cause.h"
#include "model/finding.h"
#include "model/free_path.h"
#include "model/lost_store.h"
#include "report/chain.h"
#include "report/report.h"

static const char *stack_label(const char *rule)
{
	if (strcmp(rule, "A") == 0)
		return "freed by";
	if (strcmp(rule, "B") == 0)
		return "switched by";
	if (strcmp(rule, "C") == 0)
		return "copied by";
	return "stack";
}

static void print_stack(struct json_object *finding)
{
	const char *label = stack_label(get_string(finding, "rule"));
	size_t i, first = free_path_length(finding);

	/* In one line: who let go of the page is further out. */
	if (first)
		printf("  freed in    %s\n",
		       functions_in_stack(finding, 0, first));
	for (i = first; i < get_length(finding, "stack"); i++)
		printf("  %-11s %s\n", i == first ? label : "",
		       json_object_get_string(get_element(finding, "stack", i)));
}

/* Of a watch, which has many. */
static void print_owner(struct json_object *finding)
{
	if (get_number(finding, "owner-pid"))
		printf("  process     %llu (%s)\n",
		       get_number(finding, "owner-pid"),
		       get_string(finding, "owner-comm"));
}

static void print_held(struct json_object *finding)
{
	const char *rights = get_string(finding, "rights");

	printf("  device has  pfn %s%s%s%s, for %.3f ms, filled by ",
	       get_string(finding, "pfn"), rights[0] ? " " : "", rights,
	       get_flag(finding, "hugetlb") ? " of a hugetlb page" : "",
	       get_number(finding, "age") / 1e6);
	if (get_number(finding, "filler"))
		printf("device thread %llu\n", get_number(finding, "filler"));
	else
		printf("%s\n", get_number(finding, "watch") ? "the mirror" :
							      "a prefetch");
}

static void print_translation(struct json_object *finding)
{
	const char *new_pfn = get_string(finding, "new-pfn");

	printf("  address     %s, in a translation of %s at %s\n",
	       get_string(finding, "at"),
	       size_text(get_number(finding, "size")),
	       get_string(finding, "va"));
	print_held(finding);
	if (new_pfn[0])
		printf("  process has pfn %s\n", new_pfn);
	else if (get_flag(finding, "no-new-pfn"))
		printf("  process has nothing there\n");
	else
		printf("  process has (unknown: nobody looked there since)\n");
}

static void print_table(struct json_object *finding)
{
	printf("  address     %s, in a table that maps %s at %s\n",
	       get_string(finding, "at"),
	       size_text(get_number(finding, "size")),
	       get_string(finding, "va"));
	print_held(finding);
	/* What a freed one was freed for, nobody looked up. */
	if (get_string(finding, "new-pfn")[0])
		printf("  process has a table at pfn %s\n",
		       get_string(finding, "new-pfn"));
	else if (get_flag(finding, "no-new-pfn"))
		printf("  process has no table there\n");
}

static void print_harm(struct json_object *finding)
{
	if (get_number(finding, "stale-reads"))
		printf("  stale read  %llu: the first by device thread %llu at %s: it got %s, the process has %s\n",
		       get_number(finding, "stale-reads"),
		       get_number(finding, "stale-read-by"),
		       get_string(finding, "stale-read-at"),
		       get_string(finding, "stale-read-got"),
		       get_string(finding, "stale-read-has"));
	if (get_number(finding, "lost-stores"))
		printf("  lost store  %llu: held back, so the process never sees what the device wrote\n",
		       get_number(finding, "lost-stores"));
}

/* What was so before the flush that is pending. */
static const char *too_late(const char *rule)
{
	if (strcmp(rule, "A") == 0)
		return "the page is free";
	if (strcmp(rule, "B") == 0)
		return "the process can use the other page";
	if (strcmp(rule, "C") == 0)
		return "the page is copied";
	return "the operation has returned";
}

/* What the same operation told of: who told of it might have told of more. */
static void print_told_beside(struct json_object *finding)
{
	const char *site = get_string(finding, "beside-site");

	if (site[0])
		printf("  told beside %s to %s, in the same operation, by %s\n",
		       get_string(finding, "beside-start"),
		       get_string(finding, "beside-last"), site);
}

static void print_sites_told(struct json_object *finding)
{
	const char *withheld = get_string(finding, "withheld-site");
	const char *last = get_string(finding, "last-site");
	const char *like = get_string(finding, "looks-like");

	if (withheld[0])
		printf("  withheld    %s (by a mutant)\n", withheld);
	printf("  last told   %s\n", last[0] ? last :
	       "by none of the notifications that are remembered");
	print_told_beside(finding);
	if (get_flag(finding, "flush-pending"))
		printf("  pending     a TLB flush, which may tell the device yet: too late, for %s\n",
		       too_late(get_string(finding, "rule")));
	if (like[0])
		printf("  looks like  %s, docs/findings.md\n", like);
	printf("  found in    %s[%llu]\n", get_string(finding, "comm"),
	       get_number(finding, "pid"));
}

/* Not the module's finding, but the scenario's: it looked at the memory. */
static void print_lost_store(struct json_object *finding)
{
	printf("  address     %s\n", get_string(finding, "at"));
	printf("  stored      %llu: what the device stored there last\n",
	       get_number(finding, "acknowledged"));
	printf("  memory has  %llu\n", get_number(finding, "has"));
	if (get_number(finding, "suppressed"))
		printf("  suppressed  %llu stores of the device, which may be these: they might have landed in a page that is not the process's\n",
		       get_number(finding, "suppressed"));
}

void print_finding(struct json_object *finding)
{
	struct breach breach = breach_of(finding);

	printf("FINDING %llu: rule %s: %s",
	       get_number(finding, "seq"), get_string(finding, "rule"),
	       breach.sentence);
	if (get_number(finding, "count") > 1)
		printf(" (%llu %s)", get_number(finding, "count"), breach.of);
	printf("\n");
	if (strcmp(breach.name, "lost-store") == 0) {
		print_lost_store(finding);
		return;
	}
	print_owner(finding);
	if (breach.table)
		print_table(finding);
	else
		print_translation(finding);
	print_harm(finding);
	print_sites_told(finding);
	print_stack(finding);
}

/* One line. */
static void print_cause(struct json_object *cause)
{
	struct json_object *first = get_element(cause, "findings", 0);
	const char *withheld = get_string(cause, "withheld");
	const char *place = get_string(cause, "place");
	const char *like = get_string(cause, "looks-like");
	size_t nr = get_length(cause, "findings");

	printf("rule %s: %zu finding%s", get_string(cause, "rules"), nr,
	       nr == 1 ? "" : "s");
	if (withheld[0])
		printf(", withheld from %s (by a mutant)",
		       short_chain(withheld, NULL, 0));
	else if (place[0])
		printf(", %s %s", stack_label(get_string(first, "rule")), place);
	else
		printf(", %s", breach_of(first).sentence);
	if (like[0])
		printf("; looks like %s, docs/findings.md", like);
	printf("\n");
}

/* Is it the first of its cause that breaks that rule in that way? */
static bool is_first_of_its_kind(struct json_object *cause, size_t at)
{
	struct json_object *finding = get_element(cause, "findings", at);
	size_t i;

	for (i = 0; i < at; i++) {
		struct json_object *other = get_element(cause, "findings", i);

		if (is(other, "rule", get_string(finding, "rule")) &&
		    is(other, "breach", get_string(finding, "breach")))
			return false;
	}
	return true;
}

static void print_details(struct json_object *cause)
{
	size_t i, more = 0, nr = get_length(cause, "findings");

	for (i = 0; i < nr; i++) {
		if (is_first_of_its_kind(cause, i))
			print_finding(get_element(cause, "findings", i));
		else
			more++;
	}
	if (more)
		printf("and %zu more of this cause, that differ in the rest of the stack, in the size, or in what told last (--json has them)\n",
		       more);
}

void print_findings(struct json_object *object)
{
	struct json_object *findings = get_array(object, "findings");
	struct json_object *causes;
	size_t i, nr;

	if (!findings || json_object_array_length(findings) == 0)
		return;
	causes = causes_of(findings);
	nr = json_object_array_length(causes);
	if (json_object_array_length(findings) > 1) {
		printf("%zu cause%s, %zu findings:\n", nr, nr == 1 ? "" : "s",
		       json_object_array_length(findings));
		for (i = 0; i < nr; i++) {
			printf("  %zu: ", i + 1);
			print_cause(json_object_array_get_idx(causes, i));
		}
	}
	for (i = 0; i < nr; i++)
		print_details(json_object_array_get_idx(causes, i));
	json_object_put(causes);
}

// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/mutant.h"
#include "report/chain.h"
#include "report/limit.h"
#include "report/mutation_report.h"
#include "report/report.h"

/* One site in one scenario. */
struct row {
	const char *chain;
	const char *scenario;
	struct json_object *site;
};

/**
 * struct rows - the sites of all scenarios, same chains together
 * @row: sorted
 * @chain: the chain of each
 * @nr: how many
 */
struct rows {
	struct row *row;
	const char **chain;
	size_t nr;
};

static int compare_rows(const void *one, const void *other)
{
	const struct row *a = one, *b = other;
	int order = strcmp(a->chain, b->chain);

	return order ? : strcmp(a->scenario, b->scenario);
}

static void add_rows(struct rows *rows, struct json_object *scenario)
{
	size_t i;

	for (i = 0; i < get_length(scenario, "sites"); i++) {
		struct json_object *site = get_element(scenario, "sites", i);

		rows->row[rows->nr++] = (struct row) {
			.chain = get_string(site, "chain"),
			.scenario = get_string(scenario, "name"),
			.site = site,
		};
	}
}

static struct rows collect_rows(struct json_object *all)
{
	struct rows rows = { };
	size_t i, nr = 0;

	for (i = 0; i < get_length(all, "scenarios"); i++)
		nr += get_length(get_element(all, "scenarios", i), "sites");
	rows.row = calloc(nr + 1, sizeof(*rows.row));
	rows.chain = calloc(nr + 1, sizeof(*rows.chain));
	if (!rows.row || !rows.chain)
		abort();
	for (i = 0; i < get_length(all, "scenarios"); i++)
		add_rows(&rows, get_element(all, "scenarios", i));
	qsort(rows.row, rows.nr, sizeof(*rows.row), compare_rows);
	for (i = 0; i < nr; i++)
		rows.chain[i] = rows.row[i].chain;
	return rows;
}

static void free_rows(struct rows *rows)
{
	free(rows->row);
	free(rows->chain);
}

/* What became of one mutant, in one word: by which rules it was caught. */
static const char *cell(struct json_object *outcome)
{
	static const struct {
		const char *outcome;
		const char *word;
	} words[] = {
		{ "redundant", "covered" }, { "explained", "lives" },
		{ "idle", "idle" }, { "unexplained", "LIVES" },
	};
	size_t i;

	if (is(outcome, "outcome", "killed"))
		return get_string(outcome, "rules");
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (is(outcome, "outcome", words[i].outcome))
			return words[i].word;
	}
	return "-";
}

/* The sites that did its work, and without which it is caught. */
static void print_covering(struct json_object *outcome)
{
	size_t i;

	for (i = 0; i < get_length(outcome, "covered-by"); i++)
		printf("%s%s", i ? " and " : "covered by ",
		       short_chain(json_object_get_string(
				get_element(outcome, "covered-by", i)), NULL, 0));
}

/* Why a mutant lives, when the verdict does not say it. */
static void print_reason(const char *name, struct json_object *outcome)
{
	if (is(outcome, "outcome", "redundant")) {
		printf("    %s is ", name);
		print_covering(outcome);
		printf(": without both, caught\n");
	} else if (is(outcome, "outcome", "explained") ||
		   is(outcome, "outcome", "unexplained")) {
		printf("    %s lives: %s\n", name, get_string(outcome, "reason"));
	}
}

/* The translations lived until the end of the range, and did no harm. */
static bool may_be_late(struct json_object *late)
{
	return is(late, "outcome", "explained");
}

static void print_load_bearing(struct json_object *late)
{
	printf("load-bearing");
	if (is(late, "outcome", "killed"))
		printf(", must be in time");
	else if (may_be_late(late))
		printf(", may be late");
}

static void print_verdict(struct json_object *site)
{
	struct json_object *drop = json_object_object_get(site, "drop");
	struct json_object *late = json_object_object_get(site, "late");
	const char *class = get_string(site, "class");

	if (strcmp(class, "load-bearing") == 0)
		print_load_bearing(late);
	else if (strcmp(class, "unexplained") == 0)
		printf("UNEXPLAINED: %s", get_string(drop, "reason"));
	else if (strcmp(class, "not needed") == 0)
		printf("not needed: %s", get_string(drop, "reason"));
	else
		printf("%s", class);
	if (strcmp(class, "redundant") == 0) {
		printf(": ");
		print_covering(drop);
	}
	printf("\n");
}

static void print_row(const struct row *row)
{
	struct json_object *drop = json_object_object_get(row->site, "drop");
	struct json_object *late = json_object_object_get(row->site, "late");
	struct json_object *trim = json_object_object_get(row->site, "trim");
	bool load_bearing = is(row->site, "class", "load-bearing");

	printf("  %-16s %-8s %-8s %-8s ", row->scenario, cell(drop), cell(late),
	       cell(trim));
	print_verdict(row->site);
	/* A redundant site is so late and trimmed, too. */
	if ((load_bearing && !may_be_late(late)) ||
	    is(late, "outcome", "unexplained"))
		print_reason("late", late);
	if (load_bearing || is(trim, "outcome", "unexplained"))
		print_reason("trim", trim);
}

static bool is_quiet(const struct row *row)
{
	return is(row->site, "class", "idle") ||
	       is(row->site, "class", "not reached");
}

static void print_table(const struct rows *rows)
{
	const char *chain = "";
	size_t i;

	printf("What became of each mutant: the rules that caught it, or that it lives, each\n"
	       "translation that lived on with it being accounted for; covered: other sites\n"
	       "told the device, and without those, too, it is caught. A notification that may\n"
	       "be late can wait until invalidate_range_end(): it arrived there, before the\n"
	       "operation returned, and no rule was broken.\n\n"
	       "site, and in which scenario\n"
	       "  %-16s %-8s %-8s %-8s %s\n", "", "drop", "late", "trim",
	       "verdict");
	for (i = 0; i < rows->nr; i++) {
		if (is_quiet(&rows->row[i]))
			continue;
		if (strcmp(rows->row[i].chain, chain) != 0)
			printf("%s\n", short_chain(rows->row[i].chain, rows->chain,
						   rows->nr));
		chain = rows->row[i].chain;
		print_row(&rows->row[i]);
	}
}

/* Chains with one class, and the scenarios in which they have it. */
static void print_quiet(const struct rows *rows, const char *class,
			const char *title)
{
	const char *chain = NULL;
	size_t i;

	for (i = 0; i < rows->nr; i++) {
		const struct row *row = &rows->row[i];

		if (!is(row->site, "class", class))
			continue;
		if (!chain)
			printf("\n%s\n", title);
		if (!chain || strcmp(row->chain, chain) != 0)
			printf("%s%s:", chain ? "\n" : "",
			       short_chain(row->chain, rows->chain, rows->nr));
		printf(" %s", row->scenario);
		chain = row->chain;
	}
	if (chain)
		printf("\n");
}

static void print_armed(struct json_object *all)
{
	bool first = true;
	size_t i;

	for (i = 0; i < get_length(all, "scenarios"); i++) {
		struct json_object *scenario = get_element(all, "scenarios", i);
		struct json_object *armed = json_object_object_get(scenario, "armed");
		struct json_object *drop = json_object_object_get(armed, "drop");
		struct json_object *defer = json_object_object_get(armed, "defer");
		struct json_object *misroute = json_object_object_get(armed, "misroute");

		if (!armed)
			continue;
		if (first)
			printf("\nAll notifications that a scenario depends on\n"
			       "  %-16s %-8s %-8s %s\n", "", "drop", "defer",
			       "misroute");
		first = false;
		printf("  %-16s %-8s %-8s %s\n", get_string(scenario, "name"),
		       cell(drop), cell(defer), cell(misroute));
		print_reason("drop", drop);
		print_reason("defer", defer);
		print_reason("misroute", misroute);
	}
}

static const char *edge_cell(struct json_object *edges, const char *edge)
{
	return cell(json_object_object_get(edges, edge));
}

/* Of the edges of a scenario, those with the same as @edge; once. */
static void print_edges_like(struct json_object *edges, const char * const *edge)
{
	const char *word = edge_cell(edges, *edge);
	const char * const *other;

	for (other = mutant_edges; other < edge; other++) {
		if (strcmp(edge_cell(edges, *other), word) == 0)
			return;
	}
	printf("    %-8s", word);
	for (; *other; other++) {
		if (strcmp(edge_cell(edges, *other), word) == 0)
			printf(" %s", *other);
	}
	printf("\n");
}

static void print_edges_of(struct json_object *scenario, struct json_object *edges)
{
	const char * const *edge;

	printf("  %s\n", get_string(scenario, "name"));
	for (edge = mutant_edges; *edge; edge++)
		print_edges_like(edges, edge);
	for (edge = mutant_edges; *edge; edge++)
		print_reason(*edge, json_object_object_get(edges, *edge));
}

static void print_edges(struct json_object *all)
{
	bool first = true;
	size_t i;

	for (i = 0; i < get_length(all, "scenarios"); i++) {
		struct json_object *scenario = get_element(all, "scenarios", i);
		struct json_object *edges = json_object_object_get(scenario, "edges");

		if (!edges)
			continue;
		if (first)
			printf("\nThe same, with an edge of them left out at a time; -: there is no such edge\n");
		print_edges_of(scenario, edges);
		first = false;
	}
}

static void print_devices(struct json_object *all)
{
	size_t i;

	if (get_length(all, "device") == 0)
		return;
	printf("\nDefects of the device\n"
	       "  %-16s %-24s %-8s %s\n", "", "scenario", "rules", "verdict");
	for (i = 0; i < get_length(all, "device"); i++) {
		struct json_object *outcome = get_element(all, "device", i);
		const char *reason = get_string(outcome, "reason");
		char scenario[64];

		snprintf(scenario, sizeof(scenario), "%s%s",
			 get_flag(outcome, "fracture") ? "--fracture " : "",
			 get_string(outcome, "scenario"));
		printf("  %-16s %-24s %-8s %s%s%s\n",
		       get_string(outcome, "mutant"), scenario,
		       get_string(outcome, "rules"),
		       is(outcome, "outcome", "unexplained") ? "UNEXPLAINED"
				: get_string(outcome, "outcome"),
		       reason[0] ? ": " : "", reason);
	}
}

/* Those without a clean run, and so without mutants. */
static void print_left_out(struct json_object *all)
{
	size_t i;

	for (i = 0; i < get_length(all, "scenarios"); i++) {
		struct json_object *scenario = get_element(all, "scenarios", i);

		if (is(scenario, "verdict", "ok"))
			continue;
		printf("%-16s %s: %s\n", get_string(scenario, "name"),
		       is(scenario, "verdict", "skip") ? "skipped" :
		       "NOT CLEAN without a mutant, so it cannot show anything",
		       get_string(scenario, "reason"));
		print_findings(scenario);
	}
}

static void print_medians(struct json_object *all)
{
	struct json_object *medians = json_object_object_get(all, "median-ops");
	bool first = true;

	printf("rounds until the first finding, median:");
	json_object_object_foreach(medians, rule, rounds) {
		printf("%s rule %s %s", first ? "" : ",", rule,
		       json_object_get_string(rounds));
		first = false;
	}
	printf("%s\n", first ? " none" : "");
}

static void print_score(struct json_object *all)
{
	printf("\nkilled %llu of %llu mutants, %llu redundant, %llu explained, %llu unexplained",
	       get_number(all, "killed"), get_number(all, "mutants"),
	       get_number(all, "redundant"), get_number(all, "explained"),
	       get_number(all, "unexplained"));
	if (get_number(all, "idle"))
		printf(", %llu idle", get_number(all, "idle"));
	if (get_number(all, "unreached"))
		printf(", %llu not reached", get_number(all, "unreached"));
	printf("\n");
	print_medians(all);
	print_limits(all, "");
	printf("%llu s\n", get_number(all, "seconds"));
}

void print_mutation(struct json_object *all)
{
	struct rows rows = collect_rows(all);

	printf("devtlb %s, Linux %s, notified by ->%s\n\n",
	       get_string(all, "version"), get_string(all, "kernel"),
	       get_string(all, "callback"));
	print_left_out(all);
	if (rows.nr > 0) {
		print_table(&rows);
		print_quiet(&rows, "idle",
			    "Idle: the device held nothing there");
		print_quiet(&rows, "not reached",
			    "Not reached again: they notified only in the clean run");
	}
	print_armed(all);
	print_edges(all);
	print_devices(all);
	print_score(all);
	free_rows(&rows);
}

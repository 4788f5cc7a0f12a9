// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/mutant.h"
#include "model/result.h"
#include "model/score.h"

#define RULES	"ABCD"

/* Rounds that findings of one rule took. */
struct samples {
	unsigned long long *ops;
	size_t nr;
};

struct score {
	unsigned int killed;
	unsigned int redundant;
	unsigned int explained;
	unsigned int idle;
	unsigned int unexplained;
	unsigned int unreached;
	struct samples samples[sizeof(RULES) - 1];
};

static void add_sample(struct samples *samples, unsigned long long ops)
{
	samples->ops = reallocarray(samples->ops, samples->nr + 1,
				    sizeof(*samples->ops));
	if (!samples->ops)
		abort();
	samples->ops[samples->nr++] = ops;
}

static void count_killed(struct score *score, struct json_object *outcome)
{
	const char *rules = get_string(outcome, "rules");
	size_t i;

	score->killed++;
	for (i = 0; RULES[i]; i++) {
		if (strchr(rules, RULES[i]))
			add_sample(&score->samples[i],
				   get_number(outcome, "ops"));
	}
}

static void count_outcome(struct score *score, struct json_object *outcome)
{
	const char *word = get_string(outcome, "outcome");

	if (strcmp(word, "killed") == 0)
		count_killed(score, outcome);
	else if (strcmp(word, "redundant") == 0)
		score->redundant++;
	else if (strcmp(word, "explained") == 0)
		score->explained++;
	else if (strcmp(word, "idle") == 0)
		score->idle++;
	else if (strcmp(word, "unexplained") == 0)
		score->unexplained++;
	else if (strcmp(word, "unreached") == 0)
		score->unreached++;
}

static void count_armed(struct score *score, struct json_object *armed)
{
	static const char * const kinds[] = { "drop", "defer", "misroute" };
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		count_outcome(score, json_object_object_get(armed, kinds[i]));
}

static void count_edges(struct score *score, struct json_object *edges)
{
	const char * const *edge;

	for (edge = mutant_edges; *edge; edge++)
		count_outcome(score, json_object_object_get(edges, *edge));
}

static void count_site(struct score *score, struct json_object *site)
{
	static const char * const kinds[] = { "drop", "late", "trim" };
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		count_outcome(score, json_object_object_get(site, kinds[i]));
}

static void count_scenario(struct score *score, struct json_object *scenario)
{
	size_t i;

	count_armed(score, json_object_object_get(scenario, "armed"));
	count_edges(score, json_object_object_get(scenario, "edges"));
	for (i = 0; i < get_length(scenario, "sites"); i++)
		count_site(score, get_element(scenario, "sites", i));
}

static int compare(const void *one, const void *other)
{
	unsigned long long a = *(const unsigned long long *)one;
	unsigned long long b = *(const unsigned long long *)other;

	return (a > b) - (a < b);
}

static struct json_object *medians(struct score *score)
{
	struct json_object *object = json_object_new_object();
	size_t i;

	for (i = 0; RULES[i]; i++) {
		struct samples *samples = &score->samples[i];
		const char rule[] = { RULES[i], '\0' };

		if (samples->nr == 0)
			continue;
		qsort(samples->ops, samples->nr, sizeof(*samples->ops), compare);
		set_number(object, rule, samples->ops[(samples->nr - 1) / 2]);
		free(samples->ops);
	}
	return object;
}

static unsigned int count_verdicts(struct json_object *all, const char *verdict)
{
	unsigned int count = 0;
	size_t i;

	for (i = 0; i < get_length(all, "scenarios"); i++) {
		if (strcmp(get_string(get_element(all, "scenarios", i), "verdict"),
			   verdict) == 0)
			count++;
	}
	return count;
}

void add_score(struct json_object *all)
{
	struct score score = { };
	size_t i;

	for (i = 0; i < get_length(all, "scenarios"); i++)
		count_scenario(&score, get_element(all, "scenarios", i));
	for (i = 0; i < get_length(all, "device"); i++)
		count_outcome(&score, get_element(all, "device", i));
	/* Where the device held nothing, nothing was changed. */
	set_number(all, "mutants", score.killed + score.redundant +
		   score.explained + score.unexplained);
	set_number(all, "killed", score.killed);
	set_number(all, "redundant", score.redundant);
	set_number(all, "idle", score.idle);
	set_number(all, "explained", score.explained);
	set_number(all, "unexplained", score.unexplained);
	set_number(all, "unreached", score.unreached);
	set_number(all, "failed", count_verdicts(all, "fail"));
	set_number(all, "broken", count_verdicts(all, "broken"));
	json_object_object_add(all, "median-ops", medians(&score));
}

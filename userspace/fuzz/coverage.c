// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/coverage.h"
#include "fuzz/page_state.h"
#include "model/result.h"
#include "operations/arena.h"

#define KEY_MAX		1024
#define OPERATIONS_MAX	128
#define STATES_MAX	32
/* A state is rare that fewer operations than one in so many have met. */
#define RARE		20

/**
 * struct reached - what was reached
 * @cases: each as a key: who notified, or how it ended; which operation; in which
 *	situation, or on pages of which states
 * @chains: each as a key
 * @performed: of each operation, by its number, how often the kernel did it
 * @refused: how often it did not
 * @situations: in how many new situations
 * @steps: how many operations there were
 * @states: how many of them met pages of a state, by its number
 */
struct reached {
	struct json_object *cases;
	struct json_object *chains;
	unsigned long long performed[OPERATIONS_MAX];
	unsigned long long refused[OPERATIONS_MAX];
	unsigned long long situations[OPERATIONS_MAX];
	unsigned long long steps;
	unsigned long long states[STATES_MAX];
};

struct reached *reached_new(void)
{
	struct reached *reached = calloc(1, sizeof(*reached));

	if (!reached)
		abort();
	reached->cases = json_object_new_object();
	reached->chains = json_object_new_object();
	return reached;
}

void reached_free(struct reached *reached)
{
	json_object_put(reached->cases);
	json_object_put(reached->chains);
	free(reached);
}

static const char *size_class(long pages)
{
	static const struct {
		long most;
		const char *name;
	} classes[] = {
		{ 1, "1" }, { 2, "2" }, { 32, "32" }, { 33, "33" },
		{ 63, "63" }, { 64, "64" }, { 511, "511" }, { 512, "512" },
		{ 1024, "1024" },
	};
	size_t i;

	for (i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		if (pages <= classes[i].most)
			return classes[i].name;
	}
	return "more";
}

static bool spans_tables(long page, long pages)
{
	return page / TABLE != (page + pages - 1) / TABLE;
}

static bool spans_top(long page, long pages)
{
	return page < ARENA_TOP && page + pages > ARENA_TOP;
}

static const char *backing_name(enum backing backing)
{
	static const char * const names[] = {
		[BACKING_NOTHING] = "nothing",
		[BACKING_ANONYMOUS] = "anonymous",
		[BACKING_PRIVATE] = "private",
		[BACKING_SHARED] = "shared",
		[BACKING_UNKNOWN] = "unknown",
	};

	return names[backing];
}

/* How many areas a range touches, holes among them: 1, 2, or 3 for more. */
static int areas_of(const struct contents *contents, unsigned int actor,
		    long page, long pages)
{
	int areas = 1;
	long i;

	for (i = page + 1; i < page + pages && areas < 3; i++)
		areas += contents_backing(contents, actor, i) !=
			 contents_backing(contents, actor, i - 1) ||
			 contents_object(contents, actor, i) !=
			 contents_object(contents, actor, i - 1);
	return areas;
}

const char *situation_of(const struct contents *contents,
			 const struct step *step, unsigned int present)
{
	static char text[128];
	long page = step_argument(step, "page");
	long pages = step_argument(step, "pages");
	bool alone = (present & (present - 1)) == 0;

	if (!pages)
		return alone ? "alone" : "in company";
	snprintf(text, sizeof(text), "%s%s%s, %d areas, %s, object %d%s",
		 size_class(pages), spans_tables(page, pages) ? ", tables" : "",
		 spans_top(page, pages) ? ", top" : "",
		 areas_of(contents, step->actor, page, pages),
		 backing_name(contents_backing(contents, step->actor, page)),
		 contents_object(contents, step->actor, page),
		 alone ? "" : ", in company");
	return text;
}

static unsigned int number_of(const struct operation *operation)
{
	const struct operation * const *entry = __start_operations;

	while (*entry != operation)
		entry++;
	if (entry - __start_operations >= OPERATIONS_MAX)
		abort();
	return entry - __start_operations;
}

/* Returns whether it is new. */
static bool count_key(struct json_object *of, const char *key)
{
	struct json_object *count;

	if (json_object_object_get_ex(of, key, &count)) {
		json_object_int_inc(count, 1);
		return false;
	}
	json_object_object_add(of, key, json_object_new_int64(1));
	return true;
}

/*
 * An outcome, or who notified: in a situation, and on pages of such states. Not both
 * in one, for then nearly all would be new.
 */
static unsigned int count_case(struct reached *reached, const struct step *step,
			       const char *situation, const char *states,
			       const char *what)
{
	unsigned int new;
	char key[KEY_MAX];

	snprintf(key, sizeof(key), "%s, %s: %s", step->operation->name,
		 situation, what);
	new = count_key(reached->cases, key);
	if (!states[0])
		return new;
	snprintf(key, sizeof(key), "%s of %s: %s", step->operation->name,
		 states, what);
	return new + count_key(reached->cases, key);
}

static void count_states(struct reached *reached, unsigned int states)
{
	unsigned int i;

	reached->steps++;
	for (i = 0; i < STATES_MAX; i++)
		reached->states[i] += states >> i & 1;
}

bool reached_is_rare(const struct reached *reached, unsigned int states)
{
	unsigned int i;

	for (i = 0; i < STATES_MAX; i++) {
		if (states >> i & 1 &&
		    reached->states[i] * RARE < reached->steps)
			return true;
	}
	return false;
}

unsigned int reached_note(struct reached *reached, const struct step *step,
			  const char *situation, unsigned int states, long result,
			  struct json_object *chains)
{
	unsigned int number = number_of(step->operation);
	char text[PAGE_STATES_TEXT];
	unsigned int new;
	size_t i;

	if (result < 0)
		reached->refused[number]++;
	else
		reached->performed[number]++;
	page_states_text(states, text);
	count_states(reached, states);
	new = count_case(reached, step, situation, text,
			 result < 0 ? strerrorname_np(-result) : "done");
	for (i = 0; i < json_object_array_length(chains); i++) {
		const char *chain = json_object_get_string(
			json_object_array_get_idx(chains, i));

		count_key(reached->chains, chain);
		new += count_case(reached, step, situation, text, chain);
	}
	reached->situations[number] += new;
	return new;
}

static struct json_object *report_operations(const struct reached *reached)
{
	struct json_object *array = json_object_new_array();
	const struct operation * const *entry;

	for_each_registered(entry, operations) {
		unsigned int number = entry - __start_operations;
		struct json_object *operation = json_object_new_object();

		set_string(operation, "name", (*entry)->name);
		set_number(operation, "performed", reached->performed[number]);
		set_number(operation, "refused", reached->refused[number]);
		set_number(operation, "situations", reached->situations[number]);
		json_object_array_add(array, operation);
	}
	return array;
}

static struct json_object *report_states(const struct reached *reached)
{
	struct json_object *array = json_object_new_array();
	unsigned int i;

	for (i = 0; page_state_name(i); i++) {
		struct json_object *state = json_object_new_object();

		set_string(state, "name", page_state_name(i));
		set_number(state, "operations", reached->states[i]);
		json_object_array_add(array, state);
	}
	return array;
}

static struct json_object *report_sites(const struct reached *reached)
{
	struct json_object *array = json_object_new_array();

	json_object_object_foreach(reached->chains, chain, count) {
		struct json_object *site = json_object_new_object();

		set_string(site, "chain", chain);
		set_number(site, "count", json_object_get_int64(count));
		json_object_array_add(array, site);
	}
	return array;
}

struct json_object *reached_report(const struct reached *reached)
{
	struct json_object *report = json_object_new_object();

	set_number(report, "cases", json_object_object_length(reached->cases));
	json_object_object_add(report, "operations", report_operations(reached));
	json_object_object_add(report, "states", report_states(reached));
	json_object_object_add(report, "sites", report_sites(reached));
	return report;
}

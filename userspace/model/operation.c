// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "model/operation.h"
#include "model/result.h"

struct operation *operation_find(struct operations *operations,
				 const char *name, bool proves)
{
	struct operation *operation;
	size_t i;

	for (i = 0; i < operations->nr; i++) {
		if (strcmp(operations->of[i].name, name) == 0)
			return &operations->of[i];
	}
	if (operations->nr == OPERATIONS_MAX)
		return NULL;
	operation = &operations->of[operations->nr++];
	*operation = (struct operation) {
		.name = name,
		.proves = proves,
		.told = json_object_new_array(),
	};
	return operation;
}

static void add_told(struct json_object *told, const char *chain,
		     uint64_t retired)
{
	struct json_object *one;
	size_t i;

	for (i = 0; i < json_object_array_length(told); i++) {
		one = json_object_array_get_idx(told, i);
		if (is(one, "chain", chain)) {
			set_number(one, "retired",
				   get_number(one, "retired") + retired);
			return;
		}
	}
	one = json_object_new_object();
	set_string(one, "chain", chain);
	set_number(one, "retired", retired);
	json_object_array_add(told, one);
}

uint64_t operation_learn(struct operation *operation,
			 struct json_object *sites)
{
	uint64_t all = 0;
	size_t i;

	for (i = 0; i < json_object_array_length(sites); i++) {
		struct json_object *site = json_object_array_get_idx(sites, i);
		uint64_t retired = get_number(site, "retired");

		if (retired)
			add_told(operation->told, get_string(site, "chain"),
				 retired);
		all += retired;
	}
	operation->happened += all > 0;
	return all;
}

const struct operation *operation_missing(const struct operations *operations)
{
	size_t i;

	for (i = 0; i < operations->nr; i++) {
		if (!operations->of[i].happened)
			return &operations->of[i];
	}
	return NULL;
}

static struct json_object *silent_to_json(const struct silent_page *page)
{
	struct json_object *object = json_object_new_object();
	char at[sizeof("0x") + 16];

	snprintf(at, sizeof(at), "0x%" PRIx64, page->at);
	set_string(object, "at", at);
	set_number(object, "before", page->before);
	set_number(object, "after", page->after);
	return object;
}

static struct json_object *operation_to_json(const struct operation *operation)
{
	struct json_object *object = json_object_new_object();

	set_string(object, "name", operation->name);
	json_object_object_add(object, "proves",
			       json_object_new_boolean(operation->proves));
	set_number(object, "times", operation->times);
	set_number(object, "happened", operation->happened);
	json_object_object_add(object, "told", json_object_get(operation->told));
	if (!operation->happened && operation->silent.at)
		json_object_object_add(object, "silent",
				       silent_to_json(&operation->silent));
	return object;
}

struct json_object *operations_to_json(const struct operations *operations)
{
	struct json_object *array = json_object_new_array();
	size_t i;

	for (i = 0; i < operations->nr; i++)
		json_object_array_add(array,
				      operation_to_json(&operations->of[i]));
	return array;
}

void operations_forget(struct operations *operations)
{
	while (operations->nr > 0)
		json_object_put(operations->of[--operations->nr].told);
}

static struct mutant *mutant_at(struct mutant *mutants, unsigned int nr,
				const char *chain)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		if (strcmp(mutants[i].site, chain) == 0)
			return &mutants[i];
	}
	return NULL;
}

/* One more of a kind; false where there is one at that chain, or no room. */
static bool add_mutant(struct mutant *mutants, unsigned int *nr,
		       enum devtlb_mutant kind, const char *chain)
{
	if (mutant_at(mutants, *nr, chain) || *nr == DEVTLB_MUTANTS_MAX)
		return false;
	mutants[*nr] = (struct mutant) { .kind = kind, .whole_chain = true };
	snprintf(mutants[*nr].site, sizeof(mutants[*nr].site), "%s", chain);
	++*nr;
	return true;
}

/* Does one mutant drop a piece of what another would drop? */
static bool drops_less(const struct mutant *mutant)
{
	return mutant_withholds_pieces(mutant->kind) &&
	       (mutant->kind != DEVTLB_MUTANT_DROP || mutant->pages_min ||
		mutant->pages_max || mutant->only || mutant->every);
}

bool drop_chain(struct mutant *mutants, unsigned int *nr, const char *chain)
{
	return add_mutant(mutants, nr, DEVTLB_MUTANT_DROP, chain);
}

bool drop_all_of_chain(struct mutant *mutants, unsigned int *nr,
		       const char *chain)
{
	struct mutant *mutant = mutant_at(mutants, *nr, chain);

	if (!mutant || !drops_less(mutant))
		return drop_chain(mutants, nr, chain);
	mutant->kind = DEVTLB_MUTANT_DROP;
	mutant->pages_min = 0;
	mutant->pages_max = 0;
	mutant->only = 0;
	mutant->every = 0;
	return true;
}

unsigned int mutants_of_learned(struct json_object *clean,
				enum devtlb_mutant kind, struct mutant *mutants)
{
	unsigned int nr = 0;
	size_t i, j;

	for (i = 0; i < get_length(clean, "operations"); i++) {
		struct json_object *operation = get_element(clean, "operations", i);

		if (!get_flag(operation, "proves"))
			continue;
		for (j = 0; j < get_length(operation, "told"); j++)
			add_mutant(mutants, &nr, kind,
				   get_string(get_element(operation, "told", j),
					      "chain"));
	}
	return nr;
}

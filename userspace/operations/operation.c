// SPDX-License-Identifier: GPL-2.0-only
#include <stddef.h>
#include <string.h>

#include "operations/actor.h"
#include "operations/operation.h"

const struct operation *find_operation(const char *name)
{
	const struct operation * const *operation;

	for_each_registered(operation, operations) {
		if (strcmp((*operation)->name, name) == 0)
			return *operation;
	}
	return NULL;
}

unsigned int nr_arguments(const struct operation *operation)
{
	unsigned int nr = 0;

	while (operation->argument[nr].name)
		nr++;
	return nr;
}

const struct word *find_word(const struct word *words, const char *name)
{
	for (; words->name; words++) {
		if (strcmp(words->name, name) == 0)
			return words;
	}
	return NULL;
}

long perform_order(const struct order *order)
{
	return __start_operations[order->operation]->perform(order->argument);
}

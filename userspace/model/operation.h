/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Operations: the steps of a scenario in which the kernel retires translations,
 * and what a run learned of each: whether it happened, and from where it was
 * told.
 */
#ifndef MODEL_OPERATION_H
#define MODEL_OPERATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <json-c/json.h>

#include "model/mutant.h"

#define OPERATIONS_MAX	4

/**
 * struct silent_page - a page that was mapped otherwise after an operation, and
 *	nothing was retired
 * @at: its address; 0 for none
 * @before: its frame
 * @after: the same; 0 when none is mapped
 */
struct silent_page {
	uint64_t at;
	uint64_t before;
	uint64_t after;
};

/**
 * struct operation - what is known of one
 * @name: how it is called, as in "copy on write"
 * @proves: the armed run drops what tells of it; else it only must happen
 * @times: begun
 * @happened: times that something was retired
 * @told: array: the chains that did, and how many translations they retired
 * @silent: the first page that was not told; of an operation that was never told
 */
struct operation {
	const char *name;
	bool proves;
	unsigned int times;
	unsigned int happened;
	struct json_object *told;
	struct silent_page silent;
};

/**
 * struct operations - those of a run, in the order that they were begun first
 */
struct operations {
	struct operation of[OPERATIONS_MAX];
	size_t nr;
};

/* NULL where there are too many. */
struct operation *operation_find(struct operations *operations,
				 const char *name, bool proves);
/* Adds what @sites have "retired" in it; returns how many translations. */
uint64_t operation_learn(struct operation *operation,
			 struct json_object *sites);

/* The first that never happened; NULL for none. */
const struct operation *operation_missing(const struct operations *operations);

struct json_object *operations_to_json(const struct operations *operations);
void operations_forget(struct operations *operations);

/*
 * Mutants of one kind at the chains from which a clean run, as JSON, was told of
 * the operations that prove something; @mutants has room for
 * DEVTLB_MUTANTS_MAX. Returns how many.
 */
unsigned int mutants_of_learned(struct json_object *clean,
				enum devtlb_mutant kind, struct mutant *mutants);

/* Drops a whole chain, too; false where there is a mutant at it, or no room is. */
bool drop_chain(struct mutant *mutants, unsigned int *nr, const char *chain);

/* The same; a mutant that drops a piece of it drops all of it then. */
bool drop_all_of_chain(struct mutant *mutants, unsigned int *nr,
		       const char *chain);

#endif /* MODEL_OPERATION_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The oracle: the device, which holds all that actors have in the arena, and
 * tells after each operation what it holds and should not.
 */
#ifndef ORACLE_H
#define ORACLE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <json-c/json.h>

#include "fuzz/sequence.h"
#include "model/mutant.h"

struct client;
struct oracle;

/* An actor has two: for whole pages, and for pieces. */
#define PASIDS_MAX	(2 * ACTORS_MAX)

/**
 * struct oracle_options - what the device is like
 * @mutants: deliberate defects, of all that it is told
 * @nr_mutants: how many
 */
struct oracle_options {
	struct mutant mutants[DEVTLB_MUTANTS_MAX];
	unsigned int nr_mutants;
};

/*
 * Functions return 0, or a negative errno and leave a sentence with the client.
 */
struct oracle *oracle_new(struct client *client,
			  const struct oracle_options *options);
void oracle_free(struct oracle *oracle);

/*
 * Binds an actor twice: to a device that holds whole pages, and to one that holds
 * pieces of 4K of them. What the actor was bound to before is forgotten.
 */
int oracle_bind(struct oracle *oracle, unsigned int actor, pid_t pid);
/* Whatever the actor had is gone, or is to be forgotten. */
int oracle_forget(struct oracle *oracle, unsigned int actor);
int oracle_forget_all(struct oracle *oracle);
/* The PASIDs of all actors; returns how many. */
unsigned int oracle_pasids(const struct oracle *oracle,
			   uint32_t pasid[PASIDS_MAX]);
/*
 * Holds all that is present, in all actors; @write: writable wherever the memory
 * is, which dirties pages.
 */
int oracle_hold(struct oracle *oracle, bool write);
/*
 * Compares all that is held with the page tables. Adds what was found since the
 * last time to @findings, each with its "actor", and the chains of functions that
 * have notified since to @chains, as strings.
 */
int oracle_judge(struct oracle *oracle, struct json_object *findings,
		 struct json_object *chains);
/* Audits that could not decide, so far. */
unsigned long long oracle_undecided(const struct oracle *oracle);

#endif /* ORACLE_H */

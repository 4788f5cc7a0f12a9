/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A trial: a sequence that is performed by new actors, with the oracle's word
 * after each operation.
 */
#ifndef TRIAL_H
#define TRIAL_H

#include <stdbool.h>

#include <json-c/json.h>

#include "fuzz/contents.h"
#include "fuzz/oracle.h"
#include "fuzz/sequence.h"

struct client;
struct filler;
struct stage;

/**
 * struct trial - a trial
 * @stage: where actors come from
 * @client: the module's; says what is wrong when something fails
 * @oracle: what is told
 * @contents: what memory must have
 * @filler: fills while operations are performed; or NULL
 * @write: the device asks for writable translations
 * @busy: bits of the actors that perform in the background
 * @background: what each of them performs
 * @sequence: what was performed so far
 * @operations: how many operations all trials have had
 * @refused: how many of them the kernel refused
 * @stuck: how many of them did not come back, and were killed
 * @stuck_step: the last of these
 */
struct trial {
	struct stage *stage;
	struct client *client;
	struct oracle *oracle;
	struct contents *contents;
	struct filler *filler;
	bool write;
	unsigned int busy;
	struct step background[ACTORS_MAX];
	struct sequence sequence;
	unsigned long long operations;
	unsigned long long refused;
	unsigned long long stuck;
	struct step stuck_step;
};

/**
 * struct result_of_step - what a step came to
 * @result: the kernel's answer
 * @findings: what was found, as the module has it; wrong contents, too
 * @chains: of functions that notified
 */
struct result_of_step {
	long result;
	struct json_object *findings;
	struct json_object *chains;
};

/* Returns 0, or a negative errno and leaves a sentence with the client. */
int trial_begin(struct trial *trial);
/*
 * Performs one more step; in the background, it has no result yet, and what it
 * came to is found with a later one. Returns 0, and the caller puts what @result
 * has; or as trial_begin(). A step of an actor that is not there is none.
 */
int trial_step(struct trial *trial, const struct step *step,
	       struct result_of_step *result);
/* Waits for those in the background, if there are any. As trial_step(). */
int trial_settle(struct trial *trial, struct result_of_step *result);
void result_put(struct result_of_step *result);
/* The states that pages of an actor have now; see page_state.h. */
unsigned int trial_page_states(const struct trial *trial, unsigned int actor,
			       long page, long pages);
/* Has an actor nothing there, for sure? */
bool trial_page_is_absent(const struct trial *trial, unsigned int actor,
			  long page);
/* Ends the actors. */
int trial_end(struct trial *trial);
/* Bits of the actors that are there. */
unsigned int trial_present(const struct trial *trial);

#endif /* TRIAL_H */

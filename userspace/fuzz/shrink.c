// SPDX-License-Identifier: GPL-2.0-only
/*
 * Delta debugging: pieces of the sequence are left out as long as the rest shows
 * the symptom, large ones first; then its numbers become smaller.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "fuzz/shrink.h"
#include "model/elapsed.h"
#include "model/result.h"
#include "runner/interrupt.h"

/* Replays of the least sequence, which say how often it shows the symptom. */
#define PROOFS		5
/* What is a race shows itself less often. */
#define PROOFS_RACING	25
/*
 * Replays of a candidate before it is given up, where the whole sequence does not
 * show the symptom each time.
 */
#define RETRIES		3

/**
 * struct shrinking - a search for the least sequence
 * @trial: where candidates are replayed
 * @symptom: what they must show
 * @start: when it began
 * @seconds: for how long it may go on
 * @retries: replays of a candidate
 * @best: the least that has shown it
 * @replays: so far
 * @err: what failed
 */
struct shrinking {
	struct trial *trial;
	const struct symptom *symptom;
	struct timespec start;
	unsigned int seconds;
	unsigned int retries;
	struct sequence best;
	unsigned int replays;
	int err;
};

void symptom_of(struct symptom *symptom, struct json_object *finding)
{
	snprintf(symptom->rule, sizeof(symptom->rule), "%s",
		 get_string(finding, "rule"));
	snprintf(symptom->breach, sizeof(symptom->breach), "%s",
		 get_string(finding, "breach"));
	snprintf(symptom->like, sizeof(symptom->like), "%s",
		 get_string(finding, "looks-like"));
}

static struct json_object *find_symptom(struct json_object *findings,
					const struct symptom *symptom)
{
	size_t i;

	for (i = 0; i < json_object_array_length(findings); i++) {
		struct json_object *finding =
			json_object_array_get_idx(findings, i);

		if (is(finding, "rule", symptom->rule) &&
		    is(finding, "breach", symptom->breach) &&
		    strcmp(get_string(finding, "looks-like"), symptom->like) == 0)
			return finding;
	}
	return NULL;
}

/* Returns whether it shows the symptom, and puts the result. */
static bool shows(struct result_of_step *result, const struct symptom *symptom,
		  struct json_object **finding)
{
	struct json_object *found = find_symptom(result->findings, symptom);

	if (found && finding)
		*finding = json_object_get(found);
	result_put(result);
	return found;
}

static int replay_steps(struct trial *trial, const struct sequence *sequence,
			const struct symptom *symptom,
			struct json_object **finding)
{
	struct result_of_step result;
	unsigned int i;
	int err;

	for (i = 0; i < sequence->nr; i++) {
		err = trial_step(trial, &sequence->step[i], &result);
		if (err)
			return err;
		if (shows(&result, symptom, finding))
			return 1;
	}
	err = trial_settle(trial, &result);
	return err ? : shows(&result, symptom, finding);
}

int replay(struct trial *trial, const struct sequence *sequence,
	   const struct symptom *symptom, struct json_object **finding)
{
	int err = trial_begin(trial);
	int shown;

	if (err)
		return err;
	shown = replay_steps(trial, sequence, symptom, finding);
	err = trial_end(trial);
	return err ? : shown;
}

static bool is_over(const struct shrinking *shrinking)
{
	return shrinking->err || interrupted() ||
	       seconds_since(&shrinking->start) > shrinking->seconds;
}

/* Takes a candidate for the best so far, if it shows the symptom. */
static bool accept(struct shrinking *shrinking,
		   const struct sequence *candidate)
{
	unsigned int i;
	int shown = 0;

	for (i = 0; !shown && i < shrinking->retries && !is_over(shrinking); i++) {
		shown = replay(shrinking->trial, candidate, shrinking->symptom,
			       NULL);
		shrinking->replays++;
	}
	if (shown < 0)
		shrinking->err = shown;
	if (shown <= 0)
		return false;
	/* What came after it was not needed. */
	shrinking->best = shrinking->trial->sequence;
	return true;
}

static void leave_out(struct sequence *sequence, unsigned int from,
		      unsigned int nr)
{
	memmove(&sequence->step[from], &sequence->step[from + nr],
		(sequence->nr - from - nr) * sizeof(sequence->step[0]));
	sequence->nr -= nr;
}

/* Leaves out pieces of @size steps, from the end on; returns if any could be. */
static bool drop_pieces(struct shrinking *shrinking, unsigned int size)
{
	unsigned int end = shrinking->best.nr;
	bool dropped = false;

	while (end > 0 && !is_over(shrinking)) {
		unsigned int from = end > size ? end - size : 0;
		struct sequence candidate = shrinking->best;

		if (end > candidate.nr)
			end = candidate.nr;
		if (from >= end)
			break;
		leave_out(&candidate, from, end - from);
		dropped |= accept(shrinking, &candidate);
		end = from;
	}
	return dropped;
}

static void drop_steps(struct shrinking *shrinking)
{
	unsigned int size = (shrinking->best.nr + 1) / 2;

	while (size > 0 && !is_over(shrinking)) {
		if (!drop_pieces(shrinking, size) || size > shrinking->best.nr)
			size /= 2;
	}
}

/* Values to try for an argument, smallest first; returns how many. */
static unsigned int smaller_values(const struct argument *argument, long value,
				   long values[8])
{
	unsigned int nr = 0;

	switch (argument->kind) {
	case ARGUMENT_PAGES:
		values[nr++] = 1;
		values[nr++] = 2;
		values[nr++] = value / 2;
		values[nr++] = value - 1;
		break;
	case ARGUMENT_NUMBER:
		values[nr++] = 0;
		values[nr++] = 1;
		values[nr++] = value / 2;
		break;
	case ARGUMENT_WORDS:
		values[nr++] = 0;
		break;
	case ARGUMENT_WORD:
		values[nr++] = argument->words[0].value;
		break;
	default:
		break;
	}
	return nr;
}

static bool shrink_argument(struct shrinking *shrinking, unsigned int step,
			    unsigned int i)
{
	const struct argument *argument =
		&shrinking->best.step[step].operation->argument[i];
	long value = shrinking->best.step[step].argument[i];
	long values[8];
	unsigned int at, nr = smaller_values(argument, value, values);

	for (at = 0; at < nr && !is_over(shrinking); at++) {
		struct sequence candidate = shrinking->best;

		if (values[at] == value || (argument->kind != ARGUMENT_WORD &&
					    values[at] > value))
			continue;
		if (argument->kind == ARGUMENT_PAGES && values[at] < 1)
			continue;
		candidate.step[step].argument[i] = values[at];
		if (accept(shrinking, &candidate))
			return true;
	}
	return false;
}

/* What need not race is easier to read. */
static bool make_foreground(struct shrinking *shrinking, unsigned int step)
{
	struct sequence candidate = shrinking->best;

	if (!candidate.step[step].background)
		return false;
	candidate.step[step].background = false;
	return accept(shrinking, &candidate);
}

static bool shrink_arguments(struct shrinking *shrinking)
{
	bool shrunk = false;
	unsigned int step, i;

	for (step = 0; step < shrinking->best.nr; step++) {
		const struct operation *operation =
			shrinking->best.step[step].operation;

		if (!is_over(shrinking))
			shrunk |= make_foreground(shrinking, step);
		for (i = 0; i < nr_arguments(operation); i++) {
			if (step < shrinking->best.nr && !is_over(shrinking))
				shrunk |= shrink_argument(shrinking, step, i);
		}
	}
	return shrunk;
}

/* How often does it show? With that, how often must a candidate be tried? */
static unsigned int measure(struct shrinking *shrinking,
			    const struct sequence *sequence, unsigned int tries,
			    struct json_object **finding)
{
	unsigned int i, shown = 0;

	for (i = 0; i < tries && !shrinking->err; i++) {
		struct json_object *found = NULL;
		int err = replay(shrinking->trial, sequence, shrinking->symptom,
				 &found);

		shrinking->replays++;
		if (err < 0)
			shrinking->err = err;
		if (err <= 0)
			continue;
		shown++;
		if (finding && *finding)
			json_object_put(*finding);
		if (finding)
			*finding = found;
		else
			json_object_put(found);
	}
	return shown;
}

/* Of what shows itself @shown times of @proofs: at least RETRIES. */
static unsigned int retries_of(unsigned int shown, unsigned int proofs)
{
	unsigned int retries = RETRIES * proofs / (PROOFS * shown);

	return retries > RETRIES ? retries : RETRIES;
}

int shrink(struct trial *trial, const struct sequence *sequence,
	   const struct symptom *symptom, unsigned int seconds,
	   struct shrunk *shrunk)
{
	struct shrinking shrinking = {
		.trial = trial,
		.symptom = symptom,
		.seconds = seconds,
		.retries = 1,
		.best = *sequence,
	};
	unsigned int proofs = trial->filler ? PROOFS_RACING : PROOFS;
	unsigned int shown;

	*shrunk = (struct shrunk) { };
	clock_gettime(CLOCK_MONOTONIC, &shrinking.start);
	shown = measure(&shrinking, sequence, proofs, NULL);
	if (shown > 0) {
		if (shown < proofs)
			shrinking.retries = retries_of(shown, proofs);
		do {
			drop_steps(&shrinking);
		} while (shrink_arguments(&shrinking) && !is_over(&shrinking));
	}
	shrunk->tried = proofs;
	shrunk->shown = measure(&shrinking, &shrinking.best, proofs,
				&shrunk->finding);
	shrunk->sequence = shrinking.best;
	shrunk->replays = shrinking.replays;
	return shrinking.err;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sequences of operations, and how people write them: one operation a line, as in
 *
 *	p0 mmap page=0 pages=513 sharing=private protection=rw flags=populate
 *
 * One with a "&" behind it is performed in the background: together with those
 * that follow, up to the next one that is not.
 */
#ifndef SEQUENCE_H
#define SEQUENCE_H

#include <stdbool.h>

#include "operations/operation.h"

struct parse_error;

#define ACTORS_MAX	8
#define STEPS_MAX	256

/**
 * struct step - one operation
 * @actor: who performs it
 * @operation: it
 * @argument: its arguments, as many as it has
 * @background: it is performed in the background
 */
struct step {
	unsigned int actor;
	const struct operation *operation;
	long argument[ARGUMENTS_MAX];
	bool background;
};

/**
 * struct sequence - operations, one after the other
 * @step: them
 * @nr: how many there are
 */
struct sequence {
	struct step step[STEPS_MAX];
	unsigned int nr;
};

/* The argument of that name, or 0. */
long step_argument(const struct step *step, const char *name);
bool step_has(const struct step *step, const char *name);

/*
 * May it be performed in the background? Not if memory has something else
 * afterwards: in which order, nobody could say.
 */
bool step_may_be_background(const struct step *step);

/* Do all of its ranges end in the arena? */
bool step_is_inside(const struct step *step);

/* A line without its end; a static buffer. */
const char *step_text(const struct step *step);
/* Returns 0, or a negative errno and leaves a sentence. */
int parse_step(struct step *step, const char *line, struct parse_error *error);
/* Of a file; the sentence says which line of it is wrong. */
int read_sequence(struct sequence *sequence, const char *path,
		  struct parse_error *error);

#endif /* SEQUENCE_H */

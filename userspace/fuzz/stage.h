/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The stage: where actors come from, and how they are told what to do. Each
 * sequence begins with one new actor, forked from a process that has never done
 * anything else.
 */
#ifndef STAGE_H
#define STAGE_H

#include <stdbool.h>
#include <sys/types.h>

#include "fuzz/sequence.h"
#include "operations/actor.h"

struct stage;

/*
 * Before anything else is opened, which actors would have as well. @exact: until
 * the tool ends, flushes are announced by their ranges.
 */
struct stage *stage_open(bool exact);
void stage_close(struct stage *stage);

/* Returns 0 when actor 0 is there, and new; or a negative errno. */
int stage_begin(struct stage *stage);
/* Ends all actors. */
void stage_end(struct stage *stage);

bool stage_has(const struct stage *stage, unsigned int actor);
pid_t stage_pid(const struct stage *stage, unsigned int actor);
/* Tells an actor to perform a step. Returns 0, or -ESRCH when it has ended. */
int stage_order(struct stage *stage, const struct step *step);
/*
 * Waits until it has. Returns 0 and what it answered; -ESRCH when it has ended
 * instead; -ETIMEDOUT when it answered nothing: then it is ended.
 */
int stage_answer(struct stage *stage, unsigned int actor, struct answer *answer);
/*
 * Takes in an actor that has come since: its number; negative when none has. It
 * waits for that, and so do we, for as long as it takes where one is @expected.
 */
int stage_take_new(struct stage *stage, bool expected);

#endif /* STAGE_H */

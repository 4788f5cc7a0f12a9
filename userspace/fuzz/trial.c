// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "client/client.h"
#include "client/connection.h"
#include "fuzz/filler.h"
#include "fuzz/page_state.h"
#include "fuzz/stage.h"
#include "fuzz/trial.h"
#include "model/result.h"
#include "operations/arena.h"

int trial_begin(struct trial *trial)
{
	int err;

	trial->sequence.nr = 0;
	contents_begin(trial->contents);
	err = stage_begin(trial->stage);
	if (err)
		return client_fail(trial->client, err, "the first actor did not come: %s",
				   strerror(-err));
	return oracle_bind(trial->oracle, 0, stage_pid(trial->stage, 0));
}

/* The device holds what is present; from now on, perhaps, again and again. */
static int begin_holding(struct trial *trial)
{
	int err = oracle_hold(trial->oracle, trial->write);

	if (!err && trial->filler)
		filler_begin(trial->filler, trial->oracle, trial->write);
	return err;
}

/* Nobody is at work any more, or nobody waits for him. */
static void end_holding(struct trial *trial)
{
	trial->busy = 0;
	if (trial->filler)
		filler_end(trial->filler);
}

int trial_end(struct trial *trial)
{
	if (trial->busy)
		end_holding(trial);
	stage_end(trial->stage);
	return oracle_forget_all(trial->oracle);
}

unsigned int trial_present(const struct trial *trial)
{
	unsigned int actor, present = 0;

	for (actor = 0; actor < ACTORS_MAX; actor++) {
		if (stage_has(trial->stage, actor))
			present |= 1U << actor;
	}
	return present;
}

/*
 * Not while anybody is at work: the states change, and who has come to stand still
 * with his address space locked would have us wait as well.
 */
static bool may_look(const struct trial *trial, unsigned int actor)
{
	return !trial->busy && stage_has(trial->stage, actor);
}

unsigned int trial_page_states(const struct trial *trial, unsigned int actor,
			       long page, long pages)
{
	return may_look(trial, actor) ?
	       page_states_of(stage_pid(trial->stage, actor), page, pages) : 0;
}

bool trial_page_is_absent(const struct trial *trial, unsigned int actor,
			  long page)
{
	return may_look(trial, actor) &&
	       page_is_absent(stage_pid(trial->stage, actor), page);
}

/* Is everybody there whom it needs, and nobody whom it makes? */
static bool is_possible(const struct trial *trial, const struct step *step)
{
	int i;

	if (!stage_has(trial->stage, step->actor))
		return false;
	for (i = 0; step->operation->argument[i].name; i++) {
		bool present = step->argument[i] < ACTORS_MAX &&
			       stage_has(trial->stage, step->argument[i]);

		if (step->operation->argument[i].kind == ARGUMENT_ACTOR &&
		    !present)
			return false;
		if (step->operation->argument[i].kind == ARGUMENT_NEW_ACTOR &&
		    present)
			return false;
	}
	return true;
}

/* Whoever is new is bound before he does anything. */
static int take_new_actor(struct trial *trial)
{
	int actor = stage_take_new(trial->stage, true);

	if (actor < 0)
		return -ESRCH;
	return oracle_bind(trial->oracle, actor, stage_pid(trial->stage, actor));
}

/* As a finding of the module looks. */
static void add_wrong_content(struct json_object *findings,
			      const struct wrong_content *wrong)
{
	struct json_object *finding = json_object_new_object();
	char text[24];

	set_string(finding, "rule", "contents");
	set_string(finding, "breach", "wrong");
	snprintf(text, sizeof(text), "0x%lx", (unsigned long)at(wrong->page));
	set_string(finding, "at", text);
	set_number(finding, "page", wrong->page);
	set_number(finding, "actor", wrong->actor);
	set_number(finding, "has", wrong->has);
	set_number(finding, "expected", wrong->expected);
	json_object_array_add(findings, finding);
}

/* Performs it; says by @answer what came of it, for whoever did. */
static int perform(struct trial *trial, const struct step *step,
		   struct answer *answer)
{
	int err = stage_order(trial->stage, step) ? :
		  stage_answer(trial->stage, step->actor, answer);

	switch (step->operation->effect) {
	case EFFECT_FORK:
		return err || answer->result < 0 ? err : take_new_actor(trial);
	case EFFECT_EXEC:
		answer->result = 0;
		/* No answer: it has executed the program, and comes anew. */
		return err == -ESRCH ? take_new_actor(trial) : err;
	case EFFECT_EXIT:
		answer->result = 0;
		return err == -ESRCH ? 0 : err;
	default:
		return err;
	}
}

static void count(struct trial *trial, const struct answer *answer)
{
	trial->operations++;
	trial->refused += answer->result < 0;
}

/* One that does not come back is killed: that is known, and the rest goes on. */
static void note_stuck(struct trial *trial, const struct step *step)
{
	trial->stuck++;
	trial->stuck_step = *step;
}

/* An actor may have been killed; that is no reason to end. */
static bool is_over(const struct trial *trial, const struct step *step, int err)
{
	return (err == -ESRCH || err == -ETIMEDOUT) &&
	       !stage_has(trial->stage, step->actor);
}

/* @err: of performing @step, which has come to an end. */
static int take_answer(struct trial *trial, const struct step *step, int err,
		       const struct answer *answer,
		       struct result_of_step *result)
{
	struct wrong_content wrong;

	if (err && !is_over(trial, step, err))
		return client_fail(trial->client, err, "%s: %s; nothing more can be said",
				   step_text(step), err == -ETIMEDOUT ?
				   "it never came back from the kernel" :
				   strerror(-err));
	if (err == -ETIMEDOUT)
		note_stuck(trial, step);
	result->result = err ? : answer->result;
	count(trial, answer);
	if (!err && !contents_perform(trial->contents, step, answer, &wrong))
		add_wrong_content(result->findings, &wrong);
	return 0;
}

/* Waits for those in the background. */
static int finish_background(struct trial *trial, struct result_of_step *result)
{
	static struct answer answer;
	unsigned int actor;
	int err = 0;

	for (actor = 0; actor < ACTORS_MAX && !err; actor++) {
		if (!(trial->busy & 1U << actor))
			continue;
		trial->busy &= ~(1U << actor);
		answer.result = 0;
		err = stage_answer(trial->stage, actor, &answer);
		err = take_answer(trial, &trial->background[actor], err, &answer,
				  result);
	}
	return err;
}

/* Begins it, and waits for nothing. */
static int perform_in_background(struct trial *trial, const struct step *step,
				 struct result_of_step *result)
{
	int err = trial->busy ? 0 : begin_holding(trial);

	if (err)
		return err;
	trial->background[step->actor] = *step;
	trial->busy |= 1U << step->actor;
	result->result = stage_order(trial->stage, step);
	/* Who has ended answers nothing. */
	if (result->result)
		trial->busy &= ~(1U << step->actor);
	if (!trial->busy)
		end_holding(trial);
	return 0;
}

/* Performs nothing, but for those in the background. */
static int finish_and_judge(struct trial *trial, struct result_of_step *result)
{
	int err = finish_background(trial, result);

	end_holding(trial);
	return err ? : oracle_judge(trial->oracle, result->findings,
				    result->chains);
}

static int perform_and_judge(struct trial *trial, const struct step *step,
			     struct result_of_step *result)
{
	static struct answer answer;
	struct result_of_step others = *result;
	int err = trial->busy ? 0 : begin_holding(trial);

	if (err)
		return err;
	answer.result = 0;
	err = perform(trial, step, &answer);
	err = take_answer(trial, step, err, &answer, result);
	if (err)
		end_holding(trial);
	return err ? : finish_and_judge(trial, &others);
}

static void result_begin(struct result_of_step *result)
{
	*result = (struct result_of_step) {
		.result = -ESRCH,
		.findings = json_object_new_array(),
		.chains = json_object_new_array(),
	};
}

void result_put(struct result_of_step *result)
{
	json_object_put(result->findings);
	json_object_put(result->chains);
}

int trial_step(struct trial *trial, const struct step *step,
	       struct result_of_step *result)
{
	int err = 0;

	result_begin(result);
	/* An actor does one thing at a time; and it may end by that. */
	if (trial->busy & 1U << step->actor)
		err = finish_and_judge(trial, result);
	if (!err && is_possible(trial, step)) {
		trial->sequence.step[trial->sequence.nr++] = *step;
		err = step->background ? perform_in_background(trial, step, result) :
					 perform_and_judge(trial, step, result);
	}
	if (err)
		result_put(result);
	return err;
}

int trial_settle(struct trial *trial, struct result_of_step *result)
{
	int err = 0;

	result_begin(result);
	if (trial->busy)
		err = finish_and_judge(trial, result);
	if (err)
		result_put(result);
	return err;
}

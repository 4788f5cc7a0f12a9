// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "fuzz/coverage.h"
#include "fuzz/filler.h"
#include "fuzz/generate.h"
#include "fuzz/hunt.h"
#include "fuzz/shrink.h"
#include "fuzz/trial.h"
#include "model/elapsed.h"
#include "model/result.h"
#include "report/progress.h"
#include "runner/interrupt.h"

/* Operations of a sequence; of one that goes on with another, behind that one's. */
#define LENGTH_LEAST	8
#define LENGTH_MOST	72
#define MORE_LEAST	2
#define MORE_MOST	24
/* Sequences that have reached something new, of which others are made. */
#define CORPUS_MAX	256

/**
 * struct hunt - a search
 * @options: the user's
 * @start: when it began
 * @random: where choices come from
 * @generator: makes them
 * @trial: the sequence that is under way
 * @reached: by all of them
 * @corpus: sequences that have reached something new
 * @nr_corpus: how many
 * @sequences: how many there were
 * @known: known defects that were seen
 * @found: what was found, and the sequence that showed it; or NULL
 * @guilty: that sequence
 * @found_after: operations until then
 * @found_seconds: likewise
 */
struct hunt {
	const struct hunt_options *options;
	struct timespec start;
	struct random random;
	struct generator generator;
	struct trial trial;
	struct reached *reached;
	struct sequence *corpus[CORPUS_MAX];
	unsigned int nr_corpus;
	unsigned long long sequences;
	struct json_object *known;
	struct json_object *found;
	struct sequence guilty;
	unsigned long long found_after;
	double found_seconds;
};

static bool is_over(const struct hunt *hunt)
{
	const struct hunt_options *options = hunt->options;

	return hunt->found || interrupted() ||
	       (options->operations &&
		hunt->trial.operations >= options->operations) ||
	       (options->seconds &&
		seconds_since(&hunt->start) >= options->seconds);
}

static struct json_object *find_known(const struct hunt *hunt, const char *name)
{
	size_t i;

	for (i = 0; i < json_object_array_length(hunt->known); i++) {
		struct json_object *known =
			json_object_array_get_idx(hunt->known, i);

		if (is(known, "name", name))
			return known;
	}
	return NULL;
}

static void note_known(struct hunt *hunt, const char *name)
{
	struct json_object *known = find_known(hunt, name);

	if (!known) {
		known = json_object_new_object();
		set_string(known, "name", name);
		set_number(known, "operations", hunt->trial.operations);
		set_number(known, "seconds", seconds_since(&hunt->start));
		json_object_array_add(hunt->known, known);
	}
	set_number(known, "count", get_number(known, "count") + 1);
}

static void note_findings(struct hunt *hunt, struct json_object *findings)
{
	size_t i;

	for (i = 0; i < json_object_array_length(findings); i++) {
		struct json_object *finding =
			json_object_array_get_idx(findings, i);
		const char *like = get_string(finding, "looks-like");

		if (like[0])
			note_known(hunt, like);
		if ((like[0] && !hunt->options->known) || hunt->found)
			continue;
		hunt->found = json_object_get(finding);
		hunt->guilty = hunt->trial.sequence;
		hunt->found_after = hunt->trial.operations;
		hunt->found_seconds = seconds_since(&hunt->start);
	}
}

/* What it is about: its own pages, or those that were worked on last. */
static unsigned int states_before(struct hunt *hunt, const struct step *step)
{
	const struct generator *generator = &hunt->generator;

	if (step_has(step, "pages"))
		return trial_page_states(&hunt->trial, step->actor,
					 step_argument(step, "page"),
					 step_argument(step, "pages"));
	return generator->here < 0 ? 0 :
	       trial_page_states(&hunt->trial, step->actor, generator->here,
				 generator->here_pages);
}

/* Has it left anything that is hardly ever met? That is gone on with. */
static void look_around(struct hunt *hunt, unsigned int actor)
{
	struct generator *generator = &hunt->generator;

	generator->attracted = generator->here >= 0 &&
		reached_is_rare(hunt->reached,
				trial_page_states(&hunt->trial, actor,
						  generator->here,
						  generator->here_pages));
}

/* Performs a step; adds to @new how much it has reached that nothing had. */
static int go_on(struct hunt *hunt, const struct step *step, unsigned int *new)
{
	unsigned int present = trial_present(&hunt->trial);
	const char *situation = situation_of(hunt->trial.contents, step, present);
	unsigned int states = states_before(hunt, step);
	struct result_of_step result;
	int err = trial_step(&hunt->trial, step, &result);

	if (err)
		return err;
	generate_note(&hunt->generator, step);
	*new += reached_note(hunt->reached, step, situation, states,
			     result.result, result.chains);
	look_around(hunt, step->actor);
	note_findings(hunt, result.findings);
	result_put(&result);
	progress("%llu operations, %llu of them refused, %llu sequences",
		 hunt->trial.operations, hunt->trial.refused, hunt->sequences);
	return 0;
}

/* What is still performed in the background belongs to the sequence, too. */
static int end_sequence(struct hunt *hunt)
{
	struct result_of_step result;
	int err = trial_settle(&hunt->trial, &result);

	if (err)
		return err;
	note_findings(hunt, result.findings);
	result_put(&result);
	return trial_end(&hunt->trial);
}

/* @length: up to the last step that has reached something new. */
static void keep(struct hunt *hunt, unsigned int length)
{
	struct sequence *sequence = malloc(sizeof(*sequence));
	unsigned int at = hunt->nr_corpus;

	if (!sequence)
		abort();
	*sequence = hunt->trial.sequence;
	sequence->nr = length;
	if (at == CORPUS_MAX) {
		at = random_below(&hunt->random, CORPUS_MAX);
		free(hunt->corpus[at]);
	} else {
		hunt->nr_corpus++;
	}
	hunt->corpus[at] = sequence;
}

/**
 * struct model - what a sequence is made of
 * @sequence: another one, that it goes on with; or NULL
 * @changes: not with all of its steps as they were
 */
struct model {
	const struct sequence *sequence;
	bool changes;
};

static struct model choose_model(struct hunt *hunt)
{
	struct random *random = &hunt->random;
	struct model model = { };

	if (!hunt->nr_corpus || random_percent(random, 40))
		return model;
	model.sequence = hunt->corpus[random_below(random, hunt->nr_corpus)];
	model.changes = random_percent(random, 50);
	return model;
}

static unsigned int choose_length(struct hunt *hunt, const struct model *model)
{
	struct random *random = &hunt->random;

	if (!model->sequence)
		return LENGTH_LEAST +
		       random_below(random, LENGTH_MOST - LENGTH_LEAST);
	return model->sequence->nr + MORE_LEAST +
	       random_below(random, MORE_MOST - MORE_LEAST);
}

/* The next step: the model's, or a little different, or a new one. */
static void choose_step(struct hunt *hunt, const struct model *model,
			struct step *step)
{
	unsigned int present = trial_present(&hunt->trial);
	unsigned int at = hunt->trial.sequence.nr;
	bool ends = !model->sequence || at >= model->sequence->nr ||
		    !(present & 1U << model->sequence->step[at].actor);

	if (ends || (model->changes && random_percent(&hunt->random, 8))) {
		generate_step(&hunt->generator, present, step);
		return;
	}
	*step = model->sequence->step[at];
	if (model->changes && random_percent(&hunt->random, 15))
		generate_change(&hunt->generator, present, step);
}

static int hunt_once(struct hunt *hunt)
{
	const struct model model = choose_model(hunt);
	unsigned int length = choose_length(hunt, &model);
	unsigned int worth = 0, tries = 0;
	int err = trial_begin(&hunt->trial);

	generate_begin(&hunt->generator);
	hunt->sequences++;
	/* A step that is not possible does not count. */
	while (!err && !is_over(hunt) && hunt->trial.sequence.nr < length &&
	       trial_present(&hunt->trial) && tries++ < 2 * length) {
		unsigned int new = 0;
		struct step step;

		choose_step(hunt, &model, &step);
		err = go_on(hunt, &step, &new);
		if (new)
			worth = hunt->trial.sequence.nr;
	}
	/* From longer ones others would come that are longer still. */
	if (!err && worth && worth <= LENGTH_MOST - MORE_MOST)
		keep(hunt, worth);
	return err ? : end_sequence(hunt);
}

static int perform_all(struct hunt *hunt, const struct sequence *sequence)
{
	unsigned int i, new = 0;
	int err = trial_begin(&hunt->trial);

	hunt->sequences++;
	for (i = 0; !err && !is_over(hunt) && i < sequence->nr; i++)
		err = go_on(hunt, &sequence->step[i], &new);
	return err ? : end_sequence(hunt);
}

static int search(struct hunt *hunt)
{
	int err = 0;

	if (hunt->options->racing) {
		hunt->trial.filler = filler_new(hunt->trial.client);
		if (!hunt->trial.filler)
			return -ENOTCONN;
	}
	if (hunt->options->replay)
		return perform_all(hunt, hunt->options->replay);
	while (!err && !is_over(hunt))
		err = hunt_once(hunt);
	return err;
}

static struct json_object *lines_of(const struct sequence *sequence)
{
	struct json_object *lines = json_object_new_array();
	unsigned int i;

	for (i = 0; i < sequence->nr; i++)
		json_object_array_add(lines, json_object_new_string(
			step_text(&sequence->step[i])));
	return lines;
}

/* What was found, and the least sequence that shows it. */
static int report_found(struct hunt *hunt, struct json_object *report,
			struct sequence *least)
{
	struct json_object *found = json_object_new_object();
	struct symptom symptom;
	struct shrunk shrunk;
	int err;

	symptom_of(&symptom, hunt->found);
	err = shrink(&hunt->trial, &hunt->guilty, &symptom,
		     hunt->options->replay ? 0 : hunt->options->shrink_seconds,
		     &shrunk);
	json_object_object_add(found, "finding",
			       json_object_get(shrunk.finding ? : hunt->found));
	set_number(found, "operations", hunt->found_after);
	set_number(found, "milliseconds", hunt->found_seconds * 1000);
	set_number(found, "length", hunt->guilty.nr);
	set_number(found, "shown", shrunk.shown);
	set_number(found, "tried", shrunk.tried);
	set_number(found, "replays", shrunk.replays);
	json_object_object_add(found, "sequence", lines_of(&shrunk.sequence));
	json_object_object_add(report, "found", found);
	json_object_put(shrunk.finding);
	*least = shrunk.sequence;
	return err;
}

static int report_hunt(struct hunt *hunt, struct json_object *report,
		       struct sequence *least)
{
	set_number(report, "seed", hunt->options->seed);
	json_object_object_add(report, "racing",
			       json_object_new_boolean(hunt->options->racing));
	set_number(report, "sequences", hunt->sequences);
	set_number(report, "operations", hunt->trial.operations);
	set_number(report, "refused", hunt->trial.refused);
	set_number(report, "stuck", hunt->trial.stuck);
	if (hunt->trial.stuck)
		set_string(report, "stuck-step",
			   step_text(&hunt->trial.stuck_step));
	set_number(report, "milliseconds", seconds_since(&hunt->start) * 1000);
	json_object_object_add(report, "coverage",
			       reached_report(hunt->reached));
	json_object_object_add(report, "known", json_object_get(hunt->known));
	set_number(report, "undecided", oracle_undecided(hunt->trial.oracle));
	return hunt->found ? report_found(hunt, report, least) : 0;
}

static void hunt_free(struct hunt *hunt)
{
	unsigned int i;

	for (i = 0; i < hunt->nr_corpus; i++)
		free(hunt->corpus[i]);
	reached_free(hunt->reached);
	filler_free(hunt->trial.filler);
	contents_free(hunt->trial.contents);
	oracle_free(hunt->trial.oracle);
	json_object_put(hunt->known);
	json_object_put(hunt->found);
	free(hunt);
}

int hunt(struct client *client, struct stage *stage,
	 const struct hunt_options *options, struct json_object **report,
	 struct sequence *least)
{
	struct hunt *hunt = calloc(1, sizeof(*hunt));
	int err;

	if (!hunt)
		abort();
	hunt->options = options;
	hunt->random.state = options->seed;
	hunt->trial.stage = stage;
	hunt->trial.client = client;
	hunt->trial.oracle = oracle_new(client, &options->oracle);
	hunt->trial.contents = contents_new();
	hunt->trial.write = true;
	hunt->generator.random = &hunt->random;
	hunt->generator.contents = hunt->trial.contents;
	hunt->generator.trial = &hunt->trial;
	hunt->generator.racing = options->racing;
	hunt->reached = reached_new();
	hunt->known = json_object_new_array();
	clock_gettime(CLOCK_MONOTONIC, &hunt->start);

	err = search(hunt);
	progress_end();
	*report = json_object_new_object();
	if (!err)
		err = report_hunt(hunt, *report, least);
	if (err)
		json_object_put(*report);
	hunt_free(hunt);
	return err;
}

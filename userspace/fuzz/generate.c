// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include <sys/mman.h>

#include "fuzz/generate.h"
#include "fuzz/place.h"
#include "operations/arena.h"
#include "operations/object.h"

/* A sequence works on few tables, so that its operations meet. */
#define TABLES_MOST	10
/* Operations with more pages say no more, and take long. */
#define PAGES_MOST	1100

/* How often what calls for use is used at once. */
#define USED_PERCENT	60

/* How often what retires pages is to find some. */
#define PRESENT_PERCENT	80

/* How often what is rare is worked on next. */
#define ATTRACTED_PERCENT	85

/* Of those that may be, so many are performed in the background. */
#define BACKGROUND_PERCENT	50

static bool is_touch(const struct operation *operation)
{
	return operation->effect == EFFECT_READ ||
	       operation->effect == EFFECT_WRITE;
}

/* Without it there is nothing to work on, or nobody notices. */
static bool is_needed(const struct operation *operation)
{
	return operation->effect == EFFECT_MAP || is_touch(operation);
}

/*
 * Each sequence leaves some operations out and prefers others: where all are as
 * frequent as ever, those that need each other hardly meet within one.
 */
static void choose_factors(struct generator *generator)
{
	static const unsigned int factors[] = { 0, 1, 1, 5 };
	const struct operation * const *operation;
	unsigned int *factor = generator->factor;

	for_each_registered(operation, operations) {
		if (factor == generator->factor + OPERATIONS_MOST)
			abort();
		*factor = factors[random_below(generator->random, 4)];
		if (!*factor && is_needed(*operation))
			*factor = 1;
		factor++;
	}
}

void generate_begin(struct generator *generator)
{
	static const unsigned int stay_percents[] = { 0, 30, 60, 85 };
	long tables = 2 + random_below(generator->random, TABLES_MOST - 1);
	long below = random_below(generator->random, tables);

	choose_factors(generator);
	generator->stay_percent =
		stay_percents[random_below(generator->random, 4)];
	generator->here = -1;
	generator->user = -1;
	generator->attracted = false;

	generator->first = ARENA_TOP - below * TABLE;
	generator->pages = tables * TABLE;
	generator->nr_places = 0;
}

/*
 * What is not present says little; and a page that is mapped for loads, or in two
 * address spaces, is copied by the store that follows.
 */
static bool calls_for_use(const struct operation *operation)
{
	return operation->effect == EFFECT_MAP ||
	       operation->effect == EFFECT_READ ||
	       operation->effect == EFFECT_FORK;
}

void generate_note(struct generator *generator, const struct step *step)
{
	if (step_has(step, "page")) {
		place_note(generator, step_argument(step, "page"));
		place_note(generator, step_argument(step, "page") +
				      step_argument(step, "pages"));
	}
	generator->user = calls_for_use(step->operation) ? (int)step->actor : -1;
	if (step_has(step, "pages")) {
		generator->here = step_argument(step, "page");
		generator->here_pages = step_argument(step, "pages");
	}
	if (step_has(step, "to")) {
		place_note(generator, step_argument(step, "to"));
		generator->here = step_argument(step, "to");
	}
	if (step->operation->effect == EFFECT_MAP_GIGABYTE)
		place_note(generator, ARENA_TOP);
}

/* What works on what is there should mostly find something. */
static long pick_page(struct generator *generator, const struct step *step)
{
	long page = place_at_edge(generator, step->actor);

	if (step->operation->effect == EFFECT_MAP ||
	    random_percent(generator->random, 10))
		return page;
	return place_in_use(generator, step->actor, page,
			    !is_touch(step->operation) &&
			    random_percent(generator->random, PRESENT_PERCENT));
}

static long pick_pages(struct generator *generator, unsigned int actor,
		       long page)
{
	struct random *random = generator->random;
	long pages = place_edge(random);

	switch (random_below(random, 8)) {
	case 0:
		/* To the end of the area, or of the next one. */
		pages = place_area_end(generator, actor, page) - page;
		break;
	case 1:
		if (page + pages < ARENA_PAGES)
			pages = place_area_end(generator, actor, page + pages) - page;
		break;
	case 2:
		/* To the end of the table, or a little more. */
		pages = TABLE - page % TABLE + place_nudge(generator);
		break;
	default:
		break;
	}
	if (pages < 1)
		pages = 1;
	return pages > PAGES_MOST ? PAGES_MOST : pages;
}

/*
 * How often the first one is wanted, beside by chance: where nothing can be stored,
 * most of the others are refused.
 */
static unsigned int percent_of_first(const struct step *step,
				     const struct argument *argument)
{
	if (strcmp(argument->name, "protection"))
		return 0;
	return step->operation->effect == EFFECT_MAP ? 80 : 40;
}

static long pick_word(struct random *random, const struct step *step,
		      const struct argument *argument)
{
	const struct word *words = argument->words;
	long nr = 0;

	if (random_percent(random, percent_of_first(step, argument)))
		return words[0].value;
	while (words[nr].name)
		nr++;
	return words[random_below(random, nr)].value;
}

static long pick_words(struct random *random, const struct word *words)
{
	long value = 0;

	if (random_percent(random, 55))
		return 0;
	for (; words->name; words++) {
		if (random_percent(random, 30))
			value |= words->value;
	}
	return value;
}

static long pick_actor(struct random *random, unsigned int present)
{
	long actor;

	do {
		actor = random_below(random, ACTORS_MAX);
	} while (!(present & 1U << actor));
	return actor;
}

static long new_actor(unsigned int present)
{
	long actor = 0;

	while (present & 1U << actor)
		actor++;
	return actor;
}

static long pick_number(struct generator *generator,
			const struct argument *argument)
{
	struct random *random = generator->random;

	if (strcmp(argument->name, "value") == 0)
		return generator->value += 4096;
	if (strcmp(argument->name, "stride") == 0)
		return random_percent(random, 75) ? 1 :
		       place_edge(random) % (argument->most + 1);
	if (random_percent(random, 30))
		return 0;
	if (random_percent(random, 60))
		return place_edge(random) % (argument->most + 1);
	return random_below(random, argument->most + 1);
}

static long pick_argument(struct generator *generator, unsigned int present,
			  const struct step *step,
			  const struct argument *argument)
{
	struct random *random = generator->random;

	switch (argument->kind) {
	case ARGUMENT_PAGE:
		if (strcmp(argument->name, "to") == 0)
			return place_at_edge(generator, step->actor);
		return pick_page(generator, step);
	case ARGUMENT_PAGES:
		/* As many as before, where there are two. */
		if (step_argument(step, "pages") && random_percent(random, 60))
			return step_argument(step, "pages");
		return pick_pages(generator, step->actor,
				  step_argument(step, "page"));
	case ARGUMENT_WORD:
		return pick_word(random, step, argument);
	case ARGUMENT_WORDS:
		return pick_words(random, argument->words);
	case ARGUMENT_ACTOR:
		return pick_actor(random, present);
	case ARGUMENT_NEW_ACTOR:
		return new_actor(present);
	default:
		return pick_number(generator, argument);
	}
}

static void set_argument(struct step *step, const char *name, long value)
{
	int i;

	for (i = 0; step->operation->argument[i].name; i++) {
		if (strcmp(step->operation->argument[i].name, name) == 0)
			step->argument[i] = value;
	}
}

/* Has the actor anything where the operation before was at work? */
static bool has_here(const struct generator *generator, unsigned int actor)
{
	return generator->here >= 0 &&
	       place_is_mapped(generator, actor, generator->here);
}

/*
 * Some paths take several operations on the same pages: shared, swapped out, read,
 * written. What maps something begins anew, and elsewhere.
 */
static void stay_here(struct generator *generator, struct step *step)
{
	struct random *random = generator->random;

	if (step->operation->effect == EFFECT_MAP ||
	    !has_here(generator, step->actor))
		return;
	set_argument(step, "page", place_inside(generator->here + place_nudge(generator)));
	if (random_percent(random, 70))
		set_argument(step, "pages", generator->here_pages);
}

/* To whole pages of 2M: hugetlbfs takes no others. */
static void align(struct step *step)
{
	static const char * const names[] = {
		"page", "pages", "to", "size", "offset",
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		set_argument(step, names[i],
			     (step_argument(step, names[i]) + TABLE - 1) /
			     TABLE * TABLE);
}

/* What becomes large is all that a table maps, of one area. */
static void choose_table(struct generator *generator, struct step *step)
{
	long tables = generator->pages / TABLE;
	long first = (step_argument(step, "page") - generator->first) / TABLE;
	long i;

	if (first < 0 || first >= tables)
		first = random_below(generator->random, tables);

	for (i = 0; i < tables; i++) {
		long page = generator->first + (first + i) % tables * TABLE;

		if (!place_is_mapped(generator, step->actor, page) ||
		    place_area_end(generator, step->actor, page) < page + TABLE)
			continue;
		set_argument(step, "page", page);
		set_argument(step, "pages", TABLE);
		return;
	}
}

/* The same place in a table. */
static long congruent(long page, const struct step *step)
{
	return page / TABLE * TABLE + step_argument(step, "page") % TABLE;
}

/*
 * Tables move as a whole, and objects have huge pages mapped, where the one is at
 * the same place in a table as the other.
 */
static void make_congruent(struct step *step)
{
	set_argument(step, "to", place_inside(congruent(step_argument(step, "to"), step)));
	if (step_has(step, "page"))
		set_argument(step, "offset",
			     congruent(step_argument(step, "offset"), step) %
			     OBJECT_PAGES);
}

/* What moves is of one area, for most kernels. */
static void keep_in_area(const struct generator *generator, struct step *step)
{
	long page = step_argument(step, "page");
	long most = place_area_end(generator, step->actor, page) - page;

	if (step_argument(step, "pages") <= most)
		return;
	set_argument(step, "pages", most);
	set_argument(step, "size", most);
}

/* What moves onto itself is refused. */
static void keep_apart(struct step *step)
{
	long page = step_argument(step, "page");
	long to = step_argument(step, "to");

	if (to + step_argument(step, "size") <= page ||
	    to >= page + step_argument(step, "pages"))
		return;
	set_argument(step, "to", place_inside(page + step_argument(step, "pages")));
}

/* What keeps its old place is as large as before. */
static void keep_size(struct step *step)
{
	if (step_argument(step, "flags") & MREMAP_DONTUNMAP)
		set_argument(step, "size", step_argument(step, "pages"));
}

/* What would end beyond the arena becomes shorter. */
static void fit(struct step *step)
{
	while (!step_is_inside(step)) {
		long page = step_argument(step, "page");
		long pages = step_argument(step, "pages");
		long size = step_argument(step, "size");

		if (page + pages > ARENA_PAGES)
			set_argument(step, "pages", ARENA_PAGES - page);
		else
			set_argument(step, "size", size > 1 ? size / 2 : 1);
		if (size <= 1)
			set_argument(step, "to", 0);
	}
}

static bool wants_alignment(const struct step *step)
{
	return step->operation->large ||
	       step_argument(step, "object") == OBJECT_HUGETLB;
}

static void finish(struct generator *generator, struct step *step)
{
	if (step_has(step, "to") && random_percent(generator->random, 80))
		keep_in_area(generator, step);
	if (random_percent(generator->random, 60))
		make_congruent(step);
	if (step->operation->effect == EFFECT_MOVE &&
	    random_percent(generator->random, 80)) {
		keep_size(step);
		keep_apart(step);
	}
	if (random_percent(generator->random, wants_alignment(step) ? 85 : 15))
		align(step);
	if (step->operation->large && step->operation->effect != EFFECT_MAP)
		choose_table(generator, step);
	fit(step);
}

static bool is_alone(unsigned int present)
{
	return (present & (present - 1)) == 0;
}

/* @empty: the actor has nothing to work on. */
static bool is_possible(const struct operation *operation, unsigned int present,
			bool empty)
{
	bool full = present == (1U << ACTORS_MAX) - 1;

	if (empty && operation->effect != EFFECT_MAP)
		return false;
	if (operation->effect == EFFECT_FORK)
		return !full;
	if (operation->effect == EFFECT_EXIT)
		return !is_alone(present);
	return true;
}

/**
 * enum wanted - which operations come into question
 * @WANTED_ANY: all of them
 * @WANTED_WORK: what works on what is there
 * @WANTED_TOUCH: what makes pages present
 */
enum wanted { WANTED_ANY, WANTED_WORK, WANTED_TOUCH };

static bool is_wanted(const struct operation *operation, enum wanted wanted)
{
	switch (wanted) {
	case WANTED_WORK:
		return operation->effect != EFFECT_MAP;
	case WANTED_TOUCH:
		return is_touch(operation);
	default:
		return true;
	}
}

static const struct operation *pick_operation(const struct generator *generator,
					      unsigned int present,
					      bool empty, enum wanted wanted)
{
	const struct operation * const *operation;
	long weight[OPERATIONS_MOST], sum = 0;
	unsigned int i = 0;

	for_each_registered(operation, operations) {
		weight[i] = is_possible(*operation, present, empty) &&
			    is_wanted(*operation, wanted) ?
			    (*operation)->weight * generator->factor[i] : 0;
		sum += weight[i++];
	}
	sum = random_below(generator->random, sum);
	i = 0;
	for_each_registered(operation, operations) {
		sum -= weight[i++];
		if (sum < 0)
			return *operation;
	}
	abort();
}

static bool is_to_be_used(const struct generator *generator,
			  unsigned int present)
{
	return generator->user >= 0 && present & 1U << generator->user &&
	       has_here(generator, generator->user);
}

/* Somebody who has something there, if there is one. */
static unsigned int pick_actor_here(const struct generator *generator,
				    unsigned int present)
{
	unsigned int actor = pick_actor(generator->random, present);
	int tries;

	for (tries = 0; tries < ACTORS_MAX && !has_here(generator, actor); tries++)
		actor = pick_actor(generator->random, present);
	return actor;
}

/* What is rare does not last: what was mapped elsewhere would be forgotten over it. */
static bool stays(const struct generator *generator)
{
	return random_percent(generator->random, generator->attracted ?
			      ATTRACTED_PERCENT : generator->stay_percent);
}

void generate_step(struct generator *generator, unsigned int present,
		   struct step *step)
{
	struct random *random = generator->random;
	bool uses = is_to_be_used(generator, present) &&
		    random_percent(random, USED_PERCENT);
	bool stay = !uses && stays(generator);
	bool attracted = stay && generator->attracted;
	unsigned int actor = uses ? (unsigned int)generator->user :
			     attracted ? pick_actor_here(generator, present) :
			     pick_actor(random, present);
	bool empty = !uses && place_is_empty(generator, actor) &&
		     random_percent(random, 90);
	enum wanted wanted = uses ? WANTED_TOUCH :
			     attracted && !empty ? WANTED_WORK : WANTED_ANY;
	int i;

	*step = (struct step) {
		.actor = actor,
		.operation = pick_operation(generator, present, empty, wanted),
	};
	for (i = 0; step->operation->argument[i].name; i++)
		step->argument[i] = pick_argument(generator, present, step,
						  &step->operation->argument[i]);
	if (uses) {
		set_argument(step, "page", generator->here);
		set_argument(step, "pages", generator->here_pages);
	} else if (stay) {
		stay_here(generator, step);
	}
	finish(generator, step);
	/* Alone, nobody would meet anybody. */
	step->background = generator->racing && !is_alone(present) &&
			   step_may_be_background(step) &&
			   random_percent(random, BACKGROUND_PERCENT);
}

void generate_change(struct generator *generator, unsigned int present,
		     struct step *step)
{
	unsigned int nr = nr_arguments(step->operation);
	unsigned int i;

	if (!nr)
		return;
	i = random_below(generator->random, nr);
	if (step->operation->argument[i].kind == ARGUMENT_NEW_ACTOR)
		return;
	step->argument[i] = pick_argument(generator, present, step,
					  &step->operation->argument[i]);
	finish(generator, step);
}

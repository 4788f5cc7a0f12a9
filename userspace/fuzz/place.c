// SPDX-License-Identifier: GPL-2.0-only
#include "fuzz/contents.h"
#include "fuzz/place.h"
#include "fuzz/trial.h"
#include "operations/arena.h"

#define TRIES		20
/* Of those that ask the kernel. */
#define TRIES_PRESENT	5

static const long edges[] = {
	1, 1, 1, 2, 3, 8, 16, 31, 32, 33, 34, 63, 64, 65, 128, 511, 512, 512, 513,
	1024, 1025,
};

#define NR_EDGES	(sizeof(edges) / sizeof(edges[0]))

long place_edge(struct random *random)
{
	return edges[random_below(random, NR_EDGES)];
}

void place_note(struct generator *generator, long page)
{
	generator->place[generator->nr_places++ % PLACES_MAX] = page;
}

long place_inside(long page)
{
	return page < 0 ? 0 : page >= ARENA_PAGES ? ARENA_PAGES - 1 : page;
}

static long any_page(struct generator *generator)
{
	return generator->first + random_below(generator->random, generator->pages);
}

static bool same_area(const struct generator *generator, unsigned int actor,
		      long one, long other)
{
	const struct contents *contents = generator->contents;

	return contents_backing(contents, actor, one) ==
	       contents_backing(contents, actor, other) &&
	       contents_object(contents, actor, one) ==
	       contents_object(contents, actor, other);
}

/* The first page of the area that has @page. */
static long area_start(const struct generator *generator, unsigned int actor,
		       long page)
{
	while (page > generator->first &&
	       same_area(generator, actor, page, page - 1))
		page--;
	return page;
}

long place_area_end(const struct generator *generator, unsigned int actor,
		    long page)
{
	long last = generator->first + generator->pages;

	while (page < last && page + 1 < ARENA_PAGES &&
	       same_area(generator, actor, page, page + 1))
		page++;
	return page + 1;
}

bool place_is_mapped(const struct generator *generator, unsigned int actor,
		     long page)
{
	return contents_backing(generator->contents, actor, page) !=
	       BACKING_NOTHING;
}

/* A page that is mapped, if one is soon found. */
static long mapped_page(struct generator *generator, unsigned int actor)
{
	long page = any_page(generator);
	int tries;

	for (tries = 0; tries < TRIES && !place_is_mapped(generator, actor, page);
	     tries++)
		page = any_page(generator);
	return page;
}

bool place_is_empty(struct generator *generator, unsigned int actor)
{
	return !place_is_mapped(generator, actor, mapped_page(generator, actor));
}

long place_nudge(struct generator *generator)
{
	return random_percent(generator->random, 60) ? 0 :
	       random_below(generator->random, 3) - 1;
}

long place_at_edge(struct generator *generator, unsigned int actor)
{
	struct random *random = generator->random;
	long page = mapped_page(generator, actor);
	unsigned int nr = generator->nr_places;

	if (nr > PLACES_MAX)
		nr = PLACES_MAX;
	switch (random_below(random, 10)) {
	case 0 ... 2:
		if (nr)
			page = generator->place[random_below(random, nr)] +
			       place_nudge(generator);
		break;
	case 3 ... 4:
		page = area_start(generator, actor, page) + place_nudge(generator);
		break;
	case 5:
		page = place_area_end(generator, actor, page) - place_edge(random);
		break;
	case 6 ... 7:
		page = page / TABLE * TABLE + place_nudge(generator);
		break;
	case 8:
		page = page / TABLE * TABLE + TABLE - place_edge(random);
		break;
	default:
		break;
	}
	return place_inside(page);
}

static long place_in_area(struct generator *generator, unsigned int actor,
			  long page)
{
	int tries;

	for (tries = 0; tries < TRIES && !place_is_mapped(generator, actor, page);
	     tries++)
		page = place_at_edge(generator, actor);
	return page;
}

long place_in_use(struct generator *generator, unsigned int actor, long page,
		  bool present)
{
	int tries;

	page = place_in_area(generator, actor, page);
	for (tries = 0; present && tries < TRIES_PRESENT &&
	     trial_page_is_absent(generator->trial, actor, page); tries++)
		page = place_in_area(generator, actor,
				     place_at_edge(generator, actor));
	return page;
}

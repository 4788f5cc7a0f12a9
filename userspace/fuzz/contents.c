// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "fuzz/contents.h"
#include "operations/arena.h"
#include "operations/object.h"

/* Shared anonymous memory is an object of its own. */
#define OBJECTS_MAX	64

struct contents {
	struct page_content page[ACTORS_MAX][ARENA_PAGES];
	struct word_content *object[OBJECTS_MAX];
	long object_pages[OBJECTS_MAX];
	int nr_objects;
};

struct contents *contents_new(void)
{
	struct contents *contents = calloc(1, sizeof(*contents));

	if (!contents)
		abort();
	return contents;
}

static void drop_objects(struct contents *contents)
{
	int i;

	for (i = 0; i < OBJECTS_MAX; i++) {
		free(contents->object[i]);
		contents->object[i] = NULL;
	}
}

void contents_free(struct contents *contents)
{
	drop_objects(contents);
	free(contents);
}

static void make_object(struct contents *contents, int object, long pages)
{
	contents->object[object] = calloc(pages, sizeof(struct word_content));
	if (!contents->object[object])
		abort();
	contents->object_pages[object] = pages;
}

void contents_begin(struct contents *contents)
{
	int object;

	memset(contents->page, 0, sizeof(contents->page));
	drop_objects(contents);
	for (object = 1; object < OBJECTS; object++)
		make_object(contents, object, OBJECT_PAGES);
	contents->nr_objects = OBJECTS;
}

enum backing contents_backing(const struct contents *contents,
			      unsigned int actor, long page)
{
	return contents->page[actor][page].backing;
}

int contents_object(const struct contents *contents, unsigned int actor,
		    long page)
{
	return contents->page[actor][page].object;
}

/* The word that a page has; NULL where nothing can be said. */
static struct word_content *word_of(struct contents *contents,
				    struct page_content *page)
{
	switch (page->backing) {
	case BACKING_ANONYMOUS:
		return &page->word;
	case BACKING_PRIVATE:
		if (page->own == PERHAPS_OWN)
			return NULL;
		if (page->own == OWN)
			return &page->word;
		break;
	case BACKING_SHARED:
		break;
	default:
		return NULL;
	}
	/* Beyond its end there is nothing. */
	if (page->offset >= contents->object_pages[page->object])
		return NULL;
	return &contents->object[page->object][page->offset];
}

/* Nobody can say what objects have any more. */
static void doubt_objects(struct contents *contents)
{
	int object;
	long i;

	for (object = 1; object < contents->nr_objects; object++) {
		for (i = 0; i < contents->object_pages[object]; i++)
			contents->object[object][i].certainty = UNCERTAIN;
	}
}

/* The pages that a step is about, from its argument of that name on. */
static struct page_content *pages_of(struct contents *contents,
				     const struct step *step, const char *name)
{
	return &contents->page[step->actor][step_argument(step, name)];
}

/* What is cut off takes copies of it along. */
static void doubt_copies(struct contents *contents)
{
	unsigned int actor;
	long i;

	for (actor = 0; actor < ACTORS_MAX; actor++) {
		for (i = 0; i < ARENA_PAGES; i++) {
			struct page_content *page = &contents->page[actor][i];

			if (page->backing == BACKING_PRIVATE)
				page->own = PERHAPS_OWN;
		}
	}
}

/* Calls @fn for pages in a row. */
static void each_page(struct page_content *page, long pages,
		      void (*fn)(struct page_content *page))
{
	long i;

	for (i = 0; i < pages; i++)
		fn(&page[i]);
}

/* hugetlbfs makes whole pages of what it is asked for. */
static long rounded(long pages, bool hugetlb)
{
	return hugetlb ? (pages + TABLE - 1) / TABLE * TABLE : pages;
}

static bool maps_hugetlb(const struct step *step)
{
	return step_argument(step, "object") == OBJECT_HUGETLB ||
	       step->operation->large;
}

static int object_of_map(struct contents *contents, const struct step *step,
			 bool shared)
{
	if (step_has(step, "object"))
		return step_argument(step, "object");
	if (!shared)
		return OBJECT_NONE;
	if (contents->nr_objects == OBJECTS_MAX)
		return -1;
	make_object(contents, contents->nr_objects,
		    rounded(step_argument(step, "pages"), maps_hugetlb(step)));
	return contents->nr_objects++;
}

/* An area of which the first page is @first. */
static void map_area(struct page_content *page, long pages,
		     struct page_content first)
{
	long i;

	for (i = 0; i < pages; i++) {
		page[i] = first;
		page[i].offset += i;
	}
}

/* Behind the arena nobody looks. */
static void map_gigabyte(struct contents *contents, const struct step *step)
{
	map_area(&contents->page[step->actor][ARENA_TOP],
		 ARENA_PAGES - ARENA_TOP, (struct page_content) {
			.backing = BACKING_SHARED,
			.hugetlb = true,
			.object = OBJECT_HUGETLB,
		 });
}

/* @object: as object_of_map() has it. */
static enum backing backing_of_map(int object, bool shared)
{
	if (object < 0)
		return BACKING_UNKNOWN;
	if (object == OBJECT_NONE)
		return BACKING_ANONYMOUS;
	return shared ? BACKING_SHARED : BACKING_PRIVATE;
}

static void map(struct contents *contents, const struct step *step)
{
	struct page_content *page = pages_of(contents, step, "page");
	bool shared = step_argument(step, "sharing") == MAP_SHARED;
	long flags = step_argument(step, "flags");
	bool hugetlb = maps_hugetlb(step);
	long pages = rounded(step_argument(step, "pages"), hugetlb);
	int object = object_of_map(contents, step, shared);

	map_area(page, pages, (struct page_content) {
			.backing = backing_of_map(object, shared),
			.hugetlb = hugetlb,
			.object = object < 0 ? 0 : object,
			.offset = step_argument(step, "offset"),
		 });
	if (flags & (MAP_POPULATE | MAP_LOCKED))
		each_page(page, pages, copy_page);
}

/* What an area has behind its last page, when it becomes larger. */
static void extend(struct page_content *page, long from, long to)
{
	long i;

	for (i = from; i < to; i++) {
		page[i] = page[from - 1];
		page[i].offset += i - (from - 1);
		discard_page(&page[i]);
	}
}

static void leave_empty(struct page_content *page)
{
	discard_page(page);
}

static void move(struct contents *contents, const struct step *step)
{
	struct page_content *from = pages_of(contents, step, "page");
	struct page_content *to = pages_of(contents, step, "to");
	long pages = rounded(step_argument(step, "pages"), from->hugetlb);
	long size = rounded(step_argument(step, "size"), from->hugetlb);
	long moved = size < pages ? size : pages;

	memcpy(to, from, moved * sizeof(*to));
	if (step_argument(step, "flags") & MREMAP_DONTUNMAP)
		each_page(from, pages, leave_empty);
	else
		each_page(from, pages, unmap_page);
	extend(to, moved, size);
}

/* What they have goes along; where they were there is nothing. */
static void transfer(struct contents *contents, const struct step *step)
{
	struct page_content *from = pages_of(contents, step, "page");
	struct page_content *to = pages_of(contents, step, "to");
	long i, pages = step_argument(step, "pages");

	for (i = 0; i < pages; i++) {
		to[i] = (struct page_content) { .backing = BACKING_ANONYMOUS };
		if (from[i].backing == BACKING_ANONYMOUS)
			to[i].word = from[i].word;
		else
			doubt_word(&to[i]);
		discard_page(&from[i]);
	}
}

static void resize(struct contents *contents, const struct step *step)
{
	struct page_content *page = pages_of(contents, step, "page");
	long pages = rounded(step_argument(step, "pages"), page->hugetlb);
	long size = rounded(step_argument(step, "size"), page->hugetlb);

	if (size < pages)
		each_page(page + size, pages - size, unmap_page);
	else
		extend(page, pages, size);
}

static void note_heritage(struct contents *contents, const struct step *step,
			  bool failed)
{
	struct page_content *page = pages_of(contents, step, "page");
	long i, pages = step_argument(step, "pages");
	enum heritage heritage;

	switch (step_argument(step, "advice")) {
	case MADV_DONTFORK:
		heritage = NOT_INHERITED;
		break;
	case MADV_WIPEONFORK:
		heritage = WIPED;
		break;
	case MADV_DOFORK:
	case MADV_KEEPONFORK:
		heritage = INHERITED;
		break;
	default:
		return;
	}
	/* There is more than one such flag; who has had two is beyond us. */
	for (i = 0; i < pages; i++) {
		if (page[i].heritage != heritage)
			page[i].heritage = failed || page[i].heritage ?
					   DOUBTFUL : heritage;
	}
}

static void populate(struct contents *contents, const struct step *step,
		     bool failed)
{
	if (!step_has(step, "advice") ||
	    step_argument(step, "advice") == MADV_POPULATE_WRITE)
		each_page(pages_of(contents, step, "page"),
			  step_argument(step, "pages"), copy_page);
	if (step_has(step, "advice"))
		note_heritage(contents, step, failed);
}

static void fork_actor(struct contents *contents, const struct step *step)
{
	long child = step_argument(step, "actor");

	memcpy(contents->page[child], contents->page[step->actor],
	       sizeof(contents->page[child]));
	each_page(contents->page[child], ARENA_PAGES, inherit_page);
}

/* Number @i of the pages that are touched; NULL beyond the arena. */
static struct page_content *touched(struct contents *contents,
				    const struct step *step, long i)
{
	long stride = step_has(step, "stride") ? step_argument(step, "stride") : 1;
	long page = step_argument(step, "page") + i * stride;
	unsigned int actor = step->actor;

	if (step->operation->effect == EFFECT_WRITE_OTHER)
		actor = step_argument(step, "actor");
	return page < ARENA_PAGES ? &contents->page[actor][page] : NULL;
}

static void write_pages(struct contents *contents, const struct step *step,
			long done)
{
	long i, value = step_argument(step, "value");
	bool doubted = false;

	for (i = 0; i < done; i++) {
		struct page_content *page = touched(contents, step, i);
		struct word_content *word;

		if (!page)
			return;
		if (page->backing == BACKING_UNKNOWN && !doubted) {
			doubt_objects(contents);
			doubted = true;
		}
		page->own = OWN;
		word = word_of(contents, page);
		if (word)
			*word = (struct word_content) { .value = value + i };
	}
}

/* Returns false if a page has what it must not; learns what was not known. */
static bool check_word(struct word_content *word, uint64_t has)
{
	if (word->certainty == CERTAIN)
		return has == word->value;
	if (word->certainty == OR_ZERO) {
		/* What is gone does not come back. */
		if (has == 0)
			*word = (struct word_content) { };
		return has == 0 || has == word->value;
	}
	*word = (struct word_content) { .value = has };
	return true;
}

static bool read_pages(struct contents *contents, const struct step *step,
		       const struct answer *answer, struct wrong_content *wrong)
{
	long i;

	for (i = 0; i < answer->nr_words; i++) {
		struct page_content *page = touched(contents, step, i);
		struct word_content *word =
			page ? word_of(contents, page) : NULL;
		uint64_t expected = word ? word->value : 0;

		if (!word || check_word(word, answer->word[i]))
			continue;
		*wrong = (struct wrong_content) {
			.actor = step->actor,
			.page = page - contents->page[step->actor],
			.has = answer->word[i],
			.expected = expected,
		};
		/* Once is enough. */
		word->value = answer->word[i];
		return false;
	}
	return true;
}

/* Without a word of an error: it did all of it. */
static void succeed(struct contents *contents, const struct step *step)
{
	struct page_content *page = pages_of(contents, step, "page");
	long pages = step_argument(step, "pages");

	switch (step->operation->effect) {
	case EFFECT_MAP:
		map(contents, step);
		break;
	case EFFECT_MAP_GIGABYTE:
		map_gigabyte(contents, step);
		break;
	case EFFECT_UNMAP:
		each_page(page, pages, unmap_page);
		break;
	case EFFECT_MOVE:
		move(contents, step);
		break;
	case EFFECT_TRANSFER:
		transfer(contents, step);
		break;
	case EFFECT_RESIZE:
		resize(contents, step);
		break;
	case EFFECT_DISCARD:
		discard_pages(page, pages);
		break;
	case EFFECT_FREE:
		each_page(page, pages, lazily_free_page);
		break;
	case EFFECT_FORK:
		fork_actor(contents, step);
		break;
	case EFFECT_EXEC:
	case EFFECT_EXIT:
		each_page(contents->page[step->actor], ARENA_PAGES,
			  unmap_page);
		break;
	default:
		break;
	}
}

/* It did some of it, or nothing. */
static void fail(struct contents *contents, const struct step *step)
{
	struct page_content *page = pages_of(contents, step, "page");
	long pages = step_argument(step, "pages");
	long size = step_argument(step, "size");

	switch (step->operation->effect) {
	case EFFECT_MAP:
		/* What was there may be unmapped already. */
		if (!(step_argument(step, "flags") & MAP_FIXED_NOREPLACE))
			each_page(page, pages, doubt_page);
		break;
	case EFFECT_MAP_GIGABYTE:
		each_page(&contents->page[step->actor][ARENA_TOP],
			  ARENA_PAGES - ARENA_TOP, doubt_page);
		break;
	case EFFECT_UNMAP:
		each_page(page, pages, doubt_page);
		break;
	case EFFECT_MOVE:
		each_page(pages_of(contents, step, "to"), size, doubt_page);
		each_page(page, pages, doubt_page);
		break;
	case EFFECT_TRANSFER:
		each_page(pages_of(contents, step, "to"), pages, doubt_page);
		each_page(page, pages, doubt_word);
		break;
	case EFFECT_RESIZE:
		each_page(page, pages, doubt_page);
		break;
	case EFFECT_DISCARD:
		each_page(page, pages, doubt_word);
		break;
	case EFFECT_FREE:
		each_page(page, pages, lazily_free_page);
		break;
	default:
		break;
	}
}

bool contents_perform(struct contents *contents, const struct step *step,
		      const struct answer *answer, struct wrong_content *wrong)
{
	struct page_content *page = pages_of(contents, step, "page");
	long pages = step_argument(step, "pages");
	bool failed = answer->result < 0;

	switch (step->operation->effect) {
	case EFFECT_NONE:
		return true;
	case EFFECT_WRITE:
	case EFFECT_WRITE_OTHER:
		write_pages(contents, step, failed ? 0 : answer->result);
		return true;
	case EFFECT_READ:
		return read_pages(contents, step, answer, wrong);
	case EFFECT_POPULATE:
		populate(contents, step, failed);
		return true;
	case EFFECT_OBJECT:
		doubt_objects(contents);
		doubt_copies(contents);
		return true;
	case EFFECT_UNKNOWN:
		each_page(page, pages, doubt_word);
		return true;
	default:
		break;
	}
	if (failed)
		fail(contents, step);
	else
		succeed(contents, step);
	return true;
}

// SPDX-License-Identifier: GPL-2.0-only
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/kernel_function.h"
#include "model/mutant.h"
#include "model/number.h"
#include "model/parse_error.h"
#include "model/similar.h"
#include "model/value_names.h"

#define SEPARATOR	" < "

/* A defect of the device that shows in the same way on every kernel. */
#define KILLED_BY(...)							\
	.of_device = true, .killer = {					\
		[DEVTLB_CALLBACK_INVALIDATE_RANGE] = { __VA_ARGS__ },	\
		[DEVTLB_CALLBACK_ARCH_INVALIDATE] = { __VA_ARGS__ },	\
	}

const struct mutant_type mutant_types[] = {
	{ .kind = DEVTLB_MUTANT_DROP,
	  .title = "the device does not hear the notification" },
	{ .kind = DEVTLB_MUTANT_DEFER,
	  .title = "the device hears the notification some milliseconds later" },
	{ .kind = DEVTLB_MUTANT_LATE,
	  .title = "the device hears the notification at invalidate_range_end()" },
	{ .kind = DEVTLB_MUTANT_TRIM,
	  .title = "the device hears of the first 4K only" },
	{ .kind = DEVTLB_MUTANT_MISROUTE,
	  .title = "another PASID hears the notification instead" },
	{ .kind = DEVTLB_MUTANT_FIRST_PAGE,
	  .title = "the device does not hear of the first 4K" },
	{ .kind = DEVTLB_MUTANT_LAST_PAGE,
	  .title = "the device does not hear of the last 4K" },
	{ .kind = DEVTLB_MUTANT_BEYOND_TABLE,
	  .title = "the device hears of the first page table's part only" },
	{ .kind = DEVTLB_MUTANT_BEYOND_PUD,
	  .title = "the device hears of the first gigabyte's part only" },

	{ .kind = DEVTLB_MUTANT_EARLY_ACK,
	  .title = "an invalidation returns while accesses are in flight",
	  KILLED_BY("cow", false, "B") },
	{ .kind = DEVTLB_MUTANT_NO_RECHECK,
	  .title = "a fill that an invalidation overtook is installed",
	  KILLED_BY("collapse-fill", false, "A B D") },
	{ .kind = DEVTLB_MUTANT_EXACT_MATCH,
	  .title = "an invalidation of a piece of a page leaves its translation",
	  .of_device = true, .killer = {
		[DEVTLB_CALLBACK_INVALIDATE_RANGE] = { "thp-split", false, "D" },
		/* Tells of a split as a whole, and of hugetlb pages in pieces. */
		[DEVTLB_CALLBACK_ARCH_INVALIDATE] = { "hugetlb-cow", false, "B D" },
	  } },
	{ .kind = DEVTLB_MUTANT_NO_SENTINEL,
	  .title = "an end of ~0UL is taken for an empty range",
	  KILLED_BY("soft-dirty", false, "D") },
	{ .kind = DEVTLB_MUTANT_PROT_NONE,
	  .title = "PROT_NONE entries are filled as if they were present",
	  KILLED_BY("prot-none", false, "D") },
	{ .kind = DEVTLB_MUTANT_NO_DIRTY,
	  .title = "writable translations of clean pages leave them clean",
	  KILLED_BY("lazyfree", false, "D") },
	{ .kind = DEVTLB_MUTANT_UPGRADE,
	  .title = "a store makes a read-only translation writable",
	  KILLED_BY("fork", false, "D") },
	{ .kind = DEVTLB_MUTANT_NO_RELEASE,
	  .title = "->release is ignored", KILLED_BY("exit", false, "A") },
	{ .kind = DEVTLB_MUTANT_KEEP_TABLES,
	  .title = "invalidations leave the page-walk cache alone",
	  KILLED_BY("tables", false, "A") },
	{ .kind = DEVTLB_MUTANT_FRACTURE_HEAD,
	  .title = "of a fractured page, an invalidation removes one piece",
	  KILLED_BY("thp-migrate", true, "A B C D") },
	{ .kind = 0 }
};

/* Each has its line. */
_Static_assert(sizeof(mutant_types) / sizeof(mutant_types[0]) ==
	       DEVTLB_MUTANT_MAX + 1, "a mutant without a type");

const char * const mutant_edges[] = {
	"first-page", "last-page", "beyond-table", "beyond-pud",
	"drop:max=1", "drop:min=65", "drop:every=3", "drop:only=writable",
	"drop:only=shared", "drop:only=pte-mapped", "drop:only=foreign", NULL
};

static const struct mutant_type *type_of(enum devtlb_mutant kind)
{
	const struct mutant_type *type = mutant_types;

	while (type->kind != kind)
		type++;
	return type;
}

const char *mutant_name(enum devtlb_mutant kind)
{
	return mutant_names[kind];
}

bool mutant_is_of_device(enum devtlb_mutant kind)
{
	return type_of(kind)->of_device;
}

const struct mutant_type *find_mutant_type(const char *name, size_t length)
{
	const struct mutant_type *type;

	for (type = mutant_types; type->kind; type++) {
		const char *own = mutant_names[type->kind];

		if (strlen(own) == length && strncmp(own, name, length) == 0)
			return type;
	}
	return NULL;
}

/* Adds one function of the user's to a site, as this kernel calls it. */
static int add_function(struct mutant *mutant, const char *name,
			char *last, size_t size, struct parse_error *error)
{
	size_t used = strlen(mutant->site);
	const char *function = name;

	if (!is_function_name(name))
		return parse_failed(error, "\"%s\" names no kernel function; write site=FUNCTION, as in site=wp_page_copy, or site=F1<F2",
				    name);
	if (!mutant->whole_chain)
		function = kernel_function(name);
	if (!function)
		return parse_failed(error, "this kernel has no function \"%s\" (/proc/kallsyms); \"devtlb sites\" shows the functions that notify",
				    name);
	/* Two of the user's that the compiler made one. */
	if (!mutant->whole_chain && strcmp(last, function) == 0)
		return 0;
	if (used + strlen(SEPARATOR) + strlen(function) >= sizeof(mutant->site))
		return parse_failed(error, "a site is too long; at most %zu bytes",
				    sizeof(mutant->site) - 1);
	sprintf(mutant->site + used, "%s%s", used ? SEPARATOR : "", function);
	snprintf(last, size, "%s", function);
	return 0;
}

/* "F1<F2", with or without blanks around "<". */
static int parse_site(struct mutant *mutant, const char *value,
		      struct parse_error *error)
{
	char last[DEVTLB_SYMBOL_MAX] = "";
	char site[DEVTLB_CHAIN_MAX];
	char *name, *rest = site;
	int err = 0;

	if (strlen(value) >= sizeof(site))
		return parse_failed(error, "a site is too long; at most %zu bytes",
				    sizeof(site) - 1);
	strcpy(site, value);
	mutant->site[0] = '\0';
	while (!err && (name = strsep(&rest, "<"))) {
		size_t length;

		name += strspn(name, " ");
		length = strlen(name);
		while (length > 0 && name[length - 1] == ' ')
			name[--length] = '\0';
		err = add_function(mutant, name, last, sizeof(last), error);
	}
	return err;
}

static int parse_nth(struct mutant *mutant, const char *value,
		     struct parse_error *error)
{
	return parse_number("nth", value, 1, UINT32_MAX, &mutant->nth,
			    error);
}

static int parse_times(struct mutant *mutant, const char *value,
		       struct parse_error *error)
{
	return parse_number("times", value, 1, UINT32_MAX, &mutant->times,
			    error);
}

static int parse_delay(struct mutant *mutant, const char *value,
		       struct parse_error *error)
{
	return parse_number("delay", value, 1, DEVTLB_DEFER_MAX, &mutant->delay,
			    error);
}

static int parse_seed(struct mutant *mutant, const char *value,
		      struct parse_error *error)
{
	return parse_number64("seed", value, 1, UINT64_MAX, &mutant->seed,
			    error);
}

static int parse_probability(struct mutant *mutant, const char *value,
			     struct parse_error *error)
{
	char *end;
	double probability = strtod(value, &end);

	/* strtod() takes "nan", "inf", and numbers in hexadecimal. */
	if (!value[0] || *end || strspn(value, "0123456789.") != strlen(value) ||
	    probability > 1 || probability * DEVTLB_CERTAIN < 1)
		return parse_failed(error, "probability wants a number from 0.000001 to 1, not \"%s\"",
				    value);
	mutant->probability = probability * DEVTLB_CERTAIN + 0.5;
	return 0;
}

static int parse_pages_min(struct mutant *mutant, const char *value,
			   struct parse_error *error)
{
	return parse_number("min", value, 1, UINT32_MAX, &mutant->pages_min,
			    error);
}

static int parse_pages_max(struct mutant *mutant, const char *value,
			   struct parse_error *error)
{
	return parse_number("max", value, 1, UINT32_MAX, &mutant->pages_max,
			    error);
}

static int parse_every(struct mutant *mutant, const char *value,
		       struct parse_error *error)
{
	return parse_number("every", value, 1, UINT32_MAX, &mutant->every,
			    error);
}

static int parse_only(struct mutant *mutant, const char *value,
		      struct parse_error *error)
{
	enum devtlb_only only;

	for (only = 1; only <= DEVTLB_ONLY_MAX; only++) {
		if (strcmp(only_names[only], value) == 0) {
			mutant->only = only;
			return 0;
		}
	}
	return parse_failed(error, "only wants writable, shared, pte-mapped, tables, or foreign, not \"%s\"",
			    value);
}

static const struct {
	const char *key;
	int (*parse)(struct mutant *mutant, const char *value,
		     struct parse_error *error);
} keys[] = {
	{ "site", parse_site },
	{ "min", parse_pages_min },
	{ "max", parse_pages_max },
	{ "only", parse_only },
	{ "nth", parse_nth },
	{ "every", parse_every },
	{ "times", parse_times },
	{ "probability", parse_probability },
	{ "seed", parse_seed },
	{ "delay", parse_delay },
};

/* A key without "="; or a site for which somebody left that out. */
static int refuse_key_alone(const struct mutant *mutant, const char *key,
			    struct parse_error *error)
{
	size_t i, length = strcspn(key, "<");
	char name[DEVTLB_SYMBOL_MAX];

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (strcmp(keys[i].key, key) == 0)
			return parse_failed(error, "\"%s\" in a mutant lacks its value; write %s=VALUE",
					    key, key);
	}
	snprintf(name, sizeof(name), "%.*s", (int)length, key);
	if (is_function_name(name))
		return parse_failed(error, "\"%s\" in a mutant is no key; if it is a kernel function, write %s:site=%s",
				    key, mutant_name(mutant->kind), key);
	return parse_failed(error, "\"%s\" in a mutant lacks its value; write KEY=VALUE",
			    key);
}

static int parse_key(struct mutant *mutant, char *key,
		     struct parse_error *error)
{
	char *value = strchr(key, '=');
	size_t i;

	if (!value)
		return refuse_key_alone(mutant, key, error);
	if (strchr(value, ':'))
		return parse_failed(error, "the keys of a mutant are separated by commas; write %.*s,%s",
				    (int)strcspn(key, ":"), key,
				    strchr(key, ':') + 1);
	*value++ = '\0';
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (strcmp(keys[i].key, key) == 0)
			return keys[i].parse(mutant, value, error);
	}
	return parse_failed(error, "a mutant has no \"%s\"; it has site, whole, min, max, only, nth, every, times, probability, seed, and delay",
			    key);
}

/* "whole" says how to read the site, wherever it stands. */
static bool take_whole(char *keys_text)
{
	size_t length = strlen("whole");
	char *at;

	for (at = keys_text; at; at = strchr(at, ',')) {
		at += *at == ',';
		if (strncmp(at, "whole", length) == 0 &&
		    (at[length] == ',' || !at[length])) {
			memmove(at, at + length, strlen(at + length) + 1);
			return true;
		}
	}
	return false;
}

bool mutant_withholds_pieces(enum devtlb_mutant kind)
{
	return kind != DEVTLB_MUTANT_DEFER && kind != DEVTLB_MUTANT_LATE &&
	       kind != DEVTLB_MUTANT_MISROUTE;
}

static int check_mutant(const struct mutant *mutant,
			struct parse_error *error)
{
	if (mutant->whole_chain && !mutant->site[0])
		return parse_failed(error, "whole wants a site; write site=F1<F2<...,whole");
	if (mutant->delay && mutant->kind != DEVTLB_MUTANT_DEFER)
		return parse_failed(error, "delay is for the mutant \"defer\", not \"%s\"",
				    mutant_name(mutant->kind));
	if (mutant->pages_max && mutant->pages_max < mutant->pages_min)
		return parse_failed(error, "no notification has at least %u pages and at most %u",
				    mutant->pages_min, mutant->pages_max);
	if (mutant->only && mutant->only != DEVTLB_ONLY_FOREIGN &&
	    !mutant_withholds_pieces(mutant->kind))
		return parse_failed(error, "only=%s is for what withholds a piece of a notification, not for \"%s\"",
				    only_names[mutant->only],
				    mutant_name(mutant->kind));
	if (mutant->seed && !mutant->probability)
		return parse_failed(error, "seed wants a probability; write probability=P,seed=N");
	return 0;
}

static int refuse_kind(const char *kind, size_t length,
		       struct parse_error *error)
{
	struct similar similar = similar_to(kind, length);
	const struct mutant_type *type;

	for (type = mutant_types; type->kind; type++)
		similar_try(&similar, mutant_names[type->kind]);
	return parse_failed(error, "\"%.*s\" is no mutant%s%s \"devtlb list --mutants\" shows them, as in --mutant drop:site=wp_page_copy",
			    (int)length, kind, similar_hint(&similar),
			    similar.name ? "" : ";");
}

int parse_mutant(struct mutant *mutant, const char *text,
		 struct parse_error *error)
{
	size_t length = strcspn(text, ":");
	const struct mutant_type *type = find_mutant_type(text, length);
	char all_keys[2 * DEVTLB_CHAIN_MAX] = "";
	char *key, *rest = all_keys;
	int err = 0;

	if (!type)
		return refuse_kind(text, length, error);
	*mutant = (struct mutant) { .kind = type->kind };
	if (!text[length])
		return 0;
	if (type->of_device)
		return parse_failed(error, "\"%s\" is a defect of the device and takes no keys; write --mutant %s",
				    mutant_names[type->kind],
				    mutant_names[type->kind]);
	if (strlen(text + length + 1) >= sizeof(all_keys))
		return parse_failed(error, "a mutant is too long; at most %zu bytes",
				    sizeof(all_keys) - 1);
	strcpy(all_keys, text + length + 1);
	mutant->whole_chain = take_whole(all_keys);
	if (!all_keys[0] && !mutant->whole_chain)
		return parse_failed(error, "\"%s\" has no keys after \":\"; write %s or %s:site=FUNCTION",
				    text, mutant_names[type->kind],
				    mutant_names[type->kind]);
	while (!err && (key = strsep(&rest, ","))) {
		/* Where "whole" stood. */
		if (!key[0] && mutant->whole_chain)
			continue;
		err = parse_key(mutant, key, error);
	}
	return err ? : check_mutant(mutant, error);
}

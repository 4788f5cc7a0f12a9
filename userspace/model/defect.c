// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/defect.h"
#include "model/kernel_release.h"

/* The newest kernel of which it is known. */
static const struct kernel_series newest = { 7, 3 };

/**
 * struct defect - which kernels have a defect
 * @name: as in docs/findings.md
 * @since: the first that has it; 0.0 for every one before @last
 * @last: the last of which that is known; where it is not mended, @newest
 * @mended: the first of which it is known that it has not got it any more; 0.0
 *	for none. What lies between @last and that is not known
 */
struct defect {
	const char *name;
	struct kernel_series since;
	struct kernel_series last;
	struct kernel_series mended;
};

static const struct defect defects[] = {
	{ "N1", { 6, 6 }, { 7, 3 }, { 0, 0 } },
	{ "S1", { 4, 15 }, { 6, 5 }, { 6, 6 } },
	{ "S2", { 4, 15 }, { 6, 5 }, { 6, 6 } },
	/* 7.3's __uprobe_write() clears the entry before it copies. */
	{ "U1", { 0, 0 }, { 6, 12 }, { 7, 3 } },
	{ "W1", { 0, 0 }, { 6, 5 }, { 6, 6 } },
	{ "W4", { 5, 2 }, { 6, 5 }, { 6, 6 } },
	{ "W5", { 6, 6 }, { 7, 3 }, { 0, 0 } },
};

/* Where each shows; what wins a race only now and then is not expected always. */
static const struct expectation showings[] = {
	{ .name = "N1", .scenario = "hugetlb-migrate-fractured",
	  .rules = "ABCD", .breach = "", .always = true },
	{ .name = "N1", .scenario = "hugetlb-cow-fractured",
	  .rules = "ABCD", .breach = "", .always = true },
	{ .name = "N1", .scenario = "hugetlb-hwpoison-fractured",
	  .rules = "ABCD", .breach = "", .always = true },
	{ .name = "S1", .scenario = "ksm-write",
	  .rules = "C", .breach = "", .always = true },
	{ .name = "S2", .scenario = "uffd-copy",
	  .rules = "B", .breach = "", .always = true },
	{ .name = "U1", .scenario = "uprobe-write",
	  .rules = "C", .breach = "", .always = true },
	{ .name = "W1", .scenario = "mremap-back",
	  .rules = "AC", .breach = "", .always = true },
	{ .name = "W4", .scenario = "nested-zap",
	  .rules = "A", .breach = "table-freed" },
	{ .name = "W4", .scenario = "hostile",
	  .rules = "A", .breach = "table-freed" },
	{ .name = "W5", .scenario = "hugetlb-mremap-migrate",
	  .rules = "AC", .breach = "" },
};

#define NR(array)	(sizeof(array) / sizeof((array)[0]))

static const struct defect *find(const char *name)
{
	size_t i;

	for (i = 0; i < NR(defects); i++) {
		if (strcmp(defects[i].name, name) == 0)
			return &defects[i];
	}
	return NULL;
}

static bool has(struct kernel_series series, const struct defect *defect)
{
	return series_compare(series, defect->since) >= 0 &&
	       series_compare(series, defect->last) <= 0;
}

bool defects_unknown(const char *release)
{
	return series_compare(kernel_series(release), newest) > 0;
}

const char *defects_known_up_to(void)
{
	static char text[32];

	snprintf(text, sizeof(text), "%u.%u", newest.major, newest.minor);
	return text;
}

void defects_expect(struct expectations *expectations, const char *release)
{
	struct kernel_series series = kernel_series(release);
	size_t i;

	*expectations = (struct expectations) {
		.of = calloc(NR(showings), sizeof(*expectations->of)),
	};
	if (!expectations->of)
		abort();
	for (i = 0; i < NR(showings); i++) {
		if (has(series, find(showings[i].name)))
			expectations->of[expectations->nr++] = showings[i];
	}
}

const char *defect_history(const char *name)
{
	const struct defect *defect = find(name);
	static char text[64];
	char since[32] = "";

	if (!defect)
		return "";
	if (defect->since.major)
		snprintf(since, sizeof(since), "since %u.%u",
			 defect->since.major, defect->since.minor);
	else
		snprintf(since, sizeof(since), "up to %u.%u",
			 defect->last.major, defect->last.minor);
	if (defect->mended.major)
		snprintf(text, sizeof(text), "%s, not in %u.%u", since,
			 defect->mended.major, defect->mended.minor);
	else
		snprintf(text, sizeof(text), "%s, not mended", since);
	return text;
}

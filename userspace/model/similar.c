// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "model/similar.h"

/* Longer ones are not compared. */
#define NAME_MAX_LENGTH	63

struct similar similar_to(const char *wanted, size_t length)
{
	/* A third of the letters may be wrong, and one of any. */
	return (struct similar) {
		.wanted = wanted,
		.length = length,
		.distance = length / 3 + 2,
	};
}

static unsigned int least(unsigned int a, unsigned int b, unsigned int c)
{
	unsigned int smaller = a < b ? a : b;

	return smaller < c ? smaller : c;
}

/*
 * How many letters must be put in, taken out, replaced, or swapped with their
 * neighbour (optimal string alignment distance).
 */
static unsigned int distance(const char *one, size_t nr_one, const char *other,
			     size_t nr_other)
{
	unsigned int row[3][NAME_MAX_LENGTH + 1];
	size_t i, j;

	for (j = 0; j <= nr_other; j++)
		row[0][j] = j;
	for (i = 1; i <= nr_one; i++) {
		const unsigned int *before = row[(i - 1) % 3];
		const unsigned int *two_before = row[(i + 1) % 3];
		unsigned int *now = row[i % 3];

		now[0] = i;
		for (j = 1; j <= nr_other; j++) {
			now[j] = least(before[j] + 1, now[j - 1] + 1,
				       before[j - 1] +
				       (one[i - 1] != other[j - 1]));
			if (i > 1 && j > 1 && one[i - 1] == other[j - 2] &&
			    one[i - 2] == other[j - 1])
				now[j] = least(now[j], two_before[j - 2] + 1,
					       now[j]);
		}
	}
	return row[nr_one % 3][nr_other];
}

void similar_try(struct similar *similar, const char *name)
{
	size_t length = strlen(name);
	unsigned int differs;

	if (similar->length > NAME_MAX_LENGTH || length > NAME_MAX_LENGTH)
		return;
	differs = distance(similar->wanted, similar->length, name, length);
	/* Not one that has nothing in common with it. */
	if (differs >= similar->distance || differs >= similar->length)
		return;
	similar->distance = differs;
	similar->name = name;
}

const char *similar_hint(const struct similar *similar)
{
	static char hint[NAME_MAX_LENGTH + sizeof("; did you mean \"\"?")];

	if (!similar->name)
		return "";
	snprintf(hint, sizeof(hint), "; did you mean \"%s\"?", similar->name);
	return hint;
}

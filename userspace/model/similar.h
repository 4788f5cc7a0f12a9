/* SPDX-License-Identifier: GPL-2.0-only */
/* What somebody may have meant who wrote a name that there is not. */
#ifndef SIMILAR_H
#define SIMILAR_H

#include <stddef.h>

/**
 * struct similar - the most similar of the names that were tried
 * @wanted: what was written
 * @length: bytes of it that count
 * @name: the most similar one so far; NULL while none is similar enough
 * @distance: letters in which it differs
 */
struct similar {
	const char *wanted;
	size_t length;
	const char *name;
	unsigned int distance;
};

struct similar similar_to(const char *wanted, size_t length);
void similar_try(struct similar *similar, const char *name);
/* "; did you mean \"cow\"?", or ""; a static buffer. */
const char *similar_hint(const struct similar *similar);

#endif /* SIMILAR_H */

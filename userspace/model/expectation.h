/* SPDX-License-Identifier: GPL-2.0-only */
/* What is known to be found on a kernel, from a file: --kernel-expectations. */
#ifndef EXPECTATION_H
#define EXPECTATION_H

#include <stdbool.h>

#include <json-c/json.h>

#include "devtlb.h"

struct parse_error;

/**
 * struct expectation - a defect that a kernel is known to have
 * @name: of the defect, as in docs/findings.md
 * @scenario: whose clean runs show it
 * @rules: that it may break, a letter each
 * @breach: how, as in findings; "" for any way
 * @always: it shows in every run
 */
struct expectation {
	const char *name;
	const char *scenario;
	const char *rules;
	const char *breach;
	bool always;
};

/**
 * struct expectations - those of a file
 * @of: all of them
 * @nr: how many
 * @path: the file
 * @file: what is in it, and where the strings are
 */
struct expectations {
	struct expectation *of;
	size_t nr;
	const char *path;
	struct json_object *file;
};

/* Returns 0, or a negative errno and leaves a sentence. */
int expectations_read(struct expectations *expectations, const char *path,
		      struct parse_error *error);
/*
 * Are they about kernels with that callback? None are about every kernel.
 * Returns 0, or a negative errno and leaves a sentence.
 */
int expectations_check(const struct expectations *expectations,
		       enum devtlb_callback callback,
		       struct parse_error *error);
void expectations_free(struct expectations *expectations);

/* NULL when nothing is known to be found by that scenario. */
const struct expectation *find_expectation(const struct expectations *known,
					   const char *scenario);

/* Are these findings what is known? */
bool is_expected(const struct expectation *expectation,
		 struct json_object *findings);

#endif /* EXPECTATION_H */

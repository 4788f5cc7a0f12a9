/* SPDX-License-Identifier: GPL-2.0-only */
/* Findings: what each proves, and what all of them do. */
#ifndef FINDING_H
#define FINDING_H

#include <stdbool.h>
#include <stddef.h>

#include <json-c/json.h>

/*
 * Does a finding prove by itself that something is wrong? Not if it may be no
 * more than the containment at work.
 */
bool is_proof(struct json_object *finding);
size_t count_proofs(struct json_object *findings);

/* Which rules they prove to be broken, each once: "B A"; a static buffer. */
const char *rules_in(struct json_object *findings);
/* The same of those of a run. */
const char *rules_found(struct json_object *run);

/*
 * Functions of its stack, from number @first on, @nr of them or as many as there
 * are: "f < g < h"; a static buffer.
 */
const char *functions_in_stack(struct json_object *finding, size_t first,
			       size_t nr);

#endif /* FINDING_H */

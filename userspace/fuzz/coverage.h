/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What sequences have reached: who notified, after which operation, on memory of
 * which geometry, kind and state. Whatever reaches something new is worth to be
 * gone on with.
 */
#ifndef FUZZ_COVERAGE_H
#define FUZZ_COVERAGE_H

#include <stdbool.h>

#include <json-c/json.h>

#include "fuzz/contents.h"
#include "fuzz/sequence.h"

struct reached;

struct reached *reached_new(void);
void reached_free(struct reached *reached);

/* What a step is about, before it is performed; a static buffer. */
const char *situation_of(const struct contents *contents,
			 const struct step *step, unsigned int present);
/*
 * @states: of the pages before; see page_state.h. Returns how much of it is new.
 */
unsigned int reached_note(struct reached *reached, const struct step *step,
			  const char *situation, unsigned int states, long result,
			  struct json_object *chains);
/* Is one of these states met by few operations? */
bool reached_is_rare(const struct reached *reached, unsigned int states);
/*
 * As an object: "cases", a number; "operations", an array with the "name", and how
 * often each was "performed" and "refused", and in how many "situations" it was
 * seen; "states", an array with the "name" and on how many pages of it "operations"
 * worked; "sites", an array with the "chain" and how often each was seen
 */
struct json_object *reached_report(const struct reached *reached);

#endif /* FUZZ_COVERAGE_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/* The least sequence that still shows what a longer one has shown. */
#ifndef SHRINK_H
#define SHRINK_H

#include <stdbool.h>

#include <json-c/json.h>

#include "fuzz/sequence.h"
#include "fuzz/trial.h"

/**
 * struct symptom - what is to show again
 * @rule: of the finding
 * @breach: likewise
 * @like: the known defect that it looks like, or ""
 */
struct symptom {
	char rule[16];
	char breach[32];
	char like[8];
};

/**
 * struct shrunk - what shrinking came to
 * @sequence: the least one
 * @replays: how often something was replayed
 * @shown: of @tried replays of @sequence, those that showed it
 * @tried: likewise
 * @finding: what the last of them showed; the caller puts it
 */
struct shrunk {
	struct sequence sequence;
	unsigned int replays;
	unsigned int shown;
	unsigned int tried;
	struct json_object *finding;
};

void symptom_of(struct symptom *symptom, struct json_object *finding);

/*
 * Performs a sequence with new actors. Returns 1 if it shows the symptom, and
 * the finding if that is asked for; 0 if not; or a negative errno.
 */
int replay(struct trial *trial, const struct sequence *sequence,
	   const struct symptom *symptom, struct json_object **finding);
/*
 * @sequence has shown the symptom with its last step. For so many seconds at most.
 * Returns 0, or a negative errno; when it never shows it again, shown is 0.
 */
int shrink(struct trial *trial, const struct sequence *sequence,
	   const struct symptom *symptom, unsigned int seconds,
	   struct shrunk *shrunk);

#endif /* SHRINK_H */

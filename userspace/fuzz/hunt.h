/* SPDX-License-Identifier: GPL-2.0-only */
/* The search for what the kernel does not tell. */
#ifndef HUNT_H
#define HUNT_H

#include <stdbool.h>
#include <stdint.h>

#include <json-c/json.h>

#include "fuzz/oracle.h"
#include "fuzz/sequence.h"

struct client;
struct stage;

/**
 * struct hunt_options - what the user asked for
 * @seed: of all choices
 * @operations: after so many it ends; 0 for no limit
 * @seconds: after so many it ends; 0 for no limit
 * @racing: the device fills all the time, and operations race
 * @known: what looks like a known defect ends it as well
 * @shrink_seconds: for making a finding's sequence smaller
 * @replay: performs this instead of choosing; or NULL
 * @oracle: what the device is like
 */
struct hunt_options {
	uint64_t seed;
	uint32_t operations;
	uint32_t seconds;
	bool racing;
	bool known;
	uint32_t shrink_seconds;
	const struct sequence *replay;
	struct oracle_options oracle;
};

/*
 * Hunts until the limits, or until something was found. Returns 0 and what came of
 * it, which the caller puts; or a negative errno and leaves a sentence with the
 * client. The object has "seed", "sequences", "operations", "refused", "seconds",
 * "stuck", how many operations did not come back, and the last "stuck-step";
 * "undecided", "coverage" (see reached_report()), "known", an array of objects
 * with the "name" of the defect, and after how many "operations" and "seconds" it
 * was first seen, and "count"; and "found", if something was: "finding",
 * "operations", "seconds", "sequence", an array of lines, "length" of the whole
 * one, "shown" of "tried" replays, "replays" made to shrink it
 */
int hunt(struct client *client, struct stage *stage,
	 const struct hunt_options *options, struct json_object **report,
	 struct sequence *least);

#endif /* HUNT_H */

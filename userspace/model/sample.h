/* SPDX-License-Identifier: GPL-2.0-only */
/* A watch over time. The module counts from its beginning; we tell of intervals. */
#ifndef SAMPLE_H
#define SAMPLE_H

#include <stdbool.h>
#include <stddef.h>

#include <json-c/json.h>

/* Of the present pages that were met, how many were mirrored already; in 1. */
#define COVERAGE_UNKNOWN	(-1.0)

/**
 * struct sample - a watch at one time, counted from its beginning
 * @time: seconds
 * @processes: bound
 * @held: translations
 * @present: pages that sweeps met
 * @mirrored: of them, those that were mirrored
 * @not_mirrored: of them, those that then found no room
 * @invalidations: callbacks
 * @findings: with every repetition
 */
struct sample {
	double time;
	unsigned long long processes;
	unsigned long long held;
	unsigned long long present;
	unsigned long long mirrored;
	unsigned long long not_mirrored;
	unsigned long long invalidations;
	unsigned long long findings;
};

/**
 * struct samples - a watch over time
 * @sample: in order
 * @nr: how many
 * @taken: how many times one was taken
 * @every: of those taken, one in so many is kept, so that there are never many
 */
struct samples {
	struct sample *sample;
	size_t nr;
	unsigned long long taken;
	unsigned long long every;
};

/* @watch as client_watches() has it. */
struct sample sample_of(struct json_object *watch, double time);
/* From @before to @after. */
double coverage_between(const struct sample *before, const struct sample *after);
double rate_between(const struct sample *before, const struct sample *after);

/* The @last one is kept anyway. */
void samples_add(struct samples *samples, const struct sample *sample,
		 bool last);

/**
 * struct coverage_over_time - how much of what was present was mirrored
 * @mean: of the time that counts, in 1; COVERAGE_UNKNOWN when nothing was met
 * @least: in the interval that has the least
 * @nr: intervals that count
 *
 * The first interval does not count, for the mirror was empty when it began;
 * unless there is no other. In an interval in which no sweep met anything, what
 * was mirrored at the end of the one before still was: nobody had touched it.
 */
struct coverage_over_time {
	double mean;
	double least;
	size_t nr;
};

struct coverage_over_time coverage_over_time(const struct samples *samples);
struct json_object *samples_to_json(const struct samples *samples);

#endif /* SAMPLE_H */

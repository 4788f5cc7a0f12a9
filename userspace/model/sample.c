// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>

#include "model/result.h"
#include "model/sample.h"

/* Then every other one goes. */
#define SAMPLES_MAX	4096

struct sample sample_of(struct json_object *watch, double time)
{
	return (struct sample) {
		.time = time,
		.processes = get_number(watch, "processes"),
		.held = get_number(watch, "held"),
		.present = get_number(watch, "present"),
		.mirrored = get_number(watch, "mirrored"),
		.not_mirrored = get_number(watch, "not-mirrored"),
		.invalidations = get_number(watch, "invalidations"),
		.findings = get_number(watch, "findings"),
	};
}

double coverage_between(const struct sample *before, const struct sample *after)
{
	unsigned long long present = after->present - before->present;

	if (!present)
		return COVERAGE_UNKNOWN;
	return (double)(after->mirrored - before->mirrored) / present;
}

double rate_between(const struct sample *before, const struct sample *after)
{
	if (after->time <= before->time)
		return 0;
	return (after->invalidations - before->invalidations) /
	       (after->time - before->time);
}

static void thin_out(struct samples *samples)
{
	size_t i;

	/* The last of each two, for each counts from the beginning. */
	for (i = 0; i < samples->nr / 2; i++)
		samples->sample[i] = samples->sample[2 * i + 1];
	samples->nr /= 2;
	samples->every *= 2;
}

void samples_add(struct samples *samples, const struct sample *sample,
		 bool last)
{
	if (!samples->sample) {
		samples->sample = calloc(SAMPLES_MAX, sizeof(*sample));
		samples->every = 1;
	}
	if (!samples->sample)
		abort();
	samples->taken++;
	if (samples->taken % samples->every && !last)
		return;
	if (samples->nr == SAMPLES_MAX)
		thin_out(samples);
	samples->sample[samples->nr++] = *sample;
}

/* Before sample number @i. */
static const struct sample *sample_before(const struct samples *samples,
					  size_t i)
{
	static const struct sample none;

	return i > 0 ? &samples->sample[i - 1] : &none;
}

/* At the end of an interval: what was not mirrored when it was met is now. */
static double coverage_left(const struct sample *before,
			    const struct sample *after)
{
	unsigned long long present = after->present - before->present;

	return 1 - (double)(after->not_mirrored - before->not_mirrored) / present;
}

/* Adds an interval; @sum of coverage by seconds, @seconds of them. */
static void count_interval(struct coverage_over_time *over, double coverage,
			   double seconds, double *sum, double *all_seconds)
{
	if (over->nr++ == 0 || coverage < over->least)
		over->least = coverage;
	*sum += coverage * seconds;
	*all_seconds += seconds;
}

struct coverage_over_time coverage_over_time(const struct samples *samples)
{
	struct coverage_over_time over = { COVERAGE_UNKNOWN, COVERAGE_UNKNOWN, 0 };
	double first = COVERAGE_UNKNOWN, left = COVERAGE_UNKNOWN;
	double sum = 0, seconds = 0;
	size_t i;

	for (i = 0; i < samples->nr; i++) {
		const struct sample *before = sample_before(samples, i);
		const struct sample *sample = &samples->sample[i];
		double coverage = coverage_between(before, sample);

		if (first < 0) {
			first = coverage;
		} else if (sample->time > before->time) {
			count_interval(&over, coverage < 0 ? left : coverage,
				       sample->time - before->time, &sum,
				       &seconds);
		}
		if (coverage >= 0)
			left = coverage_left(before, sample);
	}
	if (over.nr > 0)
		over.mean = sum / seconds;
	else
		over = (struct coverage_over_time) { first, first, 0 };
	return over;
}

struct json_object *samples_to_json(const struct samples *samples)
{
	struct json_object *array = json_object_new_array();
	size_t i;

	for (i = 0; i < samples->nr; i++) {
		const struct sample *before = sample_before(samples, i);
		const struct sample *sample = &samples->sample[i];
		struct json_object *object = json_object_new_object();
		double coverage = coverage_between(before, sample);

		json_object_object_add(object, "time",
				       json_object_new_double(sample->time));
		set_number(object, "processes", sample->processes);
		set_number(object, "held", sample->held);
		if (coverage >= 0)
			json_object_object_add(object, "coverage",
					       json_object_new_double(coverage));
		json_object_object_add(object, "invalidation-rate",
				       json_object_new_double(
					       rate_between(before, sample)));
		set_number(object, "findings", sample->findings);
		json_object_array_add(array, object);
	}
	return array;
}

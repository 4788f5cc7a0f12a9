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

double least_coverage(const struct samples *samples, size_t *nr)
{
	double least = COVERAGE_UNKNOWN;
	size_t i;

	*nr = 0;
	for (i = 0; i < samples->nr; i++) {
		double coverage = coverage_between(sample_before(samples, i),
						   &samples->sample[i]);

		if (coverage < 0)
			continue;
		if ((*nr)++ && (least < 0 || coverage < least))
			least = coverage;
	}
	return least;
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

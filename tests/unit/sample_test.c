// SPDX-License-Identifier: GPL-2.0-only
/* Coverage over time: userspace/model/sample.c. */
#include <stdbool.h>
#include <stdlib.h>

#include "model/sample.h"
#include "tap.h"

/* In hundredths, so that it can be compared. */
static long percent(double share)
{
	return share < 0 ? -1 : (long)(100 * share + 0.5);
}

/* Samples a second apart: what sweeps met, held, and found no room for. */
struct second {
	unsigned int present;
	unsigned int mirrored;
	unsigned int not_mirrored;
};

static struct coverage_over_time over(const struct second *seconds, size_t nr)
{
	struct samples samples = { };
	struct sample sample = { };
	struct coverage_over_time result;
	size_t i;

	for (i = 0; i < nr; i++) {
		sample.time = i + 1;
		sample.present += seconds[i].present;
		sample.mirrored += seconds[i].mirrored;
		sample.not_mirrored += seconds[i].not_mirrored;
		samples_add(&samples, &sample, i + 1 == nr);
	}
	result = coverage_over_time(&samples);
	free(samples.sample);
	return result;
}

#define OVER(...)							\
	over((const struct second[]) { __VA_ARGS__ },			\
	     sizeof((const struct second[]) { __VA_ARGS__ }) /		\
	     sizeof(struct second))

/* Once filled, it is held, though nobody had to look again. */
static void an_idle_process(void)
{
	struct coverage_over_time result = OVER({ 100, 0, 0 }, { 0, 0, 0 },
						{ 0, 0, 0 });

	expect_long(percent(result.mean), 100);
	expect_long(percent(result.least), 100);
	expect_long(result.nr, 2);
}

static void the_least_is_not_more_than_the_mean(void)
{
	struct coverage_over_time result = OVER({ 100, 12, 0 }, { 100, 100, 0 },
						{ 100, 50, 0 });

	expect_long(percent(result.mean), 75);
	expect_long(percent(result.least), 50);
}

/* A second in which more is met does not count for more. */
static void by_time_and_not_by_pages(void)
{
	struct coverage_over_time result = OVER({ 10, 0, 0 }, { 1000, 0, 0 },
						{ 10, 10, 0 });

	expect_long(percent(result.mean), 50);
}

static void what_found_no_room(void)
{
	struct coverage_over_time result = OVER({ 100, 0, 60 }, { 0, 0, 0 });

	expect_long(percent(result.mean), 40);
}

static void what_was_over_at_once(void)
{
	struct coverage_over_time result = OVER({ 100, 30, 0 });

	expect_long(percent(result.mean), 30);
	expect_long(result.nr, 0);
	result = OVER({ 0, 0, 0 });
	expect_long(percent(result.mean), -1);
}

/* The empty beginning is that of the first sweep, and not of the watch. */
static void what_began_late(void)
{
	struct coverage_over_time result = OVER({ 0, 0, 0 }, { 100, 0, 0 },
						{ 100, 80, 0 });

	expect_long(percent(result.mean), 80);
	expect_long(result.nr, 1);
}

static const struct tap_row rows[] = {
	{ "an idle process that is held is covered", an_idle_process },
	{ "the least is not more than the mean",
	  the_least_is_not_more_than_the_mean },
	{ "each second counts alike", by_time_and_not_by_pages },
	{ "what found no room is not covered later", what_found_no_room },
	{ "what was over in the first second is all there is",
	  what_was_over_at_once },
	{ "the first second is that of the first sweep", what_began_late },
};

int main(void)
{
	return tap_run(rows, sizeof(rows) / sizeof(rows[0]));
}

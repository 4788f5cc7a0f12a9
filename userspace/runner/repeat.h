/* SPDX-License-Identifier: GPL-2.0-only */
/* Repetition: clean runs of scenarios, over and over, for a time. */
#ifndef REPEAT_H
#define REPEAT_H

#include <json-c/json.h>

#include "runner/run.h"

/*
 * Round robin until the time has passed, and at least once each. Returns an
 * array with a result for each scenario, which has one run that stands for all:
 * its verdict, runs, rounds, seconds, and every different finding once.
 */
struct json_object *repeat_scenarios(const struct scenario * const *scenarios,
				     unsigned int nr,
				     const struct run_options *options,
				     unsigned int seconds);

#endif /* REPEAT_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/* Limits: what was not seen, and why. A report has them in "limits". */
#ifndef LIMIT_H
#define LIMIT_H

#include <json-c/json.h>

/* One more; @count is of whatever @name is about. */
void add_limit(struct json_object *limits, const char *name,
	       unsigned long long count, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/*
 * What the module's probes cannot see or did not. @info as client_info() had it
 * while something was bound; may be NULL.
 */
void add_probe_limits(struct json_object *limits, struct json_object *info);

/* Sightings that the module could not decide: @count of them, or none. */
void add_zap_races_limit(struct json_object *limits, unsigned long long count);

/* A line for each, after @prefix. */
void print_limits(struct json_object *report, const char *prefix);

#endif /* LIMIT_H */

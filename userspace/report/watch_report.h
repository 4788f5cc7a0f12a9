/* SPDX-License-Identifier: GPL-2.0-only */
/* The report of a watch. */
#ifndef WATCH_REPORT_H
#define WATCH_REPORT_H

#include <json-c/json.h>

/*
 * Adds "limits": what the watch did not see, and why. @info as client_info()
 * had it while something was bound; may be NULL.
 */
void add_limits(struct json_object *report, struct json_object *info);
/* As text. */
void print_watch_report(struct json_object *report);

#endif /* WATCH_REPORT_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/* Reports: every result is a JSON object; text and KTAP are made from it. */
#ifndef REPORT_H
#define REPORT_H

#include <stdbool.h>

#include "devtlb.h"
#include "model/result.h"

struct client;

/* What each result begins with: schema, version, kernel, callback. */
struct json_object *new_header(struct client *client);

void print_json(struct json_object *object);
/* On one line. */
void print_json_line(struct json_object *object);
void print_sites(struct json_object *sites);
/* Those in its array "findings". */
void print_findings(struct json_object *object);
void print_finding(struct json_object *finding);
/* "4K", "2M", "all"; a static buffer. */
const char *size_text(unsigned long long bytes);

/**
 * struct report - one form of the test report
 * @begin: before the first scenario; there will be @rows runs
 * @scenario: after each scenario, with its result
 * @end: with the result of all
 */
struct report {
	void (*begin)(struct json_object *header, unsigned int rows);
	void (*scenario)(struct json_object *result);
	void (*end)(struct json_object *all);
};

extern const struct report text_report;
extern const struct report json_report;
extern const struct report ktap_report;

#endif /* REPORT_H */

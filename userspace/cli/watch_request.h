/* SPDX-License-Identifier: GPL-2.0-only */
/* What the user asks of a watch: the options of "devtlb run" and "attach". */
#ifndef WATCH_REQUEST_H
#define WATCH_REQUEST_H

#include <argp.h>

#include "model/mutant.h"
#include "model/watch_limits.h"

/**
 * struct watch_request - the options
 * @ends: there is a --duration, for it does not end with a program
 * @limits: for the module
 * @mutants: that act in it
 * @nr_mutants: how many
 * @live: show what happens each second
 * @interval: seconds between two lines, or two pictures of @live; 0 for none
 * @json: report as JSON
 * @fail_on_finding: what was found decides the exit status
 * @output: file for the report; NULL for the usual one
 * @duration: seconds until it ends by itself; 0 for never
 */
struct watch_request {
	bool ends;
	struct watch_limits limits;
	struct mutant mutants[DEVTLB_MUTANTS_MAX];
	unsigned int nr_mutants;
	bool live;
	uint32_t interval;
	bool json;
	bool fail_on_finding;
	const char *output;
	uint32_t duration;
};

/* For struct command: of any watch; and when it ends, of one with no program. */
extern const struct argp_option watch_options[];
extern const struct argp_option watch_until[];
extern const struct argp_option watch_until_hidden[];

int take_watch_option(void *request, int key, const char *value,
		      struct parse_error *error);
/* Do they go together? Returns 0 or an exit status. */
int complete_watch_request(struct watch_request *request);

#endif /* WATCH_REQUEST_H */

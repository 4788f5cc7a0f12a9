/* SPDX-License-Identifier: GPL-2.0-only */
/* What the user asks of a watch: the options of "devtlb run" and "attach". */
#ifndef WATCH_REQUEST_H
#define WATCH_REQUEST_H

#include "model/mutant.h"
#include "model/watch_limits.h"

/**
 * struct watch_request - the options
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
	struct watch_limits limits;
	struct mutant mutants[MUTANTS_MAX];
	unsigned int nr_mutants;
	bool live;
	uint32_t interval;
	bool json;
	bool fail_on_finding;
	const char *output;
	uint32_t duration;
};

/* What both commands have, for struct command.arguments. */
#define WATCH_ARGUMENTS							\
	"[--processes N] [--translations N] [--share PERCENT] [--write] [--fracture] [--mutant KIND[:KEY=VALUE,...]]... [--live] [--interval S] [--json] [--output FILE] [--fail-on-finding]"

/*
 * Leaves optind at the first argument that is no option. Only where it @ends
 * by itself is there a --duration. Returns 0 or an exit status.
 */
int parse_watch_request(struct watch_request *request, int argc, char **argv,
			bool ends);

#endif /* WATCH_REQUEST_H */

// SPDX-License-Identifier: GPL-2.0-only
#include <stddef.h>

#include "cli/command.h"
#include "cli/watch_request.h"
#include "model/number.h"

#define SECONDS_MAX		100000000

enum option_id {
	PROCESSES = 256, TRANSLATIONS, SHARE, WRITABLE, FRACTURE, MUTANT, LIVE,
	INTERVAL, JSON, OUTPUT, FAIL_ON_FINDING, DURATION
};

const struct argp_option watch_options[] = {
	{ "processes", PROCESSES, "N", 0,
	  "Bind at most N address spaces at a time (default 1024)", 0 },
	{ "translations", TRANSLATIONS, "N", 0,
	  "Hold at most N translations at a time (default 4194304)", 0 },
	{ "share", SHARE, "PERCENT", 0,
	  "Use at most so much of one CPU for binding and mirroring (default 5): more means more coverage",
	  0 },
	{ "write", WRITABLE, NULL, 0,
	  "Ask for writable translations of whatever is writable, which makes pages dirty",
	  0 },
	{ "fracture", FRACTURE, NULL, 0,
	  "Hold large pages as 4K translations", 0 },
	{ "mutant", MUTANT, "KIND[:KEY=VALUE,...]", 0,
	  "A defect for each address space, as in drop:site=wp_page_copy; \"devtlb list --mutants\" shows the kinds. Up to 8",
	  0 },
	{ "live", LIVE, NULL, 0, "Show each second what happens", 0 },
	{ "interval", INTERVAL, "S", 0,
	  "Print a line every S seconds, or draw the picture of --live", 0 },
	{ "json", JSON, NULL, 0, "Print JSON instead of text", 0 },
	{ "output", OUTPUT, "FILE", 0, "Write the report there", 0 },
	{ "fail-on-finding", FAIL_ON_FINDING, NULL, 0,
	  "Exit with 1 if anything was found, with 2 if the watch broke off",
	  0 },
	{ }
};

const struct argp_option watch_until[] = {
	{ "duration", DURATION, "S", 0, "End after S seconds", 0 },
	{ }
};

/* So that it is said why there is none. */
const struct argp_option watch_until_hidden[] = {
	{ "duration", DURATION, "S", OPTION_HIDDEN, NULL, 0 },
	{ }
};

static int add_mutant(struct watch_request *request, const char *text,
		      struct parse_error *error)
{
	struct mutant *mutant = &request->mutants[request->nr_mutants];
	int err;

	if (request->nr_mutants == DEVTLB_MUTANTS_MAX)
		return parse_failed(error, "at most %d mutants",
				    DEVTLB_MUTANTS_MAX);
	err = parse_mutant(mutant, text, error);
	if (!err && mutant->kind == DEVTLB_MUTANT_MISROUTE)
		return parse_failed(error, "misroute needs a second PASID of the same process, which only \"devtlb test\" has; write drop");
	request->nr_mutants++;
	return err;
}

static int take_limit(struct watch_limits *limits, enum option_id id,
		      const char *value, struct parse_error *error)
{
	switch (id) {
	case PROCESSES:
		return parse_number("--processes", value, 1,
				    DEVTLB_WATCH_PROCESSES_MAX,
				    &limits->processes, error);
	case TRANSLATIONS:
		return parse_number64("--translations", value, 1,
				      UINT64_MAX,
				      &limits->translations, error);
	case SHARE:
		return parse_number("--share", value, 1, DEVTLB_WATCH_SHARE_MAX,
				    &limits->share, error);
	case WRITABLE:
		limits->write = true;
		return 0;
	default:
		limits->fracture = true;
		return 0;
	}
}

int take_watch_option(void *context, int key, const char *value,
		      struct parse_error *error)
{
	struct watch_request *request = context;

	switch (key) {
	case MUTANT:
		return add_mutant(request, value, error);
	case LIVE:
		request->live = true;
		return 0;
	case INTERVAL:
		return parse_number("--interval", value, 1, SECONDS_MAX,
				    &request->interval, error);
	case JSON:
		request->json = true;
		return 0;
	case OUTPUT:
		request->output = value;
		return 0;
	case FAIL_ON_FINDING:
		request->fail_on_finding = true;
		return 0;
	case DURATION:
		if (!request->ends)
			return parse_failed(error, "devtlb run ends with its program, so it has no --duration");
		return parse_number("--duration", value, 1, SECONDS_MAX,
				    &request->duration, error);
	default:
		return take_limit(&request->limits, key, value, error);
	}
}

int complete_watch_request(struct watch_request *request)
{
	if (request->json && (request->live || request->interval))
		return usage_error("--json has samples of the whole time, so it does not go with --live or --interval");
	if (request->live && !request->interval)
		request->interval = 1;
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-only
#include <getopt.h>
#include <stddef.h>

#include "cli/command.h"
#include "cli/number.h"
#include "cli/watch_request.h"

#define PROCESSES_MAX		65536
#define TRANSLATIONS_MAX	(1ULL << 40)
#define SECONDS_MAX		100000000

enum option_id {
	PROCESSES = 1, TRANSLATIONS, SHARE, WRITABLE, FRACTURE, MUTANT, LIVE,
	INTERVAL, JSON, OUTPUT, FAIL_ON_FINDING, DURATION
};

static const struct option options[] = {
	{ "processes", required_argument, NULL, PROCESSES },
	{ "translations", required_argument, NULL, TRANSLATIONS },
	{ "share", required_argument, NULL, SHARE },
	{ "write", no_argument, NULL, WRITABLE },
	{ "fracture", no_argument, NULL, FRACTURE },
	{ "mutant", required_argument, NULL, MUTANT },
	{ "live", no_argument, NULL, LIVE },
	{ "interval", required_argument, NULL, INTERVAL },
	{ "json", no_argument, NULL, JSON },
	{ "output", required_argument, NULL, OUTPUT },
	{ "fail-on-finding", no_argument, NULL, FAIL_ON_FINDING },
	{ "duration", required_argument, NULL, DURATION },
	{ NULL, 0, NULL, 0 }
};

static int add_mutant(struct watch_request *request, const char *text)
{
	struct mutant *mutant = &request->mutants[request->nr_mutants];
	int err;

	if (request->nr_mutants == MUTANTS_MAX)
		return usage_error("at most %d mutants", MUTANTS_MAX);
	err = parse_mutant(mutant, text);
	if (!err && mutant->kind == DEVTLB_MUTANT_MISROUTE)
		return usage_error("misroute needs a second PASID of the same process, which only \"devtlb test\" has; write drop");
	request->nr_mutants++;
	return err;
}

static int parse_limit(struct watch_limits *limits, enum option_id id)
{
	switch (id) {
	case PROCESSES:
		return parse_number("--processes", optarg, 1, PROCESSES_MAX,
				    &limits->processes);
	case TRANSLATIONS:
		return parse_number64("--translations", optarg, 1,
				      TRANSLATIONS_MAX, &limits->translations);
	case SHARE:
		return parse_number("--share", optarg, 1, 100, &limits->share);
	case WRITABLE:
		limits->write = true;
		return 0;
	default:
		limits->fracture = true;
		return 0;
	}
}

static int parse_option(struct watch_request *request, enum option_id id)
{
	switch (id) {
	case MUTANT:
		return add_mutant(request, optarg);
	case LIVE:
		request->live = true;
		return 0;
	case INTERVAL:
		return parse_number("--interval", optarg, 1, SECONDS_MAX,
				    &request->interval);
	case JSON:
		request->json = true;
		return 0;
	case OUTPUT:
		request->output = optarg;
		return 0;
	case FAIL_ON_FINDING:
		request->fail_on_finding = true;
		return 0;
	case DURATION:
		return parse_number("--duration", optarg, 1, SECONDS_MAX,
				    &request->duration);
	default:
		return parse_limit(&request->limits, id);
	}
}

int parse_watch_request(struct watch_request *request, int argc, char **argv,
			bool ends)
{
	int id, err = 0;

	*request = (struct watch_request) { };
	opterr = 0;
	/* What follows the first argument that is no option is not for us. */
	while (!err && (id = getopt_long(argc, argv, "+", options, NULL)) != -1) {
		if (id == '?')
			return unknown_option(argv);
		if (id == DURATION && !ends)
			return usage_error("devtlb %s ends with its program, so it has no --duration",
					   argv[0]);
		err = parse_option(request, id);
	}
	if (err)
		return err;
	if (request->json && (request->live || request->interval))
		return usage_error("--json has samples of the whole time, so it does not go with --live or --interval");
	if (request->live && !request->interval)
		request->interval = 1;
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "client/client.h"
#include "cli/command.h"
#include "model/coverage.h"
#include "report/coverage_report.h"
#include "report/report.h"

/* What notified, or what of all that is known did. */
static void print(struct json_object *sites, enum devtlb_callback callback,
		  bool known, bool json)
{
	struct json_object *coverage;

	if (!known && json) {
		print_json(sites);
	} else if (!known) {
		print_sites(sites);
	} else {
		coverage = coverage_new(callback);
		coverage_add(coverage, NULL, sites);
		if (json)
			print_json(coverage);
		else
			print_coverage(coverage);
		json_object_put(coverage);
	}
}

static int parse(int argc, char **argv, bool *known, bool *json)
{
	int i;

	*known = false;
	*json = false;
	for (i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--json") == 0)
			*json = true;
		else if (strcmp(argv[i], "--known") == 0)
			*known = true;
		else
			return usage_error("devtlb sites does not know \"%s\"",
					   argv[i]);
	}
	return 0;
}

static int sites(int argc, char **argv)
{
	struct json_object *sites;
	struct client *client;
	bool known, json;
	int err = parse(argc, argv, &known, &json);

	if (err)
		return err;
	client = open_client();
	if (!client)
		return EXIT_USAGE;
	if (client_sites(client, 0, &sites))
		return client_failed(client);
	print(sites, client_callback(client), known, json);
	json_object_put(sites);
	client_close(client);
	return EXIT_NOTHING_FOUND;
}

COMMAND(sites) = {
	.name = "sites",
	.arguments = "[--known] [--json]",
	.title = "which kernel functions have notified the device since the module was loaded; with --known, which of those that are known to",
	.run = sites,
};

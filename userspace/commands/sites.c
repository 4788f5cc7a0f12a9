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

enum { KNOWN = 256, JSON };

static const struct argp_option options[] = {
	{ "known", KNOWN, NULL, 0,
	  "All functions that are known to notify, and which did", 0 },
	{ "json", JSON, NULL, 0, "Print JSON instead of text", 0 },
	{ }
};

/* What the command line asks for. */
struct request {
	bool known;
	bool json;
};

static int take_option(void *context, int key, const char *value,
		       struct parse_error *error)
{
	struct request *request = context;

	if (key == KNOWN)
		request->known = true;
	else
		request->json = true;
	return 0;
}

static int sites(const struct command *command, int argc, char **argv)
{
	struct request request = { };
	struct json_object *sites;
	struct client *client;
	int err = parse_options(command, argc, argv, &request);

	if (err)
		return err;
	client = open_client();
	if (!client)
		return EXIT_USAGE;
	if (client_sites(client, 0, &sites))
		return client_failed(client);
	print(sites, client_callback(client), request.known, request.json);
	json_object_put(sites);
	client_close(client);
	return EXIT_NOTHING_FOUND;
}

COMMAND(sites) = {
	.name = "sites",
	.arguments = "",
	.title = "shows which kernel functions notified the device",
	.help = "All since the module was loaded are shown.",
	.options = options,
	.option = take_option,
	.run = sites,
};

// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>

#include "client.h"
#include "command.h"
#include "report.h"

static int sites(int argc, char **argv)
{
	struct json_object *sites;
	struct client *client;
	bool json;
	int err = parse_json_only(argc, argv, &json);

	if (err)
		return err;
	client = open_client();
	if (!client)
		return EXIT_USAGE;
	if (client_sites(client, 0, &sites))
		return client_failed(client);
	if (json)
		print_json(sites);
	else
		print_sites(sites);
	json_object_put(sites);
	client_close(client);
	return EXIT_NOTHING_FOUND;
}

COMMAND(sites) = {
	.name = "sites",
	.arguments = "[--json]",
	.title = "which kernel functions have notified the device since the module was loaded",
	.run = sites,
};

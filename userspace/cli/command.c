// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "client/client.h"
#include "model/similar.h"

REGISTRY(commands, struct command);

int usage_error(const char *format, ...)
{
	va_list args;

	fprintf(stderr, "devtlb: ");
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "; see \"devtlb --help\"\n");
	return EXIT_USAGE;
}

int flush_report(int status)
{
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	fprintf(stderr, "devtlb: the report could not be written: %s\n",
		strerror(errno));
	return EXIT_USAGE;
}

int client_failed(struct client *client)
{
	fprintf(stderr, "devtlb: %s\n", client_error(client));
	client_close(client);
	return EXIT_USAGE;
}

struct client *open_client(void)
{
	struct client *client = client_open();

	if (client_connected(client))
		return client;
	client_failed(client);
	return NULL;
}

struct client *open_client_for_runs(void)
{
	struct client *client = open_client();
	uint32_t pasid;

	if (client && client_bind(client, 0, false, &pasid)) {
		client_failed(client);
		return NULL;
	}
	return client;
}

const struct command *find_command(const char *name)
{
	struct similar similar = similar_to(name, strlen(name));
	const struct command * const *command;

	for_each_registered(command, commands) {
		if (strcmp((*command)->name, name) == 0)
			return *command;
		similar_try(&similar, (*command)->name);
	}
	usage_error("there is no command \"%s\"%s", name, similar_hint(&similar));
	return NULL;
}

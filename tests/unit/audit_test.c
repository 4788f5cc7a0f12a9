// SPDX-License-Identifier: GPL-2.0-only
/*
 * What "devtlb audit" makes of what the module answers: userspace/commands/audit.c,
 * on a client of our own. Only what was compared is green.
 */
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "cli/command.h"
#include "client/client.h"
#include "model/result.h"
#include "report/report.h"
#include "tap.h"

#define PASIDS	2

/* What the module answers about PASIDs 1, 2, ...: an error, or breaches. */
static int error_of[PASIDS];
static unsigned int breaches_of[PASIDS];

struct client {
	int unused;
};

static struct client the_client;

REGISTRY(commands, struct command);

struct client *open_client(void)
{
	return &the_client;
}

void client_close(struct client *client)
{
}

int client_failed(struct client *client)
{
	return EXIT_USAGE;
}

const char *client_error(const struct client *client)
{
	return "the reason";
}

int client_pasids(struct client *client, struct json_object **pasids)
{
	int id;

	*pasids = json_object_new_array();
	for (id = 1; id <= PASIDS; id++) {
		struct json_object *pasid = json_object_new_object();

		set_number(pasid, "id", id);
		json_object_array_add(*pasids, pasid);
	}
	return 0;
}

int client_audit(struct client *client, uint32_t pasid,
		 struct client_audit *audit)
{
	*audit = (struct client_audit) { .breaches = breaches_of[pasid - 1] };
	return error_of[pasid - 1];
}

int client_findings(struct client *client, uint32_t pasid,
		    struct json_object **findings)
{
	*findings = json_object_new_array();
	return 0;
}

int client_watch_findings(struct client *client, uint32_t watch,
			  struct json_object **findings)
{
	return client_findings(client, watch, findings);
}

const struct argp_option json_only[1];

int take_json_only(void *request, int key, const char *value,
		   struct parse_error *error)
{
	return 0;
}

int parse_json_only(const struct command *command, int argc, char **argv,
		    bool *json)
{
	/* What it prints of what it compared is none of TAP. */
	*json = true;
	return 0;
}

void print_json(struct json_object *object)
{
}

void print_findings(struct json_object *object)
{
}

static int status_when(int first_error, unsigned int first_breaches)
{
	const struct command * const *command;
	int status = -1;

	error_of[0] = first_error;
	breaches_of[0] = first_breaches;
	for_each_registered(command, commands)
		status = (*command)->run(*command, 0, NULL);
	return status;
}

static void all_compared(void)
{
	expect_long(status_when(0, 0), EXIT_NOTHING_FOUND);
	expect_long(status_when(0, 3), EXIT_FOUND);
}

static void unbound_meanwhile(void)
{
	expect_long(status_when(-ENOENT, 0), EXIT_NOTHING_FOUND);
}

static void not_compared(void)
{
	expect_long(status_when(-EBUSY, 0), EXIT_USAGE);
	expect_long(status_when(-ENOMEM, 0), EXIT_USAGE);
	expect_long(status_when(-EINTR, 0), EXIT_USAGE);
	breaches_of[1] = 1;
	expect_long(status_when(-EBUSY, 0), EXIT_FOUND);
	breaches_of[1] = 0;
}

static const struct tap_row rows[] = {
	{ "an audit is green when nothing is in breach, and red when anything is",
	  all_compared },
	{ "what is unbound meanwhile is passed over", unbound_meanwhile },
	{ "what was not compared is not green: busy, no memory, interrupted",
	  not_compared },
};

int main(void)
{
	return tap_run(rows, sizeof(rows) / sizeof(rows[0]));
}

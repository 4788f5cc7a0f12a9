// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "client/client.h"
#include "cli/command.h"
#include "report/report.h"

/* Those of a watch that are about one of its PASIDs; puts the others. */
static struct json_object *findings_about(struct json_object *of_watch,
					  uint32_t id)
{
	struct json_object *findings = json_object_new_array();
	size_t i;

	for (i = 0; i < json_object_array_length(of_watch); i++) {
		struct json_object *finding =
			json_object_array_get_idx(of_watch, i);

		if (get_number(finding, "pasid") == id)
			json_object_array_add(findings,
					      json_object_get(finding));
	}
	json_object_put(of_watch);
	return findings;
}

static int get_findings(struct client *client, struct json_object *pasid,
			struct json_object **findings)
{
	uint32_t watch = get_number(pasid, "watch");
	uint32_t id = get_number(pasid, "id");
	int err;

	if (!watch)
		return client_findings(client, id, findings);
	err = client_watch_findings(client, watch, findings);
	if (!err)
		*findings = findings_about(*findings, id);
	return err;
}

/* Audits one PASID; returns its object, or NULL when it is gone. */
static struct json_object *audit_pasid(struct client *client,
				       struct json_object *pasid)
{
	struct json_object *object, *findings;
	uint32_t id = get_number(pasid, "id");
	struct client_audit audit;

	if (client_audit(client, id, &audit) ||
	    get_findings(client, pasid, &findings))
		return NULL;
	object = json_object_new_object();
	json_object_object_add(object, "pasid", json_object_new_int64(id));
	json_object_object_add(object, "held",
			       json_object_new_uint64(audit.held));
	json_object_object_add(object, "breaches",
			       json_object_new_uint64(audit.breaches));
	json_object_object_add(object, "exempt",
			       json_object_new_uint64(audit.exempt));
	json_object_object_add(object, "findings", findings);
	return object;
}

static void print_text(struct json_object *result)
{
	printf("PASID %llu: %llu translations compared, %llu in breach of rule D, %llu findings so far\n",
	       get_number(result, "pasid"), get_number(result, "held"),
	       get_number(result, "breaches"),
	       (unsigned long long)get_length(result, "findings"));
	print_findings(result);
}

static int audit(const struct command *command, int argc, char **argv)
{
	struct json_object *pasids, *results;
	struct client *client;
	bool found = false;
	bool json;
	size_t i;
	int err = parse_json_only(command, argc, argv, &json);

	if (err)
		return err;
	client = open_client();
	if (!client)
		return EXIT_USAGE;
	if (client_pasids(client, &pasids))
		return client_failed(client);
	results = json_object_new_array();
	for (i = 0; i < json_object_array_length(pasids); i++) {
		struct json_object *result = audit_pasid(client,
			json_object_array_get_idx(pasids, i));

		/* Unbound since it was listed. */
		if (!result)
			continue;
		json_object_array_add(results, result);
		if (!json)
			print_text(result);
		found |= get_length(result, "findings") > 0;
	}
	if (json)
		print_json(results);
	else if (json_object_array_length(results) == 0)
		printf("nothing is bound\n");
	json_object_put(results);
	json_object_put(pasids);
	client_close(client);
	return found ? EXIT_FOUND : EXIT_NOTHING_FOUND;
}

COMMAND(audit) = {
	.name = "audit",
	.arguments = "",
	.title = "compares what the device holds with the page tables",
	.help = "Every bound process is compared, and exit status 1 says that something is wrong.",
	.options = json_only,
	.option = take_json_only,
	.run = audit,
};

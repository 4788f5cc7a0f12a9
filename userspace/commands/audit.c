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

/* What all audits came to. */
struct outcome {
	struct json_object *results;
	bool found;
	bool failed;
};

static struct json_object *new_result(uint32_t pasid)
{
	struct json_object *result = json_object_new_object();

	json_object_object_add(result, "pasid", json_object_new_int64(pasid));
	return result;
}

/* Whatever was not compared is not green. */
static struct json_object *failed_result(struct client *client, uint32_t pasid,
					 struct outcome *outcome)
{
	struct json_object *result = new_result(pasid);

	fprintf(stderr, "devtlb: PASID %u was not compared: %s\n", pasid,
		client_error(client));
	json_object_object_add(result, "error",
			       json_object_new_string(client_error(client)));
	outcome->failed = true;
	return result;
}

/* Audits one PASID; returns its object, or NULL when it was unbound. */
static struct json_object *audit_pasid(struct client *client,
				       struct json_object *pasid,
				       struct outcome *outcome)
{
	struct json_object *result, *findings;
	uint32_t id = get_number(pasid, "id");
	struct client_audit audit;
	int err;

	err = client_audit(client, id, &audit);
	if (!err)
		err = get_findings(client, pasid, &findings);
	if (err == -ENOENT)
		return NULL;
	if (err)
		return failed_result(client, id, outcome);
	result = new_result(id);
	json_object_object_add(result, "held",
			       json_object_new_uint64(audit.held));
	json_object_object_add(result, "breaches",
			       json_object_new_uint64(audit.breaches));
	json_object_object_add(result, "exempt",
			       json_object_new_uint64(audit.exempt));
	json_object_object_add(result, "findings", findings);
	/*
	 * In a watch, what is wrong here may be the same finding as what was
	 * wrong elsewhere, and be told with that.
	 */
	outcome->found |= audit.breaches > 0 ||
			  json_object_array_length(findings) > 0;
	return result;
}

static void print_text(struct json_object *result)
{
	if (json_object_object_get(result, "error"))
		return;
	printf("PASID %llu: %llu translations compared, %llu in breach of rule D, %llu findings so far\n",
	       get_number(result, "pasid"), get_number(result, "held"),
	       get_number(result, "breaches"),
	       (unsigned long long)get_length(result, "findings"));
	print_findings(result);
}

static void audit_all(struct client *client, struct json_object *pasids,
		      bool json, struct outcome *outcome)
{
	size_t i;

	for (i = 0; i < json_object_array_length(pasids); i++) {
		struct json_object *result = audit_pasid(client,
			json_object_array_get_idx(pasids, i), outcome);

		if (!result)
			continue;
		json_object_array_add(outcome->results, result);
		if (!json)
			print_text(result);
	}
}

static int audit(const struct command *command, int argc, char **argv)
{
	struct outcome outcome = { };
	struct json_object *pasids;
	struct client *client;
	bool json;
	int err = parse_json_only(command, argc, argv, &json);

	if (err)
		return err;
	client = open_client();
	if (!client)
		return EXIT_USAGE;
	if (client_pasids(client, &pasids))
		return client_failed(client);
	outcome.results = json_object_new_array();
	audit_all(client, pasids, json, &outcome);
	if (json)
		print_json(outcome.results);
	else if (json_object_array_length(outcome.results) == 0)
		printf("nothing is bound\n");
	json_object_put(outcome.results);
	json_object_put(pasids);
	client_close(client);
	if (outcome.found)
		return EXIT_FOUND;
	return outcome.failed ? EXIT_USAGE : EXIT_NOTHING_FOUND;
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

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Findings as they are raised. Each has a number within its PASID, so that a
 * gap shows what never arrived.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "client.h"
#include "command.h"
#include "report.h"

#define POLL_MS	1000

/* How far the findings about one PASID have been seen. */
struct seen {
	uint32_t pasid;
	unsigned long long seq;
	unsigned long long lost;
};

/**
 * struct monitor - what the command knows
 * @client: listens
 * @json: print JSON
 * @seen: by PASID, in no order
 * @nr_seen: how many
 * @found: anything was
 */
struct monitor {
	struct client *client;
	bool json;
	struct seen *seen;
	size_t nr_seen;
	bool found;
};

static volatile sig_atomic_t interrupted;

static void interrupt(int signal)
{
	interrupted = 1;
}

static struct seen *seen_of(struct monitor *monitor, uint32_t pasid)
{
	struct seen *seen;
	size_t i;

	for (i = 0; i < monitor->nr_seen; i++) {
		if (monitor->seen[i].pasid == pasid)
			return &monitor->seen[i];
	}
	monitor->seen = reallocarray(monitor->seen, monitor->nr_seen + 1,
				     sizeof(*monitor->seen));
	if (!monitor->seen)
		abort();
	seen = &monitor->seen[monitor->nr_seen++];
	*seen = (struct seen) { .pasid = pasid };
	return seen;
}

/* Findings that were raised before we listened are not missed. */
static int skip_old_findings(struct monitor *monitor)
{
	struct json_object *pasids, *findings;
	size_t i, nr;
	int err = client_pasids(monitor->client, &pasids);

	if (err)
		return err;
	for (i = 0; i < json_object_array_length(pasids); i++) {
		uint32_t pasid = get_number(json_object_array_get_idx(pasids, i),
					    "id");

		/* Unbound since it was listed. */
		if (client_findings(monitor->client, pasid, &findings))
			continue;
		nr = json_object_array_length(findings);
		if (nr > 0)
			seen_of(monitor, pasid)->seq = get_number(
				json_object_array_get_idx(findings, nr - 1),
				"seq");
		json_object_put(findings);
	}
	json_object_put(pasids);
	return 0;
}

static void print_missed(const struct monitor *monitor, uint32_t pasid,
			 unsigned long long missed)
{
	struct json_object *object;

	if (!monitor->json) {
		printf("MISSED %llu findings about PASID %u; while it is bound, \"devtlb audit\" has them\n",
		       missed, pasid);
		return;
	}
	object = json_object_new_object();
	set_number(object, "pasid", pasid);
	set_number(object, "missed", missed);
	print_json_line(object);
	json_object_put(object);
}

static void print_overrun(const struct monitor *monitor)
{
	struct json_object *object;

	if (!monitor->json) {
		printf("MISSED findings: they came faster than they could be read\n");
		return;
	}
	object = json_object_new_object();
	json_object_object_add(object, "overrun", json_object_new_boolean(1));
	print_json_line(object);
	json_object_put(object);
}

static void print_raised(const struct monitor *monitor, struct seen *seen,
			 struct json_object *finding)
{
	unsigned long long lost = get_number(finding, "lost");

	if (monitor->json) {
		print_json_line(finding);
	} else {
		printf("PASID %u: ", seen->pasid);
		print_finding(finding);
		if (lost > seen->lost)
			printf("  %llu more findings about this PASID found no room in the module\n",
			       lost - seen->lost);
	}
	seen->lost = lost;
}

static void take_finding(struct monitor *monitor, struct json_object *finding)
{
	struct seen *seen = seen_of(monitor, get_number(finding, "pasid"));
	unsigned long long seq = get_number(finding, "seq");

	/* A new PASID with the number of an old one. */
	if (seq <= seen->seq)
		*seen = (struct seen) { .pasid = seen->pasid };
	if (seq > seen->seq + 1)
		print_missed(monitor, seen->pasid, seq - seen->seq - 1);
	seen->seq = seq;
	monitor->found = true;
	print_raised(monitor, seen, finding);
}

/* Returns when it was interrupted, or a negative errno. */
static int listen_on(struct monitor *monitor)
{
	while (!interrupted) {
		struct json_object *findings;
		int err = client_next_findings(monitor->client, POLL_MS,
					       &findings);
		size_t i;

		for (i = 0; i < json_object_array_length(findings); i++)
			take_finding(monitor,
				     json_object_array_get_idx(findings, i));
		json_object_put(findings);
		if (err == -ENOBUFS)
			print_overrun(monitor);
		else if (err)
			return err;
	}
	return 0;
}

static int monitor_findings(struct monitor *monitor)
{
	struct sigaction action = { .sa_handler = interrupt };

	/* No SA_RESTART: the wait must end. */
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	if (skip_old_findings(monitor) ||
	    client_listen_findings(monitor->client))
		return client_failed(monitor->client);
	if (!monitor->json)
		printf("waiting for findings about any PASID; stop with Ctrl-C\n");
	if (listen_on(monitor))
		return client_failed(monitor->client);
	client_close(monitor->client);
	return monitor->found ? EXIT_FOUND : EXIT_NOTHING_FOUND;
}

static int monitor(int argc, char **argv)
{
	struct monitor monitor = { };
	int err = parse_json_only(argc, argv, &monitor.json);

	if (err)
		return err;
	monitor.client = open_client();
	if (!monitor.client)
		return EXIT_USAGE;
	err = monitor_findings(&monitor);
	free(monitor.seen);
	return err;
}

COMMAND(monitor) = {
	.name = "monitor",
	.arguments = "[--json]",
	.title = "print findings about every PASID as they are raised, until Ctrl-C",
	.run = monitor,
};

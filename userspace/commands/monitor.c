// SPDX-License-Identifier: GPL-2.0-only
/*
 * Findings as they are raised. Each has a number within its PASID, or within
 * the watch that made the PASID, so that a gap shows what never arrived.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/client.h"
#include "cli/command.h"
#include "report/report.h"

#define POLL_MS	1000

/* Whose findings are counted together: a watch's, or those of a PASID. */
struct owner {
	const char *kind;
	uint32_t id;
};

/*
 * How far the findings about one of them have been seen: up to @old, they were
 * there when we had begun to listen; @seq was the last that we heard of.
 */
struct seen {
	struct owner owner;
	unsigned long long old;
	unsigned long long seq;
	unsigned long long lost;
};

/**
 * struct monitor - what the command knows
 * @client: listens
 * @json: print JSON
 * @seen: of each owner, in no order
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

/* Of a finding, or of a PASID whose own number has the key @pasid_key. */
static struct owner owner_of(struct json_object *object, const char *pasid_key)
{
	uint32_t watch = get_number(object, "watch");

	if (watch)
		return (struct owner) { "watch", watch };
	return (struct owner) { "PASID", get_number(object, pasid_key) };
}

static struct seen *seen_of(struct monitor *monitor, struct owner owner)
{
	struct seen *seen;
	size_t i;

	for (i = 0; i < monitor->nr_seen; i++) {
		seen = &monitor->seen[i];
		if (seen->owner.id == owner.id &&
		    strcmp(seen->owner.kind, owner.kind) == 0)
			return seen;
	}
	monitor->seen = reallocarray(monitor->seen, monitor->nr_seen + 1,
				     sizeof(*monitor->seen));
	if (!monitor->seen)
		abort();
	seen = &monitor->seen[monitor->nr_seen++];
	*seen = (struct seen) { .owner = owner };
	return seen;
}

/* Puts @findings, all that there are of one owner. */
static void skip_findings(struct monitor *monitor, struct json_object *findings)
{
	size_t nr = json_object_array_length(findings);
	struct json_object *last = json_object_array_get_idx(findings, nr - 1);

	if (nr > 0)
		seen_of(monitor, owner_of(last, "pasid"))->old =
			get_number(last, "seq");
	json_object_put(findings);
}

/* What is unbound or stopped since it was listed has nothing to skip. */
static void skip_findings_of(struct monitor *monitor, struct owner owner)
{
	struct json_object *findings;
	int err;

	if (strcmp(owner.kind, "watch") == 0)
		err = client_watch_findings(monitor->client, owner.id,
					    &findings);
	else
		err = client_findings(monitor->client, owner.id, &findings);
	if (!err)
		skip_findings(monitor, findings);
}

/* Findings that were raised before we listened were not missed. */
static int skip_old_findings(struct monitor *monitor)
{
	struct json_object *pasids, *watches;
	size_t i;

	if (client_pasids(monitor->client, &pasids))
		return -1;
	for (i = 0; i < json_object_array_length(pasids); i++) {
		struct json_object *pasid = json_object_array_get_idx(pasids, i);

		if (!get_number(pasid, "watch"))
			skip_findings_of(monitor, owner_of(pasid, "id"));
	}
	json_object_put(pasids);
	if (client_watches(monitor->client, &watches))
		return -1;
	for (i = 0; i < json_object_array_length(watches); i++) {
		struct json_object *watch = json_object_array_get_idx(watches, i);

		skip_findings_of(monitor, (struct owner) {
			"watch", get_number(watch, "id") });
	}
	json_object_put(watches);
	return 0;
}

static void print_missed(const struct monitor *monitor, struct owner owner,
			 unsigned long long missed)
{
	bool watch = strcmp(owner.kind, "watch") == 0;
	struct json_object *object;

	if (!monitor->json) {
		printf("MISSED %llu findings about %s %u; %s has them\n",
		       missed, owner.kind, owner.id, watch ? "its own report" :
		       "while it is bound, \"devtlb audit\"");
		return;
	}
	object = json_object_new_object();
	set_number(object, watch ? "watch" : "pasid", owner.id);
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
		printf("%s %u: ", seen->owner.kind, seen->owner.id);
		print_finding(finding);
		if (lost > seen->lost)
			printf("  %llu more findings about this %s found no room in the module\n",
			       lost - seen->lost, seen->owner.kind);
	}
	seen->lost = lost;
}

static void take_finding(struct monitor *monitor, struct json_object *finding)
{
	struct seen *seen = seen_of(monitor, owner_of(finding, "pasid"));
	unsigned long long seq = get_number(finding, "seq");
	unsigned long long known;

	/* A new one with the number of an old one. */
	if (seq <= seen->seq)
		*seen = (struct seen) { .owner = seen->owner };
	/* It may be old and new: raised since we listen, and listed then. */
	known = seen->seq > seen->old ? seen->seq : seen->old;
	if (seq > known + 1)
		print_missed(monitor, seen->owner, seq - known - 1);
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
	/* In this order: what is raised in between is heard of. */
	if (client_listen_findings(monitor->client) ||
	    skip_old_findings(monitor))
		return client_failed(monitor->client);
	if (!monitor->json)
		printf("waiting for findings about any PASID; stop with Ctrl-C\n");
	if (listen_on(monitor))
		return client_failed(monitor->client);
	client_close(monitor->client);
	return monitor->found ? EXIT_FOUND : EXIT_NOTHING_FOUND;
}

static int monitor(const struct command *command, int argc, char **argv)
{
	struct monitor monitor = { };
	int err = parse_json_only(command, argc, argv, &monitor.json);

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
	.arguments = "",
	.title = "prints findings as they are raised, until Ctrl-C",
	.help = "They are about every PASID. Exit status 1 when there were any.",
	.options = json_only,
	.option = take_json_only,
	.run = monitor,
};

// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "client/client.h"
#include "cli/command.h"
#include "model/cause.h"
#include "model/elapsed.h"
#include "model/evidence.h"
#include "report/live.h"
#include "report/report.h"
#include "model/sample.h"
#include "model/signature.h"
#include "report/watch_report.h"
#include "watching/last_audit.h"
#include "watching/watching.h"

#define SAMPLE_S	1

/**
 * struct watching - a watch under way
 * @request: the user's
 * @client: the watch dies with it
 * @id: the watch
 * @start: when it began
 * @next: look, in seconds since then
 * @now: what the module last said about it; NULL before
 * @info: about the module while something was bound; NULL before
 * @samples: of it
 * @live: what is shown meanwhile
 * @lost: why the module does not know it any more; empty when it does
 */
struct watching {
	const struct watch_request *request;
	struct client *client;
	uint32_t id;
	struct timespec start;
	double next;
	struct json_object *now;
	struct json_object *info;
	struct samples samples;
	struct live live;
	char lost[256];
};

int open_report(const struct watch_request *request, int usual)
{
	int fd = usual;

	if (request->output)
		fd = open(request->output,
			  O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY,
			  0666);
	if (fd < 0) {
		fprintf(stderr, "devtlb: cannot write to %s: %s\n",
			request->output, strerror(errno));
		return EXIT_USAGE;
	}
	dup2(fd, STDOUT_FILENO);
	if (request->output)
		close(fd);
	return 0;
}

static int start(struct watching *watching)
{
	const struct watch_request *request = watching->request;
	unsigned int i;
	int err;

	err = client_watch_start(watching->client, &request->limits,
				 &watching->id);
	for (i = 0; !err && i < request->nr_mutants; i++)
		err = client_watch_mutant_add(watching->client, watching->id,
					      &request->mutants[i]);
	return err;
}

static void free_watching(struct watching *watching)
{
	json_object_put(watching->now);
	json_object_put(watching->info);
	live_free(&watching->live);
	free(watching->samples.sample);
	free(watching);
}

struct watching *watching_start(const struct watch_request *request)
{
	struct watching *watching = calloc(1, sizeof(*watching));

	if (!watching)
		abort();
	watching->request = request;
	watching->client = open_client();
	if (watching->client && start(watching)) {
		client_failed(watching->client);
		watching->client = NULL;
	}
	if (!watching->client) {
		free_watching(watching);
		return NULL;
	}
	clock_gettime(CLOCK_MONOTONIC, &watching->start);
	watching->next = SAMPLE_S;
	return watching;
}

int watching_add(struct watching *watching, pid_t pid, bool from_exec)
{
	return client_watch_add(watching->client, watching->id, pid, from_exec);
}

const char *watching_error(const struct watching *watching)
{
	return client_error(watching->client);
}

double watching_seconds(const struct watching *watching)
{
	return seconds_since(&watching->start);
}

double watching_rest(const struct watching *watching)
{
	double rest = watching->next - watching_seconds(watching);

	return rest > 0 ? rest : 0;
}

bool watching_lost(const struct watching *watching)
{
	return watching->lost[0];
}

unsigned long long watching_processes(const struct watching *watching)
{
	return watching_lost(watching) ? 0 :
	       get_number(watching->now, "processes");
}

static void lose(struct watching *watching, const char *why)
{
	if (watching_lost(watching))
		return;
	snprintf(watching->lost, sizeof(watching->lost), "%s", why);
	fprintf(stderr, "devtlb: the watch broke off: %s; everything goes on unwatched\n",
		why);
}

/* What the module knows about the watch; NULL when it is lost. */
static struct json_object *get_watch(struct watching *watching)
{
	struct json_object *watch;

	if (client_watch(watching->client, watching->id, &watch)) {
		lose(watching, client_error(watching->client));
		return NULL;
	}
	return watch;
}

/* Which probes there are shows only while they are there. */
static void look_at_probes(struct watching *watching)
{
	struct json_object *info;

	if (client_info(watching->client, &info))
		return;
	if (get_length(info, "probe") == 0 && watching->info) {
		json_object_put(info);
		return;
	}
	json_object_put(watching->info);
	watching->info = info;
}

static void take_sample(struct watching *watching, bool last)
{
	struct json_object *now = NULL;
	struct sample sample;

	if (!watching_lost(watching))
		now = get_watch(watching);
	if (now) {
		json_object_put(watching->now);
		watching->now = now;
		look_at_probes(watching);
	}
	sample = sample_of(watching->now, watching_seconds(watching));
	if (now || !last)
		samples_add(&watching->samples, &sample, last);
}

static void show(struct watching *watching)
{
	struct json_object *sites = NULL;

	if (!watching->request->live || !live_is_picture()) {
		live_print_line(&watching->live, watching->now,
				watching_seconds(watching));
		return;
	}
	if (client_watch_sites(watching->client, watching->id, &sites))
		sites = NULL;
	live_draw(&watching->live, watching->now, sites,
		  watching_seconds(watching));
}

void watching_look(struct watching *watching)
{
	uint32_t interval = watching->request->interval;

	take_sample(watching, false);
	/* What we were stopped for is not made up for. */
	watching->next += SAMPLE_S;
	if (watching->next < watching_seconds(watching))
		watching->next = watching_seconds(watching) + SAMPLE_S;
	if (interval && watching->samples.taken % interval == 0 &&
	    !watching_lost(watching))
		show(watching);
}

/* Those PASIDs of the watch whose address spaces still are. */
static struct json_object *get_pasids(struct watching *watching)
{
	struct json_object *mine = json_object_new_array();
	struct json_object *pasids;
	size_t i;

	if (watching_lost(watching) ||
	    client_pasids(watching->client, &pasids))
		return mine;
	for (i = 0; i < json_object_array_length(pasids); i++) {
		struct json_object *pasid = json_object_array_get_idx(pasids, i);

		if (get_number(pasid, "watch") == watching->id &&
		    !get_flag(pasid, "released"))
			json_object_array_add(mine, json_object_get(pasid));
	}
	json_object_put(pasids);
	return mine;
}

size_t watching_pids(struct watching *watching, pid_t **pids)
{
	struct json_object *pasids = get_pasids(watching);
	size_t i, nr = json_object_array_length(pasids);

	*pids = calloc(nr + 1, sizeof(**pids));
	if (!*pids)
		abort();
	for (i = 0; i < nr; i++)
		(*pids)[i] = get_number(json_object_array_get_idx(pasids, i),
					"pid");
	json_object_put(pasids);
	return nr;
}

/*
 * Those that end are audited at their exit. Those that live on are audited now:
 * what the mirror did not look at, or not often enough to be sure, is found.
 */
static void audit_who_lives(struct watching *watching,
			    struct json_object *report)
{
	struct json_object *pasids = get_pasids(watching);
	struct last_audit last = audit_last(pasids);
	struct json_object *object = json_object_new_object();

	json_object_put(pasids);
	set_number(object, "compared", last.compared);
	set_number(object, "undecided", last.undecided);
	json_object_object_add(report, "last-audit", object);
}

/* What the module has of the watch, in a report that ends it. */
static void collect(struct watching *watching, struct json_object *report)
{
	struct json_object *sites = NULL, *findings = NULL;

	audit_who_lives(watching, report);
	take_sample(watching, true);
	set_number(report, "left", watching_lost(watching) ? 0 :
		   get_number(watching->now, "processes-alive"));
	if (!watching_lost(watching) &&
	    (client_watch_sites(watching->client, watching->id, &sites) ||
	     client_watch_findings(watching->client, watching->id, &findings)))
		lose(watching, client_error(watching->client));
	json_object_object_add(report, "watch",
			       json_object_get(watching->now));
	json_object_object_add(report, "samples",
			       samples_to_json(&watching->samples));
	json_object_object_add(report, "sites",
			       sites ? : json_object_new_array());
	if (findings)
		add_signatures(findings, client_callback(watching->client), sites);
	json_object_object_add(report, "causes", findings ?
			       causes_by_number(findings) : json_object_new_array());
	json_object_object_add(report, "findings",
			       findings ? : json_object_new_array());
	if (watching_lost(watching))
		set_string(report, "lost", watching->lost);
}

static void add_coverage(struct watching *watching, struct json_object *report)
{
	struct coverage_over_time over = coverage_over_time(&watching->samples);

	if (over.mean < 0)
		return;
	json_object_object_add(report, "coverage",
			       json_object_new_double(over.mean));
	if (over.nr > 0)
		json_object_object_add(report, "least-coverage",
				       json_object_new_double(over.least));
	set_number(report, "coverage-samples", over.nr);
}

static int status_of(const struct watching *watching,
		     struct json_object *report, int status)
{
	if (!watching->request->fail_on_finding)
		return status;
	/* When the watch broke off, only their number may be known. */
	if (get_length(report, "findings") > 0 ||
	    get_number(watching->now, "findings") > 0)
		return EXIT_FOUND;
	/* Nobody can say that nothing was found. */
	if (watching_lost(watching))
		return EXIT_USAGE;
	/* The program's own failure says more. */
	return status == EXIT_NOTHING_FOUND && evidence_lacks(report) ?
	       EXIT_SKIPPED : status;
}

int watching_end(struct watching *watching, struct json_object *about,
		 int status)
{
	struct json_object *report = new_header(watching->client);

	json_object_object_foreach(about, key, value)
		json_object_object_add(report, key, json_object_get(value));
	json_object_put(about);
	json_object_object_add(report, "seconds", json_object_new_double(
		watching_seconds(watching)));
	collect(watching, report);
	add_coverage(watching, report);
	json_object_object_add(report, "evidence", json_object_new_double(
		evidence_of(report)));
	if (evidence_lacks(report))
		set_string(report, "too-little", evidence_lacks(report));
	add_limits(report, watching->info);
	if (!watching_lost(watching))
		client_watch_stop(watching->client, watching->id);
	live_end(&watching->live);
	if (watching->request->json)
		print_json(report);
	else
		print_watch_report(report);
	status = status_of(watching, report, status);
	json_object_put(report);
	watching_drop(watching);
	return status;
}

void watching_drop(struct watching *watching)
{
	client_close(watching->client);
	free_watching(watching);
}
